"""`pack.yaml`: read, held against its schema, and every fault named by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tradewind.core.errors import DataError
from tradewind.packs.messages import OUT_OF_SCOPE
from tradewind.packs.model import Intent

FILE_NAME = "pack.yaml"

Where = tuple[str | int, ...]
"""Keys and indices that lead to a place in the document."""

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]


class PackFile(BaseModel):
    """The schema of `pack.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: int = Field(ge=1, strict=True)
    domain: str = Field(min_length=1)
    title: Mapping[str, str]
    description: str = Field(min_length=1)
    languages: tuple[Language, ...] = Field(min_length=1)
    intents: tuple[Intent, ...] = Field(min_length=2)


@dataclass(frozen=True)
class _Document:
    file: Path
    root: yaml.MappingNode

    def error(self, where: Where, message: str, hint: str | None = None) -> DataError:
        column = ".".join(map(str, where)) or None
        return DataError(message, file=self.file, line=self._line(where), column=column, hint=hint)

    def _line(self, where: Where) -> int:
        """The line (from 1) of the last step of `where` that is there."""
        node: yaml.Node = self.root
        line = 1
        for step in where:
            if isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
                if found is None:
                    break
                line, node = found[0].start_mark.line + 1, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                break
        return line


def read_pack_file(file: Path) -> tuple[PackFile | None, list[DataError]]:
    """Read a `pack.yaml`.

    Returns:
        Its content, None where it does not fit the schema, and every problem found.
    """
    try:
        document, content = _parse(file)
    except DataError as error:
        return None, [error]
    repeated_keys = _repeated_keys(document)
    try:
        pack_file = PackFile.model_validate(content)
    except ValidationError as error:
        return None, [*repeated_keys, *_schema_errors(document, error)]
    return pack_file, [
        *repeated_keys,
        *_repeated_names(document, pack_file),
        *_titles(document, pack_file),
    ]


def _parse(file: Path) -> tuple[_Document, object]:
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
        _refuse_aliases(file, text)
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            raise DataError("expected keys and values", file=file, line=1, hint="it begins with name: …")
        return _Document(file, root), loader.construct_document(root)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError("not UTF-8", file=file, line=line, hint="save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context
        raise DataError(
            f"not valid YAML: {problem}", file=file, line=None if mark is None else mark.line + 1
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        first_line = str(error).partition("\n")[0]
        raise DataError(f"not valid YAML: {first_line}", file=file) from error


def _refuse_aliases(file: Path, text: str) -> None:
    """A few lines of aliases to aliases stand for gigabytes, and one to itself has no end."""
    for token in yaml.scan(text):
        if isinstance(token, yaml.AliasToken):
            line = token.start_mark.line + 1
            raise DataError(
                f"alias *{token.value} is not accepted", file=file, line=line, hint="write it out"
            )


def _schema_errors(document: _Document, error: ValidationError) -> Iterator[DataError]:
    for problem in error.errors(include_url=False):
        where = problem["loc"]
        if problem["type"] == "extra_forbidden":
            yield document.error(where, "unknown key", f"known: {', '.join(_known_keys(where))}")
        elif problem["type"] == "missing":
            yield document.error(where, "missing")
        else:
            yield document.error(where, f"{problem['msg']}, found {problem['input']!r:.60}")


def _known_keys(where: Where) -> Iterable[str]:
    return Intent.model_fields if where[0] == "intents" else PackFile.model_fields


def _repeated_keys(document: _Document) -> Iterator[DataError]:
    """YAML itself lets the last of two equal keys win, in silence."""
    waiting: list[yaml.Node] = [document.root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        if not isinstance(node, yaml.MappingNode):
            continue
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                message = f"key {key.value!r} stands already on line {seen[key.value]}"
                yield DataError(message, file=document.file, line=line)
            seen.setdefault(key.value, line)
            waiting.append(value)


def _repeated_names(document: _Document, pack_file: PackFile) -> Iterator[DataError]:
    names = [intent.name for intent in pack_file.intents]
    for index, name in enumerate(names):
        where = ("intents", index, "name")
        if name in names[:index]:
            yield document.error(where, f"intent {name!r} is listed twice")
        if name == OUT_OF_SCOPE:
            yield document.error(
                where, f"{name!r} cannot be an intent", "its messages go into the folder out-of-scope"
            )
    for index, language in enumerate(pack_file.languages):
        if language in pack_file.languages[:index]:
            yield document.error(("languages", index), f"language {language!r} is listed twice")


def _titles(document: _Document, pack_file: PackFile) -> Iterator[DataError]:
    titles: list[tuple[Where, Mapping[str, str]]] = [(("title",), pack_file.title)]
    titles += [(("intents", index, "title"), intent.title) for index, intent in enumerate(pack_file.intents)]
    for where, title in titles:
        for language in pack_file.languages:
            if not title.get(language, "").strip():
                yield document.error((*where, language), "missing", "a title in every language of the pack")
        for language in title:
            if language not in pack_file.languages:
                yield document.error((*where, language), "not one of the pack's languages")
