"""Where keys lie on this machine: a private file that grows by rotation, or the environment."""

from __future__ import annotations

import base64
import binascii
import contextlib
import fcntl
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tradewind.core.errors import ConfigError
from tradewind.core.files import storage_errors

KEY_BYTES = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Keys:
    """AES-256 keys by id; `current` wraps, the others only unwrap."""

    current: str
    by_id: Mapping[str, bytes]


class KeyRing(Protocol):
    """Keys that can be read, added to, and cut down to the current one."""

    where: str

    def read(self) -> Keys: ...

    def add(self) -> str: ...

    def keep_current(self) -> None: ...


class FileKeys:
    """A JSON file of mode 0600, made at first use.

    Raises:
        ConfigError: others may read it, or it holds no keys. StorageError: it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = str(path)
        self._read: tuple[tuple[int, int], Keys] | None = None

    def read(self) -> Keys:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return self._make()
        state = (found.st_mtime_ns, found.st_ino)
        if self._read is None or self._read[0] != state:
            if found.st_mode & OTHERS:
                raise ConfigError(f"{self.path}: others may read this key", hint=f"chmod 600 {self.path}")
            self._read = state, self._parse()
        return self._read[1]

    def add(self) -> str:
        self.read()
        with self._alone():
            keys = self._parse()
            name, key = _new_key()
            self._write(Keys(name, {**keys.by_id, name: key}))
            return name

    def keep_current(self) -> None:
        with self._alone():
            keys = self._parse()
            self._write(Keys(keys.current, {keys.current: keys.by_id[keys.current]}))

    def _make(self) -> Keys:
        with storage_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            if not self.path.exists():  # else another process was first
                name, key = _new_key()
                self._write(Keys(name, {name: key}))
        return self._parse()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        lock = self.path.with_name(f".{self.path.name}.lock")
        with storage_errors(lock), lock.open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _write(self, keys: Keys) -> None:
        content = {
            "current": keys.current,
            "keys": {name: base64.b64encode(key).decode() for name, key in keys.by_id.items()},
        }
        with storage_errors(self.path):
            handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
            try:
                with os.fdopen(handle, "wb") as file:  # mkstemp's mode is 0600
                    file.write(json.dumps(content, indent=2).encode() + b"\n")
                    file.flush()
                    os.fsync(file.fileno())
                Path(temporary).replace(self.path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise

    def _parse(self) -> Keys:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            keys = {str(name): _key_of(text) for name, text in content["keys"].items()}
            current = str(content["current"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigError(f"{self.path}: holds no keys: {error}", hint="bring back the file") from error
        if current not in keys:
            raise ConfigError(f"{self.path}: the current key {current!r:.40} is not in it")
        return Keys(current, keys)


class EnvironmentKeys:
    """`NAME` holds 32 bytes in base64; `NAME_PREVIOUS` those that it replaced, separated by commas."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.where = f"the environment variable {name}"

    def read(self) -> Keys:
        current = self._of(self.name)
        if not current:
            raise ConfigError(
                f"{self.name} holds no key", hint=f'{self.name}="$(head -c 32 /dev/urandom | base64)"'
            )
        keys = [*current, *self._of(f"{self.name}_PREVIOUS")]
        by_id = {hashlib.sha256(b"tradewind key id" + key).hexdigest()[:16]: key for key in keys}
        return Keys(next(iter(by_id)), by_id)

    def add(self) -> str:
        """The environment is changed outside; what is current there now is the key to go over to."""
        return self.read().current

    def keep_current(self) -> None:
        """Nothing to do here: whoever set the variable takes the old key out of it."""

    def _of(self, name: str) -> list[bytes]:
        text = os.environ.get(name, "")  # noqa: TID251 - a key's place is named by a setting, it is none itself
        try:
            return [_key_of(part) for part in text.split(",") if part.strip()]
        except ValueError as error:
            raise ConfigError(f"{name}: {error}", hint="32 random bytes in base64") from error


def _new_key() -> tuple[str, bytes]:
    return os.urandom(8).hex(), os.urandom(KEY_BYTES)


def _key_of(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise ValueError("a key is not in base64") from error
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {len(key)} bytes where {KEY_BYTES} are needed")
    return key
