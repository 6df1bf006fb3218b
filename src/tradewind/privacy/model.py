"""What is found in a text: spans of personal data, by type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

PERSON: Final = "PERSON"
ORGANIZATION: Final = "ORGANIZATION"
STREET_ADDRESS: Final = "STREET_ADDRESS"
GPE: Final = "GPE"
"""A geopolitical place: city, region, country."""

NAME_TYPES: Final = (PERSON, ORGANIZATION, STREET_ADDRESS, GPE)
"""What only a model finds."""

NATIONAL_IDS: Final = (
    "CN_RESIDENT_ID", "US_SSN", "UK_NINO", "DE_STEUER_ID", "FR_NIR", "ES_DNI", "ES_NIE", "IT_CODICE_FISCALE",
    "BR_CPF", "BR_CNPJ", "IN_AADHAAR", "IN_PAN", "JP_MY_NUMBER", "KR_RRN", "SG_NRIC", "AU_TFN",
)  # fmt: skip

STRUCTURED_TYPES: Final = (
    "CREDIT_CARD", "IBAN_CODE", "PHONE_NUMBER", "EMAIL_ADDRESS", "URL", "IP_ADDRESS", "DATE_OF_BIRTH",
    "LICENSE_PLATE", *NATIONAL_IDS,
)  # fmt: skip
"""What rules and checksums find."""

PII_TYPES: Final = (*NAME_TYPES, *STRUCTURED_TYPES)


@dataclass(frozen=True, slots=True)
class PiiSpan:
    """Personal data at `text[start:end]`; `score` in 0..1 says how sure it is to be of this type."""

    type: str
    start: int
    end: int
    score: float


class NameDetector(Protocol):
    """Finds names, organisations, addresses and places: a model's work."""

    def names(self, texts: Sequence[str], languages: Sequence[str] = ()) -> list[list[PiiSpan]]:
        """The spans of each text, in the order of the text, types from `NAME_TYPES`.

        Args:
            texts: any texts; an empty one has no spans.
            languages: the market's languages, likeliest first; a hint that may be ignored.
        """
        ...
