"""What holds of the dialogue whatever is said to it, in whatever order."""

from __future__ import annotations

from collections import Counter
from datetime import date

import hypothesis.strategies as st
from hypothesis import given, settings
from talk import CHANGES, Documents, Ledger, Talk, finance, usd

from tradewind.assistant.dialogue.model import Event, Heard, Opened, Returned, Silence
from tradewind.assistant.model import Entity, Intent, Language, Understanding
from tradewind.packs.dialogue_file import DIALOGUE_INTENTS
from tradewind.packs.flow_check import steps_of

BOOK = finance()
INTENTS = sorted({*BOOK.starts, *DIALOGUE_INTENTS, "savings_rate", "fraud_report"})
CALM = [name for name in INTENTS if name not in ("human", "human_agent", "fraud_report")]
VALUES = {
    "amount": st.sampled_from([usd(0), usd(1.50), usd(4.90), usd(50), usd(500), usd(99_999)]),
    "person": st.sampled_from(["Anna", "Li Wei"]),
    "account": st.sampled_from(["current", "savings", "DE00"]),
    "card": st.sampled_from([{"kind": "debit"}, {"last4": "2222"}, {"last4": "9999"}]),
    "date": st.sampled_from(["2026-11-20", "2026-11-26", "2027-11-26", "no day"]),
    "time": st.sampled_from(["09:30", "23:00"]),
    "number": st.sampled_from([1, 24, 48, 999]),
    "merchant": st.just("Volt"),
}  # fmt: skip
WORDS = [
    "",
    " ",
    "1",
    "2",
    "99",
    "yes",
    "no",
    "lost",
    "stolen",
    "is it?",
    "Anna",
    "48",
    "50 €",
    "tomorrow",
    "是的",
]
TEXTS = st.sampled_from([*WORDS, "\u202e\x00", "x" * 5000])
PAYLOADS = st.sampled_from(
    ["/yes", "/no", "/cancel", "/why", "/choose 1", "/choose 2", "/choose 0", "/choose -1", "/choose x", "/choose",
     "/intent transfer_make", "/intent savings_rate", "/intent nothing", "/intent", "/rate 5"]
)  # fmt: skip


@st.composite
def messages(draw: st.DrawFn, intents: list[str] = CALM) -> Heard:
    entities = tuple(
        Entity(kind, "", 0, 0, draw(VALUES[kind]))
        for kind in draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=3))
    )
    found = draw(st.lists(st.sampled_from(intents), max_size=3, unique=True))
    probability = draw(st.sampled_from([0.2, 0.6, 0.95]))
    understanding = Understanding(
        Language(draw(st.sampled_from(["en", "zh", "ja"]))),
        tuple(Intent(name, probability) for name in found),
        in_scope=bool(found),
        scope_score=0.5,
        entities=entities,
        sentiment=draw(st.sampled_from([0.0, 0.0, 0.0, 0.5])),
    )
    return Heard(draw(TEXTS), understanding)


EVENTS = st.one_of(
    messages(), messages(), messages(INTENTS), st.builds(Heard, PAYLOADS), st.just(Silence()), st.just(Returned()),
    st.just(Opened()),
)  # fmt: skip


def talk(start: str = "", failure: str | None = None) -> Talk:
    """A conversation, perhaps with a flow that waits for its confirmation."""
    spoken = Talk(bank=Ledger(), documents=Documents(lost="An answer"), book=BOOK)
    if failure:
        spoken.bank.fails = dict.fromkeys(CHANGES, failure)
    match start:
        case "transfer":
            spoken.hear("send", "transfer_make", amount=usd(50), person="Anna", account="savings")
        case "card":
            spoken.hear("stolen", "card_stolen", card={"kind": "debit"})
        case "blocked":
            spoken.hear("stolen", "card_stolen", card={"kind": "debit"})
            spoken.hear("yes", "affirm")
        case "fee":
            spoken.hear("charged twice", "fee_dispute", amount=usd(4.90))
            spoken.hear("/choose 1")
        case "appointment":
            spoken.hear("a loan talk by phone", "appointment_book", date="2026-11-26", time="09:30")
    return spoken


