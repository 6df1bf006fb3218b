"""What arrives is admitted under the law of its market, about a pseudonym, with consent, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from subjects import ACME, CHINA, CN, DE, EU, Ground, Said, ground, heard

from tradewind.core.errors import ConsentError, ForbiddenError, InputError, NotFoundError
from tradewind.core.ids import MarketId, TenantId
from tradewind.journal.databases import REACH
from tradewind.privacy.detect import Detector
from tradewind.privacy.guard import Envelope, Guard
from tradewind.privacy.model import PiiSpan
from tradewind.privacy.tokens import tenant_tokens

ANNA = "anna@example.com"
TEXT = "write to anna@example.com, please"


def guard_of(here: Ground, only: Sequence[MarketId] | None = None) -> Guard:
    def detect(market: MarketId, texts: Sequence[str]) -> list[list[PiiSpan]]:
        found = here.markets.get(market)
        country, languages = found.formats.phone_country, found.languages
        return Detector(market, None, country=country, languages=languages).detect(texts)

    privacy = here.privacy
    return Guard(
        here.markets,
        here.databases,
        privacy.subjects,
        privacy.consents,
        detect,
        lambda tenant, market: tenant_tokens(privacy.subjects, tenant, here.markets.region_of(market)),
        lambda _: only,
    )


@pytest.fixture
def guard(here: Ground) -> Guard:
    return guard_of(here)


def test_the_market_decides_region_and_law_and_the_entry_goes_there(here: Ground, guard: Guard):
    for market, region, law in ((DE, EU, "gdpr"), (CHINA, CN, "pipl")):
        admitted = guard.admit(Envelope(ACME, market, TEXT, ANNA))
        assert (admitted.region, admitted.law[0].id, admitted.content) == (region, law, TEXT)
        assert admitted.subject != ANNA
        here.journal.append_now(ACME, [admitted.draft(Said(channel="web", text=admitted.content))])
        assert heard(here, region) == {admitted.subject: TEXT}


def test_personal_data_is_found_and_redacted_as_asked(guard: Guard):
    plain = guard.admit(Envelope(ACME, DE, TEXT, ANNA))
    assert [span.type for span in plain.spans] == ["EMAIL_ADDRESS"]
    assert guard.admit(Envelope(ACME, DE, TEXT, ANNA, redact="placeholder")).content == (
        "write to <EMAIL_ADDRESS>, please"
    )
    assert ANNA not in guard.admit(Envelope(ACME, DE, TEXT, ANNA, redact="mask")).content
    tokens = {guard.admit(Envelope(ACME, DE, TEXT, redact="pseudonym")).content for _ in range(2)}
    assert len(tokens) == 1
    assert ANNA not in tokens.pop()


def test_somebodys_data_without_saying_whose_is_refused(guard: Guard):
    with pytest.raises(InputError, match="does not say whose"):
        guard.admit(Envelope(ACME, DE, TEXT))
    assert guard.admit(Envelope(ACME, DE, "the weather is fine")).subject is None


def test_consent_is_asked_for_before_use(here: Ground, guard: Guard):
    wanted = Envelope(ACME, DE, "an offer", ANNA, "marketing")
    with pytest.raises(ConsentError, match="did not agree"):
        guard.admit(wanted)
    assert here.privacy.subjects.markets(
        ACME, EU, guard.admit(Envelope(ACME, DE, "", ANNA)).subject or ""
    ) == [DE]  # type: ignore[arg-type]
    subject = guard.admit(Envelope(ACME, DE, "", ANNA)).subject
    assert subject is not None
    consents = here.privacy.consents
    consents.give(ACME, DE, subject, purpose="marketing", version="v1", language="de", by="k")
    admitted = guard.admit(wanted)
    assert admitted.consent is not None
    assert admitted.consent.version == "v1"
    consents.withdraw(ACME, DE, subject, purpose="marketing", by="k")
    with pytest.raises(ConsentError, match="took back"):
        guard.admit(wanted)


def test_a_market_that_is_unknown_or_not_the_tenants_is_refused(tmp_path: Path):
    with ground(tmp_path) as here:
        guard = guard_of(here, only=[DE])
        assert guard.admit(Envelope(ACME, DE, "hello")).market.id == DE
        with pytest.raises(ForbiddenError, match="no business"):
            guard.admit(Envelope(ACME, CHINA, "hello"))
        with pytest.raises(NotFoundError, match="atlantis"):
            guard.admit(Envelope(ACME, MarketId("atlantis"), "hello"))


def test_a_region_without_a_database_or_out_of_reach_is_refused(here: Ground, guard: Guard):
    with pytest.raises(NotFoundError, match="'us' has no database"):
        guard.admit(Envelope(ACME, MarketId("us"), "hello", ANNA))
    before = REACH.set(frozenset({EU}))
    try:
        with pytest.raises(ForbiddenError, match="'cn'"):
            guard.admit(Envelope(ACME, CHINA, "hello", ANNA))
    finally:
        REACH.reset(before)


def test_two_tenants_know_the_same_person_by_different_names(guard: Guard):
    one, other = (guard.admit(Envelope(TenantId(name), DE, "", ANNA)).subject for name in ("acme", "other"))
    assert one != other
