"""The error tree: what each kind means to a program (status, exit code, slug) and to a person (message, hint)."""

from __future__ import annotations

import re

import pytest

from tradewind.core import errors
from tradewind.core.errors import (
    AccessError,
    BusyError,
    ChainError,
    ConfigError,
    ConflictError,
    ConsentError,
    DataError,
    DeadlineError,
    ForbiddenError,
    InputError,
    IntegrityError,
    NotFoundError,
    QualityError,
    RateError,
    SignInError,
    StorageError,
    TooLargeError,
    TradewindError,
    UnavailableError,
)

CONTRACT = {
    TradewindError: (500, 1, "internal"),
    InputError: (422, 2, "bad-input"),
    DataError: (422, 2, "bad-data"),
    ConfigError: (422, 2, "bad-configuration"),
    NotFoundError: (404, 2, "not-found"),
    TooLargeError: (413, 2, "too-large"),
    ConflictError: (409, 2, "conflict"),
    AccessError: (403, 2, "access"),
    SignInError: (401, 2, "sign-in"),
    ForbiddenError: (403, 2, "forbidden"),
    ConsentError: (403, 2, "no-consent"),
    IntegrityError: (500, 1, "integrity"),
    ChainError: (500, 1, "chain"),
    RateError: (429, 1, "too-many-requests"),
    UnavailableError: (503, 1, "unavailable"),
    BusyError: (503, 1, "busy"),
    DeadlineError: (504, 1, "deadline"),
    StorageError: (507, 1, "storage"),
    QualityError: (500, 1, "quality"),
}


def kinds(root: type[TradewindError] = TradewindError) -> list[type[TradewindError]]:
    """A kind and those below it, of this module only: rooms may add their own."""
    own = [kind for kind in root.__subclasses__() if kind.__module__ == errors.__name__]
    return [root, *(found for kind in own for found in kinds(kind))]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_kind_keeps_its_status_exit_code_and_slug(kind):
    assert (kind.status, kind.exit_code, kind.slug) == CONTRACT[kind]


def test_a_slug_names_one_kind():
    slugs = [kind.slug for kind in kinds()]
    assert len(slugs) == len(set(slugs))


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_a_hint_follows_the_message_in_brackets(kind):
    assert str(kind("no such model", hint="try 'finance'")) == "no such model (try 'finance')"
    assert str(kind("no such model")) == "no such model"
    assert kind("no such model", hint="try 'finance'").message == "no such model"


def test_the_tree_drawn_at_the_top_of_the_module_is_the_real_one():
    lines = (errors.__doc__ or "").splitlines()
    drawn = [
        (len(match[1]) // 4, match[2])
        for line in lines
        if (match := re.match(r"((?:[│├└─ ]{4})*)(\w+Error)\b", line))
    ]

    def real(kind: type[TradewindError], depth: int) -> list[tuple[int, str]]:
        return [(depth, kind.__name__), *(line for below in _below(kind) for line in real(below, depth + 1))]

    assert drawn == real(TradewindError, 0)


def _below(kind: type[TradewindError]) -> list[type[TradewindError]]:
    return [below for below in kind.__subclasses__() if below.__module__ == errors.__name__]


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ({"file": "train.csv", "line": 7, "column": "label"}, "train.csv:7 [label]: the label is empty"),
        ({"file": "train.csv", "line": 7}, "train.csv:7: the label is empty"),
        ({"file": "train.csv"}, "train.csv: the label is empty"),
        ({"column": "label"}, "[label]: the label is empty"),
        ({}, "the label is empty"),
    ],
)
def test_a_data_error_says_file_line_and_column_as_far_as_they_are_known(where, shown):
    error = DataError("the label is empty", **where)
    assert str(error) == shown
    assert (error.file, error.line, error.column) == tuple(map(where.get, ("file", "line", "column")))


def test_a_busy_error_says_when_to_come_back():
    assert BusyError("the queue is full", retry_after_s=2.5).retry_after_s == 2.5
    assert BusyError("the queue is full").retry_after_s == 1.0
