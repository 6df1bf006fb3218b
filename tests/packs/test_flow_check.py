"""Faults of flows: each is found, named by file, line and field, and told once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tradewind.packs import Pack, available, load
from tradewind.packs.flow_check import check_flows, missing_titles
from tradewind.packs.flow_file import read_flow
from tradewind.packs.reply_files import missing_replies

GOOD = """\
id: main
title: {en: Main}
starts_on: transfer_make
slots:
  amount: {takes: amount, ask: ask_amount}
  note: {takes: text, ask: ask_note}
steps:
  - collect: amount
  - collect: note
  - confirm: sure
  - call: send
    with: {amount: amount}
    as: sent
  - say: done
"""
ACTIONS = """\
actions:
  - {name: send, description: Sends, changes: true, takes: [amount], gives: [reference]}
  - {name: look, description: Looks, changes: false, gives: [total]}
"""
TEXTS = """
ask_amount = How much?
ask_note = A note?
sure = Send { $amount }?
done = { $sent_reference } is sent.
said_early = { $note }
"""


@pytest.fixture(scope="module")
def own_texts() -> str:
    """The texts that the dialogue says by itself, as the finance pack has them."""
    return (load("finance").folder / "replies" / "en.ftl").read_text(encoding="utf-8")


@pytest.fixture
def pack(tmp_path: Path, own_texts: str) -> Pack:
    """A pack with one flow that is sound."""
    folder = tmp_path / "pack"
    (folder / "flows").mkdir(parents=True)
    (folder / "replies").mkdir()
    (folder / "flows" / "main.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "actions.yaml").write_text(ACTIONS, encoding="utf-8")
    (folder / "replies" / "en.ftl").write_text(own_texts + TEXTS, encoding="utf-8")
    finance = load("finance")
    return Pack(
        "own", 1, "own", {"en": "Own"}, "Own", ("en",), finance.intents, folder,
        dialogue_intents=finance.dialogue_intents,
    )  # fmt: skip


def faults(pack: Pack, old: str = "", new: str = "", *, file: str = "flows/main.yaml") -> list[str]:
    """The faults after one replacement in a file, without the folder's name."""
    path = pack.folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(problem).replace(f"{pack.folder}/", "") for problem in check_flows(pack)]


