"""The key that checkpoints are signed with: Ed25519, made at the first use, kept in a file of the owner alone."""

from __future__ import annotations

import contextlib
import os
import secrets
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from tradewind.core.errors import InputError
from tradewind.core.files import storage_errors

FILE_NAME = "journal.pem"


class Verifier:
    """A public key."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        self.id = sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]

    def accepts(self, content: bytes, signature: bytes) -> bool:
        """Whether this key's owner signed the content."""
        try:
            self._key.verify(signature, content)
        except InvalidSignature:
            return False
        return True

    def pem(self) -> bytes:
        """The key for others to verify with."""
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class Signer(Verifier):
    """A private key in `folder`, made when it is not there yet.

    Raises:
        InputError: the file holds no Ed25519 key. StorageError: it cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / FILE_NAME
        if not path.exists():
            _make(path)
        with storage_errors(path):
            content = path.read_bytes()
        try:
            key = load_pem_private_key(content, None)
        except (ValueError, TypeError) as error:
            raise InputError(
                f"{path}: not a private key in PEM form", hint="restore it from a copy"
            ) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise InputError(f"{path}: not an Ed25519 key", hint="restore it from a copy")
        self._private = key
        super().__init__(key.public_key())

    def sign(self, content: bytes) -> bytes:
        """The signature of content, 64 bytes."""
        return self._private.sign(content)


def read_public(path: Path) -> Verifier:
    """A public key in PEM form.

    Raises:
        InputError: the file is missing or holds something else.
    """
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: no public key: {error}", hint="the file that `tradewind journal checkpoint --key` wrote"
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(f"{path}: not an Ed25519 key")
    return Verifier(key)


def _make(path: Path) -> None:
    """Two processes may start together: the first to link its file into place wins, both then read it."""
    content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(temporary, path)
        finally:
            temporary.unlink()
