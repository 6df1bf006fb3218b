"""Labelled spans as they are written in the wild, all turned into characters of the text.

[{"start": 0, "end": 5, "type": "city"}]      also start_position/end_position, label/entity_type/entity, span
[[0, 5, "city"]]                              triples
{"city": {"span": [0, 5]}}                    by type
0:5:city,9:12:datetime                        one string
["B-city", "I-city", "O"]                     BIO tags over the row's tokens, or "B-city I-city O" over words
[New York](city) or [NYC]{"entity": "city"}   markup in the text itself
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from tradewind.nlp.data.table import Row
from tradewind.nlp.model import OUTSIDE, Span

_START = ("start", "start_position", "begin")
_END = ("end", "end_position", "stop")
_TYPE = ("type", "label", "entity_type", "entity")
_SURFACE = ("text", "entity_value")

_COMPACT = re.compile(r"\s*(-?\d+):(-?\d+):([^,\s]+)\s*")
_TAGS = re.compile(r"(?:O|[BI]-\S+)(?:\s+(?:O|[BI]-\S+))*")
_MARKUP = re.compile(r"\[(?P<text>[^\[\]]+)\](?:\((?P<type>[^():\s]+)(?::[^()]*)?\)|(?P<object>\{[^{}]*\}))")


def has_markup(text: str) -> bool:
    """Whether a text carries spans as `[New York](city)`."""
    return _MARKUP.search(text) is not None


def from_markup(marked: str, row: Row, column: str) -> tuple[str, tuple[Span, ...]]:
    """The plain text and its spans from `fly to [New York](city)`.

    Raises:
        DataError: an annotation in braces names no entity.
    """
    text, spans, read = "", [], 0
    for match in _MARKUP.finditer(marked):
        text += marked[read : match.start()]
        start = len(text)
        text += match["text"]
        spans.append(Span(match["type"] or _entity(match["object"], row, column), start, len(text)))
        read = match.end()
    return text + marked[read:], checked(spans, text + marked[read:], row, column)


def _entity(annotation: str, row: Row, column: str) -> str:
    try:
        value = json.loads(annotation)["entity"]
    except (ValueError, KeyError):
        value = None
    if not isinstance(value, str) or not value:
        raise row.error(
            f"markup without an entity: {annotation}", column=column, hint='write [text]{"entity": "type"}'
        )
    return value


def parse_spans(value: object, text: str, row: Row, column: str) -> tuple[tuple[Span, ...], str]:
    """Spans of a text from whatever a row holds, and the name of the format (empty where there is no span).

    Raises:
        DataError: the value is in no known format, or a span lies outside the text or overlaps another.
    """
    if isinstance(value, str):
        value = _parse_string(value.strip(), row, column)
    if value is None or value in ([], {}):
        return (), ""
    if isinstance(value, Mapping):
        return checked(_by_type(value, text, row, column), text, row, column), "objects by type"
    if not isinstance(value, Sequence):
        raise _unknown(value, row, column)
    if all(isinstance(entry, str) for entry in value):
        return _from_tags(value, text, row, column), "BIO tags"
    if all(isinstance(entry, Mapping) for entry in value):
        spans = [_from_object(entry, text, row, column) for entry in value]
        return checked(spans, text, row, column), "objects with start and end"
    if all(isinstance(entry, Sequence) and len(entry) == 3 for entry in value):
        spans = [_span(kind, start, end, row, column) for start, end, kind in value]
        return checked(spans, text, row, column), "start, end, type"
    raise _unknown(value, row, column)


def _parse_string(value: str, row: Row, column: str) -> object:
    if not value:
        return None
    if value[0] in "[{":
        try:
            return json.loads(value)
        except (ValueError, RecursionError) as error:
            raise row.error(f"not valid JSON: {error}", column=column) from error
    if _TAGS.fullmatch(value):
        return value.split()
    entries = [_COMPACT.fullmatch(entry) for entry in value.split(",")]
    if not all(entries):
        raise _unknown(value, row, column)
    return [[int(entry[1]), int(entry[2]), entry[3]] for entry in entries if entry]


def _unknown(value: object, row: Row, column: str) -> Exception:
    shown = repr(value)
    return row.error(
        f"no known way to write spans: {shown[:60]}{'…' if len(shown) > 60 else ''}",
        column=column,
        hint='for example [{"start": 0, "end": 5, "type": "city"}], 0:5:city, or BIO tags with tokens',
    )


def _by_type(value: Mapping[str, object], text: str, row: Row, column: str) -> Iterable[Span]:
    for kind, entries in value.items():
        for entry in entries if isinstance(entries, list) else [entries]:
            if not isinstance(entry, Mapping):
                raise _unknown(value, row, column)
            yield _from_object({**entry, "type": kind}, text, row, column)


def _from_object(entry: Mapping[str, object], text: str, row: Row, column: str) -> Span:
    start, end = _first(entry, _START), _first(entry, _END)
    pair = entry.get("span")
    if start is None and end is None and isinstance(pair, Sequence) and len(pair) == 2:
        start, end = pair
    span = _span(_first(entry, _TYPE), start, end, row, column)
    surface = _first(entry, _SURFACE)
    if isinstance(surface, str) and span.end <= len(text) and text[span.start : span.end] != surface:
        covered = text[span.start : span.end]
        raise row.error(
            f"characters {span.start} to {span.end} are {covered!r}, the row says {surface!r}",
            column=column,
            hint="positions count Unicode characters, from 0, end excluded; not bytes, not UTF-16 units",
        )
    return span


def _first(entry: Mapping[str, object], names: Sequence[str]) -> object:
    return next((entry[name] for name in names if entry.get(name) is not None), None)


def _span(kind: object, start: object, end: object, row: Row, column: str) -> Span:
    for name, position in (("start", start), ("end", end)):
        if not isinstance(position, int) or isinstance(position, bool):
            raise row.error(f"a span's {name} is {position!r}, expected a whole number", column=column)
    if not isinstance(kind, str) or not kind.strip():
        raise row.error(f"a span's type is {kind!r}, expected a name", column=column)
    assert isinstance(start, int)
    assert isinstance(end, int)
    return Span(kind.strip(), start, end)


def _from_tags(tags: Sequence[str], text: str, row: Row, column: str) -> tuple[Span, ...]:
    tokens = row.fields.get("tokens") or text.split()
    if isinstance(tokens, str):
        tokens = tokens.split()
    if not isinstance(tokens, Sequence) or len(tokens) != len(tags):
        count = len(tokens) if isinstance(tokens, Sequence) else 0
        raise row.error(f"{len(tags)} tags for {count} tokens", column=column, hint="one tag a token")
    spans: list[Span] = []
    open_type, at = OUTSIDE, 0
    for token, tag in zip(tokens, tags, strict=True):
        start = text.find(str(token), at)
        if start < 0:
            raise row.error(
                f"token {token!r} is not in the text from character {at}",
                column="tokens",
                hint="tokens must follow one another in the text, unchanged",
            )
        at = start + len(str(token))
        mark, _, kind = tag.partition("-")
        if mark not in ("B", "I", OUTSIDE) or (mark == OUTSIDE) == bool(kind):
            raise row.error(f"{tag!r} is no BIO tag", column=column, hint="O, B-type or I-type")
        if mark == "I" and kind == open_type:
            spans[-1] = Span(kind, spans[-1].start, at)
        elif kind:
            spans.append(Span(kind, start, at))
        open_type = kind
    return checked(spans, text, row, column)


def checked(spans: Iterable[Span], text: str, row: Row, column: str) -> tuple[Span, ...]:
    """Sort spans and trim white space from their edges, which no tagger should learn.

    Raises:
        DataError: a span is empty, lies outside the text or overlaps another.
    """
    trimmed = sorted((_trimmed(span, text, row, column) for span in spans), key=lambda span: span.start)
    for before, after in pairwise(trimmed):
        if after.start < before.end:
            raise row.error(
                f"spans overlap: {_shown(before)} and {_shown(after)}",
                column=column,
                hint="a character belongs to one span at most",
            )
    return tuple(trimmed)


def _trimmed(span: Span, text: str, row: Row, column: str) -> Span:
    if not 0 <= span.start < span.end <= len(text):
        raise row.error(
            f"span {_shown(span)} lies outside the text of {len(text)} characters"
            if span.start < span.end
            else f"span {_shown(span)} is empty",
            column=column,
            hint="positions count characters from 0, end excluded",
        )
    covered = text[span.start : span.end]
    start = span.start + len(covered) - len(covered.lstrip())
    end = span.end - (len(covered) - len(covered.rstrip()))
    if start >= end:
        raise row.error(f"span {_shown(span)} covers only white space", column=column)
    return span if (start, end) == (span.start, span.end) else Span(span.type, start, end)


def _shown(span: Span) -> str:
    return f"{span.start}:{span.end}:{span.type}"
