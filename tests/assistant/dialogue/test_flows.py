"""What each step of a flow does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from talk import Documents, Ledger, Talk, usd

from tradewind.assistant.flows.book import Book
from tradewind.packs.dialogue_file import Action, DialogueFile
from tradewind.packs.flow_file import read_flow

Begin = Callable[..., Talk]

SLOTS = """
  amount: {takes: amount, ask: ask_amount, valid: [{rule: amount > 0, say: too_small}]}
  note: {takes: text, ask: ask_note, why: why_note, optional: true}
  more: {takes: yes_no, ask: ask_more}
  day: {takes: date}
  size: {takes: number, ask: ask_size, default: customer.size}
  reason: {takes: text, ask: ask_reason, ask_if: amount > 100}
"""


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    """Starts a conversation with flows of the given steps; the first flow begins on the intent "start"."""

    def made(steps: str, *, other: str = "", bank: Ledger | None = None, **parts: object) -> Talk:
        texts = {"main": steps} | ({"other": other} if other else {})
        flows = {}
        for name, text in texts.items():
            file = tmp_path / f"{name}.yaml"
            starts = "starts_on: start\n" if name == "main" else ""
            file.write_text(
                f"id: {name}\ntitle: {{en: {name}}}\n{starts}slots:{SLOTS}steps:\n{text}", encoding="utf-8"
            )
            flow, _, problems = read_flow(file)
            assert problems == []
            assert flow is not None
            flows[name] = flow
        actions = {
            "look": Action(name="look", description="Looks", changes=False),
            "send": Action(name="send", description="Sends", changes=True),
        }
        book = Book(flows, actions, DialogueFile())
        return Talk(book=book, bank=bank or Ledger(), **parts)  # type: ignore[arg-type]

    return made


def test_a_branch_is_taken_by_its_condition(begin: Begin) -> None:
    steps = """
  - collect: amount
  - if: amount > 100
    then: [{say: much}]
    else: [{say: little}]
"""
    assert begin(steps).hear("x", "start", amount=usd(200))[0] == "much"
    assert begin(steps).hear("x", "start", amount=usd(20))[0] == "little"


def test_a_branch_that_a_correction_opens_asks_its_own_question(begin: Begin) -> None:
    talk = begin("""
  - collect: amount
  - collect: reason
  - confirm: sure
  - say: done
