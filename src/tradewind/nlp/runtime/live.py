"""The models that a server answers with: loaded, swapped for new versions without dropping a request,
unloaded.

What should be served is read from disk (`versions`, or folders given outright); `refresh` compares it with
what is loaded. A new version is checked, opened and tried in a worker thread while the old one keeps
answering; then the name points to the new one, and the old one is closed when the last request that leased it
has its answer. A version that does not load is refused: the old one stays, and the reason is in `state`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tradewind.core.errors import ConfigError, InputError, NotFoundError, TradewindError, UnavailableError
from tradewind.nlp import bundle
from tradewind.nlp.bundle import ModelInfo
from tradewind.nlp.model import ModelName
from tradewind.nlp.runtime import versions
from tradewind.nlp.runtime.service import BatchReport, Predictor, Service
from tradewind.nlp.runtime.versions import Pointer

POLL_S = 1.0
TRIAL_TEXT = "tradewind"

log = logging.getLogger(__name__)

Opener = Callable[[Path], Predictor]
BatchObserver = Callable[[ModelName, BatchReport], None]
Reaches = Callable[[str], bool]
"""Whether somebody may know of a model, by its name."""


def all_models(_: str) -> bool:
    """Who may know of every model."""
    return True


def open_engine(folder: Path, *, threads: int = 0) -> Predictor:
    """The real opener: the run-time engine on a model folder."""
    from tradewind.nlp.runtime.engine import Engine

    return Engine.open(folder, threads=threads, verify=False)  # `LiveModels` has just done that


Content = tuple[str, int, int]
"""Stands for what a model folder holds: its path, and the time and size of its manifest."""


@dataclass(eq=False)
class Loaded:
    """A version that answers requests. `leases` counts the requests that it still owes an answer."""

    info: ModelInfo
    folder: Path
    service: Service
    leases: int = 0
    retired: bool = False


@dataclass(frozen=True)
class ModelState:
    """What a server has of one model: the loaded version, and what went wrong with a newer one, if anything
    did.
    """

    name: ModelName
    loaded: Loaded | None
    problem: str | None = None


@dataclass(frozen=True)
class _Wanted:
    """A folder that should be served. `content` changes with its files, `asked` with each promotion.

    `fallbacks` were live before it: what a server that starts with a broken version answers with.
    """

    folder: Path
    content: Content
    asked: int
    fallbacks: tuple[Path, ...] = ()


@dataclass
class _Entry:
    name: ModelName
    loaded: Loaded | None = None
    serving: Content | None = None
    tried: _Wanted | None = None
    problem: str | None = None


@dataclass(frozen=True)
class ServiceLimits:
    """How much a model's service takes on; see `Service`."""

    queue_tokens: int = 262_144
    workers: int = 2


