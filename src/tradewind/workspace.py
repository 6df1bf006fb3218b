"""The one place where things are built: settings in, the products that the doors show out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import ConfigError, TradewindError, UnavailableError
from tradewind.core.ids import MarketId, RegionId, TenantId
from tradewind.core.settings import RegionSettings, Settings
from tradewind.nlp.runtime.live import BatchObserver, LiveModels, Opener, ServiceLimits, open_engine

if TYPE_CHECKING:
    from tradewind.access.access import Access
    from tradewind.assistant.conversations.inbox import Inbox
    from tradewind.assistant.conversations.service import Conversations
    from tradewind.assistant.conversations.staff import Staff
    from tradewind.assistant.conversations.tokens import Tokens as ConversationTokens
    from tradewind.assistant.opening import Assistant
    from tradewind.channels.channels import Channels
    from tradewind.channels.webhooks.webhooks import Webhooks
    from tradewind.journal.databases import Databases
    from tradewind.journal.durable import Durable
    from tradewind.journal.journal import Journal
    from tradewind.markets import Markets
    from tradewind.nlp.model import Prediction
    from tradewind.nlp.runtime.service import Predictor
    from tradewind.privacy.detect import Detector
    from tradewind.privacy.guard import Guard
    from tradewind.privacy.keys import RegionKeys
    from tradewind.privacy.model import NameDetector, PiiSpan
    from tradewind.privacy.privacy import Privacy
    from tradewind.privacy.sealing import SubjectSealer
    from tradewind.privacy.tokens import Tokens


log = logging.getLogger(__name__)

NAMES_MODEL = "pii"
"""Name in the workspace of the model that finds names for `privacy`."""


class ModelNames:
    """The names that a model with a tag head finds: what `privacy` asks for, answered by `nlp`."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor

    def names(self, texts: Sequence[str], languages: Sequence[str] = ()) -> list[list[PiiSpan]]:
        """The spans of each text; the model needs no hint of the language."""
        spoken = [text for text in texts if text.strip()]
        found = iter(names_in(self._predictor.predict(spoken)) if spoken else ())
        return [next(found) if text.strip() else [] for text in texts]


def names_in(predictions: Iterable[Prediction]) -> list[list[PiiSpan]]:
    """The spans of tag heads as personal data, one list a prediction."""
    from tradewind.privacy.model import PII_TYPES, PiiSpan

    return [
        [
            PiiSpan(span.type, span.start, span.end, round(span.score, 3))
            for head in prediction.heads
            if head.task == "tag"
            for span in head.spans
            if span.type in PII_TYPES
        ]
        for prediction in predictions
    ]