def test_a_sound_flow_has_no_fault(pack: Pack) -> None:
    assert faults(pack) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("id: main", "id: other", "flows/main.yaml:1 [id]: the file is main.yaml (name it other.yaml)"),
        ("starts_on: transfer_make", "starts_on: fly", "flows/main.yaml:3 [starts_on]: no intent 'fly'"),
        ("starts_on: transfer_make", "starts_on: affirm", "flows/main.yaml:3 [starts_on]: 'affirm' is about the"),
        ("starts_on: transfer_make\n", "", "flows/main.yaml:1 [id]: nothing starts flow 'main'"),
        ("takes: amount", "takes: sum", "flows/main.yaml:5 [slots.amount.takes.0]: no type of entity 'sum'"),
        ("takes: amount", "takse: amount", "flows/main.yaml:5 [slots.amount.takse]: unknown key (known: takes, ask"),
        ("collect: amount", "collect: sum", "flows/main.yaml:8 [steps.0.collect]: no slot 'sum'"),
        ("  - collect: note\n", "", "flows/main.yaml:6 [slots.note]: slot 'note' is never used (collect: note)"),
        ("  - collect: note\n", "  - end\n  - collect: note\n", "flows/main.yaml:10 [steps.2]: nothing leads to this"),
        ("call: send", "call: fly", "flows/main.yaml:11 [steps.3.call]: no action 'fly' (there are: send, look)"),
        ("{amount: amount}\n", "{sum: amount}\n", "flows/main.yaml:12 [steps.3.with.sum]: send takes no 'sum'"),
        ("{amount: amount}\n", "{amount: sum}\n", "flows/main.yaml:12 [steps.3.with.amount]: nothing is called 'sum'"),
        ("  - confirm: sure\n", "", "flows/main.yaml:10 [steps.2.call]: send changes something that nobody confirmed"),
        ("  - confirm: sure\n", "  - if: amount > 5\n    then: [{confirm: sure}]\n", "steps.3.call]: send changes"),
        ("say: done", "say: nothing", "flows/main.yaml:14 [steps.4.say]: no reply 'nothing' (add it to en.ftl)"),
        ("say: done", "link: nowhere", "flows/main.yaml:14 [steps.4.link]: no flow 'nowhere' (there are: main)"),
        ("say: done", "link: main\n    with: {day: 1}", "steps.4.with.day]: flow 'main' has no slot 'day'"),
        ("  - collect: amount\n", "  - say: said_early\n  - collect: amount\n", "asks for $note, which is not"),
        ("  - collect: amount\n", "  - if: note == 'x'\n  - collect: amount\n", "'note' is not known yet at this step"),
        ("  - collect: amount\n", "  - link: main\n", "flow 'main' leads back to itself without a question"),
        ("  - collect: amount\n", "  - ask_again: note\n", "'note' is not asked before this step"),
        ("say: done", "if: sent.total == 1", "flows/main.yaml:14 [steps.4.if]: 'sent' has no 'total' (it gives ref"),
        ("say: done", "if: 1 / 0", "steps.4.if]: '1 / 0' is not allowed in an expression"),
        ("say: done", "say: done\n    as: x", "'as' does not belong to 'say'"),
        ("say: done", "shout: done", "a step has exactly one of collect, if"),
        ("say: done", "say: done\n  - say: [x]", "flows/main.yaml:15 [steps.5.say]"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(pack: Pack, old: str, new: str, fault: str) -> None:
    assert any(fault in problem for problem in faults(pack, old, new)), faults(pack)


def test_an_intent_starts_one_flow(pack: Pack) -> None:
    twin = GOOD.replace("id: main", "id: twin")
    (pack.folder / "flows" / "twin.yaml").write_text(twin, encoding="utf-8")
    (fault,) = faults(pack)
    assert fault.startswith(
        "flows/twin.yaml:3 [starts_on]: intent 'transfer_make' starts flow 'main' already"
    )


def test_a_text_of_the_dialogue_itself_is_missed(pack: Pack) -> None:
    (fault,) = faults(pack, "dialogue_reminder =", "dialogue_remind =", file="replies/en.ftl")
    assert "no reply 'dialogue_reminder'" in fault


def test_a_flow_without_any_texts_is_a_fault(pack: Pack) -> None:
    (pack.folder / "replies" / "en.ftl").unlink()
    assert any("the pack has flows but no texts" in fault for fault in faults(pack))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("menu: [fly]\n", "dialogue.yaml:1 [menu.0]: no flow 'fly'"),
        ("human: [fly]\n", "dialogue.yaml:1 [human.0]: no intent 'fly'"),
        ("hand_offs:\n  - {intents: [fly]}\n", "dialogue.yaml:2 [hand_offs.0.intents]: no intent 'fly'"),
        ("hand_offs:\n  - {intents: [transfer_make]}\n", "the rule for 'transfer_make' is never used"),
        ("confidence: 2\n", "dialogue.yaml:1 [confidence]"),
    ],
)
def test_a_fault_in_the_settings_is_named_with_its_place(pack: Pack, text: str, fault: str) -> None:
    (pack.folder / "dialogue.yaml").write_text(text, encoding="utf-8")
    assert any(fault in problem for problem in faults(pack)), faults(pack)


def test_a_title_that_is_not_translated_is_missed(pack: Pack) -> None:
    shutil.copy(pack.folder / "replies" / "en.ftl", pack.folder / "replies" / "de.ftl")
    (missing,) = missing_titles(pack)
    assert "flows/main.yaml:2 [title]: no title in 'de'" in str(missing)


def test_a_file_that_is_no_flow_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("- not: a flow\n", encoding="utf-8")
    flow, _, problems = read_flow(file)
    assert flow is None
    assert [str(problem) for problem in problems] == [
        f"{file}:1: expected keys and values (it begins with id: …)"
    ]


@pytest.mark.parametrize("name", available())
def test_the_flows_of_the_packs_that_ship_are_sound_and_translated(name: str) -> None:
    pack = load(name)
    assert check_flows(pack) == ()
    assert missing_titles(pack) == ()
    assert missing_replies(pack.folder) == ()


def test_a_pack_without_flows_has_none_that_are_wrong(tmp_path: Path, pack: Pack) -> None:
    shutil.rmtree(pack.folder / "flows")
    assert check_flows(pack) == ()
