"""What a pack is: a domain of business as pure data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tradewind.core.errors import NotFoundError
from tradewind.nlp.data import Example
from tradewind.packs.messages import Kind, languages_of, read_messages


class Intent(BaseModel):
    """Something that a customer may want; `title` by language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Mapping[str, str]
    description: str = Field(min_length=1)


class DialogueIntent(BaseModel):
    """What people say in any conversation, whatever it is about: yes, no, stop, thanks.

    Args:
        same_as: the intent of the pack that means this already; it is taught there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    description: str = Field(min_length=1)
    same_as: str | None = None


class EntityType(BaseModel):
    """Something that messages name.

    Args:
        found_by: `rules` find it in every language; a `model` learns it from the pack's folder `entities`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    description: str = Field(min_length=1)
    found_by: Literal["rules", "model"]


@dataclass(frozen=True)
class Pack:
    """A domain of business; its messages stay in `folder` until they are asked for."""

    name: str
    version: int
    domain: str
    title: Mapping[str, str]
    description: str
    languages: tuple[str, ...]
    intents: tuple[Intent, ...]
    folder: Path
    dialogue_intents: tuple[DialogueIntent, ...] = ()
    entities: tuple[EntityType, ...] = ()

    @property
    def taught(self) -> tuple[str, ...]:
        """The intents that have examples: the pack's own, then those of any conversation."""
        spoken = (intent.name for intent in self.dialogue_intents if intent.same_as is None)
        return (*(intent.name for intent in self.intents), *spoken)

    def examples(self, languages: Iterable[str] | None = None) -> tuple[Example, ...]:
        """Messages to learn from, those of no intent with the label `OUT_OF_SCOPE`.

        Args:
            languages: which ones; None means all of the pack's.

        Raises:
            NotFoundError: the pack does not have one of the languages.
            DataError: a file was spoilt after the pack was loaded.
        """
        wanted = self.languages if languages is None else tuple(languages)
        for language in wanted:
            self._require(language)
        datasets = (
            read_messages(self.folder, kind, language)
            for language in wanted
            for kind in ("examples", "out-of-scope")
        )
        return tuple(example for dataset in datasets for example in dataset.examples)

    def test(self, language: str) -> tuple[Example, ...]:
        """Held-out messages of a language; raises as `examples` does."""
        self._require(language)
        return read_messages(self.folder, "test", language).examples

    def entity_examples(self) -> tuple[Example, ...]:
        """Messages with `spans`, in all languages that have some; none where the pack has no such folder."""
        return self._all("entities")

    def sentiment_examples(self) -> tuple[Example, ...]:
        """Messages with their sentiment as `label` and their urgency in `labels`; as `entity_examples`."""
        return self._all("sentiment")

    def fresh(self) -> Mapping[str, tuple[Example, ...]]:
        """Messages that were never taught, by language; also in languages that the pack does not teach."""
        return {
            language: read_messages(self.folder, "fresh", language).examples
            for language in languages_of(self.folder, "fresh")
        }

    def _all(self, kind: Kind) -> tuple[Example, ...]:
        found = (read_messages(self.folder, kind, language) for language in languages_of(self.folder, kind))
        return tuple(example for dataset in found for example in dataset.examples)

    def _require(self, language: str) -> None:
        if language not in self.languages:
            raise NotFoundError(
                f"pack {self.name!r} has no language {language!r}", hint=f"it has {', '.join(self.languages)}"
            )
