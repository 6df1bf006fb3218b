"""Opening one new database from several processes at the same time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

OPEN = """
import sys, time
from tradewind.journal.databases import Database
sys.stdin.readline()
with Database(sys.argv[1]).read() as connection:
    print(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
"""


def test_processes_that_open_a_new_file_together_all_get_it(tmp_path: Path) -> None:
    for turn in range(4):
        command = [sys.executable, "-c", OPEN, f"sqlite:///{tmp_path}/{turn}.db"]
        waiting = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(6)
        ]
        said = []
        for process in waiting:
            assert process.stdin is not None
            process.stdin.write(b"go\n")
            process.stdin.flush()
        for process in waiting:
            out, err = process.communicate(timeout=60)
            said.append((out, err))
        assert said == [(b"wal\n", b"")] * 6
