"""Letters that no person wrote: answering one of them is how two machines write to each other for ever.

RFC 3834 says which; mail programs that are older than it, or do not heed it, have marks of their own.
"""

from __future__ import annotations

from email.message import Message

ROBOTS = frozenset(
    {
        "mailer-daemon", "postmaster", "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "bounce",
        "bounces", "mail-daemon", "maildaemon", "abuse", "root", "nobody", "owner", "listserv", "majordomo",
    }
)  # fmt: skip
LISTS = ("List-Id", "List-Unsubscribe", "List-Post", "List-Help")
BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
MARKS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-Failed-Recipients", "X-Loop")


def automatic(message: Message, sender: str) -> str | None:
    """Why a letter must not be answered; None for one of a person.

    Args:
        sender: its address, in lower case.
    """
    name = sender.partition("@")[0]
    submitted = _value(message, "Auto-Submitted")
    if submitted and submitted.partition(";")[0].strip() != "no":
        return "it was sent by a machine (Auto-Submitted)"
    if _value(message, "Return-Path") == "<>":
        return "it reports a delivery (empty Return-Path)"
    if message.get_content_type() == "multipart/report":
        return "it reports a delivery (multipart/report)"
    if name in ROBOTS or name.startswith(("bounce+", "bounces+", "noreply+", "no-reply+")):
        return "nobody reads what is sent there"
    if _value(message, "Precedence") in BULK:
        return "it was sent to many (Precedence)"
    for mark in (*LISTS, *MARKS):
        if mark in message:
            return f"it was sent by a machine ({mark})"
    if "oof" in _value(message, "X-Auto-Response-Suppress") or "all" in _value(
        message, "X-Auto-Response-Suppress"
    ):
        return "it asks not to be answered (X-Auto-Response-Suppress)"
    return None


def _value(message: Message, name: str) -> str:
    return str(message.get(name, ""))[:200].strip().casefold()
