"""The one place where things are built: settings in, the products that the doors show out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tradewind.core.settings import Settings
from tradewind.nlp.runtime.live import BatchObserver, LiveModels, Opener, ServiceLimits, open_engine


@dataclass(frozen=True)
class Workspace:
    """What the doors receive. `live` is not started: the server does that on its event loop."""

    settings: Settings
    live: LiveModels


def open_workspace(
    settings: Settings,
    *,
    folders: Sequence[Path] = (),
    opener: Opener | None = None,
    on_batch: BatchObserver | None = None,
) -> Workspace:
    """Build what a server needs.

    Args:
        settings: of the workspace.
        folders: model folders to serve in place of the workspace's live models.
        opener: makes an engine of a model folder; the real one when None.
        on_batch: told of each engine call.

    Raises:
        NotFoundError, IntegrityError, ConfigError: one of `folders` is no model, or two have the same name.
    """
    live = LiveModels(
        settings.models,
        folders=folders,
        opener=opener or partial(open_engine, threads=settings.threads),
        limits=ServiceLimits(queue_tokens=settings.queue_tokens),
        on_batch=on_batch,
    )
    return Workspace(settings, live)
