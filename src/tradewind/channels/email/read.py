"""From the bytes of an e-mail to what its sender wrote. Bytes come from strangers: nothing here trusts them.

Headers are taken apart by `email.header` alone: the newer policies of the standard library raise on malformed ones,
each in a way of its own, and take quadratic time on some.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from tradewind.channels.email.automatic import automatic
from tradewind.channels.email.plain import plain_text
from tradewind.channels.email.quotes import own_words
from tradewind.core.errors import InputError, TooLargeError

MAX_BYTES = 10_000_000
MAX_PARTS = 200
MAX_HEADER = 4_000
MAX_REFERENCES = 50
MAX_TEXT = 20_000
"""Characters that are read of a letter; who writes more is answered on the beginning."""

_ID = re.compile(r"<[^<>\s]{1,500}>")
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,255}")
_PREFIXES = re.compile(
    r"^(?:\s*(?:re|aw|wg|fwd?|sv|antw|rv|res|回复|答复|転送|返信)\s*(?:\[\d+\])?\s*[:：])+\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail as it is worked with.

    Args:
        id: its Message-ID with the angle brackets; None where it has none.
        references: ids of the letters before it in its thread, the one that it answers last.
        sender: the address alone, in lower case.
        subject: without `Re:` and its like.
        text: the sender's own words, without quotes and signature.
        attachments: how many files came with it.
        automatic: why nobody must answer it (see `automatic`); None for a letter of a person.
    """

    id: str | None
    references: tuple[str, ...]
    sender: str
    subject: str
    text: str
    attachments: int = 0
    automatic: str | None = None


def read(raw: bytes) -> Letter:
    """Read an e-mail.

    Raises:
        TooLargeError: it is larger than any that is read. InputError: it has no sender, or cannot be taken apart.
    """
    if len(raw) > MAX_BYTES:
        raise TooLargeError(f"an e-mail of {len(raw)} bytes", hint=f"at most {MAX_BYTES} are read")
    try:
        return _read(raw)
    except InputError:
        raise
    except Exception as error:  # the parser has faults of its own, and no letter may end the loop
        raise InputError(f"an e-mail cannot be taken apart: {type(error).__name__}") from error


def _read(raw: bytes) -> Letter:
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    sender = _sender(message)
    parts = list(_parts(message))
    text = _text(parts)
    return Letter(
        id=next(iter(_ids(message, "Message-ID")), None),
        references=_references(message),
        sender=sender,
        subject=_PREFIXES.sub("", " ".join(header(message, "Subject").split()))[:300],
        text=own_words(text)[:MAX_TEXT],
        attachments=sum(_is_attachment(part) for part in parts),
        automatic=automatic(message, sender),
    )


def header(message: Message, name: str) -> str:
    """A header in Unicode, whatever its bytes are; "" where it is missing."""
    value = message.get(name)
    if value is None:
        return ""
    raw = str(value)[:MAX_HEADER]
    try:
        found = "".join(_decoded(part, charset) for part, charset in decode_header(raw))
    except (ValueError, email.errors.MessageError):
        found = raw
    return "".join(c if c.isprintable() else " " for c in found)


def _decoded(part: str | bytes, charset: str | None) -> str:
    return part if isinstance(part, str) else in_unicode(part, charset)


def in_unicode(content: bytes, charset: str | None) -> str:
    """Text in a named charset; one that is unknown or wrong is read as UTF-8, then as Latin-1."""
    for name in (charset, "utf-8"):
        if name is None:
            continue
        try:
            return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def _sender(message: Message) -> str:
    named = [address for _, address in getaddresses([header(message, "From")])]
    address = next((found for found in named if _ADDRESS.fullmatch(found)), None)
    if address is None:
        raise InputError("an e-mail without a sender", hint="From: name@example.com")
    return address.lower()


def _ids(message: Message, name: str) -> list[str]:
    return _ID.findall(header(message, name))


def _references(message: Message) -> tuple[str, ...]:
    """RFC 5322, 3.6.4: `References` names the thread; a client that leaves it out still says what it answers."""
    found = [*_ids(message, "References"), *_ids(message, "In-Reply-To")[:1]]
    return tuple(dict.fromkeys(found[-MAX_REFERENCES:]))


def _parts(message: Message) -> Iterator[Message]:
    """The leaves of a letter. What another letter forwards whole (message/rfc822) counts as an attachment."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > MAX_PARTS:
            raise InputError(f"an e-mail of more than {MAX_PARTS} parts")
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting.extend(each for each in reversed(inside) if isinstance(each, Message))
        else:
            yield part


def _is_attachment(part: Message) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_content_maintype() == "message":
        return True
    return (
        part.get_content_maintype() not in ("text", "multipart")
        and part.get_content_disposition() != "inline"
    )


def _text(parts: list[Message]) -> str:
    """The first part in plain text with something in it, or else the first in HTML."""
    for wanted in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() != wanted or part.get_content_disposition() == "attachment":
                continue
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes):
                continue
            text = in_unicode(content[: MAX_BYTES // 10], part.get_content_charset())
            text = plain_text(text) if wanted == "text/html" else _unfolded(text, part)
            if text.strip():
                return text
    return ""


def _unfolded(text: str, part: Message) -> str:
    """`format=flowed` (RFC 3676): a line that ends with a space goes on in the next."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    lines: list[str] = []
    for line in text.split("\n"):
        flows = lines and lines[-1].endswith(" ") and lines[-1] != "-- " and not line.startswith((">", "-- "))
        if flows and not lines[-1].startswith(">"):
            lines[-1] += line
        else:
            lines.append(line)
    return "\n".join(lines)
