"""What there is to choose from: the server's models as the doors present them, from disk and from memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tradewind.core.errors import NotFoundError
from tradewind.nlp.bundle import ModelInfo
from tradewind.nlp.model import ModelName
from tradewind.nlp.runtime import versions
from tradewind.nlp.runtime.live import LiveModels, Loaded, Reaches, all_models


@dataclass(frozen=True)
class ModelEntry:
    """One model of the server.

    `loaded` answers requests. `live` is the version that the disk says should; the two differ for the moment
    of a swap, or when `problem` says why that version was refused. `versions` are newest first.
    """

    name: ModelName
    loaded: Loaded | None
    live: str | None
    previous: tuple[str, ...]
    versions: tuple[ModelInfo, ...]
    problem: str | None

    @property
    def info(self) -> ModelInfo | None:
        """The loaded version, else the live one, else the newest."""
        if self.loaded is not None:
            return self.loaded.info
        by_version = {info.version: info for info in self.versions}
        newest = self.versions[0] if self.versions else None
        return by_version.get(self.live or "", newest)


def catalogue(live: LiveModels, reaches: Reaches = all_models) -> tuple[ModelEntry, ...]:
    """Every model that is loaded, should be, or is installed without being live; by name. Reads the disk.

    Args:
        reaches: of which models whoever asks may know; the others are left out.
    """
    states = {state.name: state for state in live.state()}
    installed = {} if live.fixed else {found.name: found for found in versions.list_models(live.models)}
    entries = []
    for name in sorted(filter(reaches, states.keys() | installed.keys())):
        state = states.get(name)
        found = installed.get(name)
        loaded = state.loaded if state else None
        pointer = found.pointer if found else None
        own = (loaded.info,) if loaded else ()
        entries.append(
            ModelEntry(
                name=name,
                loaded=loaded,
                live=pointer.version if pointer else (loaded.info.version if loaded else None),
                previous=pointer.previous if pointer else (),
                versions=found.versions if found else own,
                problem=state.problem if state else None,
            )
        )
    return tuple(entries)


def entry(live: LiveModels, name: str, reaches: Reaches = all_models) -> ModelEntry:
    """One model of the catalogue; see there.

    Raises:
        NotFoundError: there is none of that name; names those there are.
    """
    entries = catalogue(live, reaches)
    for found in entries:
        if found.name == name:
            return found
    known = ", ".join(found.name for found in entries) or "none yet"
    raise NotFoundError(f"no model {name!r} here", hint=f"there are: {known}")


def folder_of(live: LiveModels, name: str, version: str, reaches: Reaches = all_models) -> Path:
    """Where a version's files lie, of a model of the catalogue.

    Raises:
        NotFoundError: no such model or version.
    """
    found = entry(live, name, reaches)
    if found.loaded is not None and found.loaded.info.version == version:
        return found.loaded.folder
    if version not in {info.version for info in found.versions}:
        known = ", ".join(info.version for info in found.versions)
        raise NotFoundError(f"model {name!r} has no version {version!r}", hint=f"its versions: {known}")
    return versions.version_folder(live.models, name, version)


def size_bytes(folder: Path) -> int:
    """Bytes of all files of a model folder; 0 when it is gone."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
