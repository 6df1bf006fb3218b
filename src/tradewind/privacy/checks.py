"""Is it a valid number of its kind? python-stdnum says; where it is silent, the issuer's rules stand here.

Each check takes the number without separators, letters in capitals. A checksum cannot see every error: which
single wrong digits stay unseen is measured in docs/privacy.md.
"""

from __future__ import annotations

import re

from stdnum import iban as _iban
from stdnum import luhn
from stdnum.au import tfn as _tfn
from stdnum.br import cnpj as _cnpj
from stdnum.br import cpf as _cpf
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.es import dni as _dni
from stdnum.es import nie as _nie
from stdnum.exceptions import ValidationError
from stdnum.fr import nir as _nir
from stdnum.in_ import aadhaar as _aadhaar
from stdnum.in_ import pan as _pan
from stdnum.it import codicefiscale
from stdnum.jp import in_ as _my_number
from stdnum.kr import rrn as _rrn
from stdnum.us import ssn as _ssn

_ISSUERS = re.compile(
    r"""
      4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})                                        # Visa
    | (?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}  # Mastercard
    | 3[47][0-9]{13}                                                            # American Express
    | 3(?:0[0-5]|09|[689][0-9])[0-9]{11,16}                                     # Diners Club
    | (?:2131|1800)[0-9]{11} | 35(?:2[89]|[3-8][0-9])[0-9]{12,15}               # JCB
    | (?:6011|64[4-9][0-9]|65[0-9]{2})[0-9]{12,15}                              # Discover
    | 62[0-9]{14,17} | 81[0-9]{14} | 955[89][0-9]{12,15}                        # UnionPay
    | (?:50|5[6-8]|6304|6390|67|60)[0-9]{8,17}                                  # Maestro, RuPay, Elo, Hipercard
    | 220[0-4][0-9]{12,15}                                                      # Mir
    | 9792[0-9]{12}                                                             # Troy
    | 82[0-9]{14}                                                               # RuPay
    """,
    re.VERBOSE,
)
_PROVINCES = frozenset(
    str(code)
    for some in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 84))
    for code in range(*some)
)
_NINO = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]?")
_NRIC_LETTERS = {"S": "JZIHGFEDCBA", "T": "GFEDCBAJZIH", "F": "XWUTRQPNMLK", "G": "RQPNMLKXWUT"}
_NRIC_LETTERS_M = "XWUTRQPNJLK"
_NRIC_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
_RRN_WITHOUT_CHECKSUM_FROM = 201005
"""Numbers given out from October 2020 on end in random digits (Ministry of the Interior and Safety)."""


def card(number: str) -> bool:
    """Luhn, within the length and the ranges of an issuer."""
    return 12 <= len(number) <= 19 and _ISSUERS.fullmatch(number) is not None and luhn.is_valid(number)


def card_of_unknown_issuer(number: str) -> bool:
    """Luhn alone: ranges are given out faster than lists of them are renewed. A word must say that it is a card."""
    return number[0] != "0" and _ISSUERS.fullmatch(number) is None and luhn.is_valid(number)


def iban(number: str) -> bool:
    """ISO 13616: modulo 97 and the country's structure; not the domestic check digits inside it."""
    return bool(_iban.is_valid(number, check_country=False))


def cn_resident_id(number: str) -> bool:
    """Province, date and check character. python-stdnum also wants the county to have existed at birth, but numbers
    were first given out in 1984, to grown people, under the counties of that day.
    """
    if number[:2] not in _PROVINCES or number[6:10] < "1850" or ric.calc_check_digit(number) != number[-1]:
        return False
    try:
        return bool(ric.get_birth_date(number))
    except ValidationError:
        return False


def us_ssn(number: str) -> bool:
    """Only ranges: this number has no check digit."""
    return bool(_ssn.is_valid(number))


def uk_nino(number: str) -> bool:
    """Only prefixes and suffix (HMRC NIM39110): this number has no check digit."""
    return _NINO.fullmatch(number) is not None


def de_steuer_id(number: str) -> bool:
    return bool(idnr.is_valid(number))


def fr_nir(number: str) -> bool:
    """INSEE's key, a known sex, and a month or one of the codes for an unknown month."""
    month = number[3:5]
    known = number[0] in "123478" and month.isdigit() and ("01" <= month <= "12" or month >= "20")
    return known and bool(_nir.is_valid(number))


def es_dni(number: str) -> bool:
    return bool(_dni.is_valid(number))


def es_nie(number: str) -> bool:
    return bool(_nie.is_valid(number))


def it_codice_fiscale(number: str) -> bool:
    return len(number) == 16 and bool(codicefiscale.is_valid(number))


def br_cpf(number: str) -> bool:
    """Eleven equal digits pass the checksum and are never given out."""
    return number != number[0] * 11 and bool(_cpf.is_valid(number))


def br_cnpj(number: str) -> bool:
    """Digits, or from July 2026 on letters too in the first twelve places."""
    return bool(_cnpj.is_valid(number))


def in_aadhaar(number: str) -> bool:
    return bool(_aadhaar.is_valid(number))


def in_pan(number: str) -> bool:
    """Only the kind of holder and the form: the last letter's rule is not public."""
    return bool(_pan.is_valid(number))


def jp_my_number(number: str) -> bool:
    return bool(_my_number.is_valid(number))


def kr_rrn(number: str) -> bool:
    """Date, century and check digit."""
    return bool(_rrn.is_valid(number, allow_future=False))


def kr_rrn_since_2020(number: str) -> bool:
    """A birth date since the reform of October 2020, after which numbers have no check digit."""
    if number[6] not in "3478" or int(number[:6]) < _RRN_WITHOUT_CHECKSUM_FROM:
        return False
    try:
        return bool(_rrn.get_birth_date(number, allow_future=False))
    except ValidationError:
        return False


def sg_nric(number: str) -> bool:
    """Weighted sum modulo 11, one table of letters a series (S, T citizens; F, G, M foreigners)."""
    series, digits, letter = number[0], number[1:8], number[8]
    total = sum(weight * int(digit) for weight, digit in zip(_NRIC_WEIGHTS, digits, strict=True))
    if series == "M":
        return _NRIC_LETTERS_M[(total + 3) % 11] == letter
    letters = _NRIC_LETTERS.get(series)
    return letters is not None and letters[total % 11] == letter


def au_tfn(number: str) -> bool:
    return number != number[0] * len(number) and bool(_tfn.is_valid(number))
