"""When persons are at work in a market, and clocks that run only then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tradewind.markets.calendar import DAY, is_business_day
from tradewind.markets.formats import local_time
from tradewind.markets.model import Market

LOOK_AHEAD_DAYS = 60
"""No calendar has as many days in a row without work."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when persons answer on business days, in the zone that the market counts its days in."""

    since: time = time(9)
    until: time = time(18)

    def are_open(self, market: Market, at: datetime) -> bool:
        """Whether somebody is at work at a moment."""
        local = local_time(market, at)
        return is_business_day(market, local.date()) and self.since <= local.time() < self.until

    def next_opening(self, market: Market, at: datetime) -> datetime:
        """The first moment from `at` on at which somebody is at work, UTC."""
        if self.are_open(market, at):
            return at.astimezone(UTC)
        local = local_time(market, at)
        day = local.date()
        for number in range(LOOK_AHEAD_DAYS):
            opening = self._moment(market, day + number * DAY, self.since)
            if opening >= at and is_business_day(market, day + number * DAY):
                return opening
        raise ValueError(f"market {market.id} has no business day within {LOOK_AHEAD_DAYS} days of {day}")

    def after(self, market: Market, at: datetime, wait: timedelta) -> datetime:
        """The moment at which `wait` has passed since `at`, counting only the time at work, UTC."""
        moment = self.next_opening(market, at)
        while True:
            closing = self._moment(market, local_time(market, moment).date(), self.until)
            if moment + wait <= closing:
                return moment + wait
            wait -= closing - moment
            moment = self.next_opening(market, closing)

    def _moment(self, market: Market, day: date, at: time) -> datetime:
        return datetime.combine(day, at, ZoneInfo(market.time_zones[0])).astimezone(UTC)
