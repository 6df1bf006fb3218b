"""From a name or a path to an encoder's files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tradewind.core.errors import InputError, NotFoundError
from tradewind.core.files import sha256_of
from tradewind.core.settings import Settings
from tradewind.nlp.encoders.config import read_config
from tradewind.nlp.encoders.model import (
    CONFIG,
    TOKENIZER,
    WEIGHTS,
    WEIGHTS_INDEX,
    EncoderFolder,
)
from tradewind.nlp.encoders.record import EncoderRecord, check_hashes, check_sizes, read_record
from tradewind.nlp.encoders.registry import (
    HUB_NAME,
    find_spec,
    folder_name,
    name_of_folder,
    registry,
    spec_of,
    unknown_encoder,
)
from tradewind.nlp.encoders.weights import weight_files

PICKLED = ("pytorch_model.bin", "pytorch_model.bin.index.json", "model.ckpt", "tf_model.h5")
SENTENCE_CONFIG = "config_sentence_transformers.json"


def resolve(name_or_folder: str | Path, settings: Settings) -> EncoderFolder:
    """Find an encoder: one pulled before, by its name or hub name, or a folder in Hugging Face layout.

    A pulled encoder is checked by the sizes of its files; `verify` checks the hashes.

    Raises:
        NotFoundError: no such encoder here; the hint gives the nearest name and the command that fetches it.
        IntegrityError: a file of a pulled encoder is missing or has another size.
        InputError: the folder cannot be used: pickled weights, no tokenizer, a wrong configuration.
    """
    name = str(name_or_folder)
    spec = None if isinstance(name_or_folder, Path) else find_spec(name)
    path = Path(name).expanduser()
    if spec is None and path.is_dir():
        record = read_record(path, name)
        return _open_folder(path) if record is None else _open_pulled(path, record)
    if spec is None and (isinstance(name_or_folder, Path) or not HUB_NAME.fullmatch(name)):
        raise _no_folder(name) if _looks_like_path(name_or_folder) else unknown_encoder(name)
    spec = spec or spec_of(name)
    path = settings.encoders / folder_name(spec.name)
    record = read_record(path, spec.name)
    if record is None:
        raise NotFoundError(
            f"encoder {name!r} has not been pulled to {settings.encoders}",
            hint=f"`tradewind encoders pull {name}` fetches it; after that no network is needed",
        )
    return _open_pulled(path, record)


def verify(name: str, settings: Settings) -> EncoderFolder:
    """Check every file of a pulled encoder against the hashes that were recorded and those of the registry.

    Raises:
        NotFoundError: it has not been pulled.
        IntegrityError: a file is missing, truncated or changed; names it.
    """
    folder = resolve(name, settings)
    record = read_record(folder.path, folder.name)
    if record is not None:
        check_hashes(folder.path, record, pinned_hashes(record))
    return folder


def pinned_hashes(record: EncoderRecord) -> Mapping[str, str]:
    """The hashes that the registry gives for the files of an encoder that came from `record.source`."""
    spec = find_spec(record.name)
    if spec is None:
        return {}
    if record.source.startswith("hub:"):
        return spec.hub.sha256
    wheels = spec.index.wheels if spec.index else ()
    return {member.file: member.sha256 for wheel in wheels for member in wheel.members}


def pulled(settings: Settings) -> dict[str, EncoderRecord]:
    """The encoders in the cache by name: those of the registry first, then hub names in order.

    Raises:
        IntegrityError: a record is damaged; names it.
    """
    if not settings.encoders.is_dir():
        return {}
    folders = sorted(path for path in settings.encoders.iterdir() if not path.name.startswith("."))
    records = [
        record for path in folders if (record := read_record(path, name_of_folder(path.name))) is not None
    ]
    order = {spec.name: place for place, spec in enumerate(registry())}
    return {r.name: r for r in sorted(records, key=lambda r: (order.get(r.name, len(order)), r.name))}


def _open_pulled(path: Path, record: EncoderRecord) -> EncoderFolder:
    check_sizes(path, record)
    weights = path / (WEIGHTS if WEIGHTS in record.files else WEIGHTS_INDEX)
    config = read_config(path / CONFIG)
    if record.pad_id is not None and config.family == "bert":
        config = replace(config, pad_id=record.pad_id)
    digest = _digest([record.files[file.name].sha256 for file in weight_files(weights)])
    return EncoderFolder(
        record.name, path, config, path / TOKENIZER, weights, digest, record.source, record.prefix
    )


def _open_folder(path: Path) -> EncoderFolder:
    weights = check_layout(path)
    digest = _digest([sha256_of(file) for file in weight_files(weights)])
    config = read_config(path / CONFIG)
    return EncoderFolder(
        path.resolve().name,
        path,
        config,
        path / TOKENIZER,
        weights,
        digest,
        f"folder:{path}",
        default_prefix(path),
    )


def check_layout(path: Path) -> Path:
    """Check that a folder has what an encoder needs; returns the path of its weights or of their index.

    Raises:
        InputError: says which file is missing or why the weights are refused, and what to do.
    """
    if not (path / CONFIG).is_file():
        raise InputError(
            f"{path}: no {CONFIG} here",
            hint="an encoder folder has config.json, model.safetensors, tokenizer.json",
        )
    weights = next((path / name for name in (WEIGHTS, WEIGHTS_INDEX) if (path / name).is_file()), None)
    if weights is None:
        raise refused_weights(str(path), [file.name for file in path.iterdir()])
    if not (path / TOKENIZER).is_file():
        raise no_tokenizer(str(path))
    return weights


def refused_weights(where: str, files: list[str]) -> InputError:
    """The error for an encoder without safetensors weights, with the reason if it has pickled ones."""
    found = next((name for name in PICKLED if name in files), None)
    if found is None:
        return InputError(f"{where}: no {WEIGHTS} here", hint="copy the weights beside config.json")
    return InputError(
        f"{where}: the weights are in {found}, a format that can run code when loaded: it is not read",
        hint="convert them on a machine where that is acceptable: "
        'python -c "from transformers import AutoModel; '
        "AutoModel.from_pretrained('IN').save_pretrained('OUT')\" writes model.safetensors",
    )


def no_tokenizer(where: str) -> InputError:
    """The error for an encoder without `tokenizer.json`."""
    return InputError(
        f"{where}: no {TOKENIZER} here",
        hint='python -c "from transformers import AutoTokenizer; '
        "AutoTokenizer.from_pretrained('IN').save_pretrained('IN')\" makes it of the vocabulary files",
    )


def default_prefix(path: Path) -> str:
    """The prompt that sentence-transformers would put before every text, or nothing."""
    try:
        raw = json.loads((path / SENTENCE_CONFIG).read_text(encoding="utf-8"))
        return str((raw.get("prompts") or {}).get(raw.get("default_prompt_name")) or "")
    except (OSError, ValueError, AttributeError):
        return ""


def _digest(hashes: list[str]) -> str:
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def _looks_like_path(name_or_folder: str | Path) -> bool:
    name = str(name_or_folder)
    return isinstance(name_or_folder, Path) or name.startswith((".", "/", "~")) or name.count("/") > 1


def _no_folder(name: str) -> NotFoundError:
    return NotFoundError(
        f"{name}: no such folder", hint="give a folder with config.json or an encoder's name"
    )
