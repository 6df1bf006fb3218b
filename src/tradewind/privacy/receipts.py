"""Signed statements: Ed25519 over canonical JSON, so that anybody can check them later without this installation.

The key is the one that signs the journal's checkpoints; what is signed begins with a line that no checkpoint has.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tradewind.core.errors import IntegrityError
from tradewind.journal.signing import Signer, Verifier

HEAD = b"tradewind privacy statement 1\n"

Statement = Mapping[str, Any]


def sign(signer: Signer, statement: Statement) -> dict[str, Any]:
    """The statement with its signature and the public key that checks it."""
    return {
        "statement": dict(statement),
        "signature": base64.b64encode(signer.sign(canonical(statement))).decode(),
        "public_key": signer.pem().decode(),
    }


def verify(signed: Mapping[str, Any], trusted: Verifier | None = None) -> dict[str, Any]:
    """The statement of a signed document.

    Args:
        trusted: whose signature it must be; that of the document's own key when None, which says no more than
            that it was not changed since.

    Raises:
        IntegrityError: it was changed, is none, or is somebody else's.
    """
    try:
        statement = dict(signed["statement"])
        signature = base64.b64decode(signed["signature"], validate=True)
        key = load_pem_public_key(signed["public_key"].encode())
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("its key is not Ed25519")
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise IntegrityError(
            "this is no signed receipt", hint="it has statement, signature and public_key"
        ) from error
    given = Verifier(key)
    if trusted is not None and given.id != trusted.id:
        raise IntegrityError(
            f"the receipt was signed by another key: {given.id}", hint=f"not by {trusted.id}"
        )
    if not given.accepts(canonical(statement), signature):
        raise IntegrityError("the receipt was changed after it was signed", hint="ask for it again")
    return statement


def canonical(statement: Statement) -> bytes:
    """The bytes that are signed: a line that says what this is, then JSON with sorted keys, no spaces, UTF-8."""
    text = json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return HEAD + text.encode("utf-8", "surrogatepass")
