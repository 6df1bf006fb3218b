"""Nothing is readable for longer than its market allows, and nothing goes before it must."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import pytest
from subjects import ACME, CHINA, CN, DE, EU, StillClock, ground, heard, say

from tradewind.core.ids import MarketId
from tradewind.journal.model import Body, Draft, Personal
from tradewind.markets.calendar import due
from tradewind.markets.load import load_markets
from tradewind.privacy.kinds import CATEGORIES, category_of
from tradewind.privacy.retention import keep_to, oldest_months
from tradewind.privacy.sealing import month_of

MARKETS = load_markets()
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Viewed(Body, kind="event.viewed_in_tests"):
    """Behaviour, kept for a shorter time than what was said."""

    what: Annotated[str | None, Personal] = None


@pytest.mark.parametrize("market", [one.id for one in MARKETS])
def test_no_month_is_older_than_the_limit_and_the_next_would_be_too_early(market: MarketId):
    place = MARKETS.get(market)
    months = oldest_months(place, NOW)
    for kind, oldest in months.items():
        limits = place.retention[kind]  # type: ignore[index]
        assert limits.most is not None
        before, first = (datetime(m // 12, m % 12 + 1, 1, tzinfo=UTC) for m in (oldest - 1, oldest))
        assert due(place, limits.most, before) <= NOW
        if limits.least is None:
            assert due(place, limits.most, first) > NOW
        else:
            assert due(place, limits.least, datetime(*_next(oldest), 1, tzinfo=UTC)) > NOW or (
                due(place, limits.most, first) > NOW
            )


def _next(month: int) -> tuple[int, int]:
    return (month + 1) // 12, (month + 1) % 12 + 1


def test_categories_are_those_of_the_markets():
    assert {kind for market in MARKETS for kind in market.retention} <= set(CATEGORIES)
    assert category_of("conversation.said") == "conversation"
    assert category_of("event.viewed") == "event"
    assert category_of("something.new") == "conversation"


@pytest.mark.timeout(120)
def test_months_go_one_by_one_and_each_kind_by_its_own_limit(tmp_path: Path):
    clock = StillClock(datetime(2024, 1, 10, tzinfo=UTC))
    with ground(tmp_path, clock=clock) as here:
        here.privacy.durable.start()
        old = say(here, "anna@example.com", "January 2024")
        here.journal.append_now(ACME, [Draft(Viewed(what="a card"), DE, old)])
        clock.go_on(timedelta(days=420))  # March 2025: behaviour of January 2024 is over its 13 months
        recent = say(here, "ben@example.com", "March 2025")
        assert here.privacy.retention.run(60)[EU] == 1
        assert heard(here) == {old: "January 2024", recent: "March 2025"}
        (viewed,) = here.journal.read(ACME, EU, kinds=[Viewed.kind])
        assert here.journal.open_body(viewed).model_dump()["what"] is None
        clock.go_on(timedelta(days=330))  # February 2026: over 24 months for the first, not for the second
        say(here, "anna@example.com", "February 2026")
        assert here.privacy.retention.run(60)[EU] >= 1
        read = [here.journal.open_body(one).model_dump()["text"] for one in here.journal.read(
            ACME, EU, kinds=["conversation.said_in_tests"]
        )]  # fmt: skip
        assert read == [None, "March 2025", "February 2026"]
        assert here.privacy.retention.run(60)[EU] == 0, "what is gone is not counted again"
        assert here.journal.verify(processes=1).sound
        kept = list(here.journal.read(ACME, EU, kinds=["privacy.retention_kept"]))
        assert [one.body["keys"] for one in kept] == [1, kept[1].body["keys"]]


def test_a_person_of_two_markets_has_the_shorter_limit(tmp_path: Path):
    clock = StillClock(datetime(2024, 1, 10, tzinfo=UTC))
    with ground(tmp_path, clock=clock) as here:
        subject = say(here, "anna@example.com", "from Germany")
        others = [one.id for one in MARKETS if one.region == EU and one.id != DE]
        shortest = {}
        for market in (DE, *others):
            here.privacy.subjects.met(ACME, EU, subject, market)
            shortest[market] = oldest_months(here.markets.get(market), datetime(2026, 1, 5, tzinfo=UTC))
        strictest = max(months["conversation"] for months in shortest.values())
        keep_to(
            here.databases,
            here.privacy.keys,
            here.journal,
            here.markets,
            EU,
            datetime(2026, 1, 5, tzinfo=UTC),
        )
        readable = strictest <= month_of(datetime(2024, 1, 10, tzinfo=UTC))
        assert heard(here) == {subject: "from Germany" if readable else None}


def test_another_region_keeps_to_its_own(tmp_path: Path):
    clock = StillClock(datetime(2020, 1, 10, tzinfo=UTC))
    with ground(tmp_path, clock=clock) as here:
        german, chinese = say(here, "anna@example.com", "eu"), say(here, "anna@example.com", "cn", CHINA)
        clock.go_on(timedelta(days=3650))
        keep_to(here.databases, here.privacy.keys, here.journal, here.markets, CN, clock.now())
        assert heard(here, CN) == {chinese: None}
        assert heard(here, EU) == {german: "eu"}
