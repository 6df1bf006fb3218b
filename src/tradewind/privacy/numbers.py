"""Identifiers of digits alone: how each is written, how it is checked, and how much its check says.

A number is first reduced to its shape: "4111 1111 1111 1111" is "4 4 4 4", "529.982.247-25" is "3.3.3-2". One look
into a table says which identifiers are written so, and only their checks run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tradewind.privacy import checks
from tradewind.privacy.candidate import Candidate

HOME_BONUS = 0.2
"""What the market adds for its own identifiers."""
MOST_GROUPS = 7
DOUBT = 0.3
"""What is taken off a number that hangs on a word, or on further groups of digits: a part of something longer?"""

_RUN = re.compile(r"(?<![0-9])[0-9](?:[ ./-]?[0-9]){7,}")
_DIGITS = re.compile(r"[0-9]+")
_NEVER_BEFORE = frozenset("+$€£¥₩₹")


class Written(NamedTuple):
    """A way to write an identifier. `_` in `shape` stands for a space, a hyphen or a point, the same throughout."""

    type: str
    shape: str
    check: Callable[[str], bool]
    score: float
    market: str | None = None


WRITTEN: tuple[Written, ...] = (
    *(Written("CREDIT_CARD", shape, checks.card, 0.8)
      for shape in ("4_4_4_4", "4_6_5", "4_6_4", "4_4_4_4_3", "4_4_4_4_2", "6_13", "4_4_5", "4_4_4_3")),
    Written("CREDIT_CARD", "4_4_4", checks.card, 0.4),
    Written("CREDIT_CARD", "12", checks.card, 0.4),
    *(Written("CREDIT_CARD", str(length), checks.card, 0.65) for length in range(13, 20)),
    *(Written("CREDIT_CARD", shape, checks.card_of_unknown_issuer, 0.15)
      for shape in ("4_4_4_4", "4_6_5", "14", "15", "16", "19")),
    Written("US_SSN", "3-2-4", checks.us_ssn, 0.55, "us"),
    Written("US_SSN", "3 2 4", checks.us_ssn, 0.35, "us"),
    Written("US_SSN", "3.2.4", checks.us_ssn, 0.35, "us"),
    Written("US_SSN", "9", checks.us_ssn, 0.1, "us"),
    Written("CN_RESIDENT_ID", "18", checks.cn_resident_id, 0.9, "cn"),
    Written("CN_RESIDENT_ID", "6_8_4", checks.cn_resident_id, 0.9, "cn"),
    Written("CN_RESIDENT_ID", "6_4_4_4", checks.cn_resident_id, 0.9, "cn"),
    Written("DE_STEUER_ID", "11", checks.de_steuer_id, 0.3, "de"),
    Written("DE_STEUER_ID", "2_3_3_3", checks.de_steuer_id, 0.35, "de"),
    Written("FR_NIR", "15", checks.fr_nir, 0.6, "fr"),  # outside of France, fewer than cards of 15 digits
    Written("FR_NIR", "1_2_2_2_3_3_2", checks.fr_nir, 0.9, "fr"),
    Written("FR_NIR", "13_2", checks.fr_nir, 0.85, "fr"),
    Written("BR_CPF", "11", checks.br_cpf, 0.35, "br"),
    Written("BR_CPF", "3.3.3-2", checks.br_cpf, 0.9, "br"),
    Written("BR_CPF", "9-2", checks.br_cpf, 0.6, "br"),
    Written("BR_CPF", "3_3_3_2", checks.br_cpf, 0.45, "br"),
    Written("BR_CNPJ", "14", checks.br_cnpj, 0.6, "br"),
    Written("BR_CNPJ", "2.3.3/4-2", checks.br_cnpj, 0.95, "br"),
    Written("BR_CNPJ", "8/4-2", checks.br_cnpj, 0.8, "br"),
    Written("BR_CNPJ", "2_3_3_4_2", checks.br_cnpj, 0.6, "br"),
    Written("IN_AADHAAR", "12", checks.in_aadhaar, 0.3, "in"),
    Written("IN_AADHAAR", "4_4_4", checks.in_aadhaar, 0.35, "in"),
    Written("JP_MY_NUMBER", "12", checks.jp_my_number, 0.3, "jp"),
    Written("JP_MY_NUMBER", "4_4_4", checks.jp_my_number, 0.35, "jp"),
    Written("KR_RRN", "6-7", checks.kr_rrn, 0.85, "kr"),
    Written("KR_RRN", "13", checks.kr_rrn, 0.55, "kr"),
    Written("KR_RRN", "6 7", checks.kr_rrn, 0.7, "kr"),
    Written("KR_RRN", "6-7", checks.kr_rrn_since_2020, 0.15, "kr"),
    Written("KR_RRN", "13", checks.kr_rrn_since_2020, 0.1, "kr"),
    Written("AU_TFN", "9", checks.au_tfn, 0.2, "au"),
    Written("AU_TFN", "3_3_3", checks.au_tfn, 0.25, "au"),
    Written("AU_TFN", "8", checks.au_tfn, 0.1, "au"),
    Written("AU_TFN", "2_3_3", checks.au_tfn, 0.1, "au"),
    Written("AU_TFN", "3_3_2", checks.au_tfn, 0.1, "au"),
)  # fmt: skip


def _by_shape() -> dict[str, list[Written]]:
    table: dict[str, list[Written]] = {}
    for written in WRITTEN:
        for separator in " -." if "_" in written.shape else "_":
            table.setdefault(written.shape.replace("_", separator), []).append(written)
    return table


_BY_SHAPE = _by_shape()
_PREFIXES = {
    shape[:end]
    for shape in _BY_SHAPE
    for end in range(1, len(shape) + 1)
    if not shape[end : end + 1].isdigit()
}
"""Shapes, and beginnings of shapes at the end of a group of digits."""


_LETTER_OR_MARK = re.compile(r"[A-Za-z_/,-]")


def find_numbers(text: str, market: str) -> Iterator[Candidate]:
    """Identifiers in a folded text that pass their check; one place may be several of them."""
    for run in _RUN.finditer(text):
        yield from _in_run(text, run.start(), run.end(), market)


def _in_run(text: str, start: int, end: int, market: str) -> Iterator[Candidate]:
    groups = [match.span() for match in _DIGITS.finditer(text, start, end)]
    for index, (first, _) in enumerate(groups):
        if index and text[first - 1] != " ":  # a number does not begin within another's hyphens or points
            continue
        shape = ""
        for group_start, group_end in groups[index : index + MOST_GROUPS]:
            shape += f"{text[group_start - 1] if shape else ''}{group_end - group_start}"
            if shape not in _PREFIXES:
                break
            if shape in _BY_SHAPE and (group_end == end or text[group_end] == " "):
                crowded = " " in shape and (first > start or group_end < end)
                yield from _checked(text, first, group_end, shape, market, crowded)


def _checked(text: str, start: int, end: int, shape: str, market: str, crowded: bool) -> Iterator[Candidate]:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before in _NEVER_BEFORE or (after.isascii() and after.isalnum()) or after == "_":
        return
    doubt = DOUBT if crowded or _LETTER_OR_MARK.match(before) else 0.0
    number = "".join(_DIGITS.findall(text, start, end))
    for written in _BY_SHAPE[shape]:
        if written.check(number):
            home = HOME_BONUS if written.market == market else 0.0
            yield Candidate(written.type, start, end, written.score + home - doubt)
