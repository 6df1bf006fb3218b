"""Identifiers with letters in them: IBAN, and the national numbers that are no plain digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from stdnum import numdb

from tradewind.privacy import checks
from tradewind.privacy.candidate import Candidate
from tradewind.privacy.numbers import DOUBT, HOME_BONUS

IBAN_SCORE = 0.95
IBAN_HEAD = 4
"""Letters of the country and check digits, before what the country lays down."""


class Lettered(NamedTuple):
    """`pattern` may match lower case; `cased` says that doing so makes it less likely."""

    type: str
    pattern: str
    check: Callable[[str], bool]
    score: float
    market: str
    cased: bool = False


LETTERED: tuple[Lettered, ...] = (
    Lettered("CN_RESIDENT_ID", r"[0-9]{17}X|[0-9]{6}([ -])[0-9]{8}\1[0-9]{3}X", checks.cn_resident_id, 0.9, "cn"),
    Lettered("UK_NINO", r"[A-Z]{2}[0-9]{6}", checks.uk_nino, 0.35, "gb", cased=True),
    Lettered("UK_NINO", r"[A-Z]{2}([ -]?)[0-9]{2}\1[0-9]{2}\1[0-9]{2}\1[A-D]", checks.uk_nino, 0.75, "gb"),
    Lettered(
        "FR_NIR",
        r"[0-9]([ .]?)[0-9]{2}\1[0-9]{2}\1?2[AB]\1[0-9]{3}\1[0-9]{3}[ .]?[0-9]{2}", checks.fr_nir, 0.9, "fr",
    ),
    Lettered(
        "ES_DNI",
        r"(?:[0-9]{8}|[0-9]{2}[. ][0-9]{3}[. ][0-9]{3})[ -]?[A-Z]", checks.es_dni, 0.6, "es", cased=True,
    ),
    Lettered("ES_NIE", r"[XYZ][ -]?(?:[0-9]{7}|[0-9][. ][0-9]{3}[. ][0-9]{3})[ -]?[A-Z]", checks.es_nie, 0.8, "es"),
    Lettered(
        "IT_CODICE_FISCALE",
        r"[A-Z]{3}([ -]?)[A-Z]{3}\1[0-9L-NP-V]{2}[A-EHLMPR-T][0-9L-NP-V]{2}\1[A-Z][0-9L-NP-V]{3}\1?[A-Z]",
        checks.it_codice_fiscale, 0.9, "it",
    ),
    Lettered(
        "BR_CNPJ",
        r"[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-[0-9]{2}", checks.br_cnpj, 0.95, "br",
    ),
    Lettered("BR_CNPJ", r"[0-9A-Z]{12}[0-9]{2}", checks.br_cnpj, 0.3, "br", cased=True),
    Lettered("IN_PAN", r"[A-Z]{3}[ABCFGHJKLPT][A-Z][ -]?[0-9]{4}[ -]?[A-Z]", checks.in_pan, 0.6, "in", cased=True),
    Lettered("SG_NRIC", r"[STFGM][ -]?[0-9]{7}[ -]?[A-Z]", checks.sg_nric, 0.8, "sg"),
)  # fmt: skip

_SEPARATORS = re.compile(r"[ ./-]")
_EDGE_AFTER = r"(?![A-Za-z0-9_])"
# ASCII: without it the Kelvin sign would match K, and the long s S.
_COMPILED = tuple(
    (known, re.compile(f"(?:{known.pattern}){_EDGE_AFTER}", re.IGNORECASE | re.ASCII)) for known in LETTERED
)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}(?:[ .-]?[A-Z0-9]){11,30}", re.IGNORECASE | re.ASCII)
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]")
_START = re.compile(
    r"""(?<![A-Za-z0-9_])(?=
          [A-Z]{2}[ -]?[0-9]{2}                                 # IBAN, NINO
        | [A-Z][ -]?[0-9][0-9. ]{6}                             # NIE, NRIC
        | [A-Z]{5}[ -]?[0-9]{4}                                 # PAN
        | [A-Z]{3}[ -]?[A-Z]{3}[ -]?[0-9L-V]{2}[A-T][0-9L-V]{2} # codice fiscale
        | [0-9]{2}[. ]?[0-9]{3}[. ]?[0-9]{3}[ -]?[A-Z]          # DNI
        | [0-9]{6}[ -]?[0-9]{8}[ -]?[0-9]{3}X                   # resident id
        | [0-9][ .]?[0-9]{2}[ .]?[0-9]{2}[ .]?2[AB]             # NIR of Corsica
        | [0-9A-Z]{2}\.[0-9A-Z]{3}\. | [0-9A-Z]{12}[0-9]{2}     # CNPJ
    )""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_COUNT = re.compile(r"[0-9]+(?=!)")


def find_lettered(text: str, market: str) -> Iterator[Candidate]:
    """Identifiers in a folded text that pass their check."""
    for start in _START.finditer(text):
        position = start.start()
        yield from _iban(text, position)
        for known, pattern in _COMPILED:
            match = pattern.match(text, position)
            if match is None:
                continue
            number = _SEPARATORS.sub("", match.group())
            if known.check(number.upper()):
                home = HOME_BONUS if known.market == market else 0.0
                doubt = DOUBT if known.cased and number != number.upper() else 0.0
                yield Candidate(known.type, position, match.end(), known.score + home - doubt)


def _iban(text: str, start: int) -> Iterator[Candidate]:
    """The pattern swallows words that follow: the length of the country's numbers says where this one ends."""
    match = _IBAN.match(text, start)
    if match is None:
        return
    structure = numdb.get("iban").info(text[start : start + 2].upper())[0][1].get("bban", "")
    length = IBAN_HEAD + sum(map(int, _COUNT.findall(structure)))
    places = [place.end() for place in _ALPHANUMERIC.finditer(text, start, match.end())]
    if length == IBAN_HEAD or len(places) < length:
        return
    end = places[length - 1]
    after = text[end : end + 1]
    if after.isascii() and after.isalnum():
        return
    if checks.iban(_SEPARATORS.sub("", text[start:end]).upper()):
        yield Candidate("IBAN_CODE", start, end, IBAN_SCORE)
