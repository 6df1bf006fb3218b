"""Conversation tests of a pack: `conversations/*.yaml`, or Rasa-style `stories`.

A file has `conversations:`, each with turns: what the customer says, and what has to come of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from tradewind.core.errors import DataError
from tradewind.core.yaml_document import YamlDocument, read_yaml
from tradewind.packs.flow_file import Names, Part

FOLDER = "conversations"


class Turn(Part):
    """One turn: what the customer does, and what is expected of the assistant.

    Args:
        user: the words; or `press`: the payload of a button, or the number of one that was just shown; or
            `silence: true`: nothing comes for a while; or `opens: true`: the customer opens the conversation.
        intent: what is meant, for tests without a model; several in a list.
        entities: what is named, by type; several values of one type in a list.
        sentiment: from -1 (angry) to 1, for tests without a model.
        language: of this turn, where it is another than the conversation's.
        says: keys of replies that must come, in this order; others may stand between.
        never_says: keys that must not come.
        calls: actions that must be called, in this order, and no others that change something.
        slots: values that the flow in hand must hold afterwards.
        flow: which flow is talked about afterwards; "none" where there is none.
        hand_off: reason of a hand-off that must come; "none" where none may.
        document: id of the document that must be quoted.
    """

    user: str | None = None
    press: str | int | None = None
    silence: bool = False
    opens: bool = False
    intent: Names | None = None
    entities: Mapping[str, Any] | None = None
    sentiment: float = Field(0.0, ge=-1, le=1)
    language: str | None = None
    says: Names = ()
    never_says: Names = ()
    calls: Names | None = None
    slots: Mapping[str, Any] = Field(default_factory=dict)
    flow: str | None = None
    hand_off: str | None = None
    document: str | None = None

    @model_validator(mode="after")
    def _one_event(self) -> Turn:
        if sum((self.user is not None, self.press is not None, self.silence, self.opens)) != 1:
            raise ValueError("a turn has exactly one of user, press, silence, opens")
        return self


class Conversation(Part):
    """A conversation test.

    Args:
        subject: whose accounts the sandbox shows; the same name always has the same.
        profile: what is known of the customer; what the invented business knows where it is absent.
        today: the day on which it happens, so that "tomorrow" is always the same.
    """

    name: str = Field(min_length=1)
    language: str = "en"
    market: str = "us"
    subject: str = "anna"
    profile: Mapping[str, Any] | None = None
    today: str = Field("2026-11-25", pattern=r"^\d{4}-\d{2}-\d{2}$")
    turns: tuple[Turn, ...] = Field(min_length=1)


class ConversationFile(Part):
    """The schema of a file of conversation tests."""

    conversations: tuple[Conversation, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Case:
    """A conversation test with its place: `lines` of its turns, from 1."""

    conversation: Conversation
    file: Path
    line: int
    lines: tuple[int, ...]


def read_conversations(file: Path) -> tuple[tuple[Case, ...], list[DataError]]:
    """Read a file of conversation tests or of Rasa-style stories.

    Returns:
        The tests, none where the file does not fit its schema, and every problem found.
    """
    try:
        document = read_yaml(file, first_key="conversations")
    except DataError as error:
        return (), [error]
    stories = "stories" in document.content
    content, problems = document.read_as(StoryFile) if stories else document.read_as(ConversationFile)
    if isinstance(content, StoryFile):
        return tuple(_of_stories(document, content)), problems
    if not isinstance(content, ConversationFile):
        return (), problems
    cases = []
    for index, conversation in enumerate(content.conversations):
        where = ("conversations", index)
        lines = tuple(document.line((*where, "turns", turn)) for turn in range(len(conversation.turns)))
        cases.append(Case(conversation, file, document.line(where), lines))
    names = [case.conversation.name for case in cases]
    for index, name in enumerate(names):
        if name in names[:index]:
            where_name = ("conversations", index, "name")
            problems.append(document.error(where_name, f"conversation {name!r} stands twice"))
    return tuple(cases), problems


def conversation_files(path: Path) -> tuple[Path, ...]:
    """The test files of a pack's folder, of a folder of tests, or the file itself."""
    if path.is_file():
        return (path,)
    folder = path / FOLDER if (path / FOLDER).is_dir() else path
    return tuple(sorted(folder.rglob("*.yaml")))


# --- Rasa


def _words(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


class StoryStep(Part):
    """A step of a story: `user` with `intent` and `entities`, `action`, or `slot_was_set`."""

    user: Annotated[str | None, BeforeValidator(_words)] = None
    intent: str | None = None
    entities: tuple[Mapping[str, Any], ...] = ()
    action: str | None = None
    slot_was_set: tuple[Mapping[str, Any], ...] = ()
    bot: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> StoryStep:
        kinds = (
            self.user is not None or self.intent is not None,
            self.action is not None,
            bool(self.slot_was_set),
        )
        if sum(kinds) != 1:
            raise ValueError("a step is one of user (with intent), action, slot_was_set")
        return self


class Story(Part):
    """A story: what is said and done in turns."""

    story: str = Field(min_length=1)
    steps: tuple[StoryStep, ...] = Field(min_length=1)


class StoryFile(Part):
    """The schema of a file of stories; `version` is Rasa's."""

    version: str | None = None
    stories: tuple[Story, ...] = Field(min_length=1)


_MARKED = re.compile(r"\[(?P<text>[^\]]+)\](?:\((?P<type>\w+)(?::(?P<value>[^)]*))?\)|\{(?P<more>[^}]*)\})")
_PART = re.compile(r"\"(entity|value)\"\s*:\s*\"([^\"]*)\"")


def _of_stories(document: YamlDocument, content: StoryFile) -> Iterator[Case]:
    for index, story in enumerate(content.stories):
        turns: list[dict[str, Any]] = []
        lines: list[int] = []
        for number, step in enumerate(story.steps):
            if step.user is not None or step.intent is not None:
                turns.append(_turn(step))
                lines.append(document.line(("stories", index, "steps", number)))
            elif not turns:
                turns.append({"opens": True})
                lines.append(document.line(("stories", index, "steps", number)))
            if step.action is not None:
                turns[-1].setdefault("says", []).append(step.action)
            for given in step.slot_was_set:
                turns[-1].setdefault("slots", {}).update(given)
        conversation = Conversation(name=story.story, turns=tuple(Turn(**turn) for turn in turns))
        line = document.line(("stories", index))
        yield Case(conversation, document.file, line, tuple(lines))


def _turn(step: StoryStep) -> dict[str, Any]:
    """A customer's step: entities stand beside the words, or marked in them as `[Anna](person)`."""
    entities: dict[str, list[Any]] = {}
    for given in step.entities:
        for kind, value in given.items():
            entities.setdefault(kind, []).append(value)
    text = step.user or step.intent or ""
    for match in _MARKED.finditer(text):
        more: dict[str, str] = dict(_PART.findall(match["more"] or ""))
        kind = str(match["type"] or more.get("entity") or "")
        if kind and not step.entities:
            entities.setdefault(kind, []).append(match["value"] or more.get("value") or match["text"])
    turn: dict[str, Any] = {"user": _MARKED.sub(lambda match: match["text"], text)}
    if step.intent is not None:
        turn["intent"] = step.intent.split("+")
    if entities:
        turn["entities"] = entities
    return turn
