"""The network computes what transformers' own BERT computes, and its shortcuts change nothing."""

from __future__ import annotations

import pytest
import torch

from tradewind.nlp.encoders import EncoderFolder, load_tensors
from tradewind.nlp.model import HeadSpec
from tradewind.nlp.network import TextEncoder, load_encoder
from tradewind.nlp.train.build import build_network
from tradewind.nlp.train.config import TrainConfig
from tradewind.nlp.train.lora import add_adapters, merge_adapters

HEAD = HeadSpec("intent", "classify", ("a", "b", "c"))


def _inputs(encoder: EncoderFolder) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    table = torch.from_numpy(load_tensors(encoder)["embeddings.word_embeddings.weight"].copy())
    ids = torch.tensor([[2, 5, 6, 7, 3], [2, 9, 3, 0, 0]])
    mask = (ids != 0).float()
    return ids, mask, table[ids]


def _encoder(folder: EncoderFolder) -> TextEncoder:
    return load_encoder(load_tensors(folder), folder.config, dropout=0.0).eval()


def test_it_agrees_with_the_reference_implementation(tiny_encoder: EncoderFolder) -> None:
    transformers = pytest.importorskip("transformers")
    ids, mask, embeddings = _inputs(tiny_encoder)
    reference = transformers.BertModel.from_pretrained(str(tiny_encoder.path), add_pooling_layer=False).eval()

    with torch.no_grad():
        expected = reference(input_ids=ids, attention_mask=mask).last_hidden_state
        found = _encoder(tiny_encoder)(embeddings, mask)

    assert torch.allclose(found[mask > 0], expected[mask > 0], atol=1e-5)


def test_padding_does_not_change_a_text(tiny_encoder: EncoderFolder) -> None:
    _, mask, embeddings = _inputs(tiny_encoder)
    encoder = _encoder(tiny_encoder)

    with torch.no_grad():
        together = encoder(embeddings, mask)[1, :3]
        alone = encoder(embeddings[1:, :3], None)[0]

    assert torch.allclose(together, alone, atol=1e-5)


def test_computing_the_first_token_only_gives_the_same_first_token(tiny_encoder: EncoderFolder) -> None:
    _, mask, embeddings = _inputs(tiny_encoder)
    encoder = _encoder(tiny_encoder)

    with torch.no_grad():
        whole = encoder(embeddings, mask)[:, :1]
        short = encoder(embeddings, mask, first_only=True)

    assert short.shape == (2, 1, tiny_encoder.config.hidden)
    assert torch.allclose(whole, short, atol=1e-5)


def test_tag_heads_see_every_token_and_class_heads_one_vector(tiny_encoder: EncoderFolder) -> None:
    _, mask, embeddings = _inputs(tiny_encoder)
    tags = HeadSpec("slots", "tag", ("O", "B-place", "I-place"))
    network, _ = build_network(tiny_encoder, [HEAD, tags], TrainConfig())

    outputs = network.eval()(embeddings, mask)

    assert outputs["intent"].shape == (2, 3)
    assert outputs["slots"].shape == (2, 5, 3)
    assert outputs["vector"].shape == (2, tiny_encoder.config.hidden)


def test_merged_adapters_compute_what_the_adapters_computed(tiny_encoder: EncoderFolder) -> None:
    _, mask, embeddings = _inputs(tiny_encoder)
    encoder = _encoder(tiny_encoder)
    add_adapters(encoder, rank=4)
    for name, parameter in encoder.named_parameters():
        if name.endswith(".up"):
            torch.nn.init.normal_(parameter, std=0.1)

    with torch.no_grad():
        adapted = encoder(embeddings, mask, first_only=True)
        merge_adapters(encoder)
        merged = encoder(embeddings, mask, first_only=True)

    assert not any("down" in name for name, _ in encoder.named_parameters())
    assert torch.allclose(adapted, merged, atol=1e-5)
