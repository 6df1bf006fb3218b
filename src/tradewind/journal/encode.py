"""From a draft to bytes, in the thread of the caller: checked, its personal fields sealed, ready to be chained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from pydantic import ValidationError

from tradewind.core.clock import Clock
from tradewind.core.errors import InputError, TooLargeError
from tradewind.core.ids import RegionId, TenantId, new_id
from tradewind.journal import chain
from tradewind.journal.model import Body, Draft, Entry, Sealer, kind_of

MAX_BODY_BYTES = 1_000_000
MAX_NAME = 255
SEALED = "$sealed"
"""A sealed field reads `{"$sealed": ciphertext}`: an entry says by itself what is sealed in it."""

_SEALED_START = b'{"%b":' % SEALED.encode()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(slots=True)
class Prepared:
    """A draft that only lacks its place in a stream. `tail` is how its canonical bytes end (see `chain`)."""

    id: str
    kind: str
    version: int
    market: str | None
    subject: str | None
    key: str | None
    at_us: int
    body: bytes
    tail: bytes
    draft: Draft


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds_: int) -> datetime:
    """The moment in UTC of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=microseconds_)


def prepare(
    tenant: TenantId, region: RegionId, draft: Draft, sealer: Sealer | None, clock: Clock
) -> Prepared:
    """Check a draft and make its bytes.

    Raises:
        InputError: no kind, a field that is no JSON, a personal field without subject or sealer, a bad key.
        TooLargeError: the body is over a megabyte.
    """
    body = draft.body
    kind = getattr(body, "kind", None)
    if kind is None:
        raise InputError(
            f"{type(body).__name__} is no kind of entry", hint="define it with class …(Body, kind='…')"
        )
    _check_names(draft)
    identity = new_id(clock)
    at = draft.at
    if at is None:
        at = clock.now()
    elif at.tzinfo is None:
        raise InputError(f"{kind}: `at` {at.isoformat()} has no time zone", hint="give it in UTC")
    fields = type(body).__pydantic_serializer__.to_python(body, mode="json")
    personal = [name for name in body.personal if fields[name] is not None]
    for name in personal:
        fields[name] = _sealed(tenant, region, draft, sealer, identity, name, fields[name])
    encoded = _encode(kind, fields)
    if encoded.count(_SEALED_START) != len(personal):
        raise InputError(
            f"{kind}: a field is called {SEALED!r}", hint="the journal keeps that name to itself"
        )
    version, at_us = body.version, microseconds(at)
    tail = chain.tail_of(identity, kind, version, draft.market, draft.subject, draft.key, at_us, encoded)
    return Prepared(
        identity, kind, version, draft.market, draft.subject, draft.key, at_us, encoded, tail, draft
    )


def open_body(entry: Entry, sealer: Sealer | None) -> Body:
    """The body of an entry as its kind's newest version: personal fields in the clear, None where erased.

    Raises:
        NotFoundError: the kind is not defined here.
        InputError: the entry does not fit its kind, or holds sealed fields and there is no sealer.
    """
    kind = kind_of(entry.kind)
    if entry.version > kind.version:
        raise InputError(
            f"{entry.kind} version {entry.version} is newer than what is known here ({kind.version})",
            hint="update the program",
        )
    fields: Mapping[str, Any] = {name: _opened(entry, name, v, sealer) for name, v in entry.body.items()}
    if entry.version < kind.version:
        fields = kind.upgrade(fields, entry.version)
    erased = [name for name in kind.personal if fields.get(name, "") is None]
    try:
        body = kind.model_validate({**fields, **dict.fromkeys(erased, "")} if erased else fields)
        return body.model_copy(update=dict.fromkeys(erased)) if erased else body
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(
            f"entry {entry.id}: {where}: {first['msg']}", hint=f"{entry.kind}.upgrade should read it"
        ) from error


def check_name(what: str, name: str | None) -> None:
    """Refuse what no entry can have as its market, subject, key or kind.

    Raises:
        InputError: it is empty, too long, or has characters that cannot be printed.
    """
    if name is not None and not (0 < len(name) <= MAX_NAME and name.isprintable()):
        raise InputError(
            f"{name!r:.80} cannot be the {what} of an entry",
            hint=f"1 to {MAX_NAME} characters that can be printed",
        )


def _check_names(draft: Draft) -> None:
    for what, name in (("market", draft.market), ("subject", draft.subject), ("key", draft.key)):
        check_name(what, name)
    if draft.subject is not None and draft.market is None:
        raise InputError(
            f"{draft.body.kind}: a subject without a market", hint="name the market that decides the region"
        )


def _sealed(
    tenant: TenantId,
    region: RegionId,
    draft: Draft,
    sealer: Sealer | None,
    identity: str,
    name: str,
    text: str,
) -> dict[str, str]:
    if draft.subject is None:
        raise InputError(
            f"{draft.body.kind}.{name} is personal and the draft names no subject", hint="give its subject"
        )
    if sealer is None:
        raise InputError(
            f"{draft.body.kind}.{name} is personal and this journal cannot seal", hint="open it with a sealer"
        )
    return {
        SEALED: sealer.seal(tenant, region, draft.subject, text, _bound_to(identity, draft.body.kind, name))
    }


def _opened(entry: Entry, name: str, value: Any, sealer: Sealer | None) -> Any:
    if not (isinstance(value, dict) and value.keys() == {SEALED}):
        return value
    if sealer is None or entry.subject is None:
        raise InputError(f"entry {entry.id}: {name} is sealed", hint="open the journal with a sealer")
    stream = entry.stream
    return sealer.open(
        stream.tenant, stream.region, entry.subject, value[SEALED], _bound_to(entry.id, entry.kind, name)
    )


def _bound_to(identity: str, kind: str, name: str) -> bytes:
    """What a sealed field is authenticated with; a sealer reads off the kind how long it is kept."""
    return f"{identity} {kind} {name}".encode()


def _encode(kind: str, fields: dict[str, Any]) -> bytes:
    try:
        encoded = orjson.dumps(fields)
    except TypeError as error:
        raise InputError(f"{kind}: {error}", hint="fields are plain JSON values") from error
    if len(encoded) > MAX_BODY_BYTES:
        raise TooLargeError(
            f"{kind}: {len(encoded):,} bytes in one entry", hint=f"at most {MAX_BODY_BYTES:,}"
        )
    return encoded
