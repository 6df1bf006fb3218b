"""From examples and an encoder to a network that is ready to train."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from tradewind.core.errors import ConfigError, InputError, UnavailableError
from tradewind.nlp import bundle
from tradewind.nlp.data import Example
from tradewind.nlp.encoders import EncoderFolder, load_tensors
from tradewind.nlp.encoders.weights import TensorFile
from tradewind.nlp.model import Floats, HeadSpec, Task
from tradewind.nlp.network import HubEncoder, Network, TextEncoder, load_encoder
from tradewind.nlp.train.config import LARGE_VOCABULARY, TrainConfig
from tradewind.nlp.train.items import Item, Items, heads_for, tokenise
from tradewind.nlp.train.loop import Trainer
from tradewind.nlp.train.lora import add_adapters
from tradewind.nlp.train.optimise import choose_dtype
from tradewind.nlp.train.words import WordTable, tokens_in_use

CENTROID_TEXTS = 24
CENTROID_SCALE = 12.0


@dataclass(frozen=True)
class Group:
    """Examples and the heads that they teach: `tasks` by head name. Several groups train one encoder together."""

    tasks: Mapping[str, Task]
    train: tuple[Example, ...]
    validation: tuple[Example, ...]


@dataclass(frozen=True)
class Prepared:
    """A trainer on its items, what it grew from, and a fingerprint of data and settings."""

    trainer: Trainer
    heads: tuple[HeadSpec, ...]
    tokenizer: Tokenizer
    table: Floats
    cut: int
    dtype: torch.dtype
    device: torch.device
    fingerprint: str


def kept_layers(encoder: EncoderFolder, config: TrainConfig) -> EncoderFolder:
    """The encoder with as many of its layers, from the bottom, as the settings keep.

    Raises:
        ConfigError: it has fewer, or is of a family whose layers cannot be left out.
    """
    if not config.layers or config.layers == encoder.config.layers:
        return encoder
    if encoder.config.family == "other":
        raise ConfigError("layers works for BERT and RoBERTa encoders only", hint="leave it out")
    if config.layers > encoder.config.layers:
        raise ConfigError(
            f"layers is {config.layers}", hint=f"{encoder.name} has {encoder.config.layers} layers"
        )
    return replace(encoder, config=replace(encoder.config, layers=config.layers))


def prepare(
    groups: Sequence[Group],
    encoder: EncoderFolder,
    config: TrainConfig,
    oos_label: str | None,
    start: Path | None = None,
) -> Prepared:
    """Read the encoder, make heads from the labels, tokenise, and build the trainer.

    Args:
        groups: what to train on.
        encoder: what the model grows from, with `kept_layers` only.
        config: the settings.
        oos_label: the label of rows that are none of the classes.
        start: a model of that encoder whose weights are taken; heads with other labels begin anew.

    Raises:
        ConfigError: `start` has another shape than the encoder.
        InputError: the labels do not suffice, or the encoder's files do not fit together.
        UnavailableError: the encoder's family needs a package that is not installed.
    """
    torch.manual_seed(config.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dtype = choose_dtype(config.precision, device)
    tokenizer = Tokenizer.from_file(str(encoder.tokenizer_path))
    max_tokens = min(config.max_tokens, encoder.config.max_positions)
    by_group = [heads_for(group.tasks, group.train, oos_label) for group in groups]
    heads = tuple(head for found in by_group for head in found)
    train = _tokenise_all(groups, by_group, "train", tokenizer, encoder.prefix, max_tokens)
    validation = _tokenise_all(groups, by_group, "validation", tokenizer, encoder.prefix, max_tokens)
    network, table = build_network(encoder, heads, config)
    if start is not None:
        table = _continue_from(start, network, encoder)
    mask_id = _mask_id(tokenizer)
    words = WordTable(
        table,
        tokens_in_use(train.items, validation.items, always=[mask_id]),
        trained=_trains_words(config, encoder),
    )
    _freeze(network, config)
    trainer = Trainer(
        network,
        words,
        words.rows(train.items),
        words.rows(validation.items),
        config,
        layers=encoder.config.layers,
        dtype=dtype,
        device=device,
        mask_row=int(np.searchsorted(words.token_ids, mask_id)),
        class_weights=_class_weights(heads, train.items) if config.class_weights == "balanced" else {},
    )
    if start is None:
        _start_heads_at_centroids(trainer)
    return Prepared(
        trainer,
        heads,
        tokenizer,
        table,
        train.cut,
        dtype,
        device,
        _fingerprint(train.items, heads, encoder, config, dtype, start),
    )


def build_network(
    encoder: EncoderFolder, heads: Sequence[HeadSpec], config: TrainConfig
) -> tuple[Network, Floats]:
    """A network with the encoder's weights and fresh heads, and the encoder's word vectors [vocabulary, width]."""
    tensors = load_tensors(encoder)
    width = encoder.config.hidden
    if encoder.config.family == "other":
        body, table = _hub_body(encoder)
        return Network(HubEncoder(body), width, heads, config.pooling, config.head_dropout), table
    body = load_encoder(tensors, encoder.config, config.dropout)
    table = tensors["embeddings.word_embeddings.weight"]
    return Network(body, width, heads, config.pooling, config.head_dropout), table


def _continue_from(start: Path, network: Network, encoder: EncoderFolder) -> Floats:
    """Take over a model's weights; returns its word vectors [vocabulary, width]."""
    info = bundle.read_info(start)
    if info.encoder.config != asdict(encoder.config):
        raise ConfigError(
            f"{start}: its encoder is {info.encoder.name} with {info.encoder.config['layers']} layers",
            hint=f"this run's is {encoder.name} with {encoder.config.layers}",
        )
    weights = {
        name: torch.from_numpy(np.array(array, dtype=np.float32))
        for name, array in TensorFile(start / bundle.WEIGHTS).items()
    }
    known = {head.name for head in info.heads if head in network.specs}
    fresh = {
        name for name in network.state_dict() if name.startswith("heads.") and name.split(".")[1] not in known
    }
    network.load_state_dict({**network.state_dict(), **{n: w for n, w in weights.items() if n not in fresh}})
    return np.array(TensorFile(start / bundle.EMBEDDINGS)["embeddings"], dtype=np.float32)


