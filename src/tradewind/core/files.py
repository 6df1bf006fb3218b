"""Writing so that a crash or a full disk leaves either the old file or the new one, never half of one."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import glob
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tradewind.core.errors import StorageError

HASH_BLOCK_BYTES = 1 << 20
FILE_MODE = 0o644
AT_FDCWD, RENAME_EXCHANGE = -100, 2
REFUSALS = {
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOTDIR,
    errno.EISDIR, errno.ENAMETOOLONG, errno.ENOENT, errno.EEXIST, errno.ENOTEMPTY,
}  # fmt: skip


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(HASH_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def write_bytes(path: Path, content: bytes) -> None:
    """Replace `path` by `content` through a temporary file and a rename.

    Raises:
        StorageError: the disk refused; the old file, if any, is untouched.
    """
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(FILE_MODE)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def write_text(path: Path, text: str) -> None:
    """`write_bytes` for UTF-8 text."""
    write_bytes(path, text.encode())


def write_json(path: Path, value: object) -> None:
    """`write_bytes` for a JSON document, indented, keys in the order given."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


@contextlib.contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside `target`; on success it takes `target`'s place, on failure it vanishes.

    Raises:
        StorageError: the disk refused; the old folder, if any, is untouched.
    """
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.new-{os.getpid()}-"))
        fresh.chmod(0o755)
        try:
            yield fresh
            _put_in_place(fresh, target)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise


def _put_in_place(fresh: Path, target: Path) -> None:
    if not target.exists():
        fresh.rename(target)
    elif _exchange(fresh, target):
        shutil.rmtree(fresh, ignore_errors=True)
    else:
        retired = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.old-")) / target.name
        target.rename(retired)
        try:
            fresh.rename(target)
        except BaseException:
            retired.rename(target)
            raise
        shutil.rmtree(retired.parent, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step, so that a crash leaves no moment without either; False where none can."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if os.name == "posix" else None
    if renameat2 is None:
        return False
    return bool(renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0)


def _sweep(target: Path) -> None:
    """Remove what killed writers of `target` left beside it: their names hold their process, which is gone."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.new-*"):
        writer = left.name.rpartition(".new-")[2].partition("-")[0]
        if writer.isdigit() and not _runs(int(writer)):
            shutil.rmtree(left, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextlib.contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals while writing `path` into `StorageError`."""
    try:
        yield
    except OSError as error:
        if error.errno not in REFUSALS:
            raise
        raise StorageError(
            f"{path}: cannot write: {error.strerror or error}",
            hint="free some space or choose another folder; what was there before is untouched",
        ) from error
