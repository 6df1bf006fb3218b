"""The desk of the persons: what happens when a conversation is handed to them, and what the customer is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tradewind.assistant.conversations.hours import Hours
from tradewind.assistant.conversations.kinds import HandedOff
from tradewind.assistant.conversations.model import Conversation, Status
from tradewind.assistant.conversations.page import Page
from tradewind.assistant.conversations.store import text_of
from tradewind.assistant.model import Author, Choice, HandOff, Replies, Say
from tradewind.markets import Markets
from tradewind.markets.formats import local_time

FIRST_ANSWER_S = (1_800.0, 600.0, 180.0, 60.0)
"""How soon a person should answer, by priority 0 to 3; counted in the hours of work."""

NINE_TO_SIX = Hours()

QUEUED, CLOSED, NOBODY = "service-queued", "service-closed", "service-nobody"
JOINED, LEFT, RESOLVED, RATE = "service-joined", "service-left", "service-resolved", "service-rate"


def nobody_known(_: Conversation) -> bool:
    """Whether somebody is there who could take it: taken for granted where nobody tells."""
    return True


@dataclass(frozen=True)
class Desk:
    """Queues conversations, and tells customers what is happening.

    Args:
        first_answer_s: by priority, how soon a person should answer.
        staffed: whether somebody is there who may take a conversation.
    """

    replies: Replies
    markets: Markets
    hours: Hours = NINE_TO_SIX
    first_answer_s: tuple[float, ...] = FIRST_ANSWER_S
    staffed: Callable[[Conversation], bool] = nobody_known

    def queue(self, page: Page, hand_off: HandOff) -> None:
        """Put a conversation into the queue; the customer learns when somebody will answer."""
        own = page.own
        market = self.markets.get(own.market)
        priority = min(max(hand_off.priority, 0), len(self.first_answer_s) - 1)
        wait = timedelta(seconds=self.first_answer_s[priority])
        due = self.hours.after(market, page.now, wait)
        page.change(
            status=Status.QUEUED,
            reason=hand_off.reason,
            skill=hand_off.skill,
            priority=priority,
            queued=page.now,
            due=due,
            answered=None,
            agent=None,
            wake=None,
        )
        page.record(
            HandedOff(
                conversation=own.id,
                reason=hand_off.reason,
                skill=hand_off.skill,
                priority=priority,
                due=text_of(due),
                language=own.language,
            )
        )
        if not self.hours.are_open(market, page.now):
            opens = local_time(market, self.hours.next_opening(market, page.now))
            self.tell(
                page,
                Say(CLOSED, {"day": opens.date().isoformat(), "time": f"{opens:%H:%M}"}),
            )
        elif self.staffed(page.own):
            self.tell(page, Say(QUEUED, {"minutes": max(1, round(wait.total_seconds() / 60))}))
        else:
            self.tell(page, Say(NOBODY))

    def joined(self, page: Page, name: str) -> None:
        """Say who has taken the conversation."""
        self.tell(page, Say(JOINED, {"agent": name}))

    def left(self, page: Page) -> None:
        """Say that somebody else will go on."""
        self.tell(page, Say(LEFT))

    def resolved(self, page: Page) -> None:
        """Say that the matter is closed, and ask how satisfied the customer was."""
        self.tell(page, Say(RESOLVED))
        self.ask_rating(page)

    def ask_rating(self, page: Page) -> None:
        """Ask how satisfied the customer was."""
        buttons = tuple(Choice(f"/rate {number}", text=str(number)) for number in range(1, 6))
        self.tell(page, Say(RATE, choices=buttons))

    def tell(self, page: Page, say: Say) -> None:
        """Say something in the name of nobody."""
        page.say(self.replies.render(say, page.own.market, page.own.language), author=Author.SYSTEM)
