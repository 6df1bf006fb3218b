"""The parts of the console, each for those who have a right to it."""

from __future__ import annotations

from dataclasses import dataclass

from tradewind.access.model import Principal, Right


@dataclass(frozen=True)
class Section:
    """A part of the console: any one of `rights` opens it."""

    name: str
    address: str
    rights: frozenset[Right]


MODELS = Section("Models", "/console/", frozenset({Right.MODELS_READ}))
MARKETS = Section("Markets", "/console/markets", frozenset({Right.MARKETS_READ}))
JOURNAL = Section("Journal", "/console/journal", frozenset({Right.JOURNAL_READ, Right.JOURNAL_VERIFY}))
PRIVACY = Section("Privacy", "/console/privacy", frozenset({Right.SUBJECTS_READ}))
INBOX = Section("Inbox", "/console/inbox", frozenset({Right.CONVERSATIONS_READ, Right.CONVERSATIONS_HANDLE}))
SERVICE = Section("Service", "/console/service", frozenset({Right.CONVERSATIONS_READ, Right.JOURNAL_READ}))
MEMBERS = Section("Members", "/console/members", frozenset({Right.TENANT_MANAGE}))
KEYS = Section("Keys", "/console/keys", frozenset({Right.TENANT_MANAGE}))

SECTIONS = (MODELS, INBOX, SERVICE, MARKETS, JOURNAL, PRIVACY, MEMBERS, KEYS)


def open_to(principal: Principal) -> list[Section]:
    """The sections that somebody may see."""
    return [section for section in SECTIONS if section.rights & principal.rights]
