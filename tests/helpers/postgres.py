"""A PostgreSQL server of the tests' own, from the installed binaries, in a folder that goes with it."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, newest version first; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    path = shutil.which("initdb")
    return Path(path).resolve().parent if path else None


class Server:
    """A running server. `stop(fast=False)` ends it as a power cut would; `start()` brings it back."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self._bin = bin_folder
        self._data = folder / "data"
        self._as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as_user:
            shutil.chown(folder, "postgres")
        user = "postgres" if self._as_user else pwd.getpwuid(os.geteuid()).pw_name
        self.port = _free_port()
        self.url = f"postgresql://{user}@127.0.0.1:{self.port}"
        self._run(
            "initdb", "-D", str(self._data), "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", user
        )
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"
        )
        log = str(self._data.parent / "log")
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", log, "-w", "-t", "60", "start")

    def stop(self, *, fast: bool = True) -> None:
        """Stop it: `fast` as for a restart, else as a power cut would."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "fast" if fast else "immediate", "-w", "stop")

    def create(self, name: str) -> str:
        """Make an empty database; its URL."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), name)
        return f"{self.url}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, str(self._bin / program), *arguments]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout.decode(errors='replace')}")


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """A server for as long as the context lasts."""
    bin_folder = binaries()
    assert bin_folder is not None, "PostgreSQL is not installed"
    folder = Path(tempfile.mkdtemp(prefix="tradewind-postgres-"))
    folder.chmod(0o755)
    started = Server(folder, bin_folder)
    try:
        yield started
    finally:
        with contextlib.suppress(RuntimeError):
            started.stop(fast=False)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
