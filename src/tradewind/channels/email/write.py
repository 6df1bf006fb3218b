"""The letter that answers: in its thread, marked so that no machine answers it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from tradewind.assistant.model import Author, Message

MAX_REFERENCES = 20
NO_SUBJECT = "…"


def answer(
    *,
    sender: tuple[str, str],
    to: str,
    subject: str,
    id: str,
    references: Sequence[str],
    body: str,
    automatic: bool,
    now: datetime,
) -> EmailMessage:
    """The letter.

    Args:
        sender: name and address of the mailbox.
        id: its own Message-ID; references: those of the letters before it, the one that it answers last.
        automatic: whether the assistant wrote it, and no person (RFC 3834).
    """
    letter = EmailMessage(policy=SMTP)
    local, _, domain = sender[1].partition("@")
    letter["From"] = Address(sender[0], local, domain)
    letter["To"] = to
    letter["Subject"] = f"Re: {subject or NO_SUBJECT}"
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = id
    if references:
        letter["In-Reply-To"] = references[-1]
        letter["References"] = " ".join(references[-MAX_REFERENCES:])
    if automatic:
        letter["Auto-Submitted"] = "auto-replied"
        letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(body, cte="quoted-printable" if body.isascii() else "base64")
    return letter


def text_of(message: Message) -> str:
    """A message as a letter shows it: what may be chosen is a list, and the link stands below."""
    lines = [message.text]
    lines += [f"- {title}" for _, title in message.choices]
    if message.link is not None:
        lines.append(f"{message.link_title}: {message.link}" if message.link_title else message.link)
    return "\n".join(lines)


def by_person(messages: Sequence[Message | None]) -> bool:
    """Whether a person wrote one of them."""
    return any(message is not None and message.author is Author.AGENT for message in messages)
