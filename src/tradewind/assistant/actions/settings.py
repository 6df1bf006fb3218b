"""`actions.yaml` of a workspace: which system of the business does what flows call for."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, model_validator

from tradewind.core.errors import DataError
from tradewind.core.yaml_document import YamlDocument, read_yaml
from tradewind.packs.flow_file import Name, Part

FILE_NAME = "actions.yaml"

_PYTHON = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")


def _host(value: object) -> object:
    if not isinstance(value, str) or not value or any(c in value for c in "/@?#* ") or "://" in value:
        raise ValueError("a host, with its port where that is not 443: core.bank.example:8443")
    return value.lower()


class Binding(Part):
    """What does one action.

    Args:
        url: it is sent there by POST; or `python`: `module:function`, which is called with the call.
        timeout_s: how long an attempt may take.
        retries: further attempts, each after twice the pause before; only of actions that are `idempotent` or
            change nothing.
        idempotent: that a second call with the same `Idempotency-Key` does nothing again.
        secret: `env:NAME` or `file:PATH` of what is sent as `Authorization: Bearer`.
    """

    url: str | None = None
    python: str | None = Field(None, pattern=_PYTHON.pattern)
    timeout_s: float = Field(5.0, gt=0, le=60)
    retries: int = Field(2, ge=0, le=5)
    idempotent: bool = False
    secret: str | None = Field(None, pattern=r"^(env|file):.+$")

    @model_validator(mode="after")
    def _one_place(self) -> Binding:
        if (self.url is None) == (self.python is None):
            raise ValueError("exactly one of url and python")
        return self


class ActionSettings(Part):
    """The actions of a workspace.

    Args:
        hosts: the only ones that are ever called, with their port where that is not 443.
        sandbox: whether the pack's invented business does what is not named here.
    """

    hosts: tuple[Annotated[str, BeforeValidator(_host)], ...] = ()
    sandbox: bool = True
    actions: Mapping[Name, Binding] = Field(default_factory=dict)


def read_action_settings(file: Path) -> ActionSettings:
    """The settings in a file; defaults where there is none.

    Raises:
        DataError: the first fault, by line.
    """
    if not file.is_file():
        return ActionSettings()
    document = read_yaml(file, first_key="hosts")
    settings, problems = document.read_as(ActionSettings)
    if settings is not None:
        problems += _faults(document, settings)
    for problem in problems:
        raise problem
    assert settings is not None, "settings without a fault were read"
    return settings


def _faults(document: YamlDocument, settings: ActionSettings) -> Iterator[DataError]:
    for name, binding in settings.actions.items():
        if binding.url is not None and (fault := fault_of(binding.url, settings.hosts)):
            yield document.error(("actions", name, "url"), *fault)


def fault_of(url: str, hosts: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with an address, and what would be right; None where it may be called."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return f"{url!r:.100} is no address", "https://core.bank.example/transfers"
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.fragment:
        return f"{url!r:.100} is no address that can be called", "https://core.bank.example/transfers"
    if parts.scheme == "http" and not _is_here(host):
        return "the address is not encrypted", "https://…; http is for this machine alone"
    shown = f"[{host}]" if ":" in host else host
    named = shown if port is None else f"{shown}:{port}"
    if named not in hosts and not (port == 443 and shown in hosts):
        return f"host {named!r} is not among hosts", f"add {named} to hosts, or correct the address"
    return None


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
