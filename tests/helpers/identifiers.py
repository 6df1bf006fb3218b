"""Valid identifiers of every kind, drawn by hypothesis: check digits are computed by python-stdnum."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as some
from hypothesis.strategies import DrawFn, SearchStrategy
from stdnum import iban as iban_module
from stdnum import luhn, verhoeff
from stdnum.au import tfn
from stdnum.br import cnpj, cpf
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.in_ import aadhaar
from stdnum.iso7064 import mod_11_10
from stdnum.it import codicefiscale
from stdnum.jp import in_ as my_number
from stdnum.kr import rrn

from tradewind.privacy import checks

BIRTHS = some.dates(min_value=date(1935, 1, 1), max_value=date(2009, 12, 31))


def digits(count: int) -> SearchStrategy[str]:
    return some.text("0123456789", min_size=count, max_size=count)


def letters(count: int, alphabet: str = string.ascii_uppercase) -> SearchStrategy[str]:
    return some.text(alphabet, min_size=count, max_size=count)


def grouped(*sizes: int, separators: str = " -.") -> list[Callable[[str], str]]:
    """Ways to write a number in groups, one for each separator."""

    def way(separator: str) -> Callable[[str], str]:
        def write(number: str) -> str:
            parts, start = [], 0
            for size in sizes:
                parts.append(number[start : start + size])
                start += size
            return separator.join(parts)

        return write

    return [way(separator) for separator in separators]


def plain(number: str) -> str:
    return number


@dataclass(frozen=True)
class Kind:
    """A kind of identifier: how one is drawn, how it is written, and what says that it is valid."""

    type: str
    market: str
    drawn: SearchStrategy[str]
    valid: Callable[[str], bool]
    ways: tuple[Callable[[str], str], ...]
    sees_every_error: bool
    """Whether its check sees every single wrong digit."""


@some.composite
def cards(draw: DrawFn) -> str:
    prefix, length = draw(
        some.sampled_from(
            [("4", 16), ("4", 13), ("4", 19), ("51", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15),
             ("36", 14), ("3528", 16), ("3589", 16), ("6011", 16), ("65", 16), ("6212", 16), ("6212", 19),
             ("5018", 16), ("6759", 19), ("2200", 16)]
        )
    )  # fmt: skip
    body = prefix + draw(digits(length - len(prefix) - 1))
    return body + luhn.calc_check_digit(body)


@some.composite
def ibans(draw: DrawFn) -> str:
    country, shape = draw(
        some.sampled_from(
            [("DE", "n18"), ("GB", "a4n14"), ("FR", "n10c11n2"), ("ES", "n20"), ("IT", "a1n10c12"),
             ("BR", "n23a1c1"), ("AE", "n19"), ("NL", "a4n10"), ("NO", "n11"), ("MT", "a4n5c18")]
        )
    )  # fmt: skip
    kinds = {"n": string.digits, "a": string.ascii_uppercase, "c": string.digits + string.ascii_uppercase}
    body, rest = "", shape
    while rest:
        kind, rest = rest[0], rest[1:]
        count = "".join(character for character in rest[:2] if character.isdigit())
        rest = rest[len(count) :]
        body += draw(letters(int(count), kinds[kind]))
    return country + iban_module.calc_check_digits(f"{country}00{body}") + body


@some.composite
def resident_ids(draw: DrawFn) -> str:
    place = draw(some.sampled_from(["110105", "310101", "440106", "510104", "330102"]))
    body = f"{place}{draw(BIRTHS):%Y%m%d}{draw(digits(3))}"
    return body + ric.calc_check_digit(body + "0")


@some.composite
def steuer_ids(draw: DrawFn) -> str:
    order = draw(some.permutations(string.digits))
    body = draw(some.permutations([*order[:9], order[0]]))
    first = next(number for number in body if number != "0")
    body = list(body)
    body.remove(first)
    written = first + "".join(body)
    return written + mod_11_10.calc_check_digit(written)


@some.composite
def nirs(draw: DrawFn) -> str:
    department = draw(some.sampled_from(["75", "13", "69", "2A", "2B", "99"]))
    body = f"{draw(some.sampled_from('12'))}{draw(BIRTHS):%y%m}{department}{draw(digits(6))}"
    return body + nir.calc_check_digits(body)


@some.composite
def fiscal_codes(draw: DrawFn) -> str:
    born = draw(BIRTHS)
    day = born.day + draw(some.sampled_from([0, 40]))
    body = (
        f"{draw(letters(6))}{born:%y}{'ABCDEHLMPRST'[born.month - 1]}{day:02d}"
        f"{draw(letters(1, 'ABCDEFGHIL'))}{draw(digits(3))}"
    )
    return body + codicefiscale.calc_check_digit(body)


@some.composite
def rrns(draw: DrawFn) -> str:
    born = draw(BIRTHS)
    sex = draw(some.sampled_from("12" if born.year < 2000 else "34"))
    body = f"{born:%y%m%d}{sex}{draw(some.integers(0, 95)):02d}{draw(digits(3))}"
    return body + rrn.calc_check_digit(body)


@some.composite
def nrics(draw: DrawFn) -> str:
    body = draw(some.sampled_from("STFGM")) + draw(digits(7))
    return next(body + last for last in string.ascii_uppercase if checks.sg_nric(body + last))


@some.composite
def ninos(draw: DrawFn) -> str:
    start = draw(letters(2, "ABCEGHJKLMPRSTWXYZ").filter(lambda two: checks.uk_nino(f"{two}123456A")))
    return start + draw(digits(6)) + draw(letters(1, "ABCD"))


@some.composite
def tax_file_numbers(draw: DrawFn) -> str:
    body = draw(digits(8))
    # The last weight is 10, which is -1 modulo 11: the last digit is the sum of the others.
    last = sum(w * int(n) for w, n in zip((1, 4, 3, 7, 5, 8, 6, 9), body, strict=True)) % 11
    return f"{body}{last}"


def _company(body: str) -> str:
    return body + cnpj.calc_check_digits(body)


def _nie(body: str) -> str:
    return body + nie.calc_check_digit(body)


def _cpf_of(body: str) -> str:
    first = (11 - sum((10 - place) * int(digit) for place, digit in enumerate(body)) % 11) % 11 % 10
    body += str(first)
    return body + str(
        (11 - sum((11 - place) * int(digit) for place, digit in enumerate(body)) % 11) % 11 % 10
    )


CARD_WAYS = (plain, lambda n: n if len(n) != 16 else f"{n[:4]} {n[4:8]} {n[8:12]} {n[12:]}")

KINDS = (
    Kind("CREDIT_CARD", "us", cards(), luhn.is_valid, CARD_WAYS, True),
    Kind(
        "IBAN_CODE", "de", ibans(), lambda n: iban_module.is_valid(n, check_country=False),
        (plain, lambda n: " ".join(n[i : i + 4] for i in range(0, len(n), 4)), str.lower), True,
    ),
    Kind(
        "CN_RESIDENT_ID", "cn", resident_ids(), lambda n: ric.calc_check_digit(n) == n[-1],
        (plain, *grouped(6, 8, 4, separators=" ")), True,
    ),
    Kind("DE_STEUER_ID", "de", steuer_ids(), idnr.is_valid, (plain, *grouped(2, 3, 3, 3)), True),
    Kind("FR_NIR", "fr", nirs(), nir.is_valid, (plain, *grouped(1, 2, 2, 2, 3, 3, 2, separators=" ")), True),
    Kind(
        "ES_DNI", "es", digits(8).map(lambda n: n + dni.calc_check_digit(n)), dni.is_valid,
        (plain, lambda n: f"{n[:8]}-{n[8]}", lambda n: f"{n[:2]}.{n[2:5]}.{n[5:8]}-{n[8]}"), True,
    ),
    Kind(
        "ES_NIE", "es", some.builds(str.__add__, letters(1, "XYZ"), digits(7)).map(_nie), nie.is_valid,
        (plain, lambda n: f"{n[0]}-{n[1:8]}-{n[8]}", str.lower), True,
    ),
    Kind("IT_CODICE_FISCALE", "it", fiscal_codes(), codicefiscale.is_valid, (plain, str.lower), True),
    Kind(
        "BR_CPF", "br", digits(9).filter(lambda n: len(set(n)) > 1).map(_cpf_of), cpf.is_valid,
        (plain, lambda n: f"{n[:3]}.{n[3:6]}.{n[6:9]}-{n[9:]}"), False,
    ),
    Kind(
        "BR_CNPJ", "br", digits(8).filter(lambda n: n != "0" * 8).map(lambda n: _company(f"{n}0001")), cnpj.is_valid,
        (plain, lambda n: f"{n[:2]}.{n[2:5]}.{n[5:8]}/{n[8:12]}-{n[12:]}"), False,
    ),
    Kind(
        "IN_AADHAAR", "in",
        some.builds(str.__add__, letters(1, "23456789"), digits(10))
        .map(lambda n: n + verhoeff.calc_check_digit(n)).filter(aadhaar.is_valid),
        aadhaar.is_valid, (plain, *grouped(4, 4, 4, separators=" -")), True,
    ),
    Kind(
        "JP_MY_NUMBER", "jp", digits(11).map(lambda n: n + my_number.calc_check_digit(n)), my_number.is_valid,
        (plain, *grouped(4, 4, 4, separators=" -")), False,
    ),
    Kind("KR_RRN", "kr", rrns(), rrn.is_valid, (plain, *grouped(6, 7, separators="-")), False),
    Kind("SG_NRIC", "sg", nrics(), checks.sg_nric, (plain, str.lower), True),
    Kind(
        "AU_TFN", "au", tax_file_numbers().filter(lambda n: len(n) == 9 and len(set(n)) > 1), tfn.is_valid,
        (plain, *grouped(3, 3, 3, separators=" ")), True,
    ),
)  # fmt: skip
