"""What is kept of keys, consents, requests and erasures, and how it is reached."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Insert, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.databases import Database, Scoped, migrate
from tradewind.privacy.keys import Wrapped
from tradewind.privacy.records import Consent, Erased, Request, Target
from tradewind.privacy.records import Erasure as Erasure
from tradewind.privacy.store.tables import (
    CONSENTS,
    CONTROL,
    EPOCHS,
    ERASED,
    ERASURES,
    KEYS,
    LINEAGE,
    REGION,
    REQUESTS,
    RETRAINING,
    SECRETS,
    SUBJECTS,
)  # fmt: skip

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def open_region(database: Database) -> None:
    """Bring a region's tables of this room to their newest version."""
    migrate(database, "privacy", MIGRATIONS / "region", REGION)


def open_control(database: Database) -> None:
    """Bring the control database's tables of this room to their newest version."""
    migrate(database, "privacy", MIGRATIONS / "control", CONTROL)


def text_of(moment: datetime) -> str:
    """A moment as it is stored: 2026-11-25T03:10:00.000000+00:00."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_of(text: str) -> datetime:
    """The moment of a stored text."""
    return datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """A subject's wrapped key of one category: of `period`, the oldest month that can still be read."""

    subject: SubjectId
    category: str
    period: int
    wrapped: Wrapped


# --- a tenant's secrets


def secret(tables: Scoped, name: str) -> Wrapped | None:
    found = tables.select(select(SECRETS.c.key_id, SECRETS.c.wrapped).where(SECRETS.c.name == name))
    return Wrapped(found[0].key_id, bytes(found[0].wrapped)) if found else None


def add_secret(database: Database, tables: Scoped, name: str, wrapped: Wrapped) -> None:
    """Nothing happens where one of this name is there: another process was first."""
    row = {"name": name, "key_id": wrapped.key_id, "wrapped": wrapped.content}
    tables.insert(_unless_there(database, SECRETS), [row])


def replace_secret(tables: Scoped, name: str, wrapped: Wrapped) -> None:
    changed = update(SECRETS).where(SECRETS.c.name == name)
    tables.change(changed.values(key_id=wrapped.key_id, wrapped=wrapped.content))


def secret_names(tables: Scoped) -> list[str]:
    return [str(row.name) for row in tables.select(select(SECRETS.c.name).order_by(SECRETS.c.name))]


# --- subjects' keys


def subject_key(tables: Scoped, subject: SubjectId, category: str) -> SubjectKey | None:
    columns = (KEYS.c.subject, KEYS.c.category, KEYS.c.period, KEYS.c.key_id, KEYS.c.wrapped)
    found = tables.select(select(*columns).where(KEYS.c.subject == subject, KEYS.c.category == category))
    return _subject_key(found[0]) if found else None


def subject_keys_after(
    tables: Scoped, not_under: str | None, after: tuple[str, str], limit: int
) -> list[SubjectKey]:
    """A page of keys in the order of (subject, category), those under the key `not_under` left out."""
    wanted = (
        select(KEYS.c.subject, KEYS.c.category, KEYS.c.period, KEYS.c.key_id, KEYS.c.wrapped)
        .where(
            (KEYS.c.subject > after[0]) | ((KEYS.c.subject == after[0]) & (KEYS.c.category > after[1])),
        )
        .order_by(KEYS.c.subject, KEYS.c.category)
        .limit(limit)
    )
    if not_under is not None:
        wanted = wanted.where(KEYS.c.key_id != not_under)
    return [_subject_key(row) for row in tables.select(wanted)]


def add_subject_key(database: Database, tables: Scoped, key: SubjectKey) -> None:
    """Nothing happens where the subject has one: another process was first."""
    row = {
        "subject": key.subject,
        "category": key.category,
        "period": key.period,
        "key_id": key.wrapped.key_id,
        "wrapped": key.wrapped.content,
    }
    tables.insert(_unless_there(database, KEYS), [row])


def replace_subject_key(tables: Scoped, before: SubjectKey, after: SubjectKey) -> bool:
    """Put a key in another's place; False where that is not there any more."""
    changed = update(KEYS).where(
        KEYS.c.subject == before.subject,
        KEYS.c.category == before.category,
        KEYS.c.period == before.period,
        KEYS.c.key_id == before.wrapped.key_id,
    )
    values = {"period": after.period, "key_id": after.wrapped.key_id, "wrapped": after.wrapped.content}
    return tables.change(changed.values(**values)) == 1


def take_subject_keys(tables: Scoped, subject: SubjectId) -> list[bytes]:
    """Delete a subject's keys; what was wrapped, to look for what is left of it."""
    rows = tables.select(select(KEYS.c.wrapped).where(KEYS.c.subject == subject))
    tables.change(delete(KEYS).where(KEYS.c.subject == subject))
    return [bytes(row.wrapped) for row in rows]


