"""`dialogue.yaml` and `actions.yaml` of a pack: how sure is sure, when a person takes over, what may be called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, Field

from tradewind.core.errors import DataError
from tradewind.core.yaml_document import YamlDocument, read_yaml
from tradewind.packs.flow_file import Name, Names, Part

DIALOGUE_FILE = "dialogue.yaml"
ACTIONS_FILE = "actions.yaml"

DIALOGUE_INTENTS = (
    "affirm", "deny", "correction", "cancel", "human", "why", "greet", "thanks", "goodbye", "silence",
)  # fmt: skip
"""Intents about the conversation itself, of every pack."""

Schema = TypeVar("Schema", bound=BaseModel)


class HandOffRule(Part):
    """Intents that a person must see to.

    Args:
        skill: which agents; any when absent. priority: 0 (can wait) to 3 (at once).
    """

    intents: Names = Field(min_length=1)
    reason: Literal["risk", "rule"] = "risk"
    skill: str | None = Field(None, pattern=r"^[a-z][a-z0-9_-]*$")
    priority: int = Field(1, ge=0, le=3)


class DialogueFile(Part):
    """How the dialogue of a pack decides.

    Args:
        confidence: an intent less probable than this is not acted on.
        sure: the same while a question is open, where a message is an answer until it is clearly something else.
        anger: sentiment at or below which a person takes over.
        skill: of the agents who take what no rule says.
        tries: answers to one question that may be invalid in a row before a person takes over.
        human: intents that ask for a person.
        affirm, deny: whole messages that mean yes and no, in any language, for models that were not taught them.
        menu: flows that are offered where nothing better is known.
        hand_offs: risk topics and rules of the business; a flow that starts on the intent goes first.
    """

    confidence: float = Field(0.5, ge=0, le=1)
    sure: float = Field(0.7, ge=0, le=1)
    anger: float = Field(-0.8, ge=-1, le=0)
    skill: str | None = Field(None, pattern=r"^[a-z][a-z0-9_-]*$")
    tries: int = Field(3, ge=1)
    human: Names = ("human",)
    affirm: Names = ()
    deny: Names = ()
    menu: Names = ()
    hand_offs: tuple[HandOffRule, ...] = ()


class Action(Part):
    """Something that flows may call; which system does it is said by the workspace's `actions.yaml`.

    Args:
        changes: whether it does more than look something up; such an action is confirmed before it is called.
        takes: names of its arguments. gives: names of its results. failures: words for what may go wrong.
    """

    name: Name
    description: str = Field(min_length=1)
    changes: bool
    takes: Names = ()
    gives: Names = ()
    failures: Names = ()


class ActionsFile(Part):
    """The actions of a pack.

    Args:
        sandbox: an invented business that does them where the workspace names no system: for demo and tests.
    """

    actions: tuple[Action, ...]
    sandbox: Literal["bank"] | None = None

    @property
    def by_name(self) -> Mapping[str, Action]:
        """The actions by name."""
        return {action.name: action for action in self.actions}


def read_dialogue_file(folder: Path) -> tuple[DialogueFile, YamlDocument | None, list[DataError]]:
    """A pack's `dialogue.yaml`; what it does not say, or a pack without one, is as by default."""
    content, document, problems = _read(folder / DIALOGUE_FILE, DialogueFile, "confidence")
    return content or DialogueFile(), document, problems


def read_actions_file(folder: Path) -> tuple[ActionsFile, YamlDocument | None, list[DataError]]:
    """A pack's `actions.yaml`; a pack without one has no actions."""
    content, document, problems = _read(folder / ACTIONS_FILE, ActionsFile, "actions")
    if content is not None and document is not None:
        problems += _repeated(document, content)
    return content or ActionsFile(actions=()), document, problems


def _read(
    file: Path, schema: type[Schema], first_key: str
) -> tuple[Schema | None, YamlDocument | None, list[DataError]]:
    if not file.is_file():
        return None, None, []
    try:
        document = read_yaml(file, first_key=first_key)
    except DataError as error:
        return None, None, [error]
    content, problems = document.read_as(schema)
    return content, document, problems


def _repeated(document: YamlDocument, content: ActionsFile) -> Iterator[DataError]:
    names = [action.name for action in content.actions]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield document.error(("actions", index, "name"), f"action {name!r} is listed twice")
