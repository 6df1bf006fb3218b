"""Signatures of webhooks as the Standard Webhooks specification (1.0) has them, so that receivers need no code of ours.

signed = id + "." + timestamp + "." + body; signature = "v1," + base64(HMAC-SHA256(secret, signed)).
The timestamp is inside, so an old delivery cannot be sent again later; the id is, so a receiver can tell repetitions.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from datetime import datetime

from tradewind.core.errors import SignInError

PREFIX = "whsec_"
SECRET_BYTES = 32
TOLERANCE_S = 300
"""How old or how far ahead a timestamp may be."""
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def new_secret() -> bytes:
    """A secret of a webhook."""
    return os.urandom(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """The secret as its receiver is told it: `whsec_BASE64`."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(secret: bytes, delivery: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a delivery, sent now."""
    at = str(int(now.timestamp()))
    return {ID: delivery, TIMESTAMP: at, SIGNATURE: _signature(secret, delivery, at, body)}


def verify(secret: str, given: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Check a delivery as a receiver does; its id, by which the receiver tells a repetition.

    Args:
        secret: `whsec_…`. given: the request's headers, in lower case.

    Raises:
        SignInError: a header is missing, the time is not now, or the signature is another's.
    """
    try:
        delivery, at, signatures = given[ID], given[TIMESTAMP], given[SIGNATURE]
        key, sent = base64.b64decode(secret.removeprefix(PREFIX), validate=True), int(at)
    except (KeyError, ValueError, binascii.Error) as error:
        raise SignInError("a webhook without its three headers") from error
    if abs(now.timestamp() - sent) > TOLERANCE_S:
        raise SignInError("a webhook of another time", hint=f"at most {TOLERANCE_S} s old")
    wanted = _signature(key, delivery, at, body).encode()
    if not any(hmac.compare_digest(wanted, each.encode()) for each in signatures.split()):
        raise SignInError("a webhook that somebody else has signed")
    return delivery


def _signature(secret: bytes, delivery: str, at: str, body: bytes) -> str:
    signed = f"{delivery}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
