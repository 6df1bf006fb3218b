"""Articles and questions of a pack: what is wrong is named by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewind.core.errors import DataError
from tradewind.packs.knowledge_files import (
    article_files,
    article_languages,
    check_knowledge,
    read_article,
    read_questions,
)
from tradewind.packs.load import SHIPPED

FINANCE = SHIPPED / "finance"
LANGUAGES = ("de", "en", "es", "ja", "zh")


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


SOUND = {
    "knowledge/en/fees.md": "---\ntitle: Fees\nlink: https://bank.example/fees\nmarkets: [us]\n---\nNine.\n",
    "knowledge/de/fees.md": "---\ntitle: Gebühren\n---\nNeun.\n",
    "questions/train.en.csv": "question,article\nwhat do I pay,fees\n",
    "questions/dev.en.csv": 'question,article\n"how much, please",fees\nwho are you,\n',
    "questions/test.de.csv": "question,article\nwie viel,fees\n",
}


def test_sound_files_are_read(tmp_path: Path) -> None:
    folder = write(tmp_path, SOUND)
    assert check_knowledge(folder, ("en", "de"), ("us", "de")) == []
    article = read_article(folder / "knowledge/en/fees.md")
    assert (article.id, article.language, article.title, article.markets) == ("fees", "en", "Fees", ("us",))
    first, second = read_questions(folder, "dev", "en")
    assert (first.text, first.article, first.line) == ("how much, please", "fees", 2)
    assert second.article is None
    assert read_questions(folder, "test", "en") == ()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("knowledge/de/fees.md", "Neun.\n", r"fees\.md:1 \[title\]: no title"),
        ("knowledge/de/fees.md", "---\ntitle: Gebühren\n---\n", r"fees\.md:1: the article has no words"),
        (
            "knowledge/de/fees.md",
            "---\ntitle: x\nid: other\n---\nNeun.",
            r"id 'other' is not the file's name",
        ),
        ("knowledge/de/fees.md", "---\ntitle: x\nlang: en\n---\nNine.", r"language 'en' in the folder 'de'"),
        ("knowledge/de/fees.md", "---\ntitle: x\nmarkets: xx\n---\nNeun.", r"unknown market 'xx'"),
        ("knowledge/en/cards.md", "---\ntitle: Cards\n---\nFree.", r"de/cards\.md: missing"),
        (
            "questions/dev.en.csv",
            "question,article\nwhy,loans\n",
            r"dev\.en\.csv:2 \[article\]: no article 'loans'",
        ),
        ("questions/dev.en.csv", "question,article\n,fees\n", r"dev\.en\.csv:2 \[question\]: no question"),
        ("questions/dev.en.csv", "question,article\nhow much, please,fees\n", r"dev\.en\.csv:2: 3 columns"),
        ("questions/dev.en.csv", "text,intent\nx,y\n", r"dev\.en\.csv:1: the header is"),
        (
            "questions/dev.en.csv",
            "question,article\nWhat do I pay?,fees\n",
            r"stands already at .*train\.en\.csv:2",
        ),
        ("questions/other.en.csv", "question,article\n", r"not the name of a file of questions"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, text: str, says: str) -> None:
    problems = check_knowledge(write(tmp_path, {**SOUND, name: text}), ("en", "de"), ("us", "de"))
    with pytest.raises(DataError, match=says):
        raise problems[0]


def test_the_finance_pack_has_eighty_articles_in_five_languages() -> None:
    assert article_languages(FINANCE) == LANGUAGES
    assert [len(article_files(FINANCE, language)) for language in LANGUAGES] == [80] * 5
    assert check_knowledge(FINANCE, LANGUAGES) == []


def test_the_finance_pack_has_its_questions() -> None:
    test = [question for language in LANGUAGES for question in read_questions(FINANCE, "test", language)]
    assert sum(question.article is not None for question in test) == 200
    assert sum(question.article is None for question in test) == 50
