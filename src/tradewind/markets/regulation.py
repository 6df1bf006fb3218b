"""What a regulation asks, in a form that a machine can follow; each duty says which article it comes from.

A number that is None is one that the law does not set: nothing is made up for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from tradewind.markets.period import Part, Period

Basis = Literal[
    "consent",
    "implied-consent",
    "contract",
    "legal-obligation",
    "vital-interests",
    "public-interest",
    "legitimate-interests",
    "employment",
    "public-source",
    "notice",
    "research",
    "legal-claims",
    "credit-protection",
]
"""Grounds on which personal data may be processed; `notice`: what was notified may be done without consent."""

ConsentForm = Literal["opt-in", "explicit", "separate", "written", "opt-out", "implied", "parental"]
"""How consent is given, from the strictest case to the mildest that the law accepts."""

Mechanism = Literal[
    "adequacy",
    "standard-clauses",
    "binding-rules",
    "certification",
    "consent",
    "contract-need",
    "security-assessment",
    "comparable-protection",
    "accountability",
    "notice",
    "unless-forbidden",
    "approval",
]
"""What lets a person's data leave; `unless-forbidden`: to any country that the government has not named."""

Strength = Literal["required", "conditional", "none"]


class Duty(Part):
    """A duty or a right.

    Args:
        article: where it stands in the law, as lawyers cite it.
        checked: when it was last held against the law; the profile's date where the file does not say.
        applies_from: since when, where that is later than the law itself.
        note: what the fields cannot say, in our own words.
    """

    article: str = Field(min_length=2)
    checked: date
    applies_from: date | None = None
    note: str | None = None


class LawfulBases(Duty):
    """On which grounds personal data may be processed."""

    bases: tuple[Basis, ...] = Field(min_length=1)


class Consent(Duty):
    """How consent must look where it is the ground."""

    forms: tuple[ConsentForm, ...] = Field(min_length=1)
    withdrawal: bool = Field(description="it can be taken back at any time")


class MachineDisclosure(Duty):
    """Whether people must be told that they talk to a machine, or read what one wrote."""

    required: Strength
    when: Literal["before-first-reply", "on-request"] | None = None
    labels: Strength = Field("none", description="marking of generated content")


class AutomatedDecisions(Duty):
    """What a person may ask of a decision that no human took."""

    rights: tuple[Literal["human-review", "explanation", "contest", "opt-out", "refuse", "fairness"], ...]


class HumanContact(Duty):
    """Whether a customer who asks for a person must get one."""

    required: Strength


class SubjectRight(Duty):
    """A right that a person asks for, and how long the answer may take.

    Args:
        right: False where the law gives none.
        deadline: from the request to the answer.
        extension: how much longer a complicated case may take.
    """

    right: bool = True
    deadline: Period | None = None
    extension: Period | None = None


class BreachNotice(Duty):
    """Whom to tell of a breach, and how soon after learning of it.

    Args:
        full_report_within: the details, where a first notice and a full report are two things.
    """

    authority: Strength
    authority_within: Period | None = None
    full_report_within: Period | None = None
    people: Strength
    people_within: Period | None = None


class Transfers(Duty):
    """What lets personal data leave the country; one of the mechanisms is enough."""

    mechanisms: tuple[Mechanism, ...] = Field(min_length=1)
    adequate: tuple[str, ...] = Field((), description="ISO 3166 codes of countries that need nothing more")


class Localisation(Duty):
    """Whether data must be kept in the country."""

    required: Strength


class Children(Duty):
    """Up to which age somebody else consents for a person; None: the law sets no number."""

    age: int | None = Field(None, ge=1, le=21, strict=True)


class Records(Duty):
    """Whether a register of processing, or proof of it, must be kept."""

    required: Strength
    keep: Period | None = None


class ContactHours(Duty):
    """At what time of day people may be called or written to for business."""

    earliest: str | None = Field(None, pattern=r"^\d\d:\d\d$")
    latest: str | None = Field(None, pattern=r"^\d\d:\d\d$")


class Duties(Part):
    """The duties of a regulation; one that is absent is not its subject."""

    lawful_bases: LawfulBases | None = None
    consent: Consent | None = None
    machine_disclosure: MachineDisclosure | None = None
    automated_decisions: AutomatedDecisions | None = None
    human_contact: HumanContact | None = None
    access: SubjectRight | None = None
    correction: SubjectRight | None = None
    erasure: SubjectRight | None = None
    portability: SubjectRight | None = None
    objection: SubjectRight | None = None
    breach_notice: BreachNotice | None = None
    transfers: Transfers | None = None
    localisation: Localisation | None = None
    children: Children | None = None
    records: Records | None = None
    contact_hours: ContactHours | None = None

    def __iter__(self) -> Iterator[tuple[str, Duty]]:  # type: ignore[override]
        """Those that are there, by name."""
        for name in type(self).model_fields:
            duty = getattr(self, name)
            if duty is not None:
                yield name, duty


class Regulation(Part):
    """A law, or a family of rules that are applied together.

    Args:
        id: as markets name it.
        law: the official citation.
        jurisdiction: ISO 3166 codes, of a country (`CN`) or of a part of one (`CA-QC`).
        authority: who supervises it.
        in_force: since when.
        checked: when its duties were last held against the law.
        source: where the official text is.
        caveat: what of the profile was held against commentary only, not against the official text.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str = Field(min_length=2)
    law: str = Field(min_length=2)
    jurisdiction: tuple[str, ...] = Field(min_length=1)
    authority: str = Field(min_length=2)
    in_force: date
    checked: date
    source: str = Field(pattern=r"^https://")
    caveat: str | None = None
    duties: Duties

    @model_validator(mode="before")
    @classmethod
    def _date_each_duty(cls, content: object) -> object:
        """A duty without a date of its own was checked with the whole profile."""
        if not isinstance(content, Mapping) or not isinstance(duties := content.get("duties"), Mapping):
            return content
        dated = {
            name: {"checked": content.get("checked"), **duty} if isinstance(duty, Mapping) else duty
            for name, duty in duties.items()
        }
        return {**content, "duties": dated}
