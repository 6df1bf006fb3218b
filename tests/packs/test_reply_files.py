"""What is found wrong with the texts of a pack, by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewind.packs.reply_files import check_replies, missing_replies, reply_files

SOUND = {
    "en": "-bank = Harbour\nhello = Hello { $name }, this is { -bank }.\nbye = Bye\n",
    "de": "-bank = Hafen\nhello = Hallo { $name }, hier ist { -bank }.\nbye = Auf Wiedersehen\n",
}


def problems_of(folder: Path, changed: dict[str, str]) -> list[str]:
    write(folder, {**SOUND, **changed})
    return [str(problem).replace(f"{folder}/replies/", "") for problem in check_replies(folder)]


def write(folder: Path, texts: dict[str, str]) -> None:
    (folder / "replies").mkdir(exist_ok=True)
    for language, text in texts.items():
        (folder / "replies" / f"{language}.ftl").write_text(text, encoding="utf-8")


def test_sound_texts_have_no_problem(tmp_path: Path) -> None:
    assert problems_of(tmp_path, {}) == []
    assert missing_replies(tmp_path) == ()


def test_a_pack_without_texts_has_no_problem(tmp_path: Path) -> None:
    assert check_replies(tmp_path) == ()
    assert missing_replies(tmp_path) == ()


@pytest.mark.parametrize(
    ("german", "expected"),
    [
        ("hello = Hallo { $name }\nbye = { oops\n", "de.ftl:2: not valid Fluent: "),
        ("hello = Hallo { $name }\nbye\n", "de.ftl:2: not valid Fluent: "),
        ("hello = Hallo { $nam }\n", "de.ftl:1: 'hello' lacks $name (en.ftl has it, line 2)"),
        ("hello = Hallo { $nam }\n", "de.ftl:1: 'hello' asks for $nam (en.ftl has it not, line 2)"),
        ("\nextra = Mehr\n", "de.ftl:2: 'extra' is not in en.ftl"),
        ("bye = Ade\nbye = Ade\n", "de.ftl:2: 'bye' stands already on line 1 (keep one of them)"),
        ("bye = { -bank }\n", "de.ftl:1: 'bye' refers to the term -bank, which is not there"),
        ("bye = { gone }\n", "de.ftl:1: 'bye' refers to 'gone', which is not there"),
        ("bye = { bye }\n", "de.ftl:1: 'bye' refers to itself"),
        (
            "bye =\n    Ade { EURO(1) }\n",
            "de.ftl:2: there is no function EURO (there are DATE, MONEY, NUMBER",
        ),
    ],
)
def test_what_is_wrong_is_named_by_file_and_line(tmp_path: Path, german: str, expected: str) -> None:
    assert any(problem.startswith(expected) for problem in problems_of(tmp_path, {"de": german}))


def test_a_circle_of_texts_is_found(tmp_path: Path) -> None:
    found = problems_of(tmp_path, {"de": "bye = { hello }\nhello = { $name } { bye }\n"})
    assert {"de.ftl:1: 'bye' refers to itself", "de.ftl:2: 'hello' refers to itself"} <= set(found)


def test_values_of_other_texts_count(tmp_path: Path) -> None:
    german = "greet = Hallo { $name }\nhello = { greet }\nbye = Ade\n"
    english = "greet = Hi { $name }\nhello = Hello { $name }\nbye = Bye\n"
    assert problems_of(tmp_path, {"en": english, "de": german}) == []


def test_a_language_may_select_by_tone_and_gender_alone(tmp_path: Path) -> None:
    german = "hello = { $gender ->\n    [feminine] Liebe { $name }\n   *[other] Hallo { $name }\n  }\n"
    assert problems_of(tmp_path, {"de": german}) == []


def test_the_values_of_lines_are_compared_too(tmp_path: Path) -> None:
    english = "hello = { $items }\n    .items = { $day } { $amount }\n"
    german = "hello = { $items }\n    .items = { $day }\n"
    found = problems_of(tmp_path, {"en": english, "de": german})
    assert found == ["de.ftl:1: 'hello' lacks $items.amount (en.ftl has it, line 1)"]


def test_a_missing_translation_is_listed_but_no_fault(tmp_path: Path) -> None:
    assert problems_of(tmp_path, {"de": "hello = Hallo { $name }\n"}) == []
    (missing,) = missing_replies(tmp_path)
    assert str(missing).endswith("de.ftl: 'bye' is not translated (it is in en.ftl, line 3)")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    write(tmp_path, SOUND)
    (tmp_path / "replies" / "de.ftl").write_bytes(b"bye = Ade\nhello = \xff\n")
    (problem,) = check_replies(tmp_path)
    assert (Path(str(problem.file)).name, problem.line) == ("de.ftl", 2)


def test_files_of_another_system_are_read(tmp_path: Path) -> None:
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "en.ftl").write_bytes("\ufeffbye = Bye\r\nhello =\r\n    Hello\r\n".encode())
    (found,) = reply_files(tmp_path)
    assert (found.problems, sorted(found.messages)) == ((), ["bye", "hello"])
