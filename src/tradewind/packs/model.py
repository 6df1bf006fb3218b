"""What a pack is: a domain of business as pure data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from tradewind.core.errors import NotFoundError
from tradewind.nlp.data import Example
from tradewind.packs.messages import read_messages


class Intent(BaseModel):
    """Something that a customer may want; `title` by language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Mapping[str, str]
    description: str = Field(min_length=1)


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

    def _require(self, language: str) -> None:
        if language not in self.languages:
            raise NotFoundError(
                f"pack {self.name!r} has no language {language!r}", hint=f"it has {', '.join(self.languages)}"
            )
