"""What the tagger of names is tested on."""

from __future__ import annotations

import pytest
from tiny_encoder import write_tiny_encoder

from tradewind.nlp.encoders import EncoderFolder


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> EncoderFolder:
    """A real, very small encoder in Hugging Face layout."""
    return write_tiny_encoder(tmp_path_factory.mktemp("tiny-encoder"))