STARTS = st.sampled_from(["", "transfer", "card", "blocked", "fee", "appointment"])


def asked(spoken: Talk) -> list[str]:
    """The slots that the last turn asked for."""
    assert spoken.outcome is not None
    return [
        str(each.values["slot"])
        for each in spoken.outcome.trace
        if each.what == "asked" and "slot" in each.values
    ]


@settings(max_examples=150, deadline=None)
@given(STARTS, st.lists(EVENTS, max_size=14))
def test_nothing_that_is_said_breaks_the_dialogue_and_every_state_survives_json(
    start: str, events: list[Event]
) -> None:
    spoken = talk(start)
    for event in events:
        said = spoken.happen(event)
        assert len(said) < 60


@settings(max_examples=150, deadline=None)
@given(STARTS, st.lists(EVENTS, max_size=14))
def test_a_slot_that_is_filled_is_not_asked(start: str, events: list[Event]) -> None:
    spoken = talk(start)
    for event in events:
        spoken.happen(event)
        if asked(spoken):
            assert asked(spoken)[-1] not in spoken.slots()


@settings(max_examples=150, deadline=None)
@given(STARTS, st.sampled_from([None, None, "no_funds", "taken", "other"]), st.lists(EVENTS, max_size=14))
def test_nothing_is_changed_without_a_yes_and_only_once_for_one(
    start: str, failure: str | None, events: list[Event]
) -> None:
    spoken = talk(start, failure)
    for event in events:
        before = len(spoken.bank.calls)
        spoken.happen(event)
        assert spoken.outcome is not None
        changes = [call for call in spoken.bank.calls[before:] if call.action in CHANGES]
        yes = [each for each in spoken.outcome.trace if each.what == "confirmed"]
        assert len(changes) <= len(yes)
    keys = Counter(call.key for call in spoken.bank.calls if call.action in CHANGES)
    assert all(count == 1 for count in keys.values())


@settings(max_examples=100, deadline=None)
@given(STARTS, st.lists(EVENTS, max_size=10), EVENTS)
def test_the_same_state_and_event_have_the_same_outcome(start: str, events: list[Event], last: Event) -> None:
    spoken = talk(start)
    for event in events:
        spoken.happen(event)
    one = spoken.dialogue.turn(spoken.state, last, spoken.scene)
    other = spoken.dialogue.turn(spoken.state, last, spoken.scene)
    assert (one.state, one.says, one.hand_off) == (other.state, other.says, other.hand_off)


@settings(max_examples=100, deadline=None)
@given(STARTS, st.lists(EVENTS, max_size=12))
def test_cancelling_always_ends(start: str, events: list[Event]) -> None:
    spoken = talk(start)
    for event in events:
        spoken.happen(event)
    if spoken.state.handed_off:
        spoken.happen(Returned())
    waiting = len(spoken.state.frames) + len(spoken.state.queue)
    for _ in range(2 * waiting):
        if not spoken.state.frames:
            break
        spoken.hear("/cancel")
        if spoken.state.pending is not None and spoken.state.pending.kind == "cancel":
            spoken.hear("/yes")
    assert spoken.state.frames == ()
    assert spoken.state.queue == ()


@settings(max_examples=100, deadline=None)
@given(STARTS, st.lists(EVENTS, max_size=12))
def test_whoever_asks_for_a_person_gets_one(start: str, events: list[Event]) -> None:
    spoken = talk(start)
    for event in events:
        spoken.happen(event)
    if spoken.state.handed_off:
        spoken.happen(Returned())
    spoken.hear("a person", "human")
    assert spoken.reason() == "requested"


@settings(max_examples=60, deadline=None)
@given(STARTS, st.lists(EVENTS, max_size=12))
def test_every_line_of_a_trace_names_a_step_that_there_is(start: str, events: list[Event]) -> None:
    spoken = talk(start)
    places = {name: steps_of(flow) for name, flow in BOOK.flows.items()}
    for event in events:
        spoken.happen(event)
        assert spoken.outcome is not None
        for line in spoken.outcome.trace:
            assert line.step is None or line.step in places[str(line.flow)]
    assert spoken.scene.now.date() == date(2026, 11, 25)
