"""Verification: every entry hashed anew, every head, every checkpoint; names the first wrong entry of a stream.

A chain alone shows changed, swapped, inserted and removed entries. Its head shows an entry removed at the end, and
a checkpoint shows a chain that was written anew as a whole, because its signature cannot be.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from multiprocessing import get_context
from typing import Any

from tradewind.core.errors import ChainError
from tradewind.core.ids import RegionId, TenantId
from tradewind.journal import merkle
from tradewind.journal.checkpoint import Checkpoint, StreamState, parsed
from tradewind.journal.databases import Database
from tradewind.journal.follow import Progress
from tradewind.journal.model import Lane, Stream
from tradewind.journal.ranges import RANGE, Checked, Problem, Range, check, check_elsewhere
from tradewind.journal.signing import Verifier
from tradewind.journal.store import checkpoints, read

SMALL = 100_000
"""Below so many entries other processes take longer to start than to help."""


@dataclass(slots=True)
class Verification:
    """What was looked at, and what is wrong.

    Args:
        checkpointed: entries that a checkpoint covers.
        problems: the first wrong entry of each stream, and wrong checkpoints; empty where all is as written.
    """

    entries: int = 0
    streams: int = 0
    checkpoints: int = 0
    checkpointed: int = 0
    seconds: float = 0.0
    problems: list[Problem] = field(default_factory=list)

    def __add__(self, other: Verification) -> Verification:
        return Verification(
            self.entries + other.entries,
            self.streams + other.streams,
            self.checkpoints + other.checkpoints,
            self.checkpointed + other.checkpointed,
            self.seconds + other.seconds,
            [*self.problems, *other.problems],
        )

    @property
    def sound(self) -> bool:
        """Whether everything is as it was written."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """For the doors."""
        return {
            "sound": self.sound,
            "entries": self.entries,
            "streams": self.streams,
            "checkpoints": self.checkpoints,
            "checkpointed": self.checkpointed,
            "seconds": round(self.seconds, 3),
            "problems": [asdict(problem) for problem in self.problems],
        }


@dataclass(slots=True)
class StreamFacts:
    """All that is claimed about a stream: its head, the sequences there are, its checkpointed states."""

    stream: Stream
    head: tuple[int, bytes] | None
    lowest: int
    highest: int
    states: dict[int, dict[int, tuple[bytes, bytes]]] = field(default_factory=dict)
    """By size, then by checkpoint: head hash and root."""

    @property
    def last(self) -> int:
        """The sequence up to which there must be entries."""
        return max(self.head[0] if self.head else 0, self.highest, *self.states, 0)


def verify(
    database: Database,
    region: RegionId,
    tenants: Iterable[TenantId],
    verifier: Verifier,
    *,
    processes: int,
    progress: Progress | None = None,
) -> Verification:
    """Verify what a region's database holds of tenants.

    Args:
        verifier: the key that signed the checkpoints.
        processes: how many may work; with few entries none is started.
        progress: told how many entries are hashed and how many there are.
    """
    started = time.monotonic()
    found = Verification()
    facts: list[StreamFacts] = []
    for tenant in tenants:
        facts.extend(_facts(database, tenant, region, verifier, found))
    work = [part for each in facts for part in _split(database, each)]
    total = sum(part.last - part.first + 1 for part in work)
    checked: dict[Stream, list[Checked]] = {each.stream: [] for each in facts}
    for part in _checked(database, work, processes):
        checked[part.stream].append(part)
        found.entries += part.entries
        if progress is not None:
            progress(found.entries, total)
    for each in facts:
        found.problems.extend(judge(each, sorted(checked[each.stream], key=lambda part: part.first)))
    found.streams = len(facts)
    found.seconds = time.monotonic() - started
    return found


def available_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def judge(facts: StreamFacts, parts: Sequence[Checked]) -> Iterator[Problem]:
    """What is wrong with a stream whose ranges were checked: the first entry, or else its head and states."""
    stream = facts.stream
    if facts.lowest < 1:
        yield _entry_problem(stream, facts.lowest, "the entry was inserted: sequences start at 1")
        return
    for part in parts:
        if part.problem is not None:
            yield part.problem
            return
    last = parts[-1].last_hash if parts else None
    sequence = facts.head[0] if facts.head else 0
    if facts.last > sequence:
        what = "the entry was inserted, or the stream's head removed: the head is at "
        yield _entry_problem(stream, sequence + 1, f"{what}{sequence or 'no entry'}")
    elif facts.head and facts.head[1] != last:
        yield _entry_problem(stream, sequence, "the stream's head has another hash")
    yield from _judge_states(facts, parts)


def check_chain(
    tenant: TenantId,
    region: RegionId,
    chain: Sequence[tuple[int, bytes, bytes]],
    verifier: Verifier,
    found: Verification,
) -> list[Checkpoint]:
    """The checkpoints that are as they were signed, oldest first; what is wrong with the others goes to `found`."""
    good: list[Checkpoint] = []
    previous, expected = bytes(32), 1
    for number, content, signature in chain:
        wrong = _wrong_checkpoint(tenant, region, number, content, signature, expected, previous, verifier)
        if wrong is not None:
            found.problems.append(Problem(tenant, region, None, None, min(number, expected), wrong))
        else:
            good.append(parsed(content, signature))
        previous, expected = sha256(content).digest(), number + 1
        found.checkpoints += 1
    return good


def add_states(facts: Mapping[Lane, StreamFacts], good: Iterable[Checkpoint]) -> None:
    """Tell each stream what checkpoints say of it."""
    for checkpoint in good:
        for state in checkpoint.streams:
            at = facts[state.lane].states.setdefault(state.size, {})
            at[checkpoint.number] = (state.head, state.root)


def _wrong_checkpoint(
    tenant: TenantId,
    region: RegionId,
    number: int,
    content: bytes,
    signature: bytes,
    expected: int,
    previous: bytes,
    verifier: Verifier,
) -> str | None:
    if number != expected:
        return f"the checkpoint is missing; the next one there is {number}"
    if not verifier.accepts(content, signature):
        return f"its signature is not by key {verifier.id} over this content"
    try:
        checkpoint = parsed(content, signature)
    except ChainError as error:
        return error.message
    if (checkpoint.tenant, checkpoint.region, checkpoint.number) != (tenant, region, number):
        return "it belongs to another tenant, region or number"
    if checkpoint.previous != previous:
        return "the checkpoint before it is not the one that it was bound to"
    return None


def _facts(
    database: Database, tenant: TenantId, region: RegionId, verifier: Verifier, found: Verification
) -> list[StreamFacts]:
    with database.read_as(tenant) as scoped:
        chain = checkpoints.numbered(scoped)
        heads = read.streams(scoped)
        ends = checkpoints.entry_lanes(scoped)
        trees = checkpoints.trees(scoped)
    good = check_chain(tenant, region, chain, verifier, found)
    if good:
        found.checkpointed += good[-1].entries
    if len(good) == len(chain):
        newest = {state.lane: state for state in good[-1].streams} if good else {}
        wrong = [lane for lane, tree in trees.items() if not _fits(newest.get(lane), *tree)]
        if wrong:
            what = f"it is missing, or the tree of lane {wrong[0]} was changed: they do not fit each other"
            found.problems.append(Problem(tenant, region, None, None, len(good) + 1, what))
    named = {state.lane for checkpoint in good for state in checkpoint.streams}
    facts = {
        lane: StreamFacts(Stream(tenant, region, lane), heads.get(lane), *ends.get(lane, (1, 0)))
        for lane in sorted({*heads, *ends, *named})
    }
    add_states(facts, good)
    return list(facts.values())


def _fits(state: StreamState | None, size: int, roots: Sequence[bytes]) -> bool:
    return state is not None and (state.size, state.root) == (size, merkle.root(roots))


def _split(database: Database, facts: StreamFacts) -> Iterator[Range]:
    url = database.engine.url.render_as_string(hide_password=False)
    sizes = sorted(facts.states)
    largest = sizes[-1] if sizes else 0
    for first in range(1, facts.last + 1, RANGE):
        last = min(first + RANGE - 1, facts.last)
        within = tuple(size for size in sizes if first <= size <= last)
        # A full range before the largest checkpointed size is a subtree of its root, even when none ends in it.
        yield Range(url, facts.stream, first, last, within or ((last,) if last <= largest else ()))


def _judge_states(facts: StreamFacts, parts: Sequence[Checked]) -> Iterator[Problem]:
    stream, below = facts.stream, list[bytes]()
    starts = {part.first: part for part in parts}
    for size, by_checkpoint in sorted(facts.states.items()):
        start = (size - 1) // RANGE * RANGE + 1
        whole = [starts[first].whole for first in range(1, start, RANGE)]
        below, _ = merkle.grow([], 0, [each for each in whole if each is not None])
        part = starts[start]
        roots = below + part.frontiers[size]
        if size - start + 1 == RANGE:
            roots, _ = merkle.grow([], 0, [*(each for each in whole if each), part.frontiers[size][0]])
        for number, (head, root) in by_checkpoint.items():
            if part.hashes[size] != head or merkle.root(roots) != root:
                what = "the entries up to there are not those that the checkpoint was taken of"
                yield Problem(stream.tenant, stream.region, stream.lane, size, number, what)
                return


def _entry_problem(stream: Stream, sequence: int, what: str) -> Problem:
    return Problem(stream.tenant, stream.region, stream.lane, sequence, None, what)


def _checked(database: Database, work: Sequence[Range], processes: int) -> Iterator[Checked]:
    entries = sum(part.last - part.first + 1 for part in work)
    if processes < 2 or entries < SMALL:
        for part in work:
            yield check(part, database)
        return
    # A forked child would inherit the locks of the committers' threads in whatever state they are.
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(check_elsewhere, work)
