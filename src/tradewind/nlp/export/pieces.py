"""A unigram vocabulary written for sentencepiece, which serves it in a fifth of the memory."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tradewind.core.files import write_bytes
from tradewind.nlp import bundle
from tradewind.nlp.runtime.pieces import TokenizerPieces, UnigramPieces

MOST_TEXTS = 5000
SCRIPTS = (
    "Wo ist meine Karte? Größe, naïve café", "¿Dónde está mi tarjeta?", "我的卡被吞了，怎么办", "カードはどこですか。",
    "내 카드는 어디에 있나요", "अंतिम भुगतान", "أين بطاقتي؟", "บัตรของฉันอยู่ที่ไหน", "Де моя картка?", "😀 €12.50 ½ ①",
)  # fmt: skip


def write_unigram(folder: Path, texts: Sequence[str]) -> bool:
    """Write `tokenizer.model` into a model folder if its tokenizer is a unigram one that can be written so.

    The file is kept only if it splits `texts` (the first 5,000, their spaces collapsed) and some of ten languages
    exactly as `tokenizer.json` does, with which the model was trained.

    Returns:
        Whether the folder has the file.

    Raises:
        StorageError: the disk refused.
    """
    target = folder / bundle.UNIGRAM
    target.unlink(missing_ok=True)
    tokenizer = json.loads((folder / bundle.TOKENIZER).read_text(encoding="utf-8"))
    charsmap = next((part["precompiled_charsmap"] for part in _normalizers(tokenizer)
                     if part["type"] == "Precompiled"), None)  # fmt: skip
    if tokenizer["model"]["type"] != "Unigram" or charsmap is None:
        return False
    write_bytes(target, _model(tokenizer, base64.b64decode(charsmap)))
    ours, theirs = UnigramPieces(target), TokenizerPieces(folder / bundle.TOKENIZER)
    samples = [*SCRIPTS, *(" ".join(text.split()) for text in texts[:MOST_TEXTS])]
    same = ours.special == theirs.special and ours.split(samples) == theirs.split(samples)
    if not same:
        target.unlink()
    return same


def _normalizers(tokenizer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    normalizer = tokenizer["normalizer"] or {}
    yield from normalizer.get("normalizers", [normalizer] if normalizer else [])


def _model(tokenizer: Mapping[str, Any], charsmap: bytes) -> bytes:
    """The serialised ModelProto of the vocabulary, with the charsmap that normalises text before it."""
    from sentencepiece import sentencepiece_model_pb2

    proto: Any = sentencepiece_model_pb2

    kinds = proto.ModelProto.SentencePiece
    model = proto.ModelProto()
    special = {token["content"] for token in tokenizer["added_tokens"]}
    unknown = tokenizer["model"]["unk_id"]
    for number, (piece, score) in enumerate(tokenizer["model"]["vocab"]):
        # Special tokens are control pieces: a customer who writes "</s>" gets letters, not the end of the text.
        kind = kinds.CONTROL if piece in special else kinds.NORMAL
        model.pieces.add(piece=piece, score=score, type=kinds.UNKNOWN if number == unknown else kind)
    model.trainer_spec.model_type = proto.TrainerSpec.UNIGRAM
    ids = {piece: number for number, (piece, _) in enumerate(tokenizer["model"]["vocab"]) if piece in special}
    model.trainer_spec.unk_id = unknown
    model.trainer_spec.bos_id = ids.get("<s>", -1)
    model.trainer_spec.eos_id = ids.get("</s>", -1)
    model.trainer_spec.pad_id = ids.get("<pad>", -1)
    model.normalizer_spec.precompiled_charsmap = charsmap
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = True
    model.normalizer_spec.escape_whitespaces = True
    return bytes(model.SerializeToString())
