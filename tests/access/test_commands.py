"""`tradewind tenant`, `member`, `key` and `models grant`, as a person or a script calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tradewind.access.model import Right

TRADEWIND = [sys.executable, "-W", "error", "-m", "tradewind"]
PASSWORD = b"correct horse battery staple\n"


class Commands:
    """Calls the program in one workspace."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace

    def run(
        self, *arguments: str, stdin: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*TRADEWIND, "--workspace", str(self._workspace), *arguments],
            input=stdin,
            capture_output=True,
            timeout=120,
            env={**os.environ, "COLUMNS": "200", **environment},  # noqa: TID251 - a child inherits it
            check=False,
        )

    def json(self, *arguments: str, stdin: bytes = b"", **environment: str) -> Any:
        """The one document that a command prints; nothing may go wrong."""
        done = self.run(*arguments, "--json", stdin=stdin, **environment)
        assert (done.returncode, done.stderr) == (0, b""), done.stderr
        return json.loads(done.stdout)

    def refused(self, *arguments: str, stdin: bytes = b"") -> str:
        """The one line that says why a command did nothing."""
        done = self.run(*arguments, stdin=stdin)
        assert (done.returncode, done.stdout) == (2, b""), done.stdout
        (line,) = done.stderr.decode().splitlines()
        return line


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


def test_from_the_first_tenant_to_a_revoked_key(commands: Commands) -> None:
    assert commands.json("tenant", "list") == {"tenants": []}
    made = commands.json(
        "tenant", "create", "acme", "--region", "us", "--owner", "Ann@acme.example", stdin=PASSWORD
    )
    assert (made["tenant"], made["home"], made["owner"]["email"]) == ("acme", "us", "ann@acme.example")
    assert made["owner"]["password"] is True
    assert made["key"]["key"].startswith("tw_")
    assert made["key"]["rights"] == sorted(Right)

    bob = ("member", "add", "bob@acme.example", "--tenant", "acme", "--role", "analyst")
    assert commands.json(*bob, TRADEWIND_PASSWORD="staple battery horse")["role"] == "analyst"
    changed = commands.json("member", "role", "bob@acme.example", "--tenant", "acme", "--role", "auditor")
    assert changed["role"] == "auditor"
    assert commands.json("member", "password", "bob@acme.example", "--tenant", "acme", stdin=PASSWORD)[
        "password"
    ]
    listed = commands.json("member", "list", "--tenant", "acme")["members"]
    assert [member["email"] for member in listed] == ["ann@acme.example", "bob@acme.example"]
    assert commands.json("member", "remove", "bob@acme.example", "--tenant", "acme")["role"] == "auditor"

    options = (
        "--tenant",
        "acme",
        "--right",
        "models:predict",
        "--region",
        "us",
        "--expires",
        "90d",
        "--rate",
        "5",
    )
    key = commands.json("key", "create", "shop", *options)
    assert (key["rights"], key["regions"], key["rate_per_s"]) == (["models:predict"], ["us"], 5.0)
    assert key["expires"] > key["created"]
    assert commands.json("key", "revoke", key["prefix"], "--tenant", "acme")["revoked"] is not None
    states = [key["revoked"] is None for key in commands.json("key", "list", "--tenant", "acme")["keys"]]
    assert states == [True, False]

    assert commands.json("models", "grant", "banking", "--tenant", "acme")["tenants"] == ["acme"]
    shown = commands.json("tenant", "show", "acme")
    assert (shown["models"], shown["provider"], len(shown["members"])) == (["banking"], None, 1)
    assert commands.json("models", "grant", "banking", "--tenant", "acme", "--end")["tenants"] == []
    text = commands.run("tenant", "show", "acme").stdout.decode()
    assert "ann@acme.example  owner" in text
    assert "revoked" in text
    assert made["key"]["key"] not in text

    tail = commands.run("journal", "tail", "--tenant", "acme", "--region", "us", "--json").stdout.decode()
    kinds = [json.loads(line)["kind"] for line in tail.splitlines()]
    assert kinds[0] == "access.tenant_created"
    assert {"access.key_made", "access.key_revoked", "access.member_removed", "access.model_grant_ended"} <= {
        *kinds
    }


def test_for_people_a_key_stands_alone_on_standard_output(commands: Commands) -> None:
    done = commands.run("tenant", "create", "acme", "--owner", "a@a.example", "--no-password")
    assert done.returncode == 0
    assert done.stdout.startswith(b"tw_")
    assert done.stdout.count(b"\n") == 1
    assert b"shown this once" in done.stderr
    made = commands.run("key", "create", "shop", "--tenant", "acme", "--role", "analyst")
    assert made.stdout.startswith(b"tw_")


def test_what_cannot_be_is_said_in_one_line(commands: Commands) -> None:
    create = ("tenant", "create")
    assert "cannot name a tenant" in commands.refused(*create, "A!", "--owner", "a@a.example", stdin=PASSWORD)
    assert "no e-mail address" in commands.refused(*create, "acme", "--owner", "ann", stdin=PASSWORD)
    owner = ("acme", "--owner", "a@a.example")
    assert "12 to 256" in commands.refused(*create, *owner, stdin=b"short\n")
    assert "TRADEWIND_PASSWORD" in commands.refused(*create, *owner, stdin=b"")
    assert "there are: apac" in commands.refused(*create, *owner, "--region", "mars", stdin=PASSWORD)
    assert commands.json("tenant", "list") == {"tenants": []}
    assert "there are: none yet" in commands.refused("key", "list", "--tenant", "acme")
    commands.json(*create, *owner, "--no-password")
    assert "already" in commands.refused(*create, *owner, "--no-password")
    acme = ("--tenant", "acme")
    assert "without any right" in commands.refused("key", "create", "a", *acme)
    assert "90d, 12h, 30m" in commands.refused(
        "key", "create", "a", *acme, "--role", "agent", "--expires", "soon"
    )
    assert "no key" in commands.refused("key", "revoke", "tw_nothing", *acme)
    assert "is no member" in commands.refused("member", "remove", "zoe@z.example", *acme)
    assert "only owner" in commands.refused("member", "role", "a@a.example", *acme, "--role", "agent")
    assert "give --issuer" in commands.refused("tenant", "provider", "acme")
    provider = ("--issuer", "http://login.example.com", "--client-id", "x")
    assert "no provider's address" in commands.refused("tenant", "provider", "acme", *provider)
    assert "no tenant 'zeta'" in commands.refused("models", "grant", "banking", "--tenant", "zeta")
