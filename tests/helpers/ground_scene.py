"""Two organisations with something to see in the console, and a server of them: `python ground_scene.py WORKSPACE`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from tradewind.access.model import Right, Role
from tradewind.core.ids import MarketId, RegionId, TenantId
from tradewind.core.settings import Settings
from tradewind.journal.model import Body, Draft, Personal
from tradewind.markets.load import SHIPPED
from tradewind.privacy.subjects import identifier_of
from tradewind.workspace import Ground, open_ground

ACME, OTHER = TenantId("acme"), TenantId("other")
EU, UK = RegionId("eu"), RegionId("uk")
DE, GB = MarketId("de"), MarketId("gb")
OWNER, AUDITOR, ENGINEER, AGENT = (f"{name}@acme.example" for name in ("olga", "adam", "erik", "agnes"))
PASSWORD = "correct horse battery"
ANNA = "anna@example.com"
SECRET_WORDS = "my card number is four two"
SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


def write_market(workspace: Path) -> None:
    """A market of the workspace's own whose name is a script."""
    shipped = (SHIPPED / "markets" / "nl.yaml").read_text(encoding="utf-8")
    folder = workspace / "markets"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nl.yaml").write_text(
        shipped.replace("name: Netherlands", f"name: {json.dumps(SCRIPT)}"), encoding="utf-8"
    )


class Said(Body, kind="scene.said"):
    """What a person said, and a remark that is nobody's."""

    text: Annotated[str, Personal]
    remark: str


@dataclass(frozen=True)
class Scene:
    """What a test needs to know of it."""

    workspace: Path
    subject: str


def fill(workspace: Path, *, entries: int = 3) -> Scene:
    """Make both organisations, with members, persons and entries."""
    write_market(workspace)
    with open_ground(Settings(workspace=workspace)) as ground:
        for tenant, owner in ((ACME, OWNER), (OTHER, "omar@other.example")):
            ground.access.tenants.create(tenant, home=EU, owner=owner, password=PASSWORD, by="test")
        for email, role in ((AUDITOR, Role.AUDITOR), (ENGINEER, Role.ENGINEER), (AGENT, Role.AGENT)):
            ground.access.members.add(ACME, email, role, password=PASSWORD, by="test")
        ground.access.keys.make(OTHER, "key of other", frozenset({Right.MODELS_READ}), by="test")
        subject = say(ground, ACME, ANNA, [f"remark {number}" for number in range(entries)])
        say(ground, ACME, ANNA, [SCRIPT])
        say(ground, OTHER, ANNA, ["this is of the other organisation"])
        ground.privacy.consents.give(
            ACME, DE, subject, purpose="marketing", version="2026-11", language="de", by="test"
        )
        ground.journal.checkpoint(ACME, EU)
    return Scene(workspace, subject)


def say(ground: Ground, tenant: TenantId, person: str, remarks: list[str]) -> str:
    """Record what a person said in Germany; their pseudonym."""
    subjects = ground.privacy.subjects
    subject = subjects.pseudonym(tenant, EU, identifier_of(person, "DE"))
    subjects.met(tenant, EU, subject, DE)
    drafts = [Draft(Said(text=SECRET_WORDS, remark=remark), DE, subject) for remark in remarks]
    ground.journal.append_now(tenant, drafts)
    return subject


if __name__ == "__main__":
    import serve_tiny

    serve_tiny.main()