class LiveModels:
    """The loaded models of one server. Lives on one event loop: `start`, `refresh`, `lease`, `close`.

    Args:
        models: the workspace's folder of models; its live versions are served.
        folders: model folders to serve instead of the workspace's, under the names in their `model.json`.
        opener: makes an engine of a verified model folder.
        on_batch: told of each engine call, with the model's name.
        poll_s: how often the disk is looked at for changes.
    """

    def __init__(
        self,
        models: Path,
        *,
        folders: Sequence[Path] = (),
        opener: Opener = open_engine,
        limits: ServiceLimits = ServiceLimits(),
        on_batch: BatchObserver | None = None,
        poll_s: float = POLL_S,
    ) -> None:
        self.models = models
        self._fixed = _by_name(folders)
        self._opener = opener
        self._limits = limits
        self._on_batch = on_batch
        self._poll_s = poll_s
        self._entries: dict[ModelName, _Entry] = {}
        self._one_refresh = asyncio.Lock()
        self._one_change = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()
        self._watcher: asyncio.Task[None] | None = None
        self.started = False

    @property
    def fixed(self) -> bool:
        """Whether folders were given outright, so that there is nothing to promote."""
        return bool(self._fixed)

    async def start(self) -> None:
        """Load what should be served, then watch for changes until `close`."""
        await self.refresh()
        self.started = True
        self._watcher = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Stop watching, answer what was accepted, close every engine."""
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        for entry in self._entries.values():
            self._replace(entry, None)
        self._entries.clear()
        await asyncio.gather(*self._closing)

    @contextlib.contextmanager
    def lease(self, name: str, reaches: Reaches = all_models) -> Iterator[Loaded]:
        """Hold the live version of a model for one request; it stays open until the lease is given back.

        Args:
            reaches: of which models whoever asks may know; the others are not there.

        Raises:
            NotFoundError: there is no such model; names those there are.
            UnavailableError: the models are still being loaded, or this one did not load.
        """
        loaded = self._loaded(name, reaches)
        loaded.leases += 1
        try:
            yield loaded
        finally:
            loaded.leases -= 1
            self._close_if_done(loaded)

    def state(self) -> tuple[ModelState, ...]:
        """What is loaded and what went wrong, by name."""
        return tuple(ModelState(e.name, e.loaded, e.problem) for _, e in sorted(self._entries.items()))

    async def refresh(self) -> None:
        """Make what is loaded equal to what the disk says should be."""
        async with self._one_refresh:
            wanted = await asyncio.to_thread(self._wanted)
            for name in [name for name in self._entries if name not in wanted]:
                self._replace(self._entries.pop(name), None)
            for name, want in wanted.items():
                await self._update(self._entries.setdefault(name, _Entry(name)), want)

    async def promote(self, name: str, version: str) -> Pointer:
        """Make a version live here and now; see `versions.promote`.

        Raises:
            NotFoundError, IntegrityError: as there.
            UnavailableError: the version is sound on disk but does not load; the old one is live again.
        """
        return await self._repoint(name, lambda: versions.promote(self.models, name, version))

    async def rollback(self, name: str) -> Pointer:
        """Make the version before the live one live here and now; see `versions.rollback`.

        Raises:
            NotFoundError, InputError, IntegrityError, UnavailableError: as in `promote`.
        """
        return await self._repoint(name, lambda: versions.rollback(self.models, name))

    async def _repoint(self, name: str, point: Callable[[], Pointer]) -> Pointer:
        if self.fixed:
            raise InputError(
                "this server was given model folders, so there are no versions to choose from",
                hint="install models into a workspace and serve that: tradewind models install FOLDER",
            )
        async with self._one_change:
            before = await asyncio.to_thread(versions.find, self.models, name)
            pointer = await asyncio.to_thread(point)
            await self.refresh()
            entry = self._entries.get(ModelName(name))
            problem = "it was removed" if entry is None else entry.problem
            if problem is None:
                return pointer
            if before.pointer is not None:
                await asyncio.to_thread(versions.point, self.models, name, before.pointer)
                await self.refresh()
        raise UnavailableError(f"{name} {pointer.version} does not load, so what was live stays: {problem}")

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._poll_s)
            try:
                await self.refresh()
            except Exception:
                log.exception("cannot look for changed models in %s", self.models)

    async def _update(self, entry: _Entry, want: _Wanted | TradewindError) -> None:
        if isinstance(want, TradewindError):
            self._refuse(entry, str(want))
            return
        if want == entry.tried:
            return
        entry.tried = want
        if want.content == entry.serving:
            entry.problem = None
            return
        problem = await self._load(entry, want.folder, want.content)
        if problem is None:
            entry.problem = None
            return
        for past in want.fallbacks if entry.loaded is None else ():
            if await self._load(entry, past, _content(past)) is None:
                break
        self._refuse(entry, problem)

    async def _load(self, entry: _Entry, folder: Path, content: Content) -> str | None:
        """Put a version in place of the loaded one; or say why it cannot be."""
        try:
            info, engine = await asyncio.to_thread(_open, self._opener, folder)
        except TradewindError as error:
            return str(error)
        except Exception as error:
            log.debug("loading %s failed", folder, exc_info=True)
            return f"{type(error).__name__}: {error}"
        observe = None if self._on_batch is None else partial(self._on_batch, entry.name)
        limits = self._limits
        service = Service(engine, queue_tokens=limits.queue_tokens, workers=limits.workers, on_batch=observe)
        self._replace(entry, Loaded(info, folder, service))
        entry.serving = content
        log.info("%s %s is live", entry.name, info.version)
        return None

    def _refuse(self, entry: _Entry, problem: str) -> None:
        if problem != entry.problem:
            stays = f"{entry.loaded.info.version} stays live" if entry.loaded else "nothing is live"
            log.error("%s: refused a version, %s: %s", entry.name, stays, problem)
        entry.problem = problem

    def _replace(self, entry: _Entry, loaded: Loaded | None) -> None:
        old, entry.loaded = entry.loaded, loaded
        if old is not None:
            old.retired = True
            self._close_if_done(old)

    def _close_if_done(self, loaded: Loaded) -> None:
        if loaded.retired and loaded.leases == 0:
            task = asyncio.create_task(loaded.service.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _loaded(self, name: str, reaches: Reaches) -> Loaded:
        entry = self._entries.get(ModelName(name)) if reaches(name) else None
        if entry is not None and entry.loaded is not None:
            return entry.loaded
        if not self.started:
            raise UnavailableError("the models are still being loaded", hint="try again in a few seconds")
        if entry is not None:
            raise UnavailableError(f"model {name!r} did not load: {entry.problem}")
        known = (
            ", ".join(sorted(filter(reaches, self._entries)))
            or "none; train one, or install one and promote it"
        )
        raise NotFoundError(f"no model {name!r} is live", hint=f"there are: {known}")

    def _wanted(self) -> dict[ModelName, _Wanted | TradewindError]:
        if self._fixed:
            return {name: _Wanted(folder, _content(folder), asked=0) for name, folder in self._fixed.items()}
        wanted: dict[ModelName, _Wanted | TradewindError] = {}
        for name in versions.names(self.models):
            try:
                pointer = versions.read_pointer(self.models, name)
                if pointer is not None:
                    wanted[name] = self._pointed(name, pointer)
            except TradewindError as error:
                wanted[name] = error
            except FileNotFoundError:
                continue
        return wanted

    def _pointed(self, name: ModelName, pointer: Pointer) -> _Wanted:
        folder, *past = (
            versions.version_folder(self.models, name, version)
            for version in (pointer.version, *pointer.previous)
        )
        asked = (self.models / name / versions.LIVE).stat().st_mtime_ns
        return _Wanted(folder, _content(folder), asked, tuple(past))


def _content(folder: Path) -> Content:
    try:
        status = (folder / bundle.MANIFEST).stat()
    except FileNotFoundError:
        return str(folder), 0, 0
    return str(folder), status.st_mtime_ns, status.st_size


def _open(opener: Opener, folder: Path) -> tuple[ModelInfo, Predictor]:
    """Check, open and try a model folder; what predicts nothing is not served."""
    bundle.verify(folder)
    info = bundle.read_info(folder)
    engine = opener(folder)
    try:
        paired = any(head.task == "pair" for head in info.heads)
        engine.predict([TRIAL_TEXT], [TRIAL_TEXT] if paired else None)
    except BaseException:
        engine.close()
        raise
    return info, engine


def _by_name(folders: Sequence[Path]) -> Mapping[ModelName, Path]:
    named: dict[ModelName, Path] = {}
    for folder in folders:
        name = ModelName(versions.checked_name(bundle.read_info(folder).name, "model name"))
        if name in named:
            raise ConfigError(
                f"{named[name]} and {folder} are both called {name!r}", hint="serve one of them"
            )
        named[name] = folder.resolve()
    return named
