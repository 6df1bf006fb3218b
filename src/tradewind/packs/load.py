"""Finding packs by name and loading them."""

from __future__ import annotations

from pathlib import Path

from tradewind.core.errors import NotFoundError
from tradewind.packs.check import inspect
from tradewind.packs.model import Pack
from tradewind.packs.pack_file import FILE_NAME

SHIPPED = Path(__file__).parent
"""Folder of the packs that come with the product."""


def available() -> tuple[str, ...]:
    """Names of the packs that come with the product, sorted."""
    return tuple(sorted(file.parent.name for file in SHIPPED.glob(f"*/{FILE_NAME}")))


def load(name_or_folder: str | Path) -> Pack:
    """Load a pack, refusing one that has any problem.

    Args:
        name_or_folder: one of `available()`, or a folder of one's own; a `Path` is always a folder.

    Raises:
        NotFoundError: there is no such pack or folder.
        DataError: the first problem of the pack; `check` gives all of them.
    """
    shipped = isinstance(name_or_folder, str) and name_or_folder in available()
    folder = SHIPPED / name_or_folder if shipped else Path(name_or_folder)
    if not folder.is_dir():
        raise NotFoundError(
            f"no pack {str(name_or_folder)!r}",
            hint=f"give a folder with a {FILE_NAME}, or one of: {', '.join(available())}",
        )
    pack, problems = inspect(folder)
    if problems:
        raise problems[0]
    assert pack is not None, "a pack without problems was read"
    return pack