def tenants_with_keys(database: Database) -> list[TenantId]:
    """Tenants that hold keys in a region: names of tenants, nobody's rows."""
    with database.read() as connection:
        found = connection.execute(select(SECRETS.c.tenant).distinct().order_by(SECRETS.c.tenant))
        return [TenantId(row.tenant) for row in found]


def _subject_key(row: Any) -> SubjectKey:
    return SubjectKey(row.subject, row.category, row.period, Wrapped(row.key_id, bytes(row.wrapped)))


# --- who is there, and who no longer


def epoch(tables: Scoped) -> int:
    """Rises with each key that is destroyed: what was cached before then is void."""
    found = tables.select(select(EPOCHS.c.epoch))
    return int(found[0].epoch) if found else 0


def next_epoch(database: Database, tables: Scoped) -> None:
    tables.insert(_unless_there(database, EPOCHS), [{"epoch": 0, "unscrubbed": False}])
    tables.change(update(EPOCHS).values(epoch=EPOCHS.c.epoch + 1))


def mark_files(tables: Scoped, *, unscrubbed: bool) -> None:
    """Whether keys that retention replaced may still be in the files of the database."""
    tables.change(update(EPOCHS).values(unscrubbed=unscrubbed))


def files_unscrubbed(tables: Scoped) -> bool:
    found = tables.select(select(EPOCHS.c.unscrubbed))
    return bool(found and found[0].unscrubbed)


def add_subject(
    database: Database, tables: Scoped, subject: SubjectId, market: MarketId, since: datetime
) -> None:
    row = {"subject": subject, "market": market, "since": text_of(since)}
    tables.insert(_unless_there(database, SUBJECTS), [row])


def markets_of(tables: Scoped, subject: SubjectId) -> list[MarketId]:
    """The markets where a subject was met, first the one where it was met first."""
    wanted = select(SUBJECTS.c.market).where(SUBJECTS.c.subject == subject)
    return [MarketId(row.market) for row in tables.select(wanted.order_by(SUBJECTS.c.since))]


def erased(tables: Scoped, subject: SubjectId) -> Erased | None:
    """The tombstone of a subject that was erased."""
    found = tables.select(select(ERASED).where(ERASED.c.subject == subject))
    if not found:
        return None
    row = found[0]
    return Erased(
        row.subject, row.request, moment_of(row.at), row.keys, json.loads(row.rows), bool(row.scrubbed)
    )


def bury(database: Database, tables: Scoped, erased: Erased) -> None:
    """Set the tombstone, and drop what this room knows of the subject."""
    subject = erased.subject
    row = {
        "subject": subject,
        "request": erased.request,
        "at": text_of(erased.at),
        "keys": erased.keys,
        "rows": json.dumps(dict(erased.rows), sort_keys=True),
        "scrubbed": erased.scrubbed,
    }
    tables.insert(_unless_there(database, ERASED), [row])
    for table in (SUBJECTS, CONSENTS, LINEAGE):
        tables.change(delete(table).where(table.c.subject == subject))
    next_epoch(database, tables)


def mark_scrubbed(tables: Scoped, subject: SubjectId) -> None:
    tables.change(update(ERASED).where(ERASED.c.subject == subject).values(scrubbed=True))


# --- consents


def put_consent(tables: Scoped, subject: SubjectId, consent: Consent) -> None:
    tables.change(
        delete(CONSENTS).where(CONSENTS.c.subject == subject, CONSENTS.c.purpose == consent.purpose)
    )
    row = {
        "subject": subject,
        "purpose": consent.purpose,
        "market": consent.market,
        "granted": consent.granted,
        "version": consent.version,
        "language": consent.language,
        "at": text_of(consent.at),
    }
    tables.insert(insert(CONSENTS), [row])


def consents(tables: Scoped, subject: SubjectId, purpose: str | None = None) -> list[Consent]:
    wanted = select(CONSENTS).where(CONSENTS.c.subject == subject).order_by(CONSENTS.c.purpose)
    if purpose is not None:
        wanted = wanted.where(CONSENTS.c.purpose == purpose)
    return [
        Consent(
            row.purpose, MarketId(row.market), bool(row.granted), row.version, row.language, moment_of(row.at)
        )
        for row in tables.select(wanted)
    ]


def forget_consents(tables: Scoped) -> None:
    tables.change(delete(CONSENTS))


# --- requests


def add_request(database: Database, tables: Scoped, request: Request) -> None:
    """Nothing happens where its idempotency key is taken."""
    tables.insert(_unless_there(database, REQUESTS), [_request_row(request)])


def request(tables: Scoped, id: str) -> Request | None:
    found = tables.select(select(REQUESTS).where(REQUESTS.c.id == id))
    return _request(found[0]) if found else None


