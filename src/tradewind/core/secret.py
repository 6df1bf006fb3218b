"""Secrets are named in settings and tables, never written there: `env:NAME` or `file:PATH`."""

from __future__ import annotations

import os
from pathlib import Path

from tradewind.core.errors import ConfigError

PASSWORD_VARIABLE = "TRADEWIND_PASSWORD"
"""Read by commands that set a password, where nobody can be asked for one."""


def read_secret(reference: str) -> str:
    """The secret that a reference names.

    Raises:
        ConfigError: the reference is of another form, or what it names is not there or empty.
    """
    kind, _, name = reference.partition(":")
    if kind == "env":
        found = os.environ.get(name, "")  # noqa: TID251 - secrets come from the environment or from files
    elif kind == "file":
        try:
            found = Path(name).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise ConfigError(f"secret {reference!r:.200} cannot be read", hint="check the path") from error
    else:
        raise ConfigError("a secret is named by its place, not written down", hint="env:NAME or file:PATH")
    if not found:
        raise ConfigError(f"secret {reference!r:.200} is empty", hint="set the variable or fill the file")
    return found


def given_password() -> str | None:
    """The password in `TRADEWIND_PASSWORD`, if there is one."""
    return os.environ.get(PASSWORD_VARIABLE)  # noqa: TID251 - as above
