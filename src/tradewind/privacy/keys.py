"""Region keys: each region's key-encryption key, which wraps the keys of its subjects and never leaves its service.

Three homes for it: a file (made at first use), an environment variable, or a key management service through
`KeyService`. Whoever has a region's database without its key has ciphertext.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tradewind.core.errors import ConfigError, IntegrityError, NotFoundError, TradewindError
from tradewind.core.ids import RegionId
from tradewind.privacy.key_files import EnvironmentKeys, FileKeys, KeyRing

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A key under another: which key of the service it was, and the ciphertext."""

    key_id: str
    content: bytes


class KeyService(Protocol):
    """What a key management service must do. `kms:PACKAGE.MODULE:NAME` names a function (region, folder) -> one."""

    def current(self) -> str:
        """Id of the key that wraps now."""
        ...

    def wrap(self, key: bytes, bound_to: bytes) -> Wrapped:
        """A key under the current one; `bound_to` is authenticated with it."""
        ...

    def unwrap(self, wrapped: Wrapped, bound_to: bytes) -> bytes:
        """The key again.

        Raises:
            IntegrityError: the key that wrapped it is not there, or it was wrapped for something else.
        """
        ...

    def rotate(self) -> str:
        """Make the next key current, keeping the others for what they wrapped; its id."""
        ...

    def retire_others(self) -> None:
        """Forget every key but the current one: they wrap nothing any more."""
        ...


class LocalKeys:
    """A `KeyService` over a ring of keys on this machine: a file or the environment."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def current(self) -> str:
        return self._ring.read().current

    def wrap(self, key: bytes, bound_to: bytes) -> Wrapped:
        keys = self._ring.read()
        nonce = os.urandom(NONCE_BYTES)
        content = nonce + AESGCM(keys.by_id[keys.current]).encrypt(nonce, key, bound_to)
        return Wrapped(keys.current, content)

    def unwrap(self, wrapped: Wrapped, bound_to: bytes) -> bytes:
        found = self._ring.read().by_id.get(wrapped.key_id)
        if found is None:
            raise IntegrityError(
                f"key {wrapped.key_id} is not in {self._ring.where}", hint="bring back the key that was there"
            )
        nonce, content = wrapped.content[:NONCE_BYTES], wrapped.content[NONCE_BYTES:]
        try:
            return AESGCM(found).decrypt(nonce, content, bound_to)
        except InvalidTag:
            raise IntegrityError(
                "a wrapped key is not as it was written, or belongs to somebody else",
                hint="restore the region's database and its key from the same time",
            ) from None

    def rotate(self) -> str:
        return self._ring.add()

    def retire_others(self) -> None:
        self._ring.keep_current()


def file_service(region: RegionId, folder: Path) -> KeyService:
    """The reference implementation of a key management service: `kms:tradewind.privacy.keys:file_service`."""
    return LocalKeys(FileKeys(folder / f"{region}.kms"))


class RegionKeys:
    """The key services of an installation, by region."""

    def __init__(self, services: Mapping[RegionId, KeyService]) -> None:
        self._services = dict(services)

    def of(self, region: RegionId) -> KeyService:
        """A region's key service.

        Raises:
            NotFoundError: none is set for this region.
        """
        try:
            return self._services[region]
        except KeyError:
            raise NotFoundError(f"region {region!r} has no key", hint=f"set [regions.{region}] key") from None

    @property
    def regions(self) -> tuple[RegionId, ...]:
        """The regions that have a key, in order."""
        return tuple(sorted(self._services))


def open_region_keys(named: Mapping[RegionId, str | None], folder: Path) -> RegionKeys:
    """Key services by what the settings name.

    Args:
        named: by region `file:PATH`, `env:NAME`, `kms:PACKAGE.MODULE:NAME`; None is a file in `folder`.
        folder: where the keys of an installation without settings live.

    Raises:
        ConfigError: a value names none of these, or what it names is not there.
    """
    return RegionKeys({region: _service(region, value, folder) for region, value in named.items()})


def _service(region: RegionId, named: str | None, folder: Path) -> KeyService:
    if named is None:
        return LocalKeys(FileKeys(folder / f"{region}.key"))
    kind, _, rest = named.partition(":")
    if kind == "file" and rest:
        return LocalKeys(FileKeys(Path(rest).expanduser()))
    if kind == "env" and rest:
        return LocalKeys(EnvironmentKeys(rest))
    if kind == "kms" and rest:
        return _external(region, rest, folder)
    raise ConfigError(
        f"regions.{region}.key: {kind!r:.40} is no place for a key",
        hint="file:PATH, env:NAME or kms:PACKAGE.MODULE:NAME",
    )


def _external(region: RegionId, named: str, folder: Path) -> KeyService:
    module, _, name = named.partition(":")
    try:
        make = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"regions.{region}.key: kms:{named} cannot be imported: {error}", hint="kms:PACKAGE.MODULE:NAME"
        ) from error
    try:
        service = make(region, folder)
    except TradewindError:
        raise
    except Exception as error:
        raise ConfigError(f"regions.{region}.key: kms:{named} did not open: {error}") from error
    missing = [
        verb
        for verb in ("current", "wrap", "unwrap", "rotate", "retire_others")
        if not hasattr(service, verb)
    ]
    if missing:
        raise ConfigError(
            f"regions.{region}.key: kms:{named} lacks {', '.join(missing)}", hint="see KeyService"
        )
    return cast(KeyService, service)
