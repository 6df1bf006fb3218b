"""Pseudonyms of texts turned back; that somebody did so is recorded before they see them."""

from __future__ import annotations

from collections.abc import Sequence

from tradewind.core.ids import MarketId, TenantId
from tradewind.journal.journal import Journal
from tradewind.journal.model import Draft
from tradewind.privacy.kinds import TokensRevealed
from tradewind.privacy.tokens import TOKEN, Tokens


def reveal_tokens(
    journal: Journal, tokens: Tokens, texts: Sequence[str], *, tenant: TenantId, market: MarketId, by: str
) -> list[str]:
    """The texts with what their tokens stand for.

    Args:
        by: id of the key or member who asks.

    Raises:
        ForbiddenError, InputError: see `Tokens.reveal`. UnavailableError, StorageError: it could not be recorded,
            so nothing is shown.
    """
    shown = [tokens.reveal(text) for text in texts]
    count = sum(len(TOKEN.findall(text)) for text in texts)
    if count:
        journal.append_now(tenant, [Draft(TokensRevealed(tokens=count, texts=len(texts), by=by), market)])
    return shown
