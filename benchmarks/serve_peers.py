"""The others of `serve.py`, in a process of their own: the transformers pipeline, plain ONNX Runtime and plain
OpenVINO, all with the very weights of a Tradewind model folder.

Reads one JSON request a line, `{"run": NAME, "texts": [...], "batch": N}`, and answers with one JSON line,
`{"seconds": S, "labels": [...]}`; `{"run": ..., "each": true}` times the texts one by one and answers
`{"times_ms": [...]}`.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from safetensors.numpy import load_file as load_numpy
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast
from transformers.modeling_outputs import SequenceClassifierOutput

from tradewind.nlp import bundle
from tradewind.nlp.network import LAYER_NAMES

Predict = Callable[[Sequence[str], int], list[str]]


class Pooled(BertForSequenceClassification):
    """BERT whose classifier reads the first token or the mean, as the trained model does, without BERT's pooler."""

    pooling = "cls"

    def forward(
        self, input_ids: Any, attention_mask: Any, token_type_ids: Any = None
    ) -> SequenceClassifierOutput:
        hidden = self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        if self.pooling == "cls":
            vector = hidden[:, 0]
        else:
            weights = attention_mask[:, :, None].to(hidden.dtype)
            vector = (hidden * weights).sum(1) / weights.sum(1)
        return SequenceClassifierOutput(logits=self.classifier(vector))


class Logits(nn.Module):
    """The same with plain tensors in and out, to be converted."""

    def __init__(self, model: Pooled) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        return self.model(input_ids, attention_mask).logits


def read_model(folder: Path) -> tuple[Pooled, PreTrainedTokenizerFast]:
    """A model folder's first head as transformers would have it, in float32."""
    info = bundle.read_info(folder)
    config, head = info.encoder.config, info.heads[0]
    model = Pooled(
        BertConfig(
            vocab_size=config["vocab"],
            hidden_size=config["hidden"],
            num_hidden_layers=config["layers"],
            num_attention_heads=config["heads"],
            intermediate_size=config["intermediate"],
            max_position_embeddings=config["max_positions"],
            layer_norm_eps=config["eps"],
            num_labels=len(head.labels),
            id2label=dict(enumerate(head.labels)),
            label2id={label: number for number, label in enumerate(head.labels)},
        )
    ).eval()
    model.pooling = info.pooling
    ours = load_file(folder / bundle.WEIGHTS)
    table = next(iter(load_numpy(folder / bundle.EMBEDDINGS).values()))
    state = {
        "bert.embeddings.word_embeddings.weight": torch.from_numpy(table.astype(np.float32)),
        "bert.embeddings.position_embeddings.weight": ours["encoder.positions"],
        # Token type 0 is folded into the positions.
        "bert.embeddings.token_type_embeddings.weight": torch.zeros(2, config["hidden"]),
        "classifier.weight": ours[f"heads.{head.name}.weight"],
        "classifier.bias": ours[f"heads.{head.name}.bias"],
    }
    for kind in ("weight", "bias"):
        state[f"bert.embeddings.LayerNorm.{kind}"] = ours[f"encoder.embedding_norm.{kind}"]
        for layer in range(config["layers"]):
            own, its = f"encoder.layers.{layer}", f"bert.encoder.layer.{layer}"
            parts = ours[f"{own}.query_key_value.{kind}"].chunk(3)
            for part, value in zip(("query", "key", "value"), parts, strict=True):
                state[f"{its}.attention.self.{part}.{kind}"] = value.clone()
            for mine, theirs in LAYER_NAMES.items():
                state[f"{its}.{theirs}.{kind}"] = ours[f"{own}.{mine}.{kind}"]
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected, unexpected
    assert all("pooler" in name or "position_ids" in name for name in missing), missing
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(folder / bundle.TOKENIZER),
        pad_token="[PAD]",
        model_input_names=["input_ids", "attention_mask"],
    )
    return model, tokenizer


