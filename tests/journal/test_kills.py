"""`kill -9` in a loop: every acknowledged entry is there exactly once, the chain is valid, readings count right.

A dozen kills here; `python tests/helpers/journal_kills.py 200 URL FOLDER` does as many as one likes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from journal_kills import kill_in_a_loop
from journal_kit import ACME, EU, Sums, notes, open_journal, sums

KILLS = 12
FOLLOWER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from journal_kit import Sums, open_journal
journal = open_journal(sys.argv[1], Path(sys.argv[2]))
print("ready", flush=True)
while True:
    journal.catch_up(Sums())
"""


def check_kills(url: str, folder: Path) -> None:
    done = kill_in_a_loop(url, folder, KILLS, seed=11)
    assert done.kills == KILLS
    assert len(done.acknowledged) > KILLS
    assert done.recorded >= len(done.acknowledged)
    assert done.lanes <= 4  # the lanes of the dead were taken up, if not always at once by the server


def check_follower(url: str, folder: Path) -> None:
    journal = open_journal(url, folder)
    journal.catch_up(Sums())
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", FOLLOWER, url, str(folder), str(Path(__file__).parents[1] / "helpers")],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            journal.append_now(ACME, notes(50))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    journal.catch_up(Sums())
    entries = journal.verify().entries
    assert sums(journal.databases.region(EU)) == {"sum": entries // 50 * sum(range(50)), "entries": entries}
    journal.close()
    journal.databases.close()


def test_killed_writers_lose_nothing_that_they_acknowledged_on_sqlite(tmp_path):
    check_kills(f"sqlite:///{tmp_path / 'eu.db'}", tmp_path)


@pytest.mark.postgres
def test_killed_writers_lose_nothing_that_they_acknowledged_on_postgres(tmp_path, postgres_database):
    check_kills(postgres_database(), tmp_path)


def test_a_killed_follower_counts_each_entry_once_on_sqlite(tmp_path):
    check_follower(f"sqlite:///{tmp_path / 'eu.db'}", tmp_path)


@pytest.mark.postgres
def test_a_killed_follower_counts_each_entry_once_on_postgres(tmp_path, postgres_database):
    check_follower(postgres_database(), tmp_path)
