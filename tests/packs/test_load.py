"""Loading a pack, and what is said of one that is not sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import DataError, NotFoundError
from tradewind.packs import MINIMUM_EXAMPLES, OUT_OF_SCOPE, available, check, load, normalised

PACK_YAML = """\
name: bakery
version: 3
domain: food
title: {en: Bakery}
description: What customers of a bakery write.
languages: [en]
intents:
  - name: order
    title: {en: Order}
    description: The customer wants to order something.
  - name: hours
    title: {en: Opening hours}
    description: When the shop is open.
"""

Files = dict[str, str]
Change = Callable[[Files], None]


def bakery() -> Files:
    """A sound pack: path to content."""
    orders = [f"I would like {count} rolls,order" for count in range(MINIMUM_EXAMPLES)]
    hours = [f"are you open at {hour} o'clock,hours" for hour in range(MINIMUM_EXAMPLES)]
    return {
        "pack.yaml": PACK_YAML,
        "examples/en.csv": "\n".join(["text,intent", *orders, *hours]) + "\n",
        "out-of-scope/en.csv": 'text\nwill it rain?\n"hello, you"\n',
        "test/en.csv": "text,intent\ntwo loaves please,order\nwhen do you close,hours\nwho won,out_of_scope\n",
    }


def write(folder: Path, files: Files) -> Path:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return folder


def replaced(file: str, old: str, new: str) -> Change:
    def change(files: Files) -> None:
        assert old in files[file]
        files[file] = files[file].replace(old, new, 1)

    return change


def appended(file: str, row: str) -> Change:
    def change(files: Files) -> None:
        files[file] += f"{row}\n"

    return change


def removed(file: str) -> Change:
    def change(files: Files) -> None:
        del files[file]

    return change


def test_a_folder_is_loaded_with_its_intents_and_languages(tmp_path: Path) -> None:
    pack = load(write(tmp_path, bakery()))
    assert (pack.name, pack.version, pack.languages) == ("bakery", 3, ("en",))
    assert [intent.name for intent in pack.intents] == ["order", "hours"]
    assert pack.intents[1].title["en"] == "Opening hours"
    assert pack.folder == tmp_path


def test_examples_carry_label_language_and_place(tmp_path: Path) -> None:
    examples = load(write(tmp_path, bakery())).examples()
    first = examples[0]
    assert (first.text, first.label, first.lang) == ("I would like 0 rolls", "order", "en")
    assert (first.file, first.line) == (str(tmp_path / "examples" / "en.csv"), 2)


def test_messages_of_no_intent_are_examples_labelled_out_of_scope(tmp_path: Path) -> None:
    examples = load(write(tmp_path, bakery())).examples(["en"])
    assert [e.text for e in examples if e.label == OUT_OF_SCOPE] == ["will it rain?", "hello, you"]


def test_the_held_out_messages_are_read_apart(tmp_path: Path) -> None:
    test = load(write(tmp_path, bakery())).test("en")
    assert [example.label for example in test] == ["order", "hours", OUT_OF_SCOPE]
    assert {example.lang for example in test} == {"en"}


def test_a_language_that_the_pack_lacks_is_refused(tmp_path: Path) -> None:
    pack = load(write(tmp_path, bakery()))
    with pytest.raises(NotFoundError, match=r"'bakery' has no language 'fr' \(it has en\)"):
        pack.test("fr")
    with pytest.raises(NotFoundError, match="'fr'"):
        pack.examples(["en", "fr"])


def test_an_unknown_name_lists_the_packs_there_are() -> None:
    with pytest.raises(NotFoundError, match=r"no pack 'bakerry' .*one of: .*finance"):
        load("bakerry")


def test_a_path_is_a_folder_even_where_it_reads_like_a_shipped_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "finance" in available()
    with pytest.raises(NotFoundError):
        load(Path("finance"))


PACK_YAML_FAULTS = [
    (replaced("pack.yaml", "version: 3", "version: three"), 2, "version", "valid integer, found 'three'"),
    (replaced("pack.yaml", "version: 3", "version: 0"), 2, "version", "greater than or equal to 1"),
    (replaced("pack.yaml", "domain: food", "domain: food\ncolour: red"), 4, "colour", "unknown key"),
    (
        replaced("pack.yaml", "    description: When", "    text: When"),
        11,
        "intents.1.description",
        "missing",
    ),
    (
        replaced("pack.yaml", "name: hours", "name: Opening Hours"),
        11,
        "intents.1.name",
        "found 'Opening Hours'",
    ),
    (replaced("pack.yaml", "name: hours", "name: order"), 11, "intents.1.name", "'order' is listed twice"),
    (replaced("pack.yaml", "name: hours", "name: out_of_scope"), 11, "intents.1.name", "cannot be an intent"),
    (replaced("pack.yaml", "{en: Order}", "{}"), 9, "intents.0.title.en", "missing"),
    (
        replaced("pack.yaml", "{en: Bakery}", "{en: Bakery, de: Bäckerei}"),
        4,
        "title.de",
        "not one of the pack's",
    ),
    (replaced("pack.yaml", "[en]", "[en, no]"), 6, "languages.1", "valid string, found False"),
    (replaced("pack.yaml", "[en]", "[en, en]"), 6, "languages.1", "'en' is listed twice"),
    (
        replaced("pack.yaml", "domain: food", "domain: food\ndomain: drink"),
        4,
        None,
        "stands already on line 3",
    ),
    (replaced("pack.yaml", "[en]", "[en"), 7, None, "not valid YAML"),
    (replaced("pack.yaml", "[en]", "&x [*x]"), 6, None, "alias *x is not accepted"),
    (replaced("pack.yaml", "food", "!!python/name:os.system"), 3, None, "not valid YAML"),
    (replaced("pack.yaml", PACK_YAML, "- name: bakery\n"), 1, None, "expected keys and values"),
    (replaced("pack.yaml", PACK_YAML, ""), 1, None, "expected keys and values"),
    (removed("pack.yaml"), None, None, "missing"),
]


@pytest.mark.parametrize(("change", "line", "column", "message"), PACK_YAML_FAULTS)
def test_a_fault_of_pack_yaml_names_line_and_key(
    tmp_path: Path, change: Change, line: int | None, column: str | None, message: str
) -> None:
    files = bakery()
    change(files)
    with pytest.raises(DataError) as caught:
        load(write(tmp_path, files))
    error = caught.value
    assert (error.file, error.line, error.column) == (str(tmp_path / "pack.yaml"), line, column)
    assert message in error.message


def test_pack_yaml_must_be_utf8(tmp_path: Path) -> None:
    folder = write(tmp_path, bakery())
    (folder / "pack.yaml").write_bytes(PACK_YAML.replace("Bakery", "Bäckerei").encode("latin-1"))
    with pytest.raises(DataError, match=r"pack\.yaml:4: not UTF-8"):
        load(folder)


MESSAGE_FAULTS = [
    (appended("examples/en.csv", "a cake,oder"), "examples/en.csv", 22, "intent", "unknown intent 'oder'"),
    (
        appended("examples/en.csv", "a joke,out_of_scope"),
        "examples/en.csv",
        22,
        "intent",
        "unknown intent 'out_of_scope'",
    ),
    (appended("test/en.csv", "a cake,oder"), "test/en.csv", 5, "intent", "unknown intent 'oder'"),
    (appended("examples/en.csv", "are you open,"), "examples/en.csv", 22, "intent", "label is empty"),
    (
        appended("examples/en.csv", "a,b,c"),
        "examples/en.csv",
        22,
        "field 3",
        "3 fields where the header has 2",
    ),
    (
        appended("examples/en.csv", "i would like 3 ROLLS!,order"),
        "examples/en.csv",
        22,
        "text",
        "the text stands already at",
    ),
    (
        appended("examples/en.csv", "i would like 3 ROLLS!,hours"),
        "examples/en.csv",
        22,
        "intent",
        "the text is 'hours' here and 'order' at",
    ),
    (
        appended("out-of-scope/en.csv", "I would like 5 rolls"),
        "out-of-scope/en.csv",
        4,
        "intent",
        "the text is 'out_of_scope' here and 'order' at",
    ),
    (
        appended("test/en.csv", "Will it rain?!,out_of_scope"),
        "test/en.csv",
        5,
        "text",
        "also stands in training, at",
    ),
    (
        replaced("examples/en.csv", "are you open at 4 o'clock,hours\n", ""),
        "examples/en.csv",
        None,
        None,
        "intent 'hours' has 9 examples",
    ),
    (removed("test/en.csv"), "test/en.csv", None, None, "missing, though pack.yaml lists language 'en'"),
    (
        replaced("test/en.csv", "text,intent", "text,name"),
        "test/en.csv",
        1,
        "intent",
        "no column for the label",
    ),
]


@pytest.mark.parametrize(("change", "file", "line", "column", "message"), MESSAGE_FAULTS)
def test_a_fault_of_a_message_names_file_line_and_column(
    tmp_path: Path, change: Change, file: str, line: int | None, column: str | None, message: str
) -> None:
    files = bakery()
    change(files)
    with pytest.raises(DataError) as caught:
        load(write(tmp_path, files))
    error = caught.value
    assert (error.file, error.line, error.column) == (str(tmp_path / file), line, column)
    assert message in error.message


def test_a_file_of_an_unlisted_language_is_reported(tmp_path: Path) -> None:
    folder = write(tmp_path, {**bakery(), "examples/de.csv": "text,intent\nzwei Brote,order\n"})
    with pytest.raises(DataError, match=r"de\.csv: language 'de' is not listed"):
        load(folder)


def test_check_finds_every_problem_at_once(tmp_path: Path) -> None:
    files = bakery()
    for change in (
        replaced("pack.yaml", "{en: Order}", "{}"),
        appended("examples/en.csv", "a cake,oder"),
        appended("examples/en.csv", "a,b,c"),
        removed("out-of-scope/en.csv"),
    ):
        change(files)
    problems = check(write(tmp_path, files))
    assert [(Path(problem.file or "").name, problem.line) for problem in problems] == [
        ("pack.yaml", 9),
        ("en.csv", 23),
        ("en.csv", None),
        ("en.csv", 22),
    ]
    assert check(write(tmp_path / "sound", bakery())) == ()


def test_two_languages_may_share_a_bare_greeting_but_not_under_two_labels(tmp_path: Path) -> None:
    files = bakery()
    files["pack.yaml"] = PACK_YAML.replace("[en]", "[en, de]").replace("}", ", de: Titel}")
    files["examples/de.csv"] = (
        files["examples/en.csv"].replace("I would like", "bitte").replace("are you", "ist")
    )
    files["out-of-scope/de.csv"] = "text\nHello you!\n"
    files["test/de.csv"] = "text,intent\nzwei Brote,order\n"
    assert check(write(tmp_path, files)) == ()
    files["examples/de.csv"] += "hello you,order\n"
    assert [
        "the text is 'out_of_scope' here" in str(problem) for problem in check(write(tmp_path, files))
    ] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Où est-ce ?", "ou\u0300 est ce"), ("ＡＢＣ１", "abc1"), ("余额？", " 余 额"), ("???", "？？？")],
)
def test_wordings_that_differ_in_form_only_have_one_normal_form(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(("one", "other"), [("???", "..."), ("👍", "👎"), ("send 10", "send 100")])
def test_different_messages_have_different_normal_forms(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_case_and_outer_space_never_change_the_normal_form(text: str) -> None:
    assert normalised(f"  {text}\n") == normalised(text)
    assert (normalised(text) == "") == (not text.split())
