"""Personal data out of a text: masked, named by its type, or replaced by a token that a key can turn back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, get_args

from tradewind.core.errors import InputError
from tradewind.privacy.model import PiiSpan

if TYPE_CHECKING:
    from tradewind.privacy.tokens import Tokens

How = Literal["mask", "placeholder", "pseudonym"]
WAYS: tuple[How, ...] = get_args(How)
MASK = "*"
_SHOWN = re.compile(r"\w")


def redact(text: str, spans: Sequence[PiiSpan], how: How, tokens: Tokens | None = None) -> str:
    """The text without what the spans cover.

    Args:
        spans: in the order of the text, without overlaps, as `Detector.detect` gives them.
        how: `mask` writes a star for each letter and digit, `placeholder` the type as `<PERSON>`, `pseudonym` a
            token as `<PERSON:…>`, the same for the same value.
        tokens: makes the tokens; needed for `pseudonym`.

    Raises:
        InputError: tokens are missing.
    """
    if how == "pseudonym" and tokens is None:
        raise InputError("pseudonyms need a key", hint="name the tenant whose key it is")
    made_before = tokens.made(text) if how == "pseudonym" and tokens is not None else []
    pieces: list[str] = []
    done = 0
    for span in spans:
        if any(start < span.end and span.start < end for start, end in made_before):
            continue
        pieces += (text[done : span.start], _instead(text[span.start : span.end], span.type, how, tokens))
        done = span.end
    return "".join((*pieces, text[done:]))


def way_of(text: str) -> How:
    """A way of redacting by its name.

    Raises:
        InputError: there is none of this name.
    """
    for way in WAYS:
        if way == text:
            return way
    raise InputError(f"no way of redacting is called {text!r:.40}", hint=f"one of {', '.join(WAYS)}")


def _instead(value: str, type: str, how: How, tokens: Tokens | None) -> str:
    if how == "mask":
        return _SHOWN.sub(MASK, value)
    if how == "placeholder" or tokens is None:
        return f"<{type}>"
    return tokens.token(type, value)
