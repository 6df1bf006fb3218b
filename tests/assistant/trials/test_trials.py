"""Conversation tests: what differs is told, what is right passes, and stories are read as Rasa writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from talk import MARKETS, finance

from tradewind.assistant.trials.model import Coverage, Played
from tradewind.assistant.trials.play import Stage, play
from tradewind.assistant.trials.present import as_json, lines
from tradewind.packs import load
from tradewind.packs.conversation_file import read_conversations

FOLDER = load("finance").folder

GOOD = """
conversations:
  - name: a transfer
    turns:
      - user: send 50 dollars to Anna from savings
        intent: transfer_make
        entities: {person: Anna}
        says: flow_transfer_confirm
        slots: {recipient: Anna, amount: {minor: 5000}}
        calls: []
      - press: 1
        says: [flow_transfer_done, dialogue_anything_else]
        calls: make_transfer
        flow: none
        hand_off: none
"""
STORIES = """
version: "3.1"
stories:
  - story: a lost card
    steps:
      - user: |
          my [debit card]{"entity": "card", "value": "debit"} is gone
        intent: card_lost
      - action: utter_flow_card_lost_confirm
      - slot_was_set:
          - reason: lost
      - user: |
          yes
        intent: affirm
      - action: freeze_card
      - action: flow_card_lost_frozen
"""


def played(tmp_path: Path, text: str) -> tuple[list[Played], Coverage]:
    file = tmp_path / "tests.yaml"
    file.write_text(text, encoding="utf-8")
    cases, problems = read_conversations(file)
    assert problems == []
    return play(Stage(finance(), MARKETS), cases, FOLDER)


def test_a_conversation_that_goes_as_expected_passes(tmp_path: Path) -> None:
    (one,), coverage = played(tmp_path, GOOD)
    assert one.passed, [turn.differences for turn in one.turns]
    assert coverage.flows["transfer"]
    assert not coverage.flows["loan"]


def test_a_story_is_read_and_played(tmp_path: Path) -> None:
    (one,), _ = played(tmp_path, STORIES)
    assert one.passed, [turn.differences for turn in one.turns]
    assert [turn.heard for turn in one.turns] == ["my debit card is gone", "yes"]


@pytest.mark.parametrize(
    ("old", "new", "what", "diff"),
    [
        ("says: flow_transfer_confirm", "says: flow_x", "says", ("- flow_x", "+ flow_transfer_confirm")),
        ("recipient: Anna,", "recipient: Bob,", "slots", ("- recipient: Bob", "+ recipient: Anna")),
        ("calls: []", "calls: make_transfer", "calls", ("- make_transfer",)),
        ("flow: none", "flow: loan", "flow", ("- loan", "+ none")),
        ("hand_off: none", "hand_off: anger", "hand_off", ("- anger", "+ none")),
        ("flow: none", "never_says: flow_transfer_done", "never_says", ("+ flow_transfer_done",)),
        ("flow: none", "document: fees", "document", ("- fees", "+ []")),
    ],
)  # fmt: skip
def test_what_differs_is_told(tmp_path: Path, old: str, new: str, what: str, diff: tuple[str, ...]) -> None:
    (one,), coverage = played(tmp_path, GOOD.replace(old, new))
    (difference,) = [difference for turn in one.turns for difference in turn.differences]
    assert (difference.what, difference.diff) == (what, diff)
    report = "\n".join(lines([one], coverage))
    assert "FAIL  a transfer  (tests.yaml:3)" in report
    assert "0 of 1 conversations passed" in report
    assert "because" in report


def test_an_unexpected_change_is_a_difference(tmp_path: Path) -> None:
    (one,), _ = played(tmp_path, GOOD.replace("calls: make_transfer", "calls: []"))
    assert [each.what for turn in one.turns for each in turn.differences] == ["calls"]


def test_the_report_as_json_names_every_step_that_was_not_reached(tmp_path: Path) -> None:
    tests, coverage = played(tmp_path, GOOD)
    document = as_json(tests, coverage)
    assert document["passed"] == 1
    missed = {(step["flow"], step["what"]) for step in document["coverage"]["missed"]}
    assert ("loan", "call quote_loan") in missed
    assert ("transfer", "call make_transfer") not in missed


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "conversations:\n  - name: x\n    turns:\n      - intent: affirm\n",
            "exactly one of user, press, silence",
        ),
        ("conversations:\n  - name: x\n    turns: []\n", ":3 [conversations.0.turns]"),
        (
            "conversations:\n  - name: x\n    turns:\n      - {user: a, sayz: b}\n",
            "unknown key (known: user, press",
        ),
        (
            "stories:\n  - story: x\n    steps:\n      - {user: a, action: b}\n",
            "a step is one of user (with intent)",
        ),
        ("nothing: 1\n", "unknown key"),
    ],
)
def test_a_faulty_file_is_named_with_its_place(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "tests.yaml"
    file.write_text(text, encoding="utf-8")
    cases, problems = read_conversations(file)
    assert cases == ()
    assert any(fault in str(problem) for problem in problems), problems


def test_a_button_that_is_not_shown_is_a_difference_with_those_that_are(tmp_path: Path) -> None:
    (one,), _ = played(tmp_path, GOOD.replace("press: 1", "press: 7"))
    (difference,) = one.turns[1].differences
    assert difference.diff == ("- button 7", "+ /yes, /no")


def test_the_conversations_of_the_finance_pack_pass() -> None:
    cases = [
        case
        for file in sorted((FOLDER / "conversations").glob("*.yaml"))
        for case in read_conversations(file)[0]
    ]
    assert len(cases) >= 40
    assert {case.conversation.language for case in cases} == {"en", "zh", "de", "es", "ja"}
    from tradewind.assistant.products.catalogue import Catalogue
    from tradewind.packs.product_file import read_products

    products, _ = read_products(FOLDER, MARKETS)
    assert products is not None
    tests, coverage = play(Stage(finance(), MARKETS, products=Catalogue(products, MARKETS)), cases, FOLDER)
    failed = {
        each.case.conversation.name: [t.differences for t in each.turns if t.differences]
        for each in tests
        if not each.passed
    }
    assert failed == {}
    assert all(coverage.flows.values())
    assert len(coverage.missed) <= 0.2 * coverage.steps
