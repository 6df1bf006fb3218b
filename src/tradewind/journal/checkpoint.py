"""Checkpoints: a signed statement of how far each stream of a tenant had grown, each bound to the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy.exc import IntegrityError

from tradewind.core.clock import Clock
from tradewind.core.errors import BusyError, ChainError
from tradewind.core.ids import RegionId, TenantId
from tradewind.journal import merkle
from tradewind.journal.databases import Database
from tradewind.journal.encode import microseconds, moment
from tradewind.journal.model import Lane
from tradewind.journal.signing import Signer
from tradewind.journal.store import checkpoints, read

FORMAT = "tradewind-checkpoint-1"
PAGE = 50_000
ROUNDS = 10


@dataclass(frozen=True, slots=True)
class StreamState:
    """A stream as a checkpoint saw it.

    Args:
        size: how many entries it had.
        head: hash of the last of them.
        root: Merkle root over their hashes (RFC 9162).
    """

    lane: Lane
    size: int
    head: bytes
    root: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement.

    Args:
        number: from 1, without a gap.
        previous: SHA-256 of the content of the checkpoint before; 32 zero bytes in the first.
        key: names the key that signed it.
        content: exactly the bytes that are signed.
    """

    tenant: TenantId
    region: RegionId
    number: int
    taken: datetime
    previous: bytes
    streams: tuple[StreamState, ...]
    key: str
    content: bytes
    signature: bytes

    @property
    def entries(self) -> int:
        """How many entries it covers."""
        return sum(stream.size for stream in self.streams)

    def as_json(self) -> dict[str, Any]:
        """The statement, its exact bytes and its signature, for the doors and for exports."""
        return {
            **orjson.loads(self.content),
            "content": self.content.decode(),
            "signature": self.signature.hex(),
        }


def take(
    database: Database, tenant: TenantId, region: RegionId, signer: Signer, clock: Clock
) -> Checkpoint | None:
    """Take a checkpoint of a tenant's streams; the newest one again where nothing was recorded since.

    Returns:
        None where the tenant has recorded nothing.

    Raises:
        ChainError: entries are missing, so there is nothing to sign.
        BusyError: other processes take checkpoints of the tenant all the time.
    """
    for _ in range(ROUNDS):
        with database.read_as(tenant) as scoped:
            last = checkpoints.newest(scoped)
            known = checkpoints.trees(scoped)
            heads = read.streams(scoped)
        if last and all(known.get(lane, (0,))[0] == size for lane, (size, _) in heads.items()):
            return parsed(*last[1:])
        if not heads:
            return None
        grown = {
            lane: _grown(database, tenant, region, lane, known.get(lane, (0, [])), *head)
            for lane, head in heads.items()
        }
        number = last[0] + 1 if last else 1
        previous = sha256(last[1]).digest() if last else bytes(32)
        states = [
            StreamState(lane, size, heads[lane][1], merkle.root(roots))
            for lane, (size, roots) in grown.items()
        ]
        content = _content(tenant, region, number, microseconds(clock.now()), previous, states, signer.id)
        signature = signer.sign(content)
        moved = {lane: (known.get(lane, (0, []))[0], *tree) for lane, tree in grown.items()}
        try:
            with database.write_as(tenant) as scoped:
                checkpoints.add(scoped, number, content, signature, moved)
        except (IntegrityError, checkpoints.OvertakenError):
            continue
        return parsed(content, signature)
    raise BusyError(f"other processes take checkpoints of tenant {tenant!r} at this moment")


def parsed(content: bytes, signature: bytes) -> Checkpoint:
    """A checkpoint of its bytes; whether they are true is for `verify` to say.

    Raises:
        ChainError: they are none.
    """
    try:
        fields = orjson.loads(content)
        if fields["format"] != FORMAT:
            raise ChainError(f"a checkpoint of format {fields['format']!r:.40}", hint=f"{FORMAT} is known")
        return Checkpoint(
            fields["tenant"],
            fields["region"],
            int(fields["number"]),
            moment(fields["taken"]),
            bytes.fromhex(fields["previous"]),
            tuple(
                StreamState(
                    Lane(int(each["lane"])),
                    int(each["size"]),
                    bytes.fromhex(each["head"]),
                    bytes.fromhex(each["root"]),
                )
                for each in fields["streams"]
            ),
            fields["key"],
            content,
            signature,
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ChainError(f"this is no checkpoint: {error}") from error


def _content(
    tenant: TenantId,
    region: RegionId,
    number: int,
    taken_us: int,
    previous: bytes,
    states: Sequence[StreamState],
    key: str,
) -> bytes:
    return orjson.dumps(
        {
            "format": FORMAT,
            "tenant": tenant,
            "region": region,
            "number": number,
            "taken": taken_us,
            "previous": previous.hex(),
            "streams": [
                {"lane": s.lane, "size": s.size, "head": s.head.hex(), "root": s.root.hex()} for s in states
            ],
            "key": key,
        }
    )


def _grown(
    database: Database,
    tenant: TenantId,
    region: RegionId,
    lane: Lane,
    tree: tuple[int, list[bytes]],
    last: int,
    head: bytes,
) -> tuple[int, list[bytes]]:
    """The tree grown up to the head. Entries never change, so no transaction need stay open meanwhile."""
    size, roots = tree
    newest = head if size == last else b""
    while size < last:
        with database.read_as(tenant) as scoped:
            found = checkpoints.hashes(scoped, lane, size + 1, min(size + PAGE, last))
        if len(found) != min(PAGE, last - size):
            break  # a gap
        newest = found[-1]
        roots, size = merkle.grow(roots, size, map(merkle.leaf, found))
    if size != last or newest != head:
        raise ChainError(
            f"tenant {tenant!r}, region {region!r}, lane {lane}: the entries do not lead to the head at {last}",
            hint="`tradewind journal verify` names the first wrong one",
        )
    return size, roots
