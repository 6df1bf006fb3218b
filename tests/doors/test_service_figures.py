"""The figures of the service, from entries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tradewind.console.inbox_rows import left_text
from tradewind.console.service_figures import Asked, Talk, talks, view_of
from tradewind.core.ids import MarketId, RegionId, TenantId
from tradewind.journal.model import Entry, Lane, Stream

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def entry(kind: str, seconds: float = 0, market: str = "de", **body: Any) -> Entry:
    at = NOON + timedelta(seconds=seconds)
    stream = Stream(TenantId("acme"), RegionId("eu"), Lane(0))
    body = {"conversation": "one", **body}
    return Entry(
        "id", stream, 1, f"conversation.{kind}", 1, MarketId(market), None, None, at, at, body, b"", b""
    )


def handed_off() -> list[Entry]:
    """A conversation that a person answers after a minute and a half."""
    return [
        entry("began", channel="web", language="en"),
        entry("message", 1, author="customer", note=False),
        entry("understood", 1, language="de", intents=[["fee_dispute", 0.9], ["thanks", 0.2]]),
        entry("handed_off", 2, reason="requested"),
        entry("taken", 30),
        entry("message", 40, author="agent", note=True),
        entry("message", 92, author="agent", note=False),
        entry("rated", 200, rating=4),
    ]


def test_a_conversation_adds_up_to_what_happened_in_it() -> None:
    (talk,) = talks(handed_off()).values()
    assert (talk.channel, talk.language, talk.market) == ("web", "de", "de")
    assert (talk.reason, talk.answered_s, talk.rating, talk.contained) == ("requested", 90.0, 4, False)
    assert dict(talk.intents) == {"fee_dispute": 1}


def test_one_that_was_opened_and_never_written_in_does_not_count() -> None:
    assert talks([entry("began", channel="web", language="en")]) == {}


def test_the_view_narrows_and_compares_with_the_time_before() -> None:
    (handed,) = talks(handed_off()).values()
    alone = Talk(begun=NOON, market="cn", language="zh", channel="web", heard=2)
    alone.intents.update({"card_lost": 3, "thanks": 5})
    before = [Talk(begun=NOON - timedelta(days=8), market="cn", language="zh", channel="web", heard=1)]
    before[0].intents["card_lost"] = 1
    view = view_of([handed, alone], before, Asked(), date(2026, 11, 25), spoken={"thanks"})
    shown = {tile.name: tile.value for tile in view.tiles}
    assert shown == {
        "Conversations": "2",
        "By the assistant alone": "50 %",
        "Handed to persons": "1",
        "A person answers after": "1 min",
        "Satisfaction": "4.0",
    }
    assert [(rise.name, rise.now, rise.before) for rise in view.rising] == [("card_lost", 3, 1)]
    assert len(view.days) == 7
    assert (view.days[-1].text, view.days[0].text) == ("2", "0")
    only = view_of([handed, alone], before, Asked(market="cn"), date(2026, 11, 25))
    assert only.tiles[0].value == "1"
    assert only.markets == ["cn", "de"]
    assert [group.market for group in only.groups] == ["cn"]


def test_nobody_at_all_is_shown_as_that() -> None:
    view = view_of([], [], Asked(), date(2026, 11, 25))
    assert [tile.value for tile in view.tiles] == ["0", "–", "0", "–", "–"]
    assert view.days == view.reasons == view.groups == []


def test_time_that_is_left_reads_well() -> None:
    shown = [left_text(timedelta(seconds=seconds)) for seconds in (5, 61, 3_700, 200_000, -130)]
    assert shown == ["5 s", "1 min", "1 h", "2 days", "late 2 min"]
