"""Which column of a file holds what: by the name given, else by the usual synonyms, and why."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields

from tradewind.core.errors import DataError
from tradewind.nlp.data.model import Columns
from tradewind.nlp.model import Task

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "text": (
        "sentence",
        "full_text",
        "sentence1",
        "text_a",
        "utterance",
        "query",
        "question",
        "message",
        "review",
        "content",
    ),
    "text_b": ("sentence2", "text2", "second_text"),
    "label": ("intent", "category", "class"),
    "labels": ("intents", "categories", "topics"),
    "spans": ("entities", "slots", "tags", "ner_tags"),
    "lang": ("language", "locale"),
    "weight": (),
}

_NEEDS: Mapping[Task, tuple[str, ...]] = {
    "classify": ("label",),
    "multilabel": ("labels",),
    "tag": ("spans",),
    "pair": ("text_b", "label"),
    "embed": (),
}


@dataclass(frozen=True)
class Found:
    """The column of each field that the file has; None where it has none."""

    names: Mapping[str, str | None]
    notes: tuple[str, ...]

    def __getitem__(self, field: str) -> str | None:
        return self.names[field]


def find_columns(present: Sequence[str], tasks: Collection[Task], columns: Columns, file: str) -> Found:
    """Find the columns that the tasks need, and language and weight where the file has them.

    `spans` may be absent (the text may carry them as markup), and so may `text` where there are `tokens`.

    Raises:
        DataError: a needed column is missing (lists those present and the nearest), or two synonyms compete.
    """
    needed = {"text"} | {name for task in tasks for name in _NEEDS[task]}
    wanted = needed | {"lang", "weight"} | ({"text_b"} if not tasks or "embed" in tasks else set())
    names: dict[str, str | None] = {}
    notes = []
    for field in (entry.name for entry in fields(Columns)):
        given: str = getattr(columns, field)
        name = _find(field, given, present, file) if field in wanted else None
        if name is None and (field in needed or (field in wanted and given != field)):
            _require(field, given, present, file)
        if name not in (None, given):
            notes.append(f"{field} read from column {name!r}")
        names[field] = name
    return Found(names, tuple(notes))


def _find(field: str, given: str, present: Sequence[str], file: str) -> str | None:
    if given in present:
        return given
    if given != field:
        return None
    known = (field, *SYNONYMS[field])
    candidates = [name for name in present if name.casefold() in known]
    if len(candidates) > 1:
        raise DataError(
            f"several columns may hold the {field}: {', '.join(candidates)}",
            file=file,
            line=1,
            hint=f"name the one that is meant, for example --{field.replace('_', '-')} {candidates[0]}",
        )
    return candidates[0] if candidates else None


def _require(field: str, given: str, present: Sequence[str], file: str) -> None:
    if given == field and (field == "spans" or (field == "text" and "tokens" in present)):
        return
    raise missing_column(field, given, present, file)


def missing_column(field: str, given: str, present: Sequence[str], file: str) -> DataError:
    """The error for a column that is not there."""
    near = difflib.get_close_matches(given.casefold(), [name.casefold() for name in present], n=1, cutoff=0.5)
    nearest = next((name for name in present if near and name.casefold() == near[0]), None)
    hint = f"columns present: {', '.join(present)}" + (f"; nearest: {nearest}" if nearest else "")
    return DataError(f"no column for the {field}", file=file, line=1, column=given, hint=hint)
