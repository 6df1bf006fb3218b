"""What an assistant says, in Fluent: `replies/LANGUAGE.ftl`, read and held against one another.

Every language says the same things with the same values; what one of them lacks is missing, not wrong, because the
assistant then speaks the next language of its chain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from tradewind.core.errors import DataError

FOLDER = "replies"
REFERENCE = "en"
"""The language that the others are held against; the first by name where a pack has no English."""

GIVEN = frozenset({"tone", "gender", "market"})
"""Variables that every text has, whatever it is given: a language may select by them alone."""

FUNCTIONS = frozenset({"MONEY", "DATE", "TIME", "NUMBER", "PERCENT", "PRODUCT"})
"""Functions of texts: each writes its first argument as the market does."""


@dataclass(frozen=True)
class Shape:
    """What a text is made of.

    Args:
        line: where it begins, from 1.
        variables: names without `$`; those of an attribute as `attribute.name`.
        messages, terms: other texts that it refers to; attributes of them are left out of the name.
        functions: names of the functions called, each with its line.
    """

    line: int
    variables: frozenset[str] = frozenset()
    messages: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    functions: tuple[tuple[str, int], ...] = ()
    attributes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ReplyFile:
    """The texts of one language.

    Args:
        resource: for a Fluent bundle.
        problems: everything that is wrong with this file alone.
    """

    file: Path
    language: str
    resource: ast.Resource = field(repr=False)
    messages: Mapping[str, Shape]
    terms: Mapping[str, Shape]
    problems: tuple[DataError, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The terms that are plain words, such as the name of the business."""
        patterns = (entry.value.elements for entry in self.resource.body if isinstance(entry, ast.Term))
        return tuple(
            "".join(part.value for part in parts if isinstance(part, ast.TextElement))
            for parts in patterns
            if all(isinstance(part, ast.TextElement) for part in parts)
        )

    @cached_property
    def variables(self) -> Mapping[str, frozenset[str]]:
        """The variables that each message needs, those of the messages that it refers to among them."""
        return {key: self._needs(key, frozenset()) - GIVEN for key in self.messages}

    def _needs(self, key: str, seen: frozenset[str]) -> frozenset[str]:
        shape = self.messages.get(key)
        if shape is None or key in seen:
            return frozenset()
        seen |= {key}
        return shape.variables.union(*(self._needs(other, seen) for other in shape.messages))


def reply_files(folder: Path) -> tuple[ReplyFile, ...]:
    """The texts of a pack, one file a language, sorted; none where the pack says nothing.

    Raises:
        DataError: a file is not UTF-8.
    """
    return tuple(read_reply_file(file) for file in sorted((folder / FOLDER).glob("*.ftl")))


def read_reply_file(file: Path) -> ReplyFile:
    """Read the texts of one language; what is wrong with them is in `problems`.

    Raises:
        DataError: it is not UTF-8.
    """
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError("not UTF-8", file=file, line=line, hint="save it as UTF-8") from error
    resource = FluentParser().parse(text)
    messages: dict[str, Shape] = {}
    terms: dict[str, Shape] = {}
    problems: list[DataError] = []
    for entry in resource.body:
        if isinstance(entry, ast.Junk):
            problems += _junk(file, text, entry)
        elif isinstance(entry, ast.Message | ast.Term):
            shelf = messages if isinstance(entry, ast.Message) else terms
            shape = _shape(text, entry)
            if twin := shelf.get(entry.id.name):
                message = f"{entry.id.name!r} stands already on line {twin.line}"
                problems.append(DataError(message, file=file, line=shape.line, hint="keep one of them"))
            shelf.setdefault(entry.id.name, shape)
    found = ReplyFile(file, file.stem, resource, messages, terms)
    problems += _unknown(found)
    return ReplyFile(file, file.stem, resource, messages, terms, tuple(problems))


def check_replies(folder: Path) -> tuple[DataError, ...]:
    """Everything that is wrong with a pack's texts: syntax, names of nothing, values that differ by language.

    What is missing is not among it, see `missing_replies`.
    """
    problems: list[DataError] = []
    files: list[ReplyFile] = []
    for file in sorted((folder / FOLDER).glob("*.ftl")):
        try:
            files.append(read_reply_file(file))
        except DataError as error:
            problems.append(error)
    problems += [problem for found in files for problem in found.problems]
    reference = _reference(files)
    for found in files:
        if reference is not None and found is not reference:
            problems += _different(found, reference)
    return tuple(problems)


