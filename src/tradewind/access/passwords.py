"""Passwords: argon2id, and the same time for whoever is not here."""

from __future__ import annotations

import threading
from functools import cache

from tradewind.core.errors import InputError

SHORTEST, LONGEST = 12, 256
AT_ONCE = threading.BoundedSemaphore(2)
"""Each verification takes 64 MiB: a flood of sign-ins must not take the machine's memory."""


def hash_password(password: str) -> str:
    """The argon2id hash, with its salt and parameters (RFC 9106, second choice: 64 MiB, 3 passes, 4 lanes).

    Raises:
        InputError: it is shorter than 12 or longer than 256 characters.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            f"a password of {len(password)} characters",
            hint=f"{SHORTEST} to {LONGEST}: a short sentence is good",
        )
    with AT_ONCE:
        return str(_hasher().hash(password.encode("utf-8", "surrogatepass")))


def password_fits(password: str, hashed: str | None) -> bool:
    """Whether it is the password; without a hash it takes as long and is never."""
    from argon2.exceptions import InvalidHashError, VerificationError

    known = hashed is not None
    candidate = password[:LONGEST].encode("utf-8", "surrogatepass")
    with AT_ONCE:
        try:
            _hasher().verify(hashed or _nobodys_hash(), candidate)
        except (VerificationError, InvalidHashError):
            return False
    return known and len(password) <= LONGEST


@cache
def _hasher():  # type: ignore[no-untyped-def]
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)


@cache
def _nobodys_hash() -> str:
    return str(_hasher().hash("nobody's"))