class Ground:
    """Where, who, about whom, and the record of it. Each part is opened when it is first asked for.

    Args:
        settings: of the workspace; what they do not name lies in files under `var/`.
    """

    def __init__(self, settings: Settings, clock: Clock = SYSTEM_CLOCK) -> None:
        self.settings = settings
        self._clock = clock

    @cached_property
    def markets(self) -> Markets:
        """The markets that ship, and over them the workspace's."""
        from tradewind.markets import load_markets

        return load_markets(self.settings.workspace / "markets")

    @cached_property
    def regions(self) -> dict[RegionId, RegionSettings]:
        """Every region that a market names or a setting sets up.

        Raises:
            ConfigError: the home region of the settings is none of them.
        """
        named = {region: RegionSettings() for region in self.markets.regions} | self.settings.regions
        if self.settings.home_region not in named:
            raise ConfigError(
                f"setting 'home_region': no region {self.settings.home_region!r}",
                hint=f"there are: {', '.join(sorted(named))}",
            )
        return {RegionId(region): own for region, own in sorted(named.items())}

    @cached_property
    def databases(self) -> Databases:
        """The control database and each region's; no file is made before something is written."""
        from tradewind.journal.databases import Database, Databases

        var = self.settings.var.absolute()
        control = Database(self.settings.database or f"sqlite:///{var / 'tradewind.db'}")
        regions = {
            region: Database(own.database or f"sqlite:///{var / 'regions' / region}.db")
            for region, own in self.regions.items()
        }
        return Databases(control, regions)

    @cached_property
    def keys(self) -> RegionKeys:
        """The key services that wrap subjects' keys, by region."""
        from tradewind.privacy.keys import open_region_keys

        named = {region: own.key for region, own in self.regions.items()}
        return open_region_keys(named, self.settings.var / "keys")

    @cached_property
    def sealer(self) -> SubjectSealer:
        """Encrypts what entries hold of a person."""
        from tradewind.privacy.privacy import open_sealer

        return open_sealer(self.databases, self.keys, self._clock)

    @cached_property
    def journal(self) -> Journal:
        """The record of everything."""
        from tradewind.journal.journal import Journal

        return Journal(
            self.databases,
            region_of=self.markets.region_of,
            home_of=lambda tenant: self.access.home_of(tenant),
            sealer=self.sealer,
            clock=self._clock,
            locks=self.settings.var / "locks",
        )

    @cached_property
    def access(self) -> Access:
        """Who may do what."""
        from tradewind.access.access import Access

        return Access(
            self.databases.control,
            lambda tenant, drafts: self.journal.append_now(tenant, drafts),
            local_home=RegionId(self.settings.home_region),
            clock=self._clock,
        )

    @cached_property
    def durable(self) -> Durable:
        """Work that survives a kill; `start` it once every room has registered its own."""
        from tradewind.journal.durable import Durable
        from tradewind.journal.works import register

        durable = Durable(self.databases.control, self.settings.var / "locks")
        register(durable, lambda: self.journal)
        return durable

    @cached_property
    def privacy(self) -> Privacy:
        """Persons: consent, requests, exports, erasures."""
        from tradewind.assistant.conversations import store as conversations
        from tradewind.assistant.conversations.persons import ConversationEraser, ConversationExporter
        from tradewind.channels import store as channels
        from tradewind.channels.persons import ChannelEraser, ChannelExporter
        from tradewind.privacy.privacy import Privacy

        for database in self.databases.regions.values():
            conversations.open_region(database)
            channels.open_region(database)
        return Privacy(
            self.databases,
            self.keys,
            self.sealer,
            self.journal,
            self.markets,
            self.durable,
            var=self.settings.var,
            erasers=[ConversationEraser(), ChannelEraser()],
            exporters=[ConversationExporter(self.sealer), ChannelExporter(self.sealer)],
            clock=self._clock,
        )

    def detector(self, market: MarketId, names: NameDetector | None = None) -> Detector:
        """Finds personal data under a market.

        Raises:
            NotFoundError: there is no such market.
        """
        from tradewind.privacy.detect import Detector

        found = self.markets.get(market)
        country, languages = found.formats.phone_country, found.languages
        return Detector(market, names, country=country, languages=languages)

    def tokens(self, tenant: TenantId, market: MarketId) -> Tokens:
        """The pseudonyms of values for a tenant in a market's region.

        Raises:
            NotFoundError: there is no such market, or its region has no database or key.
        """
        from tradewind.privacy.store import open_region
        from tradewind.privacy.subjects import Subjects
        from tradewind.privacy.tokens import tenant_tokens

        region = self.markets.region_of(market)
        open_region(self.databases.region(region))
        return tenant_tokens(Subjects(self.databases, self.keys), tenant, region)

    @cached_property
    def staff(self) -> Staff:
        """The persons who take conversations."""
        from tradewind.assistant.conversations.staff import Staff

        return Staff(self.databases.control, self._clock)

    @cached_property
    def customer_tokens(self) -> ConversationTokens:
        """What customers reach their conversations with."""
        from tradewind.assistant.conversations.tokens import Tokens as ConversationTokens

        return ConversationTokens(lambda: self.privacy.subjects, self._clock)

    @cached_property
    def webhooks(self) -> Webhooks:
        """Programs that are told what happens in conversations.

        Raises:
            ConfigError: a network of the settings is none.
        """
        from tradewind.channels.webhooks.send import networks_of
        from tradewind.channels.webhooks.webhooks import Webhooks

        networks = networks_of(self.settings.channels.webhook_networks)
        return Webhooks(self.journal, lambda: self.privacy.subjects, networks, self._clock)

    def guard(self, names: NameDetector | None = None) -> Guard:
        """Admits what arrives: market, law, pseudonym, consent, personal data.

        Args:
            names: finds names by a model; identifiers alone are found without it.
        """
        from tradewind.privacy.guard import Guard

        return Guard(
            self.markets,
            self.databases,
            self.privacy.subjects,
            self.privacy.consents,
            lambda market, texts: self.detector(market, names).detect(texts),
            self.tokens,
        )

    def open(self) -> None:
        """Open everything, as a server does before its first request.

        Raises:
            ConfigError, DataError: a setting or a file of the workspace is wrong.
            UnavailableError, StorageError: a database refused.
        """
        _ = self.markets, self.databases, self.journal, self.access, self.privacy, self.webhooks
        self.access.recorder.hand_on_all()

    def close(self) -> None:
        """Close what was opened: first what works, then the journal, then the databases that both write to."""
        if "durable" in self.__dict__:
            self.durable.stop()
        if "journal" in self.__dict__:
            self.journal.close()
        if "databases" in self.__dict__:
            self.databases.close()


