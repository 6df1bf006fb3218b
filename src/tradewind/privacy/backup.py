"""Backups: a copy of every database, and bringing it back without bringing back who was erased since.

A backup holds no keys unless asked: without the region's key its personal fields are noise. A restored database is
made ready in a folder beside the living one; erasures of the ledger and retention are done in it again, and only
then does it take the place where somebody can read it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import ConflictError, InputError, IntegrityError
from tradewind.core.files import replacing_folder, sha256_of, storage_errors, write_json
from tradewind.core.ids import RegionId
from tradewind.journal.databases import Database, Databases
from tradewind.privacy.store import copies

MANIFEST = "backup.json"
CONTROL = "control"
KEYS = "keys"
FORM = 1

Ready = Callable[[Databases], None]
"""Does again what must be done in restored databases before anybody reads them."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: the files of the databases, by name (`control`, `region-eu`)."""

    made: datetime
    files: Mapping[str, str]
    keys: bool


def create(
    databases: Databases, folder: Path, *, keys: Path | None = None, clock: Clock = SYSTEM_CLOCK
) -> Backup:
    """Copy every database into a folder, while they are in use.

    Args:
        folder: is made; must not hold anything yet.
        keys: folder of key files to copy too; none when None.

    Raises:
        ConflictError: something is there already. StorageError: the disk refused.
        UnavailableError: a database cannot be reached, or `pg_dump` is not installed.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ConflictError(f"{folder} is not empty", hint="name a new folder for each backup")
    made = clock.now()
    files = {}
    with replacing_folder(folder) as fresh:
        for name, database in named(databases).items():
            file = name + copies.SUFFIX[database.dialect]
            copies.copy(database, fresh / file)
            files[file] = sha256_of(fresh / file)
        if keys is not None and keys.is_dir():
            shutil.copytree(keys, fresh / KEYS)
        write_json(
            fresh / MANIFEST,
            {"form": FORM, "made": made.isoformat(), "keys": keys is not None, "files": files},
        )
    return Backup(made, files, keys is not None)


def restore(databases: Databases, folder: Path, ready: Ready, *, keys: Path | None = None) -> Backup:
    """Bring back every database of a backup. Nothing else may use them meanwhile.

    Args:
        databases: where they belong; closed to others by the caller.
        ready: given the restored databases before they take their places.
        keys: folder for the backup's key files, where it holds any and none of the same name is there.

    Raises:
        InputError: the folder is no backup, or is of other databases. IntegrityError: a file was changed.
        StorageError: the disk refused; what is there now is untouched.
    """
    backup = read(folder)
    wanted = named(databases)
    missing = [file for file in backup.files if Path(file).stem not in wanted]
    if missing:
        raise InputError(
            f"{folder}: holds {', '.join(missing)}, which is no database here",
            hint="restore it where it was made",
        )
    if backup.keys and keys is not None:
        _restore_keys(folder / KEYS, keys)
    with _staged(wanted, folder, backup) as staged:
        ready(staged)
        staged.close()
        for name, database in named(staged).items():
            copies.put_in_place(database, wanted[name])
    return backup


def read(folder: Path) -> Backup:
    """What a folder holds, its files checked; raises as `restore`."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {str(file): str(digest) for file, digest in content["files"].items()}
        backup = Backup(datetime.fromisoformat(content["made"]), files, bool(content["keys"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{folder} is no backup: {error}", hint="a folder that `backup create` made"
        ) from error
    for file, digest in files.items():
        if not (folder / file).is_file() or sha256_of(folder / file) != digest:
            raise IntegrityError(f"{folder / file}: not as it was written", hint="use another backup")
    return backup


def named(databases: Databases) -> dict[str, Database]:
    """The databases by the names that they have in a backup."""
    regions = {f"region-{region}": database for region, database in sorted(databases.regions.items())}
    return {CONTROL: databases.control, **regions}


@contextmanager
def _staged(wanted: Mapping[str, Database], folder: Path, backup: Backup) -> Iterator[Databases]:
    """The backup's databases where nobody looks, gone afterwards."""
    opened: dict[str, Database] = {}
    try:
        for file in sorted(backup.files):
            opened[Path(file).stem] = copies.stage(wanted[Path(file).stem], folder / file)
        regions = {
            RegionId(name.removeprefix("region-")): database
            for name, database in opened.items()
            if name != CONTROL
        }
        yield Databases(opened[CONTROL], regions)
    finally:
        for name, database in opened.items():
            copies.drop_stage(wanted[name], database)


def _restore_keys(saved: Path, keys: Path) -> None:
    with storage_errors(keys):
        keys.mkdir(parents=True, exist_ok=True)
        for file in sorted(saved.iterdir()):
            if file.is_file() and not (keys / file.name).exists():
                shutil.copy2(file, keys / file.name)
