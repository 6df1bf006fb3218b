"""The model folder: what is in it, writing it whole or not at all, and refusing it when a byte differs.

manifest.json            format, and for every other file its size and SHA-256
model.json               what the model is: `ModelInfo`
tokenizer.json           the encoder's tokenizer
tokenizer.model          the same vocabulary for sentencepiece, where it is a unigram one: what is then served with
embeddings.safetensors   word vectors, float16 [vocabulary, width], read by memory map
weights.safetensors      everything else that was trained or kept, for further training
scope.safetensors        arrays of the out-of-scope scores, by head
runtime/                 the graph that is served: OpenVINO IR or ONNX
metrics.json, CARD.md, report.html
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tradewind.core.errors import InputError, IntegrityError, NotFoundError
from tradewind.core.files import sha256_of, write_json
from tradewind.nlp.model import HeadSpec, Pooling

FORMAT = 1
MANIFEST = "manifest.json"
INFO = "model.json"
TOKENIZER = "tokenizer.json"
UNIGRAM = "tokenizer.model"
EMBEDDINGS = "embeddings.safetensors"
WEIGHTS = "weights.safetensors"
SCOPE = "scope.safetensors"
METRICS = "metrics.json"
CARD = "CARD.md"
REPORT = "report.html"
RUNTIME = "runtime"


@dataclass(frozen=True)
class EncoderInfo:
    """Which encoder a model grew from; `config` is its `EncoderConfig` as a mapping."""

    name: str
    sha256: str
    source: str
    config: dict[str, Any]


@dataclass(frozen=True)
class RuntimeInfo:
    """The graph that is served: chosen at export among `candidates` by measured speed and agreement.

    In a `packed` graph several texts share a row; see `runtime/batches.py`.
    """

    backend: str
    file: str
    precision: str
    candidates: tuple[dict[str, Any], ...] = ()
    packed: bool = False


@dataclass(frozen=True)
class HeadCalibration:
    """What turns a head's logits into probabilities and a verdict.

    `thresholds` are of a multilabel head, one a label. `scope` describes the out-of-scope score (its arrays are in
    `scope.safetensors` under `HEAD/`); None for heads without a verdict.
    """

    temperature: float = 1.0
    thresholds: tuple[float, ...] = ()
    scope: dict[str, Any] | None = None


@dataclass(frozen=True)
class ModelInfo:
    """What a model is, as `model.json` holds it; `metrics` by head, measured on held-out texts."""

    name: str
    version: str
    created: str
    encoder: EncoderInfo
    heads: tuple[HeadSpec, ...]
    pooling: Pooling
    max_tokens: int
    prefix: str = ""
    calibration: dict[str, HeadCalibration] = field(default_factory=dict)
    runtime: RuntimeInfo | None = None
    training: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)

    def figure(self, name: str) -> float | None:
        """A figure of the first head that was measured, such as `accuracy`; None if it has none."""
        for figures in self.metrics.values():
            value = figures.get(name)
            return float(value) if isinstance(value, int | float) else None
        return None

    def head(self, name: str | None = None) -> HeadSpec:
        """The head of that name, or the first one.

        Raises:
            NotFoundError: there is no such head; names those there are.
        """
        if name is None:
            return self.heads[0]
        for head in self.heads:
            if head.name == name:
                return head
        known = ", ".join(head.name for head in self.heads)
        raise NotFoundError(f"model {self.name!r} has no head {name!r}", hint=f"its heads: {known}")


def require_replaceable(out: Path) -> None:
    """Refuse to put a model where something else is.

    Raises:
        InputError: `out` is a file, or a folder that holds something other than a model.
    """
    if out.resolve().name == "" or out.name in ("", ".", ".."):
        raise InputError(f"{out} cannot be replaced by a model", hint="name a folder of its own")
    if out.is_dir() and (not any(out.iterdir()) or (out / INFO).is_file()):
        return
    if out.exists():
        raise InputError(f"{out} exists and is no model", hint="choose another folder, or move it away")


def write_info(folder: Path, info: ModelInfo) -> None:
    """Write `model.json` into a model folder under construction."""
    write_json(folder / INFO, asdict(info))


def seal(folder: Path) -> None:
    """Write the manifest over all files of a folder; call it last, before the folder takes its place."""
    files = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }
    write_json(folder / MANIFEST, {"format": FORMAT, "files": files})


def verify(folder: Path) -> None:
    """Check every file of a model folder against its manifest.

    Raises:
        NotFoundError: there is no model at `folder`.
        IntegrityError: a file is missing, added, truncated or changed; names the first one.
    """
    manifest = _read_json(folder, MANIFEST)
    if manifest.get("format") != FORMAT:
        raise IntegrityError(
            f"{folder}: model format {manifest.get('format')!r} is not {FORMAT}",
            hint="this model was written by another version of tradewind; export it again",
        )
    listed = manifest.get("files")
    if not isinstance(listed, dict) or not all(
        isinstance(entry, dict) and {"bytes", "sha256"} <= entry.keys() for entry in listed.values()
    ):
        raise IntegrityError(f"{folder / MANIFEST}: does not list the files' sizes and hashes")
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {MANIFEST}
    for name in sorted(present - set(listed)):
        raise IntegrityError(
            f"{folder / name}: not in the manifest", hint="remove it or export the model again"
        )
    for name, expected in listed.items():
        _verify_file(folder / name, expected)


def _verify_file(path: Path, expected: dict[str, Any]) -> None:
    restore = "restore the model from its source; a changed model is not loaded"
    if not path.is_file():
        raise IntegrityError(f"{path}: missing", hint=restore)
    size = path.stat().st_size
    if size != expected["bytes"]:
        raise IntegrityError(f"{path}: {size} bytes, the manifest says {expected['bytes']}", hint=restore)
    digest = sha256_of(path)
    if digest != expected["sha256"]:
        found, wanted = digest[:12], expected["sha256"][:12]
        raise IntegrityError(f"{path}: SHA-256 {found}…, the manifest says {wanted}…", hint=restore)


def read_info(folder: Path) -> ModelInfo:
    """Read `model.json`.

    Raises:
        NotFoundError: there is no model at `folder`.
        IntegrityError: the file is not what this version writes.
    """
    raw = _read_json(folder, INFO)
    try:
        info = ModelInfo(**raw)
        return replace(
            info,
            encoder=EncoderInfo(**raw["encoder"]),
            heads=tuple(HeadSpec(**{**head, "labels": tuple(head["labels"])}) for head in raw["heads"]),
            calibration={name: _calibration(value) for name, value in raw["calibration"].items()},
            runtime=_runtime(raw["runtime"]),
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise IntegrityError(f"{folder / INFO}: not a model description: {error}") from error


def _calibration(raw: dict[str, Any]) -> HeadCalibration:
    return HeadCalibration(**{**raw, "thresholds": tuple(raw["thresholds"])})


def _runtime(raw: dict[str, Any] | None) -> RuntimeInfo | None:
    return None if raw is None else RuntimeInfo(**{**raw, "candidates": tuple(raw["candidates"])})


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    if not path.is_file():
        raise NotFoundError(
            f"{folder}: no model here ({name} is missing)", hint="give a folder that `train` wrote"
        )
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise IntegrityError(f"{path}: not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise IntegrityError(f"{path}: expected an object")
    return value