@dataclass(frozen=True)
class Workspace:
    """What the doors receive. `live` is not started and `ground` not open: the server does that on its event loop."""

    settings: Settings
    live: LiveModels
    ground: Ground
    _one: RLock = field(default_factory=RLock, repr=False, compare=False)

    @cached_property
    def assistant(self) -> Assistant:
        """The pack that talks, connected to the systems of the business.

        Raises:
            NotFoundError, DataError, ConfigError: the pack or a file of the workspace is wrong.
        """
        from tradewind.assistant.opening import open_assistant

        ground, settings = self.ground, self.settings
        return open_assistant(settings, ground.databases, ground.markets)

    @property
    def conversations(self) -> Conversations:
        """Conversations with customers; raises as `assistant`. Building them takes a second or two: see `warm_up`."""
        with self._one:
            return self._conversations

    @property
    def is_warm(self) -> bool:
        """Whether conversations are built."""
        return "_conversations" in self.__dict__

    async def warm_up(self) -> Conversations:
        """`conversations`, built in a thread where they are not yet."""
        return self.conversations if self.is_warm else await asyncio.to_thread(lambda: self.conversations)

    @cached_property
    def _conversations(self) -> Conversations:
        from tradewind.assistant.conversations.service import Conversations
        from tradewind.assistant.opening import limits_of, live_understander, profile_of, turns_of

        ground, own, assistant = self.ground, self.settings.assistant, self.assistant
        return Conversations(
            ground.databases,
            ground.journal,
            ground.sealer,
            ground.guard,
            turns_of(assistant, own, ground.markets, ground.staff),
            live_understander(self.live, own.model, assistant.pack, ground.markets),
            limits=limits_of(own),
            profile_of=profile_of(assistant),
        )

    @cached_property
    def inbox(self) -> Inbox:
        """The conversations as agents see them; raises as `assistant`."""
        from tradewind.assistant.conversations.inbox import Inbox

        knowledge = self.assistant.knowledge
        return Inbox(self.conversations, self.ground.databases, self.ground.staff, knowledge=knowledge)

    @property
    def channels(self) -> Channels:
        """What reaches customers beside the web, while it runs.

        Raises:
            UnavailableError: it does not run yet.
        """
        found: Channels | None = self.__dict__.get("_channels")
        if found is None:
            raise UnavailableError("the channels are not open yet", hint="try again in a moment")
        return found

    async def run_channels(self) -> None:
        """Fetch and deliver until cancelled: webhooks always, the accounts where the assistant can be built."""
        try:
            self.__dict__["_channels"] = channels = await asyncio.to_thread(self._open_channels)
            await channels.run()
        except Exception:
            log.exception("the channels stopped")

    def _open_channels(self) -> Channels:
        from tradewind.channels.channels import Channels
        from tradewind.channels.threads import Threads

        ground, own = self.ground, self.settings.channels
        threads = None
        if own.email or own.whatsapp:
            try:
                chats = self.conversations
            except TradewindError as error:
                log.error("mailboxes and messengers are not served, there is no assistant: %s", error)
            else:
                replies = chats.turns.replies
                threads = Threads(
                    chats, ground.journal, ground.sealer, lambda: ground.privacy.subjects, replies
                )
        return Channels(own, ground.journal, ground.webhooks, threads)

    async def close(self) -> None:
        """Close what talks to customers, if it was opened; the ground is closed after it."""
        if self.is_warm:
            await self.conversations.close()
        if "assistant" in self.__dict__:
            self.assistant.close()


def open_workspace(
    settings: Settings,
    *,
    folders: Sequence[Path] = (),
    opener: Opener | None = None,
    on_batch: BatchObserver | None = None,
) -> Workspace:
    """Build what a server needs.

    Args:
        settings: of the workspace.
        folders: model folders to serve in place of the workspace's live models.
        opener: makes an engine of a model folder; the real one when None.
        on_batch: told of each engine call.

    Raises:
        NotFoundError, IntegrityError, ConfigError: one of `folders` is no model, or two have the same name.
    """
    live = LiveModels(
        settings.models,
        folders=folders,
        opener=opener or partial(open_engine, threads=settings.threads),
        limits=ServiceLimits(queue_tokens=settings.queue_tokens),
        on_batch=on_batch,
    )
    return Workspace(settings, live, Ground(settings))


@contextmanager
def open_ground(settings: Settings) -> Iterator[Ground]:
    """The ground for as long as a command runs."""
    ground = Ground(settings)
    try:
        yield ground
    finally:
        ground.close()
