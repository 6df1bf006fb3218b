"""Tokens of conversations: short, signed, for one customer and one conversation, for a few hours.

`twc_` and two parts in base64url: what it says (`tenant.conversation.expires`), and its HMAC-SHA256 under a key that is
derived from the tenant's secret in the conversation's region. Nothing is stored; without that secret none is valid.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tradewind.access.beliefs import Known
from tradewind.access.doorkeeper import CONVERSATION_PER_S, CONVERSATION_START
from tradewind.access.model import Principal
from tradewind.assistant.conversations.shelf import region_of
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import NotFoundError, SignInError
from tradewind.core.ids import RegionId, TenantId
from tradewind.privacy.subjects import Subjects

LASTS = timedelta(hours=12)
PURPOSE = b"tradewind conversation token 1"
KEY_BYTES = 32
MAC_BYTES = 16
LONGEST = 400


class Tokens:
    """Makes and reads tokens. May ask the database: for threads."""

    def __init__(self, subjects: Callable[[], Subjects], clock: Clock = SYSTEM_CLOCK) -> None:
        self._subjects = subjects
        self._clock = clock

    def make(self, tenant: TenantId, conversation: str) -> tuple[str, datetime]:
        """A token of a conversation, and when it ends."""
        expires = (self._clock.now() + LASTS).replace(microsecond=0)
        said = f"{tenant}.{conversation}.{int(expires.timestamp())}".encode()
        mac = self._mac(tenant, region_of(conversation), said)
        return f"{CONVERSATION_START}{_encoded(said)}.{_encoded(mac)}", expires

    def recognise(self, token: str) -> Known:
        """Who holds a token.

        Raises:
            SignInError: it is none, or over.
        """
        try:
            if len(token) > LONGEST:
                raise ValueError("too long")
            first, second = token.removeprefix(CONVERSATION_START).split(".")
            said, mac = _decoded(first), _decoded(second)
            tenant, conversation, seconds = said.decode("ascii").split(".")
            region = region_of(conversation)
            good = hmac.compare_digest(mac, self._mac(TenantId(tenant), region, said))
            expires = datetime.fromtimestamp(int(seconds), UTC)
        except (ValueError, binascii.Error, NotFoundError, OverflowError) as error:
            raise _refused() from error
        if not good or expires <= self._clock.now():
            raise _refused()
        principal = Principal(
            TenantId(tenant), f"conversation {conversation}", frozenset(), frozenset({region}), conversation
        )
        return Known(principal, expires, CONVERSATION_PER_S, by_session=False)

    def _mac(self, tenant: TenantId, region: RegionId, said: bytes) -> bytes:
        subjects = self._subjects()
        if not subjects.knows(tenant, region):  # a stranger's guess must not make one
            raise _refused()
        key = subjects.derived(tenant, region, PURPOSE, KEY_BYTES)
        return hmac.digest(key, said, "sha256")[:MAC_BYTES]


def _refused() -> SignInError:
    return SignInError("this conversation's token is not valid, or over", hint="begin a conversation anew")


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
