"""How what a graph loses is counted."""

from __future__ import annotations

import pytest

from tradewind.nlp.bundle import EncoderInfo, ModelInfo
from tradewind.nlp.data import Example
from tradewind.nlp.export.judge import Judge
from tradewind.nlp.model import HeadSpec, Span

INTENT = HeadSpec("intent", "classify", ("pay", "card"))
MOOD = HeadSpec("mood", "classify", ("good", "bad"))
NAMES = HeadSpec("names", "tag", ("O", "B-who", "I-who"))


def judge(*heads: HeadSpec, texts: list[Example]) -> Judge:
    info = ModelInfo("m", "1", "now", EncoderInfo("e", "0", "here", {}), heads, "cls", 64)
    return Judge(info, texts, ())


def test_a_lone_head_loses_what_its_score_loses() -> None:
    lone = judge(INTENT, texts=[Example("a", label="pay")] * 10)
    assert lone.points_lost({"intent": 0.95}, {"intent": 0.94}) == pytest.approx(1.0)


def test_what_a_head_loses_counts_by_its_part_of_the_texts() -> None:
    texts = [Example("a", label="pay")] * 80 + [Example("b", label="bad")] * 15
    texts += [Example("who", spans=(Span("who", 0, 3),))] * 5
    found = judge(INTENT, MOOD, NAMES, texts=texts)
    before = {"intent": 0.9, "mood": 0.9, "names": 0.9}
    assert found.points_lost(before, {**before, "mood": 0.88}) == pytest.approx(0.3)
    assert found.points_lost(before, {**before, "names": 0.8}) == pytest.approx(0.5)
    assert found.points_lost(before, {**before, "intent": 0.89, "mood": 0.95}) == pytest.approx(0.8)
    assert found.points_lost(before, dict.fromkeys(before, 0.95)) < 0
