"""The journal explorer: entries newest first, narrowed by kind, market, subject and day, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from nicegui import ui

from tradewind.access.model import Principal, Right
from tradewind.console.acting import ask, may_open
from tradewind.console.frame import page, piece, render
from tradewind.console.sections import JOURNAL
from tradewind.console.verification import show_verification
from tradewind.core.errors import InputError, TradewindError
from tradewind.core.ids import MarketId, RegionId, SubjectId
from tradewind.journal.encode import microseconds, moment
from tradewind.journal.model import Entry, Lane, Place, kinds
from tradewind.journal.present import sealed_fields
from tradewind.workspace import Ground

PAGE = 50
REFRESH_S = 5.0
SUMMARY = 120
_CURSOR = re.compile(r"([0-9]{1,17})\.([0-9]{1,9})\.([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """What the explorer's form asks for, as it stands in the address; empty means any.

    Args:
        region: where to look; a market's own when one is named. since, until: days, both included.
        cursor: where the page before ended.
    """

    region: str = ""
    kind: str = ""
    market: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""
    cursor: str = ""

    def address(self, **changed: str) -> str:
        """The page that asks for this."""
        asked = {name: value for name, value in vars(replace(self, **changed)).items() if value}
        return f"{JOURNAL.address}?{urlencode(asked)}" if asked else JOURNAL.address

    @property
    def narrowed(self) -> bool:
        """Whether a filter is set."""
        return any((self.kind, self.market, self.subject, self.since, self.until))


@dataclass(frozen=True)
class Found:
    """A page of entries of one region."""

    region: RegionId
    entries: list[Entry]
    next: str


async def show_journal(ground: Ground, wanted: Wanted) -> None:
    """Show a page of entries and how the region's record stands."""
    with page((JOURNAL.name, JOURNAL.address)):
        if (principal := may_open(JOURNAL)) is None:
            return
        ui.html("<h1>Journal</h1>", sanitize=False)
        try:
            region = await ask_region(ground, wanted, principal)
        except TradewindError as error:
            piece("trouble.html", message=error.message, hint=error.hint)
            return
        await show_verification(ground, region, principal)
        if Right.JOURNAL_READ in principal.rights:
            await _entries(ground, wanted, region, principal)


async def ask_region(ground: Ground, wanted: Wanted, principal: Principal) -> RegionId:
    """The region of the market that is asked for, else the one named, else the tenant's home."""
    right = Right.JOURNAL_READ if Right.JOURNAL_READ in principal.rights else Right.JOURNAL_VERIFY

    def find(who: Principal) -> RegionId:
        if wanted.market:
            region = ground.journal.region_for(who.tenant, MarketId(wanted.market))
        elif wanted.region:
            region = RegionId(wanted.region)
        else:
            region = ground.journal.region_for(who.tenant)
        ground.databases.region(region)
        return region

    return await ask(right, find)


async def _entries(ground: Ground, wanted: Wanted, region: RegionId, principal: Principal) -> None:
    markets = [(market.id, market.name) for market in ground.markets]
    piece(
        "journal_form.html",
        wanted=wanted,
        region=region,
        regions=[
            each
            for each in ground.databases.regions
            if principal.regions is None or each in principal.regions
        ],
        kinds=sorted({*kinds(), *filter(None, [wanted.kind])}),
        markets=markets,
    )

    async def table() -> str:
        try:
            found = await ask(Right.JOURNAL_READ, lambda who: read(ground, who, wanted, region))
        except TradewindError as error:
            return render("trouble.html", message=error.message, hint=error.hint)
        rows = [(entry, summary(entry)) for entry in found.entries]
        older = wanted.address(cursor=found.next) if found.next else ""
        newest = wanted.address(cursor="") if wanted.cursor else ""
        return render("entries.html", rows=rows, older=older, newest=newest, narrowed=wanted.narrowed)

    shown = await table()
    holder = ui.html(shown, sanitize=False)
    if wanted.cursor:
        return  # older entries do not change

    async def refresh() -> None:
        nonlocal shown
        fresh = await table()
        if fresh != shown:
            shown = fresh
            holder.set_content(fresh)

    ui.timer(REFRESH_S, refresh, immediate=False)


def read(ground: Ground, who: Principal, wanted: Wanted, region: RegionId) -> Found:
    """A page of the entries of who asks.

    Raises:
        InputError: a day or the cursor cannot be read, or no entry could have this. NotFoundError: no such market.
    """
    found = list(
        ground.journal.read(
            who.tenant,
            region,
            kinds=[wanted.kind] if wanted.kind else None,
            market=MarketId(wanted.market) if wanted.market else None,
            subject=SubjectId(wanted.subject) if wanted.subject else None,
            since=_day(wanted.since),
            until=_day(wanted.until, days=1),
            newest_first=True,
            limit=PAGE + 1,
            after=_place(wanted.cursor),
        )
    )
    more = len(found) > PAGE
    return Found(region, found[:PAGE], _cursor(found[PAGE - 1]) if more else "")


def summary(entry: Entry) -> str:
    """What an entry says in one line; personal fields only by name."""
    sealed = set(sealed_fields(entry))
    parts = [f"{name}: {'sealed' if name in sealed else value}" for name, value in entry.body.items()]
    text = " · ".join(parts)
    return text if len(text) <= SUMMARY else f"{text[:SUMMARY]}…"


def _day(text: str, days: int = 0) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC) + timedelta(days=days)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{text!r:.40} is no day", hint="such as 2026-11-25") from error


def _cursor(entry: Entry) -> str:
    return f"{microseconds(entry.recorded)}.{entry.stream.lane}.{entry.sequence}"


def _place(cursor: str) -> Place | None:
    if not cursor:
        return None
    parts = _CURSOR.fullmatch(cursor)
    if parts is None:
        raise InputError("this page's address was cut", hint="go back to the newest entries")
    recorded, lane, sequence = map(int, parts.groups())
    try:
        return Place(moment(recorded), Lane(lane), sequence)
    except OverflowError as error:
        raise InputError("this page's address was changed", hint="go back to the newest entries") from error