def request_of_key(tables: Scoped, key: str) -> Request | None:
    """The request that was made under an idempotency key."""
    found = tables.select(select(REQUESTS).where(REQUESTS.c.key == key))
    return _request(found[0]) if found else None


def requests(tables: Scoped, *, open_only: bool) -> list[Request]:
    """Requests, the most urgent first; those without a deadline last."""
    wanted = select(REQUESTS)
    if open_only:
        wanted = wanted.where(REQUESTS.c.done.is_(None))
    found = [_request(row) for row in tables.select(wanted)]
    return sorted(found, key=lambda one: (one.done is not None, one.due is None, one.due or one.received))


def finish_request(tables: Scoped, id: str, done: datetime, receipt: Mapping[str, Any] | None) -> None:
    text = None if receipt is None else json.dumps(receipt, sort_keys=True)
    changed = update(REQUESTS).where(REQUESTS.c.id == id, REQUESTS.c.done.is_(None))
    tables.change(changed.values(done=text_of(done), receipt=text))


def _request_row(request: Request) -> dict[str, Any]:
    return {
        "id": request.id,
        "key": request.key,
        "kind": request.kind,
        "market": request.market,
        "language": request.language,
        "regulation": request.regulation,
        "article": request.article,
        "received": text_of(request.received),
        "due": None if request.due is None else text_of(request.due),
        "done": None if request.done is None else text_of(request.done),
        "targets": json.dumps([[one.region, one.market, one.subject] for one in request.targets]),
        "receipt": None if request.receipt is None else json.dumps(request.receipt, sort_keys=True),
    }


def _request(row: Any) -> Request:
    return Request(
        id=row.id,
        key=row.key,
        kind=row.kind,
        market=MarketId(row.market),
        language=row.language,
        regulation=row.regulation,
        article=row.article,
        received=moment_of(row.received),
        due=None if row.due is None else moment_of(row.due),
        done=None if row.done is None else moment_of(row.done),
        targets=tuple(
            Target(RegionId(region), MarketId(market), SubjectId(subject))
            for region, market, subject in json.loads(row.targets)
        ),
        receipt=None if row.receipt is None else json.loads(row.receipt),
    )


# --- what models were trained on


def add_lineage(
    database: Database, tables: Scoped, model: str, version: str, subjects: Iterable[SubjectId]
) -> None:
    rows = [{"model": model, "version": version, "subject": subject} for subject in subjects]
    tables.insert(_unless_there(database, LINEAGE), rows)


def models_of(tables: Scoped, subject: SubjectId) -> list[tuple[str, str]]:
    """Model versions that trained on a subject's text."""
    wanted = select(LINEAGE.c.model, LINEAGE.c.version).where(LINEAGE.c.subject == subject)
    return [
        (row.model, row.version) for row in tables.select(wanted.order_by(LINEAGE.c.model, LINEAGE.c.version))
    ]


# --- the control database


def add_erasures(control: Database, tables: Scoped, erasures: Iterable[Erasure]) -> None:
    """Those of the tenant; one that is there already is not noted again."""
    rows = [
        {
            "region": one.target.region,
            "subject": one.target.subject,
            "market": one.target.market,
            "request": one.request,
            "at": text_of(one.at),
        }
        for one in erasures
    ]
    tables.insert(_unless_there(control, ERASURES), rows)


def erasures(control: Database) -> list[Erasure]:
    """Every erasure, oldest first, of all tenants: a restored backup must repeat them."""
    with control.read() as connection:
        found = connection.execute(select(ERASURES).order_by(ERASURES.c.at))
        return [
            Erasure(
                TenantId(row.tenant),
                Target(RegionId(row.region), MarketId(row.market), SubjectId(row.subject)),
                row.request,
                moment_of(row.at),
            )
            for row in found
        ]


def add_retraining(
    control: Database, tables: Scoped, request: str, models: Iterable[tuple[str, str]], since: datetime
) -> None:
    rows = [
        {"model": model, "version": version, "request": request, "since": text_of(since)}
        for model, version in models
    ]
    tables.insert(_unless_there(control, RETRAINING), rows)


def retraining(tables: Scoped) -> list[tuple[str, str, str, datetime]]:
    """Model, version, request, since: what was trained on the text of somebody who was erased."""
    wanted = select(RETRAINING).order_by(RETRAINING.c.since, RETRAINING.c.model)
    return [(row.model, row.version, row.request, moment_of(row.since)) for row in tables.select(wanted)]


def _unless_there(database: Database, table: Table) -> Insert:
    dialect = postgresql if database.dialect == "postgresql" else sqlite
    ignoring: Insert = dialect.insert(table).on_conflict_do_nothing()
    return ignoring
