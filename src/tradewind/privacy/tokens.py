"""Keyed pseudonyms of values: the same value gets the same token, and the key gives the value back.

A token is AES-SIV (RFC 5297) over the value as it is usually written, bound to its type: deterministic encryption
keeps no table of plaintext, and whoever lacks the key learns nothing but which tokens are equal. Lengths are hidden
in steps of 16 bytes.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from tradewind.core.errors import ForbiddenError, InputError
from tradewind.core.ids import RegionId, TenantId
from tradewind.privacy.fold import fold
from tradewind.privacy.model import NAME_TYPES

if TYPE_CHECKING:
    from tradewind.privacy.subjects import Subjects

KEY_BYTES = 64
"""AES-256 in SIV mode takes two keys of 32 bytes."""
PURPOSE = b"tradewind redaction tokens 1"
TOKEN = re.compile(r"<([A-Z][A-Z0-9_]{1,40}):([A-Za-z0-9_-]{22,6000})>")
_STEP = 16
_BARE = re.compile(r"[^0-9A-Za-z+]")
_WRITTEN_FREELY = frozenset((*NAME_TYPES, "EMAIL_ADDRESS", "URL", "DATE_OF_BIRTH", "IP_ADDRESS"))


class Tokens:
    """Tokens under one key: of one tenant in one region.

    Args:
        key: 64 bytes.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise InputError(f"a key of tokens has {KEY_BYTES} bytes, this one {len(key)}")
        self._cipher = AESSIV(key)

    def token(self, type: str, value: str) -> str:
        """`<PERSON:…>`, the same for every way in which a value of this type is written."""
        content = canonical(type, value).encode("utf-8", "replace") or b"?"
        filled = content + b"\0" * (-len(content) % _STEP)
        sealed = self._cipher.encrypt(filled, [type.encode()])
        return f"<{type}:{base64.urlsafe_b64encode(sealed).rstrip(b'=').decode()}>"

    def made(self, text: str) -> list[tuple[int, int]]:
        """Where a text has tokens of this key: what only looks like one hides nothing."""
        found = []
        for match in TOKEN.finditer(text):
            try:
                self._value(match.group(1), match.group(2))
            except (ForbiddenError, InputError):
                continue
            found.append(match.span())
        return found

    def reveal(self, text: str) -> str:
        """A text with the values in place of the tokens.

        Raises:
            ForbiddenError: a token was made under another key: another tenant's, or another region's.
            InputError: something in the form of a token is none.
        """
        return TOKEN.sub(lambda found: self._value(found.group(1), found.group(2)), text)

    def _value(self, type: str, token: str) -> str:
        try:
            sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            return self._cipher.decrypt(sealed, [type.encode()]).rstrip(b"\0").decode()
        except InvalidTag:
            raise ForbiddenError(
                f"a {type} token was not made with this key",
                hint="ask with the tenant and market that made it",
            ) from None
        except (binascii.Error, ValueError) as error:
            raise InputError(f"a {type} token is damaged", hint="give the text as it was redacted") from error


def tenant_tokens(subjects: Subjects, tenant: TenantId, region: RegionId) -> Tokens:
    """The tokens of a tenant in a region: equal values of two tenants have nothing in common."""
    return Tokens(subjects.derived(tenant, region, PURPOSE, KEY_BYTES))


def canonical(type: str, value: str) -> str:
    """A value as it is usually written: "ALICE  SMITH" is Alice Smith, "4111-1111 1111 1111" has no hyphens."""
    tidy = " ".join(unicodedata.normalize("NFKC", value).split())
    if type == "EMAIL_ADDRESS":
        return tidy.lower()
    if type in _WRITTEN_FREELY:
        shouted_or_not = tidy == tidy.lower() or tidy == tidy.upper()
        return tidy.title() if shouted_or_not and type in NAME_TYPES else tidy
    return _BARE.sub("", fold(tidy)).upper() or tidy
