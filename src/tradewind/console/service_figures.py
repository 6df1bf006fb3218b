"""How the service does, told from the journal's entries of a time. Pure functions over entries."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from tradewind.console.inbox_rows import REASONS, left_text
from tradewind.console.presentation import percent
from tradewind.journal.model import Entry

KINDS = (
    "conversation.began",
    "conversation.message",
    "conversation.understood",
    "conversation.handed_off",
    "conversation.taken",
    "conversation.rated",
)
SPANS = ((1, "24 hours"), (7, "7 days"), (30, "30 days"), (90, "90 days"))
MOST_ROWS = 8
RISING_LEAST = 3
"""Times that an intent must have been asked for before it can be said to rise."""


@dataclass(frozen=True)
class Asked:
    """What the form asks for; empty means any."""

    market: str = ""
    language: str = ""
    channel: str = ""
    days: int = 7

    @property
    def narrowed(self) -> bool:
        """Whether anything but the time is set."""
        return bool(self.market or self.language or self.channel)

    @property
    def address(self) -> str:
        """The page that asks for this."""
        return f"/console/service?{urlencode({k: v for k, v in vars(self).items() if v})}"


@dataclass
class Talk:
    """A conversation as its entries tell it, while they are added up."""

    begun: datetime | None = None
    market: str = ""
    language: str = ""
    channel: str = ""
    heard: int = 0
    said: int = 0
    intents: Counter[str] = field(default_factory=Counter)
    reason: str | None = None
    waits_since: datetime | None = None
    answered_s: float | None = None
    taken: bool = False
    rating: int | None = None

    @property
    def contained(self) -> bool:
        """Whether the assistant answered alone."""
        return self.reason is None and not self.taken


@dataclass(frozen=True)
class Tile:
    """A figure with its name."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """A row of a bar chart; `share` is its length, from 0 to 1."""

    name: str
    share: float
    text: str


@dataclass(frozen=True)
class Rise:
    """An intent that is asked for more often than before."""

    name: str
    now: int
    before: int


@dataclass(frozen=True)
class Group:
    """One market, language and channel."""

    market: str
    language: str
    channel: str
    conversations: int
    contained: str
    answered: str
    satisfaction: str


@dataclass(frozen=True)
class View:
    """The page, ready to be shown."""

    tiles: list[Tile]
    days: list[Bar]
    reasons: list[Bar]
    intents: list[Bar]
    rising: list[Rise]
    groups: list[Group]
    markets: list[str]
    languages: list[str]
    channels: list[str]


def talks(entries: Iterable[Entry]) -> dict[str, Talk]:
    """Conversations by id; entries in the order of their recording. Only those in which a customer wrote."""
    found: dict[str, Talk] = {}
    for entry in entries:
        talk = found.setdefault(str(entry.body["conversation"]), Talk())
        talk.market = talk.market or str(entry.market or "")
        _add(talk, entry.kind, entry.body, entry.at)
    return {id: talk for id, talk in found.items() if talk.heard}


def view_of(
    now: Iterable[Talk],
    before: Iterable[Talk],
    asked: Asked,
    today: date,
    spoken: Collection[str] = (),
) -> View:
    """The figures of a time, beside the time of the same length before it.

    Args:
        spoken: intents of any conversation, such as thanks: nobody comes for them.
    """
    everybody = list(now)
    chosen = [talk for talk in everybody if _wanted(talk, asked)]
    earlier = [talk for talk in before if _wanted(talk, asked)]
    intents = _intents(chosen, spoken)
    return View(
        tiles=_tiles(chosen, earlier),
        days=_days(chosen, asked.days, today),
        reasons=_bars(Counter(REASONS.get(talk.reason, talk.reason) for talk in chosen if talk.reason)),
        intents=_bars(intents),
        rising=_rising(intents, _intents(earlier, spoken)),
        groups=_groups(chosen),
        markets=sorted({talk.market for talk in everybody} | set(filter(None, [asked.market]))),
        languages=sorted({talk.language for talk in everybody} | set(filter(None, [asked.language]))),
        channels=sorted({talk.channel for talk in everybody} | set(filter(None, [asked.channel]))),
    )


def _add(talk: Talk, kind: str, body: Mapping[str, object], at: datetime) -> None:
    match kind.partition(".")[2]:
        case "began":
            talk.begun, talk.channel, talk.language = at, str(body["channel"]), str(body["language"])
        case "message" if body["author"] == "customer":
            talk.heard += 1
            talk.begun = talk.begun or at
        case "message" if body["author"] == "agent" and not body["note"]:
            talk.said += 1
            if talk.waits_since is not None and talk.answered_s is None:
                talk.answered_s = (at - talk.waits_since).total_seconds()
        case "understood":
            talk.language = str(body["language"])
            named = body["intents"]
            assert isinstance(named, Sequence)
            talk.intents.update(str(name) for name, _ in named[:1])
        case "handed_off":
            talk.reason = talk.reason or str(body["reason"])
            talk.waits_since = talk.waits_since or at
        case "taken":
            talk.taken = True
        case "rated":
            talk.rating = int(str(body["rating"]))


def _wanted(talk: Talk, asked: Asked) -> bool:
    pairs = (
        (asked.market, talk.market),
        (asked.language, talk.language),
        (asked.channel, talk.channel),
    )
    return all(not wanted or wanted == own for wanted, own in pairs)


def _tiles(chosen: Sequence[Talk], earlier: Sequence[Talk]) -> list[Tile]:
    ratings = [talk.rating for talk in chosen if talk.rating]
    waited = [talk.answered_s for talk in chosen if talk.answered_s is not None]
    handed = sum(talk.reason is not None for talk in chosen)
    return [
        Tile("Conversations", f"{len(chosen):,}", f"{len(earlier):,} in the time before"),
        Tile("By the assistant alone", _share(chosen), f"{_share(earlier)} before" if earlier else ""),
        Tile("Handed to persons", f"{handed:,}", f"{sum(talk.taken for talk in chosen):,} taken"),
        Tile("A person answers after", _median(waited), "median" if waited else "nobody answered yet"),
        Tile("Satisfaction", _mean(ratings), f"of 5, {len(ratings)} ratings" if ratings else "no rating yet"),
    ]


def _days(chosen: Sequence[Talk], days: int, today: date) -> list[Bar]:
    """The last days, at most two weeks of them so that each is a readable row."""
    counts = Counter(talk.begun.date() for talk in chosen if talk.begun is not None)
    shown = [today - timedelta(days=back) for back in range(min(days, 14) - 1, -1, -1)]
    most = max((counts[day] for day in shown), default=0) or 1
    return [Bar(f"{day:%a %d %b}", counts[day] / most, f"{counts[day]:,}") for day in shown if chosen]


def _bars(counts: Counter[str]) -> list[Bar]:
    most = max(counts.values(), default=1)
    return [Bar(name, count / most, f"{count:,}") for name, count in counts.most_common(MOST_ROWS)]


def _intents(chosen: Iterable[Talk], spoken: Collection[str]) -> Counter[str]:
    total: Counter[str] = Counter()
    for talk in chosen:
        total.update({name: count for name, count in talk.intents.items() if name not in spoken})
    return total


def _rising(now: Counter[str], before: Counter[str]) -> list[Rise]:
    """Intents that grew most beyond what chance would do: the difference over the root of the sum."""
    grown = [
        ((count - before[name]) / (count + before[name]) ** 0.5, Rise(name, count, before[name]))
        for name, count in now.items()
        if count >= RISING_LEAST and count > before[name]
    ]
    return [rise for _, rise in sorted(grown, key=lambda pair: -pair[0])][:MOST_ROWS]


def _groups(chosen: Sequence[Talk]) -> list[Group]:
    by: dict[tuple[str, str, str], list[Talk]] = {}
    for talk in chosen:
        by.setdefault((talk.market, talk.language, talk.channel), []).append(talk)
    return [
        Group(
            *place,
            conversations=len(own),
            contained=_share(own),
            answered=_median([talk.answered_s for talk in own if talk.answered_s is not None]),
            satisfaction=_mean([talk.rating for talk in own if talk.rating]),
        )
        for place, own in sorted(by.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]


def _share(chosen: Sequence[Talk]) -> str:
    return percent(sum(talk.contained for talk in chosen) / len(chosen), 0) if chosen else "–"


def _median(seconds: Sequence[float]) -> str:
    return left_text(timedelta(seconds=statistics.median(seconds))) if seconds else "–"


def _mean(ratings: Sequence[int]) -> str:
    return f"{statistics.mean(ratings):.1f}" if ratings else "–"