""")
    assert talk.hear("x", "start", amount=usd(20)) == ["sure"]
    assert talk.hear("no, 200", "correction", amount=usd(200)) == ["dialogue_corrected", "ask_reason"]


def test_an_optional_slot_may_be_left_out(begin: Begin) -> None:
    talk = begin("  - collect: note\n  - say: done\n")
    assert talk.hear("x", "start") == ["ask_note"]
    assert talk.hear("no", "deny")[0] == "done"


def test_a_slot_without_a_question_is_taken_where_it_is_given(begin: Begin) -> None:
    steps = "  - collect: day\n  - if: known(day)\n    then: [{say: that_day}]\n    else: [{say: any_day}]\n"
    assert begin(steps).hear("x", "start")[0] == "any_day"
    assert begin(steps).hear("x", "start", date="2026-12-01")[0] == "that_day"


def test_a_default_is_not_asked_and_yields_to_what_is_said(begin: Begin) -> None:
    steps = "  - collect: size\n  - if: size == 3\n    then: [{say: three}]\n    else: [{say: another}]\n"
    assert begin(steps, profile={"size": 3}).hear("x", "start")[0] == "three"
    assert begin(steps, profile={"size": 3}).hear("x", "start", number=4)[0] == "another"
    assert begin(steps).hear("x", "start") == ["ask_size"]


def test_a_value_is_set_and_shown(begin: Begin) -> None:
    talk = begin("  - collect: amount\n  - set: {double: amount * 2}\n  - say: shows\n")
    talk.hear("x", "start", amount=usd(20))
    assert talk.outcome is not None
    assert talk.outcome.says[0].values["double"] == {"minor": 4000, "currency": "USD"}


def test_after_no_come_the_steps_for_it(begin: Begin) -> None:
    talk = begin("  - confirm: sure\n    on_no:\n      - say: as_you_like\n      - end\n  - say: done\n")
    talk.hear("x", "start")
    assert talk.hear("no", "deny")[0] == "as_you_like"


def test_a_link_takes_slots_of_the_same_name_along(begin: Begin) -> None:
    talk = begin("  - collect: amount\n  - link: other\n", other="  - collect: amount\n  - collect: note\n")
    assert talk.hear("x", "start", amount=usd(20)) == ["ask_note"]
    assert talk.slots()["amount"] == {"minor": 2000, "currency": "USD"}
    assert talk.flow() == "other"


def test_flows_in_a_circle_go_to_a_person(begin: Begin) -> None:
    talk = begin("  - link: other\n", other="  - link: main\n")
    assert talk.hear("x", "start") == ["dialogue_failure"]
    assert talk.reason() == "failure"


def test_a_step_hands_off_with_its_skill_and_priority(begin: Begin) -> None:
    talk = begin("  - hand_off: cards\n    reason: risk\n    priority: 3\n")
    assert talk.hear("x", "start") == ["dialogue_hand_off_risk"]
    assert talk.outcome is not None
    assert talk.outcome.hand_off is not None
    assert (talk.outcome.hand_off.skill, talk.outcome.hand_off.priority) == ("cards", 3)


def test_an_answer_is_quoted_or_its_else_is_done(begin: Begin) -> None:
    steps = "  - answer: said\n    else: [{say: no_idea}]\n"
    assert begin(steps, documents=Documents(what="That")).hear("what", "start")[0] == "dialogue_answer"
    assert begin(steps).hear("what", "start")[0] == "no_idea"


def test_an_answer_without_an_else_says_that_there_is_none(begin: Begin) -> None:
    assert begin("  - answer: said\n").hear("what", "start")[0] == "dialogue_no_answer"


def test_products_are_suggested_for_a_need(begin: Begin) -> None:
    talk = begin("  - suggest: said\n    else: [{say: nothing}]\n")
    assert talk.hear("a fund", "start")[0] == "product_suggestion"
    assert talk.outcome is not None
    assert talk.outcome.says[0].values["product"] == "bond-fund"


@pytest.mark.parametrize(("found", "said", "counts"), [(2, 5, 2), (4, 1, 1), (3, None, 3), (None, 5, None)])
def test_nobody_raises_their_risk_class_by_saying_so(
    begin: Begin, found: int | None, said: int | None, counts: int | None
) -> None:
    profile = {} if found is None else {"risk": found}
    talk = begin(
        "  - collect: size\n  - suggest: said\n    with: {risk: size}\n", profile={**profile, "size": said}
    )
    talk.hear("a fund", "start")
    if said is None:
        talk.hear("no matter", number=9)
    assert talk.shelf.profile is not None
    assert talk.shelf.profile.get("risk") == counts


def test_what_was_said_and_looked_up_is_not_done_again_at_the_next_turn(begin: Begin) -> None:
    talk = begin("  - call: look\n  - say: here\n  - collect: amount\n")
    assert talk.hear("x", "start") == ["here", "ask_amount"]
    assert talk.hear("hello", "greet") == ["dialogue_greet", "ask_amount"]
    assert len(talk.bank.calls) == 1


def test_a_change_whose_values_are_corrected_after_the_yes_needs_another(begin: Begin) -> None:
    """Though the confirmation did not show them."""
    talk = begin("""
  - confirm: sure
  - collect: amount
  - call: send
    with: {amount: amount}
  - collect: note
""")
    talk.hear("x", "start")
    talk.hear("yes", "affirm")
    assert talk.hear("20", amount=usd(20)) == ["ask_note"]
    assert talk.hear("no, 30", "correction", amount=usd(30)) == ["dialogue_corrected", "sure"]
    assert [call.arguments["amount"]["minor"] for call in talk.bank.calls] == [2000]
    assert talk.hear("yes", "affirm") == ["ask_note"]
    assert [call.arguments["amount"]["minor"] for call in talk.bank.calls] == [2000, 3000]


def test_a_change_that_nobody_confirms_is_made_once(begin: Begin) -> None:
    talk = begin("  - collect: amount\n  - call: send\n    with: {amount: amount}\n  - collect: note\n")
    talk.hear("x", "start", amount=usd(20))
    talk.hear("no, 30", "correction", amount=usd(30))
    assert len(talk.bank.calls) == 1


def test_a_new_run_of_a_flow_has_keys_of_its_own(begin: Begin) -> None:
    talk = begin("  - confirm: sure\n  - call: send\n")
    for _ in range(2):
        talk.hear("x", "start")
        talk.hear("yes", "affirm")
    assert len({call.key for call in talk.bank.calls}) == 2


def test_an_action_that_is_refused_ends_in_what_the_flow_says(begin: Begin) -> None:
    steps = "  - call: look\n    on_failure:\n      - say: because\n      - end\n  - say: done\n"
    assert begin(steps, bank=Ledger(look="empty")).hear("x", "start")[0] == "because"