def _hub_body(encoder: EncoderFolder) -> tuple[torch.nn.Module, Floats]:
    try:
        from transformers import AutoModel
    except ImportError as error:
        raise UnavailableError(
            f"encoder {encoder.name!r} needs transformers", hint="pip install 'tradewind[train]'"
        ) from error
    body = AutoModel.from_pretrained(str(encoder.path), attn_implementation="eager", dtype=torch.float32)
    embedding = body.get_input_embeddings()
    table = embedding.weight.detach().numpy().astype(np.float32)
    # Vectors are looked up outside; what stays inside is never used and would only weigh on the model.
    embedding.weight = torch.nn.Parameter(embedding.weight[:1].detach().clone(), requires_grad=False)
    return body, table


def _tokenise_all(
    groups: Sequence[Group],
    heads: Sequence[tuple[HeadSpec, ...]],
    part: str,
    tokenizer: Tokenizer,
    prefix: str,
    max_tokens: int,
) -> Items:
    found = [
        tokenise(getattr(group, part), specs, tokenizer, prefix, max_tokens)
        for group, specs in zip(groups, heads, strict=True)
    ]
    return Items(tuple(item for items in found for item in items.items), sum(items.cut for items in found))


def _mask_id(tokenizer: Tokenizer) -> int:
    for token in ("[MASK]", "<mask>", "[UNK]", "<unk>"):
        identifier = tokenizer.token_to_id(token)
        if identifier is not None:
            return int(identifier)
    raise InputError(
        "the tokenizer has neither a mask nor an unknown token", hint="is tokenizer.json complete?"
    )


def _trains_words(config: TrainConfig, encoder: EncoderFolder) -> bool:
    if config.tuning != "full":
        return False
    if config.train_words is not None:
        return config.train_words
    frozen = encoder.config.family != "other" and config.frozen(encoder.config.layers) > 0
    return encoder.config.vocab <= LARGE_VOCABULARY and not frozen


def _freeze(network: Network, config: TrainConfig) -> None:
    if config.tuning == "lora":
        add_adapters(network.encoder, config.lora_rank)
    elif config.tuning == "head":
        network.encoder.requires_grad_(False)
    elif isinstance(network.encoder, TextEncoder):
        if frozen := config.frozen(len(network.encoder.layers)):
            network.encoder.positions.requires_grad_(False)
            network.encoder.embedding_norm.requires_grad_(False)
            network.encoder.layers[:frozen].requires_grad_(False)
    elif config.frozen_layers:
        raise ConfigError(
            "frozen_layers works for BERT and RoBERTa encoders only", hint="use tuning lora or head"
        )


def _class_weights(heads: Sequence[HeadSpec], items: Sequence[Item]) -> dict[str, Tensor]:
    weights = {}
    for spec in heads:
        if spec.task in ("classify", "pair"):
            targets = np.array([item.targets[spec.name] for item in items if spec.name in item.targets])
            counts = np.bincount(targets[targets >= 0], minlength=len(spec.labels))
            weights[spec.name] = torch.tensor(
                counts.sum() / (len(counts) * np.maximum(counts, 1)), dtype=torch.float32
            )
    return weights


@torch.no_grad()
def _start_heads_at_centroids(trainer: Trainer) -> None:
    """Start class heads at the mean vectors of some training texts a class: a good classifier from step 0."""
    for spec in trainer.network.specs:
        if spec.task not in ("classify", "pair"):
            continue
        chosen: list[tuple[Item, int]] = []
        seen: dict[int, int] = {}
        for item in trainer.train:
            target = item.targets.get(spec.name)
            if isinstance(target, int) and target >= 0 and seen.get(target, 0) < CENTROID_TEXTS:
                seen[target] = seen.get(target, 0) + 1
                chosen.append((item, target))
        vectors = trainer.vectors([item for item, _ in chosen])
        targets = torch.tensor([target for _, target in chosen], device=vectors.device)
        middle = vectors.mean(0)
        directions = functional.normalize(vectors - middle, dim=-1)
        centroids = torch.zeros(len(spec.labels), vectors.shape[1], device=vectors.device)
        centroids = functional.normalize(centroids.index_add(0, targets, directions), dim=-1)
        weight = centroids * (CENTROID_SCALE / (vectors - middle).norm(dim=1).mean())
        head = trainer.network.heads[spec.name]
        assert isinstance(head, torch.nn.Linear)
        head.weight.copy_(weight)
        head.bias.copy_(-(weight @ middle))
    trainer.optimiser.read_from_network()


def _fingerprint(
    items: Sequence[Item],
    heads: Sequence[HeadSpec],
    encoder: EncoderFolder,
    config: TrainConfig,
    dtype: torch.dtype,
    start: Path | None,
) -> str:
    digest = hashlib.sha256()
    if start is not None:
        digest.update((start / bundle.WEIGHTS).read_bytes())
    settings = {key: value for key, value in asdict(config).items() if key != "checkpoint_s"}
    digest.update(
        json.dumps([settings, [asdict(head) for head in heads], encoder.sha256, str(dtype)]).encode()
    )
    for item in items:
        digest.update(item.ids.tobytes())
        for name, target in item.targets.items():
            digest.update(name.encode() + np.asarray(target).tobytes())
    return digest.hexdigest()
