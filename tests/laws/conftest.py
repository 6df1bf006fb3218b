"""One served installation with two tenants, each with data of its own in two regions."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest
import tiny
from served import serving

from tradewind.access.model import Right
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.core.settings import Settings
from tradewind.journal.model import Body, Draft
from tradewind.nlp.runtime import versions
from tradewind.workspace import Ground

ALL = frozenset(Right)
OFTEN = 1e6
MARKETS = {"eu": "de", "us": "us"}


class Noted(Body, kind="test.law_noted"):
    """What the test put there."""

    note: str


@dataclass(frozen=True)
class Owned:
    """One tenant: what only it may see, and what others may guess.

    Args:
        keys: its API key by what it reaches: `all` regions, or one of them.
        secrets: by region, texts that stand in its data; `` for what belongs to no region.
        ids: what names its things: others may send them, and must learn nothing.
        conversations: those of its customers, which are among the ids too.
    """

    name: str
    keys: dict[str, str]
    secrets: dict[str, list[str]]
    ids: list[str]
    conversations: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Installation:
    """A server, and who uses it."""

    address: str
    acme: Owned
    beta: Owned

    def ask(self, key: str) -> httpx.Client:
        """A client that sends a key."""
        return httpx.Client(base_url=self.address, headers={"Authorization": f"Bearer {key}"}, timeout=60)


@pytest.fixture(scope="module")  # a process executes the durable work of one installation at a time
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Two tenants in two regions, each with members, keys, a model, entries, consents and a request."""
    folder = tmp_path_factory.mktemp("laws")
    settings = Settings(workspace=folder / "workspace")
    for name in ("shared", "acme-own", "beta-own"):
        versions.install(settings.models, tiny.write_model(folder / name, name=name))
        versions.promote(settings.models, name, "1")
    ground = Ground(settings)
    owned = [_settle(ground, name, home) for name, home in (("acme", "eu"), ("beta", "us"))]
    with serving(settings) as address:
        installed = Installation(address, *owned)
        for owner in owned:
            _befriend(installed, owner)
        yield installed
    ground.close()


def _settle(ground: Ground, name: str, home: str) -> Owned:
    tenant = TenantId(name)
    secrets: dict[str, list[str]] = {
        "": [f"owner-of-{name}@secret.example", f"label secret {name}"],
        "eu": [],
        "us": [],
    }
    ground.access.tenants.create(
        name, home=RegionId(home), owner=secrets[""][0], password=None, by="operator"
    )
    ground.access.grants.grant(tenant, f"{name}-own", by="operator")
    keys = {}
    ids = [f"{name}-own"]
    for reach in ("all", "eu", "us"):
        regions = None if reach == "all" else frozenset({RegionId(reach)})
        made, keys[reach] = ground.access.keys.make(
            tenant, secrets[""][1], ALL, by="operator", regions=regions, rate_per_s=OFTEN
        )
        ids += [made.id, made.prefix]
    ids.append(ground.access.members.all(tenant)[0].id)
    for region, market in MARKETS.items():
        note = f"noted secret {name} {region}"
        secrets[region].append(note)
        subject = SubjectId(f"s-{name}-{region}")
        drafts = [Draft(Noted(note=note), market=MarketId(market), subject=subject) for _ in range(3)]
        receipts = ground.journal.append_now(tenant, drafts)
        ids += [
            str(subject),
            *(receipt.id for receipt in receipts),
            *(receipt.hash.hex() for receipt in receipts),
        ]
    return Owned(name, keys, secrets, ids)


def _befriend(installed: Installation, owner: Owned) -> None:
    """Persons of the tenant agree to something and ask for their data."""
    numbers = itertools.count()
    with installed.ask(owner.keys["all"]) as http:
        for region, market in MARKETS.items():
            person = f"person{next(numbers)}@{owner.name}.example"
            purpose = f"purpose-{owner.name}-{region}"
            body = {"market": market, "subject": person, "purpose": purpose, "granted": True}
            given = http.post("/v1/subjects:consent", json=body | {"version": "1", "language": "en"})
            assert given.status_code == 200, given.text
            owner.secrets[region].append(purpose)
            asked = http.post("/v1/subjects:export", json={"market": market, "subjects": [person]})
            assert asked.status_code == 200, asked.text
            owner.ids.append(asked.json()["request"]["id"])
            _converse(http, owner, region, market)


def _converse(http: httpx.Client, owner: Owned, region: str, market: str) -> None:
    """A customer of the tenant has a conversation, which an agent has taken."""
    begun = http.post("/v1/conversations", json={"market": market, "key": f"key-{owner.name}-{region}"})
    assert begun.status_code == 201, begun.text
    said = f"said secret {owner.name} {region}"
    path = f"/v1/inbox/{begun.json()['id']}"
    for step, body in ((":take", None), (":say", {"text": said}), (":note", {"text": f"note: {said}"})):
        done = http.post(f"{path}{step}", json=body)
        assert done.status_code == 200, done.text
    owner.secrets[region].append(said)
    owner.ids.append(begun.json()["id"])
    owner.conversations.append(begun.json()["id"])


@pytest.fixture(scope="session")
def examples(request: pytest.FixtureRequest) -> Callable[[int], int]:
    """How many examples of each route: the bounded number, or `--examples`."""
    wanted = request.config.getoption("--examples")
    return lambda bounded: bounded if wanted is None else int(wanted)
