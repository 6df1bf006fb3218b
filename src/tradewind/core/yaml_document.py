"""YAML files of one's own making, read with care: every fault is named by file, line and key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from tradewind.core.errors import DataError

Where = tuple[str | int, ...]
"""Keys and indices that lead to a place in the document."""

KEY = "[key]"
"""What pydantic adds to the place of a fault that is in a key."""

Schema = TypeVar("Schema", bound=BaseModel)

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, where PyYAML was built with it: ten times as fast."""


@dataclass(frozen=True)
class YamlDocument:
    """A mapping as a file holds it; `content` is plain Python values."""

    file: Path
    root: yaml.MappingNode
    content: Mapping[str, object]

    def error(self, where: Where, message: str, hint: str | None = None) -> DataError:
        """A fault at a place: knows the file, the line, and the keys that lead there."""
        column = ".".join(map(str, where)) or None
        return DataError(message, file=self.file, line=self.line(where), column=column, hint=hint)

    def line(self, where: Where) -> int:
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

    def repeated_keys(self) -> Iterator[DataError]:
        """Keys that stand twice in one mapping: YAML itself lets the last win, in silence."""
        waiting: list[yaml.Node] = [self.root]
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
                    yield DataError(message, file=self.file, line=line)
                seen.setdefault(key.value, line)
                waiting.append(value)

    def read_as(self, schema: type[Schema]) -> tuple[Schema | None, list[DataError]]:
        """Hold the content against a schema.

        Returns:
            What the schema makes of it, None where it does not fit, and every problem found.
        """
        problems = list(self.repeated_keys())
        try:
            return schema.model_validate(self.content), problems
        except ValidationError as error:
            return None, [*problems, *self._schema_errors(schema, error)]

    def _schema_errors(self, schema: type[BaseModel], error: ValidationError) -> Iterator[DataError]:
        for problem in error.errors(include_url=False):
            where = tuple(step for step in problem["loc"] if step != KEY)
            given = problem["input"]
            if problem["type"] == "extra_forbidden":
                yield self.error(where, "unknown key", f"known: {', '.join(_keys(schema, where))}")
            elif problem["type"] == "missing":
                yield self.error(where, "missing")
            else:
                message = problem["msg"].removeprefix("Value error, ")
                unquoted = problem["type"] == "string_type" and isinstance(given, bool | int | float)
                hint = "put it in quotes" if unquoted else None
                yield self.error(where, f"{message}, found {given!r:.60}", hint)


def read_yaml(file: Path, *, first_key: str) -> YamlDocument:
    """Read a file of keys and values.

    Args:
        file: UTF-8, with or without a mark at its beginning.
        first_key: what such a file usually begins with; named to whoever gives another kind of file.

    Raises:
        DataError: it is no YAML mapping, or uses aliases; says file and line.
    """
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError("not UTF-8", file=file, line=line, hint="save it as UTF-8") from error
    return parse_yaml(file, text, first_key=first_key)


def parse_yaml(file: Path, text: str, *, first_key: str) -> YamlDocument:
    """`read_yaml` for text that stands in `file`; lines are counted from the beginning of `text`."""
    try:
        _refuse_aliases(file, text)
        loader = _Loader(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            hint = f"it begins with {first_key}: …"
            raise DataError("expected keys and values", file=file, line=1, hint=hint)
        return YamlDocument(file, root, loader.construct_document(root))
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
    for token in yaml.scan(text, Loader=_Loader):
        if isinstance(token, yaml.AliasToken):
            line = token.start_mark.line + 1
            raise DataError(
                f"alias *{token.value} is not accepted", file=file, line=line, hint="write it out"
            )


def _keys(schema: type[BaseModel], where: Where) -> tuple[str, ...]:
    """The keys that a schema knows at the parent of a place."""
    found: Any = schema
    for step in where[:-1]:
        found = _inside(found, step)
    found = _plain(found)
    if not _is_model(found):
        return ()
    return tuple(field.alias or name for name, field in found.model_fields.items())


def _inside(annotation: Any, step: str | int) -> Any:
    annotation = _plain(annotation)
    if _is_model(annotation):
        fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
        return fields[str(step)].annotation if str(step) in fields else None
    arguments = [argument for argument in get_args(annotation) if argument is not ...]
    return arguments[-1] if arguments else None


def _plain(annotation: Any) -> Any:
    """`X` of `X | None` and of `Annotated[X, …]`."""
    while True:
        arguments = get_args(annotation)
        if hasattr(annotation, "__metadata__"):
            annotation = arguments[0]
        elif NoneType in arguments and get_origin(annotation) not in (tuple, dict):
            annotation = next(argument for argument in arguments if argument is not NoneType)
        else:
            return annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