def pipeline(model: Pooled, tokenizer: PreTrainedTokenizerFast) -> Predict:
    """The transformers pipeline at its defaults."""
    classify = transformers.pipeline("text-classification", model=model, tokenizer=tokenizer, device=-1)

    def predict(texts: Sequence[str], batch: int) -> list[str]:
        return [answer["label"] for answer in classify(list(texts), batch_size=batch)]

    return predict


def padded_batches(
    tokenizer: Tokenizer, texts: Sequence[str], batch: int
) -> Iterator[tuple[list[int], np.ndarray, np.ndarray]]:
    """Texts sorted by length, padded within their batch."""
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    for first in range(0, len(order), batch):
        members = order[first : first + batch]
        length = max(len(ids[member]) for member in members)
        rows = np.zeros((len(members), length), dtype=np.int64)
        mask = np.zeros_like(rows)
        for row, member in enumerate(members):
            rows[row, : len(ids[member])] = ids[member]
            mask[row, : len(ids[member])] = 1
        yield members, rows, mask


def plain(
    tokenizer: Tokenizer, labels: Sequence[str], infer: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> Predict:
    """A runtime as one would first write it: tokenise, sort, pad, one batch after the other."""

    def predict(texts: Sequence[str], batch: int) -> list[str]:
        answers = [""] * len(texts)
        for members, rows, mask in padded_batches(tokenizer, texts, batch):
            for member, best in zip(members, infer(rows, mask).argmax(1).tolist(), strict=True):
                answers[member] = labels[best]
        return answers

    return predict


def onnx_int8(model: Pooled, folder: Path) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """torch.onnx.export, then ONNX Runtime's dynamic quantisation, its session at its defaults."""
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic

    example = torch.ones(2, 8, dtype=torch.long)
    axes = {0: "batch", 1: "length"}
    torch.onnx.export(
        Logits(model),
        (example, example),
        str(folder / "float.onnx"),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "logits": {0: "batch"}},
        dynamo=False,
    )
    quantize_dynamic(folder / "float.onnx", folder / "int8.onnx", weight_type=QuantType.QInt8)
    session = onnxruntime.InferenceSession(str(folder / "int8.onnx"), providers=["CPUExecutionProvider"])
    return lambda rows, mask: session.run(None, {"input_ids": rows, "attention_mask": mask})[0]


def openvino_plain(model: Pooled, folder: Path) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """openvino.convert_model and compile_model at their defaults."""
    import openvino

    example = torch.ones(2, 8, dtype=torch.long)
    converted = openvino.convert_model(Logits(model), example_input=(example, example))
    request = openvino.compile_model(converted, "CPU").create_infer_request()
    return lambda rows, mask: request.infer([rows, mask])[0]


def main() -> None:
    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity_error()
    model, fast = read_model(Path(sys.argv[1]))
    labels = list(model.config.id2label.values())
    tokenizer = Tokenizer.from_file(str(Path(sys.argv[1]) / bundle.TOKENIZER))
    tokenizer.no_padding()
    answers = sys.stdout
    sys.stdout = sys.stderr  # exporters print
    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        runs = {
            "pipeline": pipeline(model, fast),
            "onnxruntime": plain(tokenizer, labels, onnx_int8(model, Path(folder))),
            "openvino": plain(tokenizer, labels, openvino_plain(model, Path(folder))),
        }
        print(json.dumps({"ready": sorted(runs)}), file=answers, flush=True)
        for line in sys.stdin:
            request = json.loads(line)
            predict, texts = runs[request["run"]], request["texts"]
            if request.get("each"):
                print(json.dumps({"times_ms": _each(predict, texts)}), file=answers, flush=True)
                continue
            start = time.perf_counter()
            found = predict(texts, request["batch"])
            seconds = time.perf_counter() - start
            print(json.dumps({"seconds": seconds, "labels": found}), file=answers, flush=True)


def _each(predict: Predict, texts: Sequence[str]) -> list[float]:
    times = []
    for text in texts:
        start = time.perf_counter()
        predict([text], 1)
        times.append(1000 * (time.perf_counter() - start))
    return times


if __name__ == "__main__":
    main()
