"""The rules on public data: texts with marked identifiers, and texts of which we know that they have none."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tradewind.core.ids import MarketId
from tradewind.core.settings import load_settings
from tradewind.privacy.detect import Detector

SCORED = ("CREDIT_CARD", "PHONE_NUMBER", "EMAIL_ADDRESS", "IBAN_CODE", "US_SSN", "IP_ADDRESS")
pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def data() -> Path:
    folder = load_settings().data
    if folder is None or not (folder / "pii-synth").is_dir():
        pytest.skip("TRADEWIND_DATA names no folder with pii-synth")
    return folder


def test_identifiers_of_pii_synth_are_found_where_they_are(data: Path) -> None:
    rows = json.loads((data / "pii-synth" / "part.json").read_text(encoding="utf-8"))
    found = Detector(MarketId("us")).detect([row["full_text"] for row in rows])
    right = wrong = missed = 0
    for row, spans in zip(rows, found, strict=True):
        marked = {
            (span["entity_type"], span["start_position"], span["end_position"])
            for span in row["spans"]
            if span["entity_type"] in SCORED
        }
        guessed = {(span.type, span.start, span.end) for span in spans if span.type in SCORED}
        right += len(marked & guessed)
        wrong += len(guessed - marked)
        missed += len(marked - guessed)
    assert right > 200
    assert 2 * right / (2 * right + wrong + missed) >= 0.97


def test_customers_questions_without_personal_data_have_none(data: Path) -> None:
    with (data / "banking77" / "test.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert len(texts) > 3_000
    for market in ("gb", "us", "de", "in"):
        assert not any(Detector(MarketId(market)).detect(texts))
