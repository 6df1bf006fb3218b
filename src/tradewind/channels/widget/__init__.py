"""The chat widget: one file that a web page loads by one script tag."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "tradewind-chat.js"
MOST_BYTES = 30_000
"""The widget stays small: it is loaded by every page that carries it."""


@dataclass(frozen=True)
class Script:
    """The widget as it is sent.

    Args:
        digest: SHA-256 of `body`, in hexadecimal: it changes when the widget does.
    """

    body: bytes
    zipped: bytes
    digest: str


@cache
def script() -> Script:
    """The widget of this installation, read once."""
    body = FILE.read_bytes()
    return Script(body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest())
