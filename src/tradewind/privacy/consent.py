"""Consent: who agreed to which purpose, in which version and language of the text; looked up before use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import ConsentError, InputError
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.databases import Databases
from tradewind.journal.journal import Journal
from tradewind.journal.model import Draft, RegionOf
from tradewind.markets.regulation import Regulation
from tradewind.privacy import store
from tradewind.privacy.kinds import ConsentGiven, ConsentWithdrawn
from tradewind.privacy.records import Consent
from tradewind.privacy.subjects import Subjects

Need = Literal["nothing", "no-objection", "consent"]

SERVING: Final = ("service", "security")
"""What a person asked for, or what keeps it safe: a contract or a legitimate interest carries it where there is one."""

MAX_VERSION = 64
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_PURPOSE = re.compile(r"[a-z][a-z0-9-]{0,63}")
_CARRIES_SERVICE = {"contract", "legitimate-interests", "notice"}
_OPT_IN = {"opt-in", "explicit", "separate", "written"}


def need_of(purpose: str, law: Regulation) -> Need:
    """What a purpose needs of a person under a law before their data is used for it.

    A purpose that is not one of `SERVING` needs consent where the law knows the forms of opting in, and no
    objection where it only knows opting out. A law that says nothing about consent is read as the strict one.
    """
    bases = set(law.duties.lawful_bases.bases) if law.duties.lawful_bases else set()
    forms = set(law.duties.consent.forms) if law.duties.consent else set()
    if purpose in SERVING and bases & _CARRIES_SERVICE:
        return "nothing"
    mild = forms & {"opt-out", "implied"}
    return "no-objection" if mild and not forms & _OPT_IN else "consent"


class Consents:
    """What persons agreed to. Each word of theirs is an entry of the journal; the table says what holds now."""

    def __init__(
        self,
        databases: Databases,
        journal: Journal,
        subjects: Subjects,
        region_of: RegionOf,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._databases = databases
        self._journal = journal
        self._subjects = subjects
        self._region_of = region_of
        self._clock = clock

    def give(
        self,
        tenant: TenantId,
        market: MarketId,
        subject: SubjectId,
        *,
        purpose: str,
        version: str,
        language: str,
        by: str,
        key: str | None = None,
    ) -> Consent:
        """Record that a person agreed: in the journal first, so that nothing is used without proof.

        Args:
            version, language: of the text that they were shown.
            by: id of the key or member who took it down.
            key: makes a retry return the first.

        Raises:
            InputError: the purpose, version or language is none.
            ConflictError: the person was erased, or the key was used for more.
        """
        region = self._region_of(market)
        if not (0 < len(version) <= MAX_VERSION and version.isprintable()):
            raise InputError(
                "this is no version of a text", hint=f"1 to {MAX_VERSION} characters, such as 2026-11"
            )
        shown = language_of(language)
        consent = Consent(_purpose(purpose), market, True, version, shown, self._clock.now())
        self._subjects.met(tenant, region, subject, market)
        body = ConsentGiven(purpose=purpose, text_version=version, language=language, by=by)
        receipt = self._journal.append_now(tenant, [Draft(body, market, subject, key, consent.at)])[0]
        if receipt.repeated:
            return self._restate(tenant, region, subject, purpose) or consent
        self._put(tenant, region, subject, consent)
        return consent

    def withdraw(
        self,
        tenant: TenantId,
        market: MarketId,
        subject: SubjectId,
        *,
        purpose: str,
        by: str,
        key: str | None = None,
    ) -> Consent:
        """Record that a person took it back: in the table first, so that it holds at once; raises as `give`."""
        region = self._region_of(market)
        before = self.stated(tenant, region, subject, _purpose(purpose))
        version, language = (before.version, before.language) if before else ("", "")
        consent = Consent(purpose, market, False, version, language, self._clock.now())
        self._subjects.met(tenant, region, subject, market)
        self._put(tenant, region, subject, consent)
        body = ConsentWithdrawn(purpose=purpose, by=by)
        receipt = self._journal.append_now(tenant, [Draft(body, market, subject, key, consent.at)])[0]
        if receipt.repeated:  # they may have agreed again since
            return self._restate(tenant, region, subject, purpose) or consent
        return consent

    def stated(self, tenant: TenantId, region: RegionId, subject: SubjectId, purpose: str) -> Consent | None:
        """What a person last said about a purpose."""
        with self._databases.region(region).read_as(tenant) as tables:
            found = store.consents(tables, subject, purpose)
        return found[0] if found else None

    def all(self, tenant: TenantId, region: RegionId, subject: SubjectId) -> list[Consent]:
        """What a person last said about each purpose."""
        with self._databases.region(region).read_as(tenant) as tables:
            return store.consents(tables, subject)

    def require(
        self, tenant: TenantId, region: RegionId, subject: SubjectId, purpose: str, law: Sequence[Regulation]
    ) -> Consent | None:
        """What a person said, where it lets their data be used for a purpose under the laws of their market.

        Raises:
            ConsentError: they did not agree where they must, or they objected.
        """
        stated = self.stated(tenant, region, subject, _purpose(purpose))
        needs = {need_of(purpose, one) for one in law[:1]}
        if stated is not None and not stated.granted and needs != {"nothing"}:
            raise ConsentError(
                f"the person took back their consent to {purpose!r}",
                hint="it may be used again when they agree",
            )
        if "consent" in needs and stated is None:
            raise ConsentError(
                f"the person did not agree to {purpose!r}, which {law[0].title} asks for",
                hint="record their consent first",
            )
        return stated

    def rebuild(self, tenant: TenantId, region: RegionId) -> int:
        """Make the table anew from the journal; how many entries were read."""
        entries = list(self._stated_in_journal(tenant, region))
        database = self._databases.region(region)
        with database.write_as(tenant) as tables:
            store.forget_consents(tables)
            for subject, consent in entries:
                if store.erased(tables, subject) is None:
                    store.put_consent(tables, subject, consent)
        return len(entries)

    def _restate(
        self, tenant: TenantId, region: RegionId, subject: SubjectId, purpose: str
    ) -> Consent | None:
        """What the journal says of one purpose, put into the table: where a retry finds that it was recorded."""
        stated = [
            one for _, one in self._stated_in_journal(tenant, region, subject) if one.purpose == purpose
        ]
        if not stated:
            return None
        self._put(tenant, region, subject, stated[-1])
        return stated[-1]

    def _stated_in_journal(
        self, tenant: TenantId, region: RegionId, subject: SubjectId | None = None
    ) -> Iterator[tuple[SubjectId, Consent]]:
        kinds = (ConsentGiven.kind, ConsentWithdrawn.kind)
        shown: dict[tuple[SubjectId, str], tuple[str, str]] = {}
        for entry in self._journal.read(tenant, region, kinds=kinds, subject=subject):
            body = self._journal.open_body(entry)
            if entry.subject is None or entry.market is None:
                continue
            assert isinstance(body, ConsentGiven | ConsentWithdrawn)
            granted = isinstance(body, ConsentGiven)
            if isinstance(body, ConsentGiven):
                shown[entry.subject, body.purpose] = (body.text_version, body.language)
            version, language = shown.get((entry.subject, body.purpose), ("", ""))
            yield entry.subject, Consent(body.purpose, entry.market, granted, version, language, entry.at)

    def _put(self, tenant: TenantId, region: RegionId, subject: SubjectId, consent: Consent) -> None:
        with self._databases.region(region).write_as(tenant) as tables:
            if store.erased(tables, subject) is None:
                store.put_consent(tables, subject, consent)


def _purpose(name: str) -> str:
    if not _PURPOSE.fullmatch(name):
        raise InputError(f"{name!r:.80} is no purpose", hint="a word such as marketing, training or service")
    return name


def language_of(text: str) -> str:
    """A language tag as BCP 47 writes it.

    Raises:
        InputError: it is none.
    """
    if not _LANGUAGE.fullmatch(text):
        raise InputError(f"{text!r:.40} is no language", hint="a tag such as de or pt-BR")
    return text
