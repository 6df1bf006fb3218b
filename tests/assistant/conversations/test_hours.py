"""Clocks that run only while persons are at work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.assistant.conversations.hours import Hours
from tradewind.core.ids import MarketId
from tradewind.markets import load_markets

MARKETS = load_markets()
GERMANY, CHINA, JAPAN = (MARKETS.get(MarketId(name)) for name in ("de", "cn", "jp"))
HOURS = Hours()
MOMENTS = st.integers(0, 500 * 24 * 60).map(lambda minutes: at("2026-01-01") + timedelta(minutes=minutes))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("market", "moment", "opens"),
    [
        (GERMANY, "2026-11-25T12:00", "2026-11-25T12:00"),
        (GERMANY, "2026-11-25T05:00", "2026-11-25T08:00"),
        (GERMANY, "2026-11-25T17:00", "2026-11-26T08:00"),
        (GERMANY, "2026-11-27T17:00", "2026-11-30T08:00"),
        (GERMANY, "2026-12-24T18:00", "2026-12-28T08:00"),  # two days of Christmas, then a weekend
        (CHINA, "2026-10-01T03:00", "2026-10-08T01:00"),  # the golden week
        (JAPAN, "2026-11-23T03:00", "2026-11-24T00:00"),  # labour thanksgiving day
    ],
)
def test_the_next_opening_heeds_zone_weekend_and_holidays(market, moment, opens):
    assert HOURS.next_opening(market, at(moment)) == at(opens)


@given(MOMENTS, st.integers(0, 60 * 24 * 3))
def test_a_wait_counts_time_at_work_only(moment, minutes):
    wait = timedelta(minutes=minutes)
    due = HOURS.after(GERMANY, moment, wait)
    assert due >= moment + wait
    step = timedelta(minutes=1)
    counted = sum(
        HOURS.are_open(GERMANY, moment + number * step) for number in range(0, int((due - moment) / step), 30)
    )
    assert abs(counted * 30 - minutes) <= 30 * (2 + (due - moment).days * 2)


@given(MOMENTS)
def test_an_opening_is_open(moment):
    assert HOURS.are_open(GERMANY, HOURS.next_opening(GERMANY, moment))
