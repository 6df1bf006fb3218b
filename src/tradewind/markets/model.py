"""What a market is: pure data about a place of business."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from tradewind.core.ids import MarketId, RegionId
from tradewind.markets.period import Part, Period

Origin = Literal["law", "guidance", "code", "policy"]
"""Who says so: a statute, an authority's advice, an industry's code, or nobody but good practice."""

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

RetentionKind = Literal["conversation", "event", "consent", "invoice", "training"]
"""Messages and their decisions; behaviour; proof of consent; what tax law wants kept; texts to learn from."""

Channel = Literal[
    "web",
    "app",
    "email",
    "sms",
    "voice",
    "whatsapp",
    "wechat",
    "line",
    "kakaotalk",
    "messenger",
    "instagram",
    "telegram",
]


def _written(value: object) -> object:
    """A rate is written in quotes, so that it never was a float."""
    if isinstance(value, float):
        raise ValueError("a rate is text, so that it is exact: put it in quotes")
    return value


Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?$")]
Rate = Annotated[Decimal, BeforeValidator(_written), Field(ge=0, le=100)]


class Region(Part):
    """Where data may live: a database and keys of its own; data of one region is never kept in another."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: str = Field(min_length=2)
    countries: tuple[str, ...] = Field(
        min_length=1, description="ISO 3166 codes whose people's data it holds"
    )


class Calendar(Part):
    """Whose holidays count, as the `holidays` library names them."""

    country: str = Field(pattern=r"^[A-Z]{2}$")
    subdivision: str | None = None
    categories: tuple[str, ...] = ("public",)


class NameFormat(Part):
    """How a language writes a full name; CLDR as Babel carries it does not say."""

    order: Literal["given-first", "family-first"] = "given-first"
    between: str = " "


class Formats(Part):
    """What the locale data lacks, by language.

    Args:
        names: given name first with a space where a language is not listed.
        addresses: lines with `{recipient}`, `{street}`, `{district}`, `{city}`, `{state}`, `{postcode}`,
            `{country}`; a line whose fields are all empty is left out.
        phone_country: ISO 3166 code of the numbering plan.
    """

    phone_country: str = Field(pattern=r"^[A-Z]{2}$")
    names: Mapping[Language, NameFormat] = Field(default_factory=dict)
    addresses: Mapping[Language, tuple[str, ...]] = Field(min_length=1)


class Transfer(Part):
    """What may leave the region.

    Args:
        leaving_region: `aggregates`: counts without persons may be read elsewhere; `nothing`: not even those.
        law: the regulation whose `transfers` applies where a person's data must leave after all.
        note: what to do first.
    """

    leaving_region: Literal["aggregates", "nothing"]
    law: str
    note: str = Field(min_length=2)


class ConsentAge(Part):
    """From which age a person consents to an online service alone."""

    age: int = Field(ge=7, le=21, strict=True)
    origin: Origin
    source: str = Field(min_length=2)


class Retention(Part):
    """How long a kind of data is kept: no longer than `most`, no shorter than `least`."""

    most: Period | None = None
    least: Period | None = None
    origin: Origin
    source: str = Field(min_length=2)

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.most is None and self.least is None:
            raise ValueError("give `most`, `least`, or both")
        if self.most and self.least and self.most.rough_days() < self.least.rough_days():
            raise ValueError(f"`most` ({self.most}) is shorter than `least` ({self.least})")
        return self


class Window(Part):
    """Hours on some days; `until: "00:00"` is the end of the day."""

    days: tuple[Day, ...] = Field(min_length=1)
    since: time
    until: time

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.until != time(0) and self.until <= self.since:
            raise ValueError(f"until {self.until:%H:%M} is not after since {self.since:%H:%M}")
        return self


class QuietHours(Part):
    """When people are left alone: always, except in the hours listed, in the zone where they are.

    A public holiday counts as the day `holiday`, never as its day of the week.
    """

    origin: Origin
    source: str = Field(min_length=2)
    contact: tuple[Window, ...] = Field(min_length=1)


class Tone(Part):
    """How customers are addressed."""

    formality: Literal["formal", "polite", "neutral", "informal"]
    address: Mapping[Language, str] = Field(
        default_factory=dict, description="the pronoun or style, by language"
    )


class Tax(Part):
    """The tax on what is sold.

    Args:
        rate: per cent, the standard rate; None where there is no single one.
        prices: whether those shown to consumers include it.
    """

    kind: Literal["vat", "gst", "consumption", "sales", "none"]
    name: str
    rate: Rate | None = None
    prices: Literal["inclusive", "exclusive"]
    source: str = Field(min_length=2)


class Market(Part):
    """A place of business.

    Args:
        languages: BCP 47, the most used first; the script follows from the country where it is not given.
        time_zones: IANA names, the one that the market counts its days in first.
        regulations: ids of the profiles that apply, the general law on personal data first.
    """

    id: MarketId = Field(pattern=r"^[a-z]{2}(-[a-z0-9]{1,16})?$")
    name: str = Field(min_length=2)
    country: str = Field(pattern=r"^[A-Z]{2}$")
    languages: tuple[Language, ...] = Field(min_length=1)
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    time_zones: tuple[str, ...] = Field(min_length=1)
    region: RegionId
    regulations: tuple[str, ...] = Field(min_length=1)
    transfer: Transfer
    calendar: Calendar
    formats: Formats
    consent_age: ConsentAge
    retention: Mapping[RetentionKind, Retention]
    quiet_hours: QuietHours
    channels: tuple[Channel, ...] = Field(min_length=1)
    tone: Tone
    tax: Tax

    @property
    def regulation(self) -> str:
        """The general law on personal data."""
        return self.regulations[0]

    @property
    def age_of_consent(self) -> int:
        """Years of age from which a person consents to an online service alone."""
        return self.consent_age.age
