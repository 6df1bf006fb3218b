"""Front matter: the YAML between two lines of `---` with which a Markdown file may begin."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from tradewind.core.errors import DataError
from tradewind.core.yaml_document import YamlDocument, parse_yaml

_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE)


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class FrontMatter(BaseModel):
    """What a document says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str | None = Field(None, pattern=r"^[\w][\w./-]{0,199}$")
    title: str | None = Field(None, min_length=1)
    market: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    markets: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    link: str | None = Field(None, min_length=1)
    lang: str | None = Field(None, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")

    @property
    def where(self) -> tuple[str, ...]:
        """The markets, whichever of the two keys names them; none means everywhere."""
        return (*self.market, *self.markets)


def split_front_matter(file: Path, text: str) -> tuple[FrontMatter, YamlDocument | None, str]:
    """Take the front matter off a text.

    Args:
        file: where the text stands, for errors.
        text: with newlines as "\\n".

    Returns:
        What it says, its YAML (None without front matter), and the text after it.

    Raises:
        DataError: it is not closed, no YAML, or has an unknown key or a wrong value; says file and line.
    """
    if not (opening := _OPENING.match(text)):
        return FrontMatter(), None, text
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        raise DataError("the front matter has no end", file=file, line=1, hint="close it by a line of ---")
    head = text[opening.end() : closing.start()]
    body = text[closing.end() :]
    if not head.strip():
        return FrontMatter(), None, body
    document = parse_yaml(file, f"\n{head}", first_key="title")  # the blank stands for the opening line
    found, problems = document.read_as(FrontMatter)
    if problems or found is None:
        raise problems[0]
    return found, document, body
