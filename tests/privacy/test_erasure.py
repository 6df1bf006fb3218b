"""A person who is erased cannot be read again, anywhere, and everybody can see that it was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from subjects import ACME, DE, EU, Ground, Said, ground

from tradewind.core.ids import SubjectId
from tradewind.journal.model import Draft
from tradewind.privacy.subjects import identifier_of

ANNA = "Anna.Schmidt@example.com"
SECRET = "my card 4929 1234 was stolen in Antwerp"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    make: Callable[[], str] | None = None
    if request.param == "postgresql":
        make = request.getfixturevalue("postgres_database")
    with ground(tmp_path, make=make) as opened:
        opened.privacy.durable.start()
        yield opened


def say(here: Ground, who: str, text: str, market=DE) -> SubjectId:
    region = here.markets.region_of(market)
    subject = here.privacy.subjects.pseudonym(ACME, region, identifier_of(who, None))
    here.privacy.subjects.met(ACME, region, subject, market)
    here.journal.append_now(ACME, [Draft(Said(channel="web", text=text), market, subject)])
    return subject


def test_an_erased_person_reads_none_and_the_chain_stays_valid(here: Ground):
    anna = say(here, ANNA, SECRET)
    ben = say(here, "ben@example.com", "hello")
    request = here.privacy.erasures.begin(ACME, DE, [ANNA])
    request = here.privacy.erasures.wait(ACME, request, timeout_s=30)
    assert request.done is not None
    said = {e.subject: here.journal.open_body(e).text for e in here.journal.read(ACME, EU, kinds=[Said.kind])}
    assert said == {anna: None, ben: "hello"}
    assert here.journal.verify(ACME, processes=1).sound
    (entry,) = here.journal.read(ACME, EU, kinds=["privacy.erased"])
    assert entry.subject == anna
    assert entry.body["keys"] == 1
