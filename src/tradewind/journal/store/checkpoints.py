"""Checkpoints and the trees that they grow from, always of one tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, insert, select, update

from tradewind.journal.databases import Scoped
from tradewind.journal.model import Lane
from tradewind.journal.store.tables import CHECKPOINTS, ENTRIES, TREES

HASH_BYTES = 32
LOWEST_LANE = -(2**31)


class OvertakenError(Exception):
    """Another process took a checkpoint meanwhile: nothing of this transaction may stand."""


def trees(scoped: Scoped) -> dict[Lane, tuple[int, list[bytes]]]:
    """Size and frontier of each stream's tree as of the newest checkpoint."""
    found = scoped.select(select(TREES.c.lane, TREES.c.size, TREES.c.frontier))
    return {Lane(row[0]): (row[1], _split(bytes(row[2]))) for row in found}


def hashes(scoped: Scoped, lane: Lane, first: int, last: int) -> list[bytes]:
    """The hashes of entries `first` to `last` of a stream, in order."""
    statement = (
        select(ENTRIES.c.hash)
        .where(ENTRIES.c.lane == lane, ENTRIES.c.sequence >= first, ENTRIES.c.sequence <= last)
        .order_by(ENTRIES.c.sequence)
    )
    return [bytes(row[0]) for row in scoped.select(statement)]


def newest(scoped: Scoped) -> tuple[int, bytes, bytes] | None:
    """Number, content and signature of the newest checkpoint."""
    statement = select(CHECKPOINTS.c.number, CHECKPOINTS.c.content, CHECKPOINTS.c.signature)
    found = scoped.select(statement.order_by(CHECKPOINTS.c.number.desc()).limit(1))
    return (found[0][0], bytes(found[0][1]), bytes(found[0][2])) if found else None


def numbered(scoped: Scoped, *, after: int = 0, limit: int | None = None) -> list[tuple[int, bytes, bytes]]:
    """Number, content and signature of the checkpoints after a number, oldest first."""
    statement = (
        select(CHECKPOINTS.c.number, CHECKPOINTS.c.content, CHECKPOINTS.c.signature)
        .where(CHECKPOINTS.c.number > after)
        .order_by(CHECKPOINTS.c.number)
        .limit(limit)
    )
    return [(row[0], bytes(row[1]), bytes(row[2])) for row in scoped.select(statement)]


def add(
    scoped: Scoped,
    number: int,
    content: bytes,
    signature: bytes,
    grown: Mapping[Lane, tuple[int, int, Sequence[bytes]]],
) -> None:
    """Store a checkpoint and its trees (old size, new size, frontier).

    Raises:
        OvertakenError: another was quicker. IntegrityError: at this very moment.
    """
    last = scoped.select(select(func.max(CHECKPOINTS.c.number)))[0][0] or 0
    if last + 1 != number:
        raise OvertakenError
    for lane, (old, size, roots) in grown.items():
        values = {"size": size, "frontier": b"".join(roots)}
        if old == 0:
            scoped.insert(insert(TREES), [{"lane": lane, **values}])
        elif not scoped.change(update(TREES).where(TREES.c.lane == lane, TREES.c.size == old).values(values)):
            raise OvertakenError
    scoped.insert(insert(CHECKPOINTS), [{"number": number, "content": content, "signature": signature}])


def entry_lanes(scoped: Scoped) -> dict[Lane, tuple[int, int]]:
    """Every lane that has entries, with its lowest and highest sequence: a look into the index for each."""
    found: dict[Lane, tuple[int, int]] = {}
    lane = LOWEST_LANE
    while True:
        following = scoped.select(select(func.min(ENTRIES.c.lane)).where(ENTRIES.c.lane > lane))[0][0]
        if following is None:
            return found
        lane = following
        ends = [
            scoped.select(select(end(ENTRIES.c.sequence)).where(ENTRIES.c.lane == lane))[0][0]
            for end in (func.min, func.max)
        ]
        found[Lane(lane)] = (ends[0], ends[1])


def _split(joined: bytes) -> list[bytes]:
    return [joined[start : start + HASH_BYTES] for start in range(0, len(joined), HASH_BYTES)]
