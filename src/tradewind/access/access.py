"""All of access over one control database."""

from __future__ import annotations

from tradewind.access.answers import Answers
from tradewind.access.beliefs import Beliefs
from tradewind.access.grants import Grants
from tradewind.access.keys import Keys
from tradewind.access.members import Members
from tradewind.access.openid import OpenId
from tradewind.access.record import Append, Recorder
from tradewind.access.sessions import Sessions
from tradewind.access.store import Store, open_store
from tradewind.access.tenants import Tenants
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.ids import RegionId
from tradewind.journal.databases import Database


class Access:
    """Who may do what.

    Args:
        control: the database of tenants, members, keys and sessions; its tables are made if need be.
        append: hands changes to the journal; see `Journal.append_now`.
        local_home: home region of an installation without tenants.

    Raises:
        UnavailableError, StorageError: the database refused.
    """

    def __init__(
        self, control: Database, append: Append, *, local_home: RegionId, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        open_store(control)
        store = Store(control, clock)
        recorder = Recorder(store, append)
        self.beliefs = Beliefs(clock)
        self.recorder = recorder
        self.tenants = Tenants(store, recorder, clock, local_home)
        self.members = Members(store, recorder, self.beliefs, clock)
        self.keys = Keys(store, recorder, self.beliefs, clock)
        self.sessions = Sessions(store, recorder, self.beliefs, clock)
        self.openid = OpenId(store, recorder, self.sessions, clock)
        self.grants = Grants(store, recorder, clock)
        self.answers = Answers(store, clock)
        self.home_of = self.tenants.home_of