def missing_replies(folder: Path) -> tuple[DataError, ...]:
    """The texts that a language lacks though another has them; the assistant says them in the next of its chain."""
    files = reply_files(folder)
    origin: dict[str, ReplyFile] = {}
    for found in sorted(files, key=lambda each: each.language != REFERENCE):
        for key in found.messages:
            origin.setdefault(key, found)
    return tuple(
        DataError(
            f"{key!r} is not translated",
            file=found.file,
            hint=f"it is in {other.file.name}, line {other.messages[key].line}",
        )
        for found in files
        for key, other in origin.items()
        if key not in found.messages
    )


def _reference(files: list[ReplyFile]) -> ReplyFile | None:
    english = [found for found in files if found.language == REFERENCE]
    return next(iter([*english, *files]), None)


def _different(found: ReplyFile, reference: ReplyFile) -> Iterator[DataError]:
    for key, shape in found.messages.items():
        if key not in reference.messages:
            hint = f"add it there, or remove it here; {reference.file.name} has every text"
            message = f"{key!r} is not in {reference.file.name}"
            yield DataError(message, file=found.file, line=shape.line, hint=hint)
            continue
        here, there = found.variables[key], reference.variables[key]
        for name in sorted(there - here):
            hint = f"{reference.file.name} has it, line {reference.messages[key].line}"
            yield DataError(f"{key!r} lacks ${name}", file=found.file, line=shape.line, hint=hint)
        for name in sorted(here - there):
            hint = f"{reference.file.name} has it not, line {reference.messages[key].line}"
            yield DataError(f"{key!r} asks for ${name}", file=found.file, line=shape.line, hint=hint)


def _unknown(found: ReplyFile) -> Iterator[DataError]:
    for key, shape in (*found.messages.items(), *found.terms.items()):
        for name in sorted(shape.messages - found.messages.keys()):
            yield DataError(
                f"{key!r} refers to {name!r}, which is not there", file=found.file, line=shape.line
            )
        for name in sorted(shape.terms - found.terms.keys()):
            message = f"{key!r} refers to the term -{name}, which is not there"
            yield DataError(message, file=found.file, line=shape.line)
        for name, line in shape.functions:
            if name not in FUNCTIONS:
                hint = f"there are {', '.join(sorted(FUNCTIONS))}"
                yield DataError(f"there is no function {name}", file=found.file, line=line, hint=hint)
        if key in shape.messages or _turns_back(found, key):
            yield DataError(f"{key!r} refers to itself", file=found.file, line=shape.line)


def _turns_back(found: ReplyFile, key: str) -> bool:
    """Whether a message leads back to itself through others."""
    waiting, seen = [key], set[str]()
    while waiting:
        shape = found.messages.get(waiting.pop())
        for name in shape.messages - seen if shape else ():
            if name == key:
                return True
            seen.add(name)
            waiting.append(name)
    return False


def _junk(file: Path, text: str, entry: ast.Junk) -> Iterator[DataError]:
    for annotation in entry.annotations or ():
        position = annotation.span.start if annotation.span else 0
        message = f"not valid Fluent: {annotation.message or annotation.code}"
        yield DataError(message.rstrip("."), file=file, line=_line(text, position), hint=_JUNK_HINT)


_JUNK_HINT = "a text is `key = words { $variable }`; its further lines are indented"


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, min(position, len(text.rstrip()))) + 1


def _shape(text: str, entry: ast.Message | ast.Term) -> Shape:
    whole = _Parts(text)
    if entry.value is not None:
        whole.visit(entry.value)
    variables = set(whole.variables)
    for attribute in entry.attributes:
        part = _Parts(text)
        part.visit(attribute.value)
        # the values of an attribute are those of each line of a list, not the text's own
        variables |= {f"{attribute.id.name}.{name}" for name in part.variables - GIVEN}
        whole.messages |= part.messages
        whole.terms |= part.terms
        whole.functions += part.functions
    return Shape(
        line=_line(text, entry.id.span.start if entry.id.span else 0),
        variables=frozenset(variables),
        messages=frozenset(whole.messages),
        terms=frozenset(whole.terms),
        functions=tuple(whole.functions),
        attributes=frozenset(attribute.id.name for attribute in entry.attributes),
    )


class _Parts(Visitor):
    """Collects what a pattern refers to."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.variables: set[str] = set()
        self.messages: set[str] = set()
        self.terms: set[str] = set()
        self.functions: list[tuple[str, int]] = []

    def visit_VariableReference(self, node: Any) -> None:
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: Any) -> None:
        self.messages.add(node.id.name)

    def visit_TermReference(self, node: Any) -> None:
        self.terms.add(node.id.name)
        self.generic_visit(node)

    def visit_FunctionReference(self, node: Any) -> None:
        self.functions.append((node.id.name, _line(self._text, node.span.start)))
        self.generic_visit(node)
