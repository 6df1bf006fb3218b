"""How detections are scored in the benchmarks."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tradewind.privacy.model import PiiSpan


@pytest.fixture(scope="module")
def scoring() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "pii_scoring.py"
    spec = importlib.util.spec_from_file_location("pii_scoring", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["pii_scoring"] = module
    spec.loader.exec_module(module)
    return module


def span(type: str, start: int, end: int) -> PiiSpan:
    return PiiSpan(type, start, end, 1.0)


def counts(scoring: ModuleType, marked: list[PiiSpan], found: list[PiiSpan], match: str) -> tuple[int, ...]:
    total = scoring.micro(scoring.score([scoring.Example("x" * 99, marked, 1)], [found], match=match))
    return total.right, total.wrong, total.missed


@pytest.mark.parametrize(
    ("found", "exact", "overlap"),
    [
        ([span("PERSON", 0, 10)], (1, 0, 0), (1, 0, 0)),
        ([span("PERSON", 0, 6)], (0, 1, 1), (1, 0, 0)),
        ([span("PERSON", 0, 4)], (0, 1, 1), (0, 1, 1)),
        ([span("ORGANIZATION", 0, 10)], (0, 1, 1), (0, 1, 1)),
        ([span("PERSON", 0, 10), span("PERSON", 0, 9)], (1, 1, 0), (1, 1, 0)),
        ([span("URL", 0, 10)], (0, 0, 1), (0, 0, 1)),
        ([], (0, 0, 1), (0, 0, 1)),
    ],
)
def test_what_counts_as_right(
    scoring: ModuleType, found: list[PiiSpan], exact: tuple[int, ...], overlap: tuple[int, ...]
) -> None:
    marked = [span("PERSON", 0, 10)]
    assert counts(scoring, marked, found, "exact") == exact
    assert counts(scoring, marked, found, "overlap") == overlap


def test_an_address_and_its_city_are_one_type(scoring: ModuleType) -> None:
    assert counts(scoring, [span("STREET_ADDRESS", 0, 9)], [span("GPE", 0, 9)], "exact") == (1, 0, 0)


def test_no_template_is_in_two_folds(scoring: ModuleType) -> None:
    examples = [scoring.Example("x", [], template) for template in [1] * 30 + [2] * 7 + list(range(3, 40))]
    folds = scoring.folds(examples)
    assert sorted(row for fold in folds for row in fold) == list(range(len(examples)))
    templates = [{examples[row].template for row in fold} for fold in folds]
    assert sum(map(len, templates)) == len(set.union(*templates))
