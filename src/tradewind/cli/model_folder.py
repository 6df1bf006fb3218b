"""What a command's MODEL argument means: a model folder, or a name of the workspace."""

from __future__ import annotations

from pathlib import Path

from tradewind.core.errors import InputError, NotFoundError
from tradewind.core.settings import Settings


def model_folder(settings: Settings, model: str) -> Path:
    """The folder of a model.

    Args:
        settings: they name the workspace.
        model: a folder that `train` wrote, a model's name (its live version, else its newest), or NAME@VERSION.

    Raises:
        NotFoundError: neither a folder nor a model of the workspace; names those there are.
    """
    from tradewind.nlp.runtime.versions import find, version_folder

    if Path(model).is_dir():
        return Path(model)
    name, _, version = model.partition("@")
    try:
        found = find(settings.models, name)
    except InputError as error:
        raise NotFoundError(f"{model}: no such folder, and {error.message}", hint=error.hint) from None
    known = [info.version for info in found.versions]
    if version not in (*known, ""):
        raise NotFoundError(
            f"model {name!r} has no version {version!r}", hint=f"its versions: {', '.join(known)}"
        )
    live = found.pointer.version if found.pointer else known[0]
    return version_folder(settings.models, name, version or live)
