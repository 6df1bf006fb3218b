"""Exports: everything of a tenant in a region as lines of JSON, and checking one with the public key alone.

Each line of an entry is `{"hash":"…64 hex digits…","entry":` + its canonical bytes + `}`: who verifies cuts the
canonical bytes out and need not write JSON the way we do. Personal fields stay sealed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from tradewind.core.errors import ChainError, DataError
from tradewind.core.ids import RegionId, TenantId
from tradewind.journal import chain, merkle
from tradewind.journal.databases import Database
from tradewind.journal.model import Lane, Stream
from tradewind.journal.ranges import Problem
from tradewind.journal.signing import Verifier
from tradewind.journal.store import checkpoints, read
from tradewind.journal.verify import StreamFacts, Verification, add_states, check_chain

FORMAT = "tradewind-journal-1"
PAGE = 2_000
_START, _MIDDLE = b'{"hash":"', b'","entry":'
_ENTRY_AT = len(_START) + 64 + len(_MIDDLE)
MAX_LINE_BYTES = 4_000_000


def export(database: Database, tenant: TenantId, region: RegionId) -> Iterator[bytes]:
    """The lines of an export: what it is, the entries of each stream, the checkpoints, the heads.

    Take a checkpoint first: only what one covers can be verified without trusting who exported.
    """
    with database.read_as(tenant) as scoped:
        heads = read.streams(scoped)
        signed = checkpoints.numbered(scoped)
    yield orjson.dumps({"format": FORMAT, "tenant": tenant, "region": region}) + b"\n"
    for lane, (last, _) in heads.items():
        head = chain.head_of(Stream(tenant, region, lane))
        for first in range(1, last + 1, PAGE):
            with database.read_as(tenant) as scoped:
                rows = read.rows(scoped, lane, first, min(first + PAGE - 1, last))
            for row in rows:
                yield _line(head, row)
    for _, content, signature in signed:
        yield orjson.dumps({"checkpoint": content.decode(), "signature": signature.hex()}) + b"\n"
    yield orjson.dumps({"heads": {str(lane): [size, digest.hex()] for lane, (size, digest) in heads.items()}})
    yield b"\n"


def verify_export(path: Path, verifier: Verifier) -> Verification:
    """Check an export with nothing but the public key.

    Raises:
        DataError: the file is no export; says which line.
    """
    started = time.monotonic()
    found = Verification()
    with path.open("rb") as file:
        reader = _Reader(path, file, found)
        reader.read()
    reader.judge(verifier)
    found.seconds = time.monotonic() - started
    return found


class _Reader:
    """Takes an export in, line by line."""

    def __init__(self, path: Path, file: BinaryIO, found: Verification) -> None:
        self._path, self._file, self._found = path, file, found
        self._hashes: dict[Lane, list[bytes]] = {}
        self._broken: dict[Lane, Problem] = {}
        self._signed: list[tuple[int, bytes, bytes]] = []
        self._heads: dict[Lane, tuple[int, bytes]] | None = None
        self._tenant, self._region = TenantId(""), RegionId("")

    def read(self) -> None:
        for number, line in enumerate(iter(lambda: self._file.readline(MAX_LINE_BYTES), b""), 1):
            try:
                self._take(number, line.rstrip(b"\n"))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise DataError(
                    f"no line of a journal export: {error}", file=self._path, line=number
                ) from error
        if self._heads is None:
            raise DataError("the export has no end: its line of heads is missing", file=self._path)

    def judge(self, verifier: Verifier) -> None:
        assert self._heads is not None
        good = check_chain(self._tenant, self._region, self._signed, verifier, self._found)
        named = {state.lane for checkpoint in good for state in checkpoint.streams}
        facts = {
            lane: StreamFacts(
                Stream(self._tenant, self._region, lane),
                self._heads.get(lane),
                1,
                len(self._hashes.get(lane, ())),
            )
            for lane in sorted({*self._hashes, *self._heads, *named})
        }
        add_states(facts, good)
        self._found.streams = len(facts)
        self._found.checkpointed = good[-1].entries if good else 0
        for each in facts.values():
            self._found.problems.extend(self._judge(each))

    def _take(self, number: int, line: bytes) -> None:
        if number == 1:
            opening = orjson.loads(line)
            if opening["format"] != FORMAT:
                raise ValueError(f"format {opening['format']!r:.40}; {FORMAT} is known")
            self._tenant, self._region = opening["tenant"], opening["region"]
        elif line.startswith(_START):
            self._take_entry(line)
        else:
            self._take_other(orjson.loads(line))

    def _take_entry(self, line: bytes) -> None:
        digits, canonical = line[len(_START) : len(_START) + 64], line[_ENTRY_AT:-1]
        stored = bytes.fromhex(digits.decode())
        if b"".join((_START, stored.hex().encode(), _MIDDLE, canonical, b"}")) != line:
            raise ValueError("a line of an entry is written in another way")
        tenant, region, lane, sequence = orjson.loads(canonical)[:4]
        hashes = self._hashes.setdefault(lane, [])
        self._found.entries += 1
        if lane in self._broken:
            return
        previous = hashes[-1] if hashes else chain.GENESIS
        what = None
        if (tenant, region) != (self._tenant, self._region):
            what = "the entry belongs to another tenant or region"
        elif sequence != len(hashes) + 1:
            what = f"the entry is missing; the next one there is {sequence}"
        elif sha256(previous + canonical).digest() != stored:
            what = "it is not what was hashed when it was written"
        if what is not None:
            self._broken[lane] = Problem(self._tenant, self._region, lane, len(hashes) + 1, None, what)
        hashes.append(stored)

    def _take_other(self, fields: dict[str, Any]) -> None:
        if "heads" in fields:
            self._heads = {
                Lane(int(lane)): (int(size), bytes.fromhex(digest))
                for lane, (size, digest) in fields["heads"].items()
            }
            return
        content = fields["checkpoint"].encode()
        try:
            number = int(orjson.loads(content)["number"])
        except (ValueError, KeyError, TypeError):
            number = len(self._signed) + 1
        self._signed.append((number, content, bytes.fromhex(fields["signature"])))

    def _judge(self, facts: StreamFacts) -> Iterator[Problem]:
        stream, hashes = facts.stream, self._hashes.get(facts.stream.lane, [])
        if stream.lane in self._broken:
            yield self._broken[stream.lane]
            return
        sequence, digest = facts.head or (0, chain.GENESIS)
        if len(hashes) < facts.last:
            yield _at(stream, len(hashes) + 1, "the entry is missing")
            return
        if len(hashes) > sequence:
            yield _at(
                stream, sequence + 1, f"the entry was inserted: the head is at {sequence or 'no entry'}"
            )
        elif (hashes[-1] if hashes else chain.GENESIS) != digest:
            yield _at(stream, sequence, "the stream's head has another hash")
        tree = merkle.levels([merkle.leaf(each) for each in hashes])
        for size, by_checkpoint in sorted(facts.states.items()):
            total = merkle.root(merkle.frontier(tree, size))
            for number, (head, root) in by_checkpoint.items():
                if hashes[size - 1] != head or total != root:
                    what = "the entries up to there are not those that the checkpoint was taken of"
                    yield Problem(stream.tenant, stream.region, stream.lane, size, number, what)
                    return


def _line(head: bytes, row: Any) -> bytes:
    (_, _, sequence, recorded, identity, kind, version, market, subject, key, at, body, digest) = row
    try:
        tail = chain.tail_of(identity.hex(), kind, version, market, subject, key, at, bytes(body))
    except TypeError as error:
        raise ChainError(f"the entry at sequence {sequence} cannot be read: {error}") from error
    canonical = chain.canonical(head, sequence, recorded, tail)
    return b"".join((_START, bytes(digest).hex().encode(), _MIDDLE, canonical, b"}\n"))


def _at(stream: Stream, sequence: int, what: str) -> Problem:
    return Problem(stream.tenant, stream.region, stream.lane, sequence, None, what)
