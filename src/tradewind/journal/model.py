"""What the journal holds: kinds of bodies, drafts that come in, entries that stand for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, NewType, Protocol

from pydantic import BaseModel, ConfigDict

from tradewind.core.errors import NotFoundError
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId

Lane = NewType("Lane", int)
"""One writer of a region: a process holds its lane alone, so that each stream has one writer."""


class Personal:
    """Marks a field that holds what a person wrote or is: `text: Annotated[str, Personal]`.

    The journal never stores such a field in the clear: it is sealed under the key of the entry's subject, and
    reads as None once that key is destroyed.
    """


class Body(BaseModel):
    """What an entry says. A subclass is a kind: `class Said(Body, kind="conversation.message", version=1)`.

    Fields are plain JSON values; those marked `Personal` are str or None. A later version names how its
    predecessor is read by `upgrade`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: ClassVar[str]
    version: ClassVar[int]
    personal: ClassVar[tuple[str, ...]] = ()
    """Names of the fields that are marked `Personal`."""

    def __init_subclass__(cls, *, kind: str | None = None, version: int = 1, **options: Any) -> None:
        super().__init_subclass__(**options)
        if kind is not None:
            cls.kind, cls.version = kind, version

    @classmethod
    def __pydantic_init_subclass__(cls, *, kind: str | None = None, **options: Any) -> None:
        super().__pydantic_init_subclass__(**options)
        cls.personal = tuple(name for name, field in cls.model_fields.items() if Personal in field.metadata)
        for name, field in cls.model_fields.items():
            _refuse_hidden_mark(cls, name, field.annotation, Personal in field.metadata)
        if kind is not None:
            register(cls)

    @classmethod
    def upgrade(cls, fields: Mapping[str, Any], version: int) -> Mapping[str, Any]:
        """Fields as this version has them, of an entry written under an older `version`."""
        return fields


_KINDS: dict[str, type[Body]] = {}


def register(body: type[Body]) -> None:
    """Make a kind known under its name; defining a subclass with `kind=` does it.

    Raises:
        TypeError: another class has this kind (a mistake of its author).
    """
    known = _KINDS.setdefault(body.kind, body)
    if (known.__module__, known.__qualname__) != (body.__module__, body.__qualname__):
        raise TypeError(f"kind {body.kind!r} belongs to {known.__module__}.{known.__qualname__} already")
    _KINDS[body.kind] = body


def kinds() -> dict[str, type[Body]]:
    """Every kind that is defined in the modules imported so far, by name."""
    return dict(_KINDS)


def kind_of(name: str) -> type[Body]:
    """The class of a kind.

    Raises:
        NotFoundError: no module that is imported defines it.
    """
    try:
        return _KINDS[name]
    except KeyError:
        known = ", ".join(sorted(_KINDS)) or "none"
        raise NotFoundError(f"{name!r:.80} is no kind of entry", hint=f"there are: {known}") from None


def _refuse_hidden_mark(body: type[Body], name: str, annotation: Any, marked: bool) -> None:
    """A mark that is not seen would leave a person's words in the clear."""
    if marked and annotation not in (str, str | None):
        raise TypeError(f"{body.__qualname__}.{name}: a Personal field is str or str | None")
    if "Personal" in repr(annotation):
        raise TypeError(f"{body.__qualname__}.{name}: write Annotated[str | None, Personal] around all of it")


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be recorded.

    Args:
        body: what happened.
        market: where; decides the region. None for what belongs to the tenant itself, not to a market: it is
            recorded in the tenant's home region and has no subject.
        subject: about whom; needed where a `Personal` field is set.
        key: makes a retry return the first receipt; unique within a tenant's region.
        at: when it happened, UTC; the time of recording when None.
    """

    body: Body
    market: MarketId | None = None
    subject: SubjectId | None = None
    key: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """One hash chain."""

    tenant: TenantId
    region: RegionId
    lane: Lane


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a draft is durable. `repeated` where its key had been recorded before."""

    id: str
    stream: Stream
    sequence: int
    hash: bytes
    recorded: datetime
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An immutable record.

    Args:
        sequence: from 1, without a gap within its stream.
        hash: SHA-256 over everything above it and the hash of the entry before (see `chain`).
        body: the fields as written; personal ones are sealed. `Journal.open_body` reads them.
    """

    id: str
    stream: Stream
    sequence: int
    kind: str
    version: int
    market: MarketId | None
    subject: SubjectId | None
    key: str | None
    at: datetime
    recorded: datetime
    body: Mapping[str, Any]
    previous: bytes
    hash: bytes


class Place(NamedTuple):
    """Where an entry stands in the order of recording over all lanes of a tenant's region."""

    recorded: datetime
    lane: Lane
    sequence: int


RegionOf = Callable[[MarketId], RegionId]
"""Which region a market's records live in; raises `NotFoundError` for an unknown market."""


class Sealer(Protocol):
    """Encrypts personal fields under a key of their subject. `privacy` has the real one."""

    def seal(self, tenant: TenantId, region: RegionId, subject: SubjectId, text: str, bound_to: bytes) -> str:
        """Ciphertext as text; `bound_to` (entry id, field) is authenticated with it."""
        ...

    def open(
        self, tenant: TenantId, region: RegionId, subject: SubjectId, sealed: str, bound_to: bytes
    ) -> str | None:
        """The text again, or None where the subject's key was destroyed."""
        ...
