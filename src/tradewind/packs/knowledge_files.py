"""The articles of a pack and the questions that they are tried with: where they lie, and whether they are sound.

knowledge/LANGUAGE/ID.md       an article; front matter `title`, `link`, and `markets` where it holds in some only
questions/train.LANGUAGE.csv   `question,article`: to learn from; an empty article means that none answers it
questions/dev.LANGUAGE.csv     the same, to calibrate on
questions/test.LANGUAGE.csv    the same, never looked at before a measurement
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tradewind.core.errors import DataError
from tradewind.packs.front_matter import FrontMatter, split_front_matter

ARTICLES, QUESTIONS = "knowledge", "questions"
QUESTION_COLUMNS = ("question", "article")
Part = Literal["train", "dev", "test"]
PARTS: tuple[Part, ...] = ("train", "dev", "test")


@dataclass(frozen=True, slots=True)
class Article:
    """An article in one language; `body` is its Markdown without the front matter."""

    id: str
    language: str
    title: str
    body: str
    file: Path
    markets: tuple[str, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a customer and the id of the article that answers it; None where none does."""

    text: str
    article: str | None
    language: str
    file: Path
    line: int


def article_files(folder: Path, language: str) -> list[Path]:
    """The files of a pack's articles in a language, by name."""
    return sorted((folder / ARTICLES / language).glob("*.md"))


def article_languages(folder: Path) -> tuple[str, ...]:
    """The languages that a pack has articles in; none where it has no articles at all."""
    return tuple(sorted(path.name for path in (folder / ARTICLES).glob("*") if path.is_dir()))


def read_article(file: Path) -> Article:
    """Read an article; its id is the file's name, its language the folder's.

    Raises:
        DataError: it is not UTF-8, its front matter is wrong or has no title, or there are no words.
    """
    text = read_text(file)
    head, _, body = split_front_matter(file, text)
    language = file.parent.name
    _require_consistent(file, head, language)
    if head.title is None:
        raise DataError("no title", file=file, line=1, column="title", hint="begin it with --- and title: …")
    if not body.strip():
        raise DataError("the article has no words", file=file, line=1)
    return Article(head.id or file.stem, language, head.title, body, file, head.where, head.link)


def read_questions(folder: Path, part: Part, language: str) -> tuple[Question, ...]:
    """The questions of a part in a language; none where there is no such file.

    Raises:
        DataError: the file or a row cannot be used; says file and line.
    """
    file = questions_file(folder, part, language)
    if not file.is_file():
        return ()
    questions = []
    for line, row in _rows(file):
        text, article = row[0].strip(), row[1].strip()
        if not text:
            raise DataError("no question", file=file, line=line, column="question")
        questions.append(Question(text, article or None, language, file, line))
    return tuple(questions)


def questions_file(folder: Path, part: Part, language: str) -> Path:
    """Where a pack keeps its questions."""
    return folder / QUESTIONS / f"{part}.{language}.csv"


def check_knowledge(folder: Path, languages: Sequence[str], markets: Collection[str] = ()) -> list[DataError]:
    """Every problem of a pack's articles and questions; none where it has no articles.

    Args:
        folder: the pack.
        languages: of the pack's replies; articles in others are as good as lost.
        markets: those there are; not looked at when empty.
    """
    problems: list[DataError] = []
    articles: dict[str, dict[str, Article]] = {}
    for language in article_languages(folder):
        articles[language] = {}
        for file in article_files(folder, language):
            try:
                article = read_article(file)
            except DataError as error:
                problems.append(error)
                continue
            articles[language][article.id] = article
            problems += _unknown_markets(article, markets)
    problems += _untranslated(folder, articles)
    problems += _questions(folder, articles)
    unlisted = set(articles) - set(languages) if languages else set()
    problems += [
        DataError(f"language {language!r} is not one of the pack's", file=folder / ARTICLES / language)
        for language in sorted(unlisted)
    ]
    return problems


def read_text(file: Path) -> str:
    """A file's text with newlines as "\\n".

    Raises:
        DataError: it is not UTF-8; says the line.
    """
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError("not UTF-8", file=file, line=line, hint="save it as UTF-8") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _require_consistent(file: Path, head: FrontMatter, language: str) -> None:
    if head.id not in (None, file.stem):
        raise DataError(f"id {head.id!r} is not the file's name", file=file, hint="leave it out")
    if head.lang not in (None, language):
        raise DataError(f"language {head.lang!r} in the folder {language!r}", file=file, hint="leave it out")


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(read_text(file).splitlines(keepends=True), strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != QUESTION_COLUMNS:
            raise DataError(
                f"the header is {','.join(header)!r:.80}", file=file, line=1, hint="question,article"
            )
        for row in reader:
            if not row:
                continue
            if len(row) != len(QUESTION_COLUMNS):
                hint = "quote a question that has commas"
                raise DataError(f"{len(row)} columns, not 2", file=file, line=reader.line_num, hint=hint)
            yield reader.line_num, row
    except csv.Error as error:
        raise DataError(f"no CSV: {error}", file=file, line=reader.line_num) from error


def _unknown_markets(article: Article, markets: Collection[str]) -> Iterator[DataError]:
    for market in article.markets:
        if markets and market not in markets:
            yield DataError(
                f"unknown market {market!r}", file=article.file, hint=f"one of {', '.join(sorted(markets))}"
            )


def _untranslated(folder: Path, articles: dict[str, dict[str, Article]]) -> Iterator[DataError]:
    ids = sorted({id for found in articles.values() for id in found})
    for language, found in articles.items():
        for id in ids:
            if id not in found and not (folder / ARTICLES / language / f"{id}.md").exists():
                have = ", ".join(other for other, its in articles.items() if id in its)
                file = folder / ARTICLES / language / f"{id}.md"
                yield DataError("missing", file=file, hint=f"the article is there in {have}")


def _questions(folder: Path, articles: dict[str, dict[str, Article]]) -> Iterator[DataError]:
    known = {id for found in articles.values() for id in found}
    for file in sorted((folder / QUESTIONS).glob("*.csv")):
        part, _, language = file.stem.partition(".")
        if part not in PARTS or language not in articles:
            yield DataError(
                "not the name of a file of questions", file=file, hint="train., dev. or test.LANGUAGE.csv"
            )
    for language in articles:
        seen: dict[str, Question] = {}
        for part in PARTS:
            try:
                questions = read_questions(folder, part, language)
            except DataError as error:
                yield error
                continue
            yield from _unsound(questions, known, seen)


def _unsound(
    questions: Iterable[Question], known: set[str], seen: dict[str, Question]
) -> Iterator[DataError]:
    for question in questions:
        if question.article is not None and question.article not in known:
            yield DataError(
                f"no article {question.article!r}", file=question.file, line=question.line, column="article"
            )
        twin = seen.setdefault(_plain(question.text), question)
        if twin is not question:
            yield DataError(
                f"the question stands already at {twin.file}:{twin.line}",
                file=question.file,
                line=question.line,
                column="question",
            )


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())
