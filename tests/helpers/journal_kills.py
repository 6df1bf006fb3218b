"""`kill -9` in a loop: writers die at random moments, and what they said was durable must be there, once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from journal_kit import ACME, EU, open_journal

WRITER = Path(__file__).with_name("journal_writer.py")
LONGEST_S = 0.6


@dataclass
class Killed:
    """What came of it."""

    kills: int = 0
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Id of the receipt by text."""
    recorded: int = 0
    lanes: int = 0


def kill_in_a_loop(url: str, folder: Path, kills: int, *, seed: int, at_once: int = 2) -> Killed:
    """Run `at_once` writers at a time, kill each after a random time, and check what they left."""
    chance = random.Random(seed)
    done = Killed()
    lock = threading.Lock()

    def run(name: str, lives_s: float) -> None:
        lines = _one_life(url, folder, name, lives_s)
        with lock:
            done.kills += 1
            for line in lines:
                text, identity, _lane, _sequence = line.split()
                done.acknowledged[text] = identity

    for start in range(0, kills, at_once):
        lives = [
            threading.Thread(target=run, args=(f"life{n}", chance.uniform(0, LONGEST_S)))
            for n in range(start, min(start + at_once, kills))
        ]
        for life in lives:
            life.start()
        for life in lives:
            life.join()
    _check(url, folder, done)
    return done


def _one_life(url: str, folder: Path, name: str, lives_s: float) -> list[str]:
    process = subprocess.Popen(
        [sys.executable, str(WRITER), url, str(folder), name], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    if process.stdout.readline() != "ready\n":
        raise AssertionError(f"the writer did not start: {process.wait()}")
    killer = threading.Timer(lives_s, os.kill, (process.pid, signal.SIGKILL))
    killer.start()
    said = process.stdout.read()
    killer.join()
    process.wait()
    process.stdout.close()
    return [line for line in said.split("\n")[:-1] if line.count(" ") == 3]  # the last may be half a line


def _check(url: str, folder: Path, done: Killed) -> None:
    journal = open_journal(url, folder)
    try:
        entries = list(journal.read(ACME, EU))
        times = Counter(entry.body["text"] for entry in entries)
        ids = {entry.body["text"]: entry.id for entry in entries}
        lost = [text for text, identity in done.acknowledged.items() if ids.get(text) != identity]
        assert not lost, f"acknowledged and not there: {lost[:5]}"
        twice = [text for text, count in times.items() if count > 1]
        assert not twice, f"recorded twice: {twice[:5]}"
        found = journal.verify()
        assert found.sound, found.problems
        done.recorded, done.lanes = len(entries), found.streams
    finally:
        journal.close()
        journal.databases.close()


def main() -> None:
    """`python journal_kills.py KILLS URL FOLDER`."""
    started = time.monotonic()
    done = kill_in_a_loop(sys.argv[2], Path(sys.argv[3]), int(sys.argv[1]), seed=7)
    print(f"{done.kills} kills, {len(done.acknowledged)} acknowledged, {done.recorded} recorded")
    print(f"{done.lanes} lanes, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
