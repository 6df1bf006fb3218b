"""Checking one range of a stream: every hash anew, every number, and the tree above them. Runs in any process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson

from tradewind.core.ids import RegionId, TenantId
from tradewind.journal import chain, merkle
from tradewind.journal.databases import Database
from tradewind.journal.model import Lane, Stream
from tradewind.journal.store import read

RANGE = 1 << 15
"""Entries in a range, a power of two: a whole range is one perfect subtree of the stream's Merkle tree."""
PAGE = 4_096


@dataclass(frozen=True, slots=True)
class Problem:
    """An entry or a checkpoint that is not as it was written.

    Args:
        sequence: of the entry; None where it is about a checkpoint.
        checkpoint: number of the checkpoint; None where it is about an entry.
        what: what differs, in words.
    """

    tenant: TenantId
    region: RegionId
    lane: Lane | None
    sequence: int | None
    checkpoint: int | None
    what: str

    def __str__(self) -> str:
        place = f"tenant {self.tenant}, region {self.region}"
        if self.lane is not None:
            place += f", lane {self.lane}"
        if self.sequence is not None:
            place += f", sequence {self.sequence}"
        if self.checkpoint is not None:
            place += f", checkpoint {self.checkpoint}"
        return f"{place}: {self.what}"


@dataclass(frozen=True, slots=True)
class Range:
    """What one worker checks: entries `first` to `last` of a stream, `first` at the start of a range.

    Args:
        sizes: sizes of the stream's tree whose frontier within this range is wanted.
    """

    url: str
    stream: Stream
    first: int
    last: int
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a range.

    Args:
        last_hash: hash of its last entry; None where there is none.
        hashes: of the entries at `sizes`. frontiers: of this range's leaves up to them.
        whole: root over the range where it is full and sizes ask for it or for later ranges.
    """

    stream: Stream
    first: int
    entries: int
    problem: Problem | None
    last_hash: bytes | None
    hashes: dict[int, bytes]
    frontiers: dict[int, list[bytes]]
    whole: bytes | None


def check_elsewhere(work: Range) -> Checked:
    """Check a range in a process of its own, which connects by itself."""
    return check(work, _database(work.url))


def check(work: Range, database: Database) -> Checked:
    """Check a range."""
    stream, problem = work.stream, None
    head = chain.head_of(stream)
    hashes: list[bytes] = []
    expected, count = work.first, 0
    previous = _hash_before(database, stream, work.first)
    while expected <= work.last and problem is None:
        with database.read_as(stream.tenant) as scoped:
            rows = read.rows(scoped, stream.lane, expected, min(expected + PAGE - 1, work.last))
        problem = _check_rows(stream, head, rows, expected, previous, hashes)
        count += len(rows)
        wanted = min(PAGE, work.last - expected + 1)
        if problem is None and len(rows) < wanted:
            problem = _problem(stream, expected + len(rows), "the entry is missing")
        expected += PAGE
        previous = hashes[-1] if hashes else previous
    tree = merkle.levels([sha256(b"\x00" + each).digest() for each in hashes]) if work.sizes else [[]]
    within = [size for size in work.sizes if 0 <= size - work.first < len(hashes)]
    return Checked(
        stream,
        work.first,
        count,
        problem,
        hashes[-1] if hashes else None,
        {size: hashes[size - work.first] for size in within},
        {size: merkle.frontier(tree, size - work.first + 1) for size in within},
        tree[-1][0] if work.sizes and len(hashes) == RANGE else None,
    )


def check_row(
    head: bytes, sequence: int, previous: bytes | None, row: Sequence[Any]
) -> tuple[str | None, bytes]:
    """What is wrong with an entry's row, if anything, and the hash that is stored with it."""
    stored = bytes(row[12])
    if row[2] != sequence:
        return f"the entry is missing; the next one there is {row[2]}", stored
    if previous is None:  # the entry before is missing: its own range reports that
        return None, stored
    try:
        tail = orjson.dumps(
            [row[4].hex(), row[5], row[6], row[7], row[8], row[9], row[10], orjson.Fragment(bytes(row[11]))]
        )
        digest = sha256(b"%b%b%d,%d,%b" % (previous, head, sequence, row[3], tail[1:])).digest()
    except (TypeError, AttributeError, ValueError):
        return "a field has another type than what is written", stored
    return (None if digest == stored else "it is not what was hashed when it was written"), stored


def _check_rows(
    stream: Stream,
    head: bytes,
    rows: Sequence[Any],
    sequence: int,
    previous: bytes | None,
    hashes: list[bytes],
) -> Problem | None:
    for row in rows:
        wrong, previous = check_row(head, sequence, previous, row)
        if wrong is not None:
            return _problem(stream, sequence, wrong)
        hashes.append(previous)
        sequence += 1
    return None


def _hash_before(database: Database, stream: Stream, first: int) -> bytes | None:
    if first == 1:
        return chain.GENESIS
    with database.read_as(stream.tenant) as scoped:
        rows = read.rows(scoped, stream.lane, first - 1, first - 1)
    return bytes(rows[0][12]) if rows else None


def _problem(stream: Stream, sequence: int, what: str) -> Problem:
    return Problem(stream.tenant, stream.region, stream.lane, sequence, None, what)


@lru_cache(maxsize=8)
def _database(url: str) -> Database:
    return Database(url)
