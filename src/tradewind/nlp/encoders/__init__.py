"""Encoders: pre-trained transformers by name, hub name or folder, pinned by hash."""

from tradewind.nlp.encoders.fetch import pull
from tradewind.nlp.encoders.folder import pulled, resolve, verify
from tradewind.nlp.encoders.model import (
    EncoderConfig,
    EncoderFolder,
    EncoderSpec,
    Family,
    Progress,
    Report,
    SourceChoice,
)
from tradewind.nlp.encoders.registry import registry
from tradewind.nlp.encoders.weights import load_tensors

__all__ = [
    "EncoderConfig",
    "EncoderFolder",
    "EncoderSpec",
    "Family",
    "Progress",
    "Report",
    "SourceChoice",
    "load_tensors",
    "pull",
    "pulled",
    "registry",
    "resolve",
    "verify",
]
