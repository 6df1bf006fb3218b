"""`pack.yaml`: read, held against its schema, and every fault named by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tradewind.core.errors import DataError
from tradewind.core.yaml_document import Where, YamlDocument, read_yaml
from tradewind.packs.messages import OUT_OF_SCOPE
from tradewind.packs.model import DialogueIntent, EntityType, Intent

FILE_NAME = "pack.yaml"

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
    dialogue_intents: tuple[DialogueIntent, ...] = ()
    entities: tuple[EntityType, ...] = ()


def read_pack_file(file: Path) -> tuple[PackFile | None, list[DataError]]:
    """Read a `pack.yaml`.

    Returns:
        Its content, None where it does not fit the schema, and every problem found.
    """
    try:
        document = read_yaml(file, first_key="name")
    except DataError as error:
        return None, [error]
    pack_file, problems = document.read_as(PackFile)
    if pack_file is not None:
        problems += [*_repeated_names(document, pack_file), *_titles(document, pack_file)]
        problems += [*_dialogue_intents(document, pack_file), *_entities(document, pack_file)]
    return pack_file, problems


def _repeated_names(document: YamlDocument, pack_file: PackFile) -> Iterator[DataError]:
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


def _dialogue_intents(document: YamlDocument, pack_file: PackFile) -> Iterator[DataError]:
    own = {intent.name for intent in pack_file.intents}
    seen = set(own)
    for index, intent in enumerate(pack_file.dialogue_intents):
        where = ("dialogue_intents", index, "name")
        if intent.name in seen or intent.name == OUT_OF_SCOPE:
            yield document.error(where, f"{intent.name!r} is an intent already")
        seen.add(intent.name)
        if intent.same_as is not None and intent.same_as not in own:
            where = ("dialogue_intents", index, "same_as")
            yield document.error(where, f"no intent {intent.same_as!r}", "one of `intents`")


def _entities(document: YamlDocument, pack_file: PackFile) -> Iterator[DataError]:
    names = [entity.name for entity in pack_file.entities]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield document.error(("entities", index, "name"), f"entity {name!r} is listed twice")


def _titles(document: YamlDocument, pack_file: PackFile) -> Iterator[DataError]:
    titles: list[tuple[Where, Mapping[str, str]]] = [(("title",), pack_file.title)]
    titles += [(("intents", index, "title"), intent.title) for index, intent in enumerate(pack_file.intents)]
    for where, title in titles:
        for language in pack_file.languages:
            if not title.get(language, "").strip():
                yield document.error((*where, language), "missing", "a title in every language of the pack")
        for language in title:
            if language not in pack_file.languages:
                yield document.error((*where, language), "not one of the pack's languages")
