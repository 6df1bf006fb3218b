"""Lanes: each process that writes to a region holds one alone, so that every stream has a single writer.

The lowest free lane is taken, so that lanes are used again after a process died: the operating system, or the
server, frees what a dead process held.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Protocol

from tradewind.core.errors import UnavailableError
from tradewind.core.files import storage_errors
from tradewind.core.ids import RegionId
from tradewind.journal.model import Lane
from tradewind.journal.store.write import LaneConnection

MAX_LANES = 1_000


class LaneLock(Protocol):
    """A lane that is held until it is released."""

    lane: Lane

    def release(self) -> None:
        """Give it back."""
        ...


class FileLock:
    """A lane of an embedded database: an exclusive lock on a file beside it.

    Raises:
        UnavailableError: every lane is held. StorageError: the folder cannot be written.
    """

    def __init__(self, folder: Path, region: RegionId) -> None:
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for number in range(MAX_LANES):
                handle = os.open(folder / f"{region}.lane-{number}", os.O_RDWR | os.O_CREAT, 0o600)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(handle)
                    continue
                self.lane, self._handle = Lane(number), handle
                return
        raise UnavailableError(f"{MAX_LANES} processes write to region {region!r} already")

    def release(self) -> None:
        """Give it back; nothing happens the second time."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


class SessionLock:
    """A lane of a PostgreSQL database: an advisory lock of the session that also writes, so both go together.

    Raises:
        UnavailableError: every lane is held, or the server is gone.
    """

    def __init__(self, connection: LaneConnection) -> None:
        self.lane, self.session = connection.lock_lowest_lane(MAX_LANES)

    def release(self) -> None:
        """The session's end releases it."""
