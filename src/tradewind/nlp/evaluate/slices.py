"""Parts of a test set to look at one by one: its languages, and short to long texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Slice:
    """A named part of the rows; `by` says what it was cut by ("language" or "length")."""

    by: str
    name: str
    rows: Flags


def slices_of(languages: Sequence[str | None], tokens: NDArray[np.int64]) -> tuple[Slice, ...]:
    """Rows by language, where the data names at least one, then by quartile of their length in tokens."""
    return by_language(languages) + by_length(tokens)


def by_language(languages: Sequence[str | None]) -> tuple[Slice, ...]:
    """One slice a language, "unknown" for rows without one; none at all when no row has a language."""
    names = np.array([language or "unknown" for language in languages], dtype=object)
    if all(language is None for language in languages):
        return ()
    return tuple(Slice("language", name, names == name) for name in sorted(set(names.tolist())))


def by_length(tokens: NDArray[np.int64]) -> tuple[Slice, ...]:
    """Up to four slices of about equal size, shortest first; fewer when many texts have one length."""
    if not len(tokens):
        return ()
    inner = np.unique(np.quantile(tokens, [0.25, 0.5, 0.75], method="lower"))
    lower = int(tokens.min())
    slices = []
    for upper in [*inner.tolist(), int(tokens.max())]:
        rows = (tokens >= lower) & (tokens <= upper)
        if rows.any():
            name = f"{lower} tokens" if lower == upper else f"{lower}–{upper} tokens"
            slices.append(Slice("length", name, rows))
        lower = upper + 1
    return tuple(slices)
