"""Builds the assistant of a pack over the parts of an installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

from tradewind.assistant.actions.registry import Registry, open_actions
from tradewind.assistant.actions.sandbox import Bank
from tradewind.assistant.conversations.batches import Hold
from tradewind.assistant.conversations.desk import Desk
from tradewind.assistant.conversations.hours import Hours
from tradewind.assistant.conversations.service import Limits
from tradewind.assistant.conversations.shelf import ProfileOf, nothing_known
from tradewind.assistant.conversations.staff import Staff
from tradewind.assistant.conversations.turns import Turns
from tradewind.assistant.dialogue.dialogue import Dialogue
from tradewind.assistant.dialogue.reader import value_reader
from tradewind.assistant.flows.book import Book, load_book
from tradewind.assistant.knowledge.embed import EMBED_MODEL, PAIR_MODEL, EngineEmbedder
from tradewind.assistant.knowledge.live import LiveKnowledge
from tradewind.assistant.knowledge.rerank import EngineReranker
from tradewind.assistant.model import Understander
from tradewind.assistant.products.catalogue import Catalogue
from tradewind.assistant.replies.replies import FluentReplies
from tradewind.assistant.replies.rewrite import polished
from tradewind.assistant.understanding.understand import ModelUnderstander, Reader
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import NotFoundError, UnavailableError
from tradewind.core.settings import AssistantSettings, Settings
from tradewind.journal.databases import Databases
from tradewind.markets import Markets
from tradewind.nlp.runtime.live import LiveModels, Loaded
from tradewind.nlp.runtime.versions import checked_name, read_pointer, version_folder
from tradewind.packs import Pack, load
from tradewind.packs.product_file import read_products

ACTIONS_FILE = "actions.yaml"
"""In a workspace: which systems of the business do the pack's actions."""


@dataclass(frozen=True)
class Assistant:
    """The parts of a pack that talk. `bank` is the invented business of a demo, where the pack has one."""

    pack: Pack
    book: Book
    replies: FluentReplies
    actions: Registry
    dialogue: Dialogue
    bank: Bank | None
    knowledge: LiveKnowledge | None
    embedder: EngineEmbedder | None
    reranker: EngineReranker | None

    def close(self) -> None:
        """Leave the systems of the business, and the index of the documents."""
        self.actions.close()
        if self.knowledge is not None:
            self.knowledge.close()
        for opened in (self.embedder, self.reranker):
            if opened is not None:
                opened.close()


def open_assistant(settings: Settings, databases: Databases, markets: Markets) -> Assistant:
    """Read a pack and connect it: to the systems of the business, and to the documents that were indexed.

    Raises:
        NotFoundError, DataError, ConfigError: the pack or a file of the workspace is wrong; says where.
    """
    pack = load(settings.assistant.pack)
    book = load_book(pack)
    products, problems = read_products(pack.folder, markets)
    for problem in problems:
        raise problem
    embed, pair = (_live(settings, name) for name in (EMBED_MODEL, PAIR_MODEL))
    embedder = None if embed is None else EngineEmbedder.open(embed, threads=settings.threads)
    reranker = None if pair is None else EngineReranker.open(pair, threads=settings.threads)
    knowledge = None
    if embedder is not None:
        knowledge = LiveKnowledge(_index_of(settings), embedder, reranker)
        knowledge.start()
    catalogue = None if products is None else Catalogue(products, markets, embedder=embedder)
    titles = None if catalogue is None else catalogue.titles
    replies = FluentReplies.of(pack.folder, markets, titles=titles)
    bank = Bank(lambda market: databases.region(markets.region_of(market))) if book.sandbox else None
    actions = open_actions(settings.workspace / ACTIONS_FILE, book.actions, bank)
    dialogue = Dialogue(book, actions, knowledge, catalogue, reader=value_reader(markets))
    return Assistant(pack, book, replies, actions, dialogue, bank, knowledge, embedder, reranker)


def _live(settings: Settings, name: str) -> Path | None:
    """The folder of a model's live version; None where `tradewind knowledge train` has not made it yet."""
    pointer = read_pointer(settings.models, name)
    return None if pointer is None else version_folder(settings.models, name, pointer.version)


def _index_of(settings: Settings) -> Path:
    return settings.workspace / "knowledge" / checked_name(settings.assistant.knowledge, "index name")


def turns_of(
    assistant: Assistant,
    settings: AssistantSettings,
    markets: Markets,
    staff: Staff,
    clock: Clock = SYSTEM_CLOCK,
) -> Turns:
    """What comes of messages, by a pack's dialogue and replies; `staff` are the persons who take over."""
    hours = Hours(settings.opens, settings.closes)
    desk = Desk(assistant.replies, markets, hours, settings.first_answer_s, staff.may_take)
    silence = None if settings.silence_s is None else timedelta(seconds=settings.silence_s)
    replies = polished(assistant.replies, settings.rewrite, markets)
    return Turns(assistant.dialogue, replies, markets, desk, clock, silence)


def profile_of(assistant: Assistant) -> ProfileOf:
    """What is known of a customer where nobody says: what the invented business of a demo knows."""
    bank = assistant.bank
    if bank is None:
        return nothing_known
    return lambda own: bank.profile(own.tenant, own.market, own.subject, own.created.date())


def limits_of(settings: AssistantSettings) -> Limits:
    """How much a customer may send."""
    return Limits(settings.messages_per_s, settings.messages_at_once)


def live_understander(
    live: LiveModels, name: str, pack: Pack, markets: Markets, clock: Clock = SYSTEM_CLOCK
) -> Hold:
    """Lends what reads messages by the live version of a model, for as long as a call takes."""
    made: list[tuple[Loaded, Understander]] = []

    def of(loaded: Loaded) -> Understander:
        if not made or made[0][0] is not loaded:
            reader = cast(Reader, loaded.service.engine)
            made[:] = [(loaded, ModelUnderstander(reader, pack, markets, clock))]
        return made[0][1]

    @contextmanager
    def hold() -> Iterator[Understander]:
        with ExitStack() as stack:
            try:
                loaded = stack.enter_context(live.lease(name))
            except NotFoundError as error:
                raise UnavailableError(
                    f"no model {name!r} is live, so messages are not understood",
                    hint="tradewind assistant train",
                ) from error
            yield of(loaded)

    return hold
