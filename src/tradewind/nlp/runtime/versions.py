"""The workspace's models on disk.

    models/NAME/versions/VERSION/    a model folder, see `tradewind.nlp.bundle`
    models/NAME/live                 {"version": VERSION, "previous": [VERSION, ...]}, the newest of the past
    first

A version never changes once it is here; what is served changes by rewriting `live`, whole or not at all.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from tradewind.core.errors import InputError, IntegrityError, NotFoundError
from tradewind.core.files import replacing_folder, write_json
from tradewind.nlp.bundle import MANIFEST, ModelInfo, read_info, verify
from tradewind.nlp.model import ModelName

LIVE = "live"
VERSIONS = "versions"
PAST_KEPT = 20
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")


@dataclass(frozen=True)
class Pointer:
    """Which version of a model is live, and which were before it, newest first."""

    version: str
    previous: tuple[str, ...] = ()


@dataclass(frozen=True)
class Installed:
    """A model of the workspace: its versions newest first, and which of them is live."""

    name: ModelName
    versions: tuple[ModelInfo, ...]
    pointer: Pointer | None


def install(models: Path, folder: Path) -> tuple[ModelName, str]:
    """Copy a model folder into the workspace and check the copy. It is not live yet: see `promote`.

    Args:
        models: the workspace's folder of models.
        folder: a model folder, as `train` and `export` write it.

    Returns:
        the model's name and version. Installing the same version twice changes nothing.

    Raises:
        NotFoundError: there is no model at `folder`.
        IntegrityError: a file differs from the manifest; nothing is installed.
        InputError: another model has that name and version.
    """
    info = read_info(folder)
    name = ModelName(checked_name(info.name, "model name"))
    version = checked_name(info.version, "version")
    target = version_folder(models, name, version)
    if target.exists():
        if (target / MANIFEST).read_bytes() != (folder / MANIFEST).read_bytes():
            raise InputError(
                f"{name} {version} is installed already, with other content",
                hint="train or export under a new version; a version never changes",
            )
        verify(target)
        return name, version
    with replacing_folder(target) as fresh:
        shutil.copytree(folder, fresh, dirs_exist_ok=True)
        verify(fresh)
    return name, version


def promote(models: Path, name: str, version: str) -> Pointer:
    """Make an installed version the live one, after checking its hashes.

    Raises:
        NotFoundError: no such model or version; names those there are.
        IntegrityError: the version was changed since it was written; the live one stays.
    """
    installed = find(models, name)
    folder = version_folder(models, name, version)
    if not folder.is_dir():
        known = ", ".join(info.version for info in installed.versions)
        raise NotFoundError(f"model {name!r} has no version {version!r}", hint=f"its versions: {known}")
    verify(folder)
    before = installed.pointer
    if before is None:
        return point(models, name, Pointer(version))
    if before.version == version:
        return point(models, name, before)  # written again: a server that refused it tries once more
    past = (before.version, *(old for old in before.previous if old != version))
    return point(models, name, Pointer(version, past[:PAST_KEPT]))


def rollback(models: Path, name: str) -> Pointer:
    """Make the version live that was live before the present one; again goes one further back.

    Raises:
        NotFoundError: no such model, or the version before is gone.
        InputError: there is no version to go back to.
        IntegrityError: the version before was changed since it was written; the live one stays.
    """
    before = find(models, name).pointer
    if before is None or not before.previous:
        raise InputError(
            f"model {name!r} has no earlier live version",
            hint=f"choose one: tradewind models promote {name} VERSION",
        )
    version, *past = before.previous
    verify(version_folder(models, name, version))
    return point(models, name, Pointer(version, tuple(past)))


def list_models(models: Path) -> tuple[Installed, ...]:
    """Every model of the workspace, by name; versions that cannot be read are left out."""
    return tuple(_installed(models, name) for name in names(models))


def names(models: Path) -> tuple[ModelName, ...]:
    """The names of the workspace's models, sorted."""
    if not models.is_dir():
        return ()
    folders = sorted(path.name for path in models.iterdir() if (path / VERSIONS).is_dir())
    return tuple(ModelName(name) for name in folders if SAFE_NAME.fullmatch(name))


def find(models: Path, name: str) -> Installed:
    """One model of the workspace.

    Raises:
        NotFoundError: there is none of that name; names those there are.
    """
    if SAFE_NAME.fullmatch(name) and (models / name / VERSIONS).is_dir():
        return _installed(models, name)
    known = ", ".join(installed.name for installed in list_models(models)) or "none yet"
    raise NotFoundError(f"no model {name!r} in {models}", hint=f"there are: {known}")


def version_folder(models: Path, name: str, version: str) -> Path:
    """Where a version lies; the names are checked so that the path stays inside `models`."""
    return models / checked_name(name, "model name") / VERSIONS / checked_name(version, "version")


def read_pointer(models: Path, name: str) -> Pointer | None:
    """What `live` of a model says; None when no version is live.

    Raises:
        IntegrityError: the file is not what `promote` writes.
    """
    path = models / name / LIVE
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return Pointer(str(raw["version"]), tuple(str(version) for version in raw.get("previous", ())))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = f"write it anew: tradewind models promote {name} VERSION"
        raise IntegrityError(f"{path}: does not name a live version: {error}", hint=hint) from error


def checked_name(name: str, what: str) -> str:
    """The name, if it can be a folder's: letters, digits and `. _ + -`, at most 100.

    Raises:
        InputError: it cannot.
    """
    if SAFE_NAME.fullmatch(name):
        return name
    raise InputError(
        f"{what} {name!r} cannot be used", hint="letters, digits and . _ + - only, at most 100 of them"
    )


def _installed(models: Path, name: str) -> Installed:
    infos: list[ModelInfo] = []
    for folder in (models / name / VERSIONS).iterdir():
        if SAFE_NAME.fullmatch(folder.name):
            try:
                infos.append(read_info(folder))
            except (NotFoundError, IntegrityError):
                continue
    infos.sort(key=lambda info: (info.created, info.version), reverse=True)
    try:
        pointer = read_pointer(models, name)
    except IntegrityError:
        pointer = None
    return Installed(ModelName(name), tuple(infos), pointer)


def point(models: Path, name: str, pointer: Pointer) -> Pointer:
    """Write `live`, without checking what it names: `promote` and `rollback` do."""
    write_json(models / name / LIVE, {"version": pointer.version, "previous": list(pointer.previous)})
    return pointer
