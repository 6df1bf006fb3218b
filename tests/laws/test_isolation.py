"""No request reaches another tenant's data, or data of a region that its key is not of: on every route.

Requests are made from the contract, so a route that is added tomorrow is held to this law too. What others could guess
(ids of members, keys, entries, subjects, requests, models, tenants) is put wherever a text may stand.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core import NOT_SET

from tradewind.core.settings import Settings
from tradewind.server import create_app

pytestmark = pytest.mark.filterwarnings(
    "ignore::hypothesis.errors.HypothesisDeprecationWarning"  # schemathesis draws its first case by `random`
)

BOUNDED = 12
CONTRACT = create_app(
    Settings(workspace=Path(tempfile.gettempdir()) / "nowhere"), console=False
).app.openapi()
SCHEMA = schemathesis.openapi.from_dict(CONTRACT)
ROUTES = [
    (method.upper(), path) for path, operations in CONTRACT["paths"].items() for method in sorted(operations)
]
PLACES = ["acme", "beta", "eu", "us", "de", "shared", "local", "*", "%", "' OR '1'='1", "test.law_noted"]


@pytest.mark.parametrize("reach", ["all", "eu"])
@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda value: str(value))
def test_nothing_of_another_tenant_or_region_is_in_any_answer(installation, examples, method, path, reach):
    mine, theirs = installation.acme, installation.beta
    secrets = [secret for of in theirs.secrets.values() for secret in of]
    if reach != "all":
        secrets += [
            secret for region, of in mine.secrets.items() if region not in ("", reach) for secret in of
        ]
    guesses = PLACES + theirs.ids

    @settings(
        max_examples=examples(BOUNDED),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        case = data.draw(SCHEMA[path][method].as_strategy())
        guess = st.sampled_from(guesses)
        case.path_parameters = {name: data.draw(guess) for name in case.path_parameters or {}}
        case.query = data.draw(_guessed(case.query or {}, guess))
        if case.body is not NOT_SET:
            case.body = data.draw(_guessed(case.body, guess))
        case.headers = {}
        extra = data.draw(st.sampled_from([{}, {"tenant": "beta"}, {"region": "us"}, {"market": "us"}]))
        posing = data.draw(st.sampled_from([{}, {"X-Tenant": "beta"}, {"X-Forwarded-For": "127.0.0.1"}]))
        sent = json.dumps([case.path_parameters, case.query, str(case.body), extra], default=str)
        answer = case.call(
            base_url=installation.address,
            headers={"Authorization": f"Bearer {mine.keys[reach]}", **posing},
            params={**(case.query or {}), **extra},
        )
        got = answer.content.decode("utf-8", "replace") + str(answer.headers)
        assert answer.status_code < 500 or answer.status_code in (503, 504), got
        found = [secret for secret in secrets if secret in got]
        learnt = [one for one in theirs.ids if one in got and one not in sent]
        assert not found, f"{method} {case.formatted_path}: {found}"
        assert not learnt, f"{method} {case.formatted_path}: {learnt}"

    holds()


def _guessed(value: Any, guess: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """The same document with some of its texts replaced by guesses."""
    if isinstance(value, dict):
        return st.fixed_dictionaries({name: _guessed(each, guess) for name, each in value.items()})
    if isinstance(value, list):
        return st.tuples(*(_guessed(each, guess) for each in value)).map(list)
    return st.one_of(st.just(value), guess) if isinstance(value, str) else st.just(value)


@pytest.mark.parametrize("who", ["acme", "beta"])
def test_each_tenant_does_see_its_own(installation, who):
    """What the law looks for is really there: otherwise it would hold of an empty house."""
    owner = getattr(installation, who)
    with installation.ask(owner.keys["all"]) as http:
        seen = "".join(
            http.get(path).text
            for path in (
                "/v1/members",
                "/v1/keys",
                "/v1/models",
                "/v1/subjects/requests",
                "/v1/journal/entries?region=eu&limit=1000&order=oldest",
                "/v1/journal/entries?region=us&limit=1000&order=oldest",
                "/v1/inbox",
                *(f"/v1/inbox/{id}/messages" for id in owner.conversations),
            )
        )
    for secret in (secret for of in owner.secrets.values() for secret in of):
        assert secret in seen
    for one in owner.ids:
        assert one in seen


def test_a_key_of_one_region_sees_that_region_and_no_other(installation):
    mine = installation.acme
    with installation.ask(mine.keys["eu"]) as http:
        assert mine.secrets["eu"][0] in http.get("/v1/journal/entries?region=eu&kind=test.law_noted").text
        for query in ("region=us", "market=us"):
            refused = http.get(f"/v1/journal/entries?{query}")
            assert (refused.status_code, refused.json()["type"]) == (403, "urn:tradewind:problem:forbidden")
        elsewhere = {"market": "us", "subject": "a@b.example", "purpose": "news", "granted": True}
        given = http.post("/v1/subjects:consent", json=elsewhere | {"version": "1", "language": "en"})
        assert given.status_code == 403
    with installation.ask(mine.keys["us"]) as http:
        assert mine.secrets["us"][0] in http.get("/v1/journal/entries?region=us&kind=test.law_noted").text


def test_no_list_of_one_tenant_grows_by_what_another_does(installation):
    """Counts and hashes tell too: a chain of one tenant has nothing of another in it."""
    with installation.ask(installation.acme.keys["all"]) as http:
        found = http.get("/v1/journal/verification?region=us").json()
    assert (found["sound"], found["problems"]) == (True, [])
    with installation.ask(installation.beta.keys["all"]) as http:
        http.post("/v1/keys", json={"label": "another", "rights": ["models:read"]})
    with installation.ask(installation.acme.keys["all"]) as http:
        assert http.get("/v1/journal/verification?region=us").json()["entries"] == found["entries"]
