"""E-mail addresses, URLs and IP addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from tradewind.privacy.candidate import Candidate

_LETTER = r"A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff"
"""Letters of scripts that put spaces between words: in Chinese or Japanese text an address has no other edge."""
_LOCAL = re.compile(rf"[{_LETTER}0-9_%'+~.-]{{1,64}}\Z")
_DOMAIN = re.compile(
    rf"(?:[{_LETTER}0-9](?:[{_LETTER}0-9-]{{0,61}}[{_LETTER}0-9])?\.){{1,8}}[{_LETTER}]{{2,24}}(?![{_LETTER}0-9])"
)
_URL = re.compile(
    rf"(?:(?:https?|ftp)://|www\.|(?<![\w@.-])(?=[a-z0-9.-]{{4,80}}/)(?:[a-z0-9-]{{1,63}}\.){{1,4}}[a-z]{{2,12}}/)"
    rf"[{_LETTER}0-9\-._~:/?#\[\]@!$&'()*+,;=%]*",
    re.IGNORECASE,
)
_URL_TAIL = ".,;:!?'\")]"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"(?<![0-9A-Za-z.])(?:{_OCTET}\.){{3}}{_OCTET}(?!\.?[0-9]|[A-Za-z_])")
_IPV6 = re.compile(
    r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?<=:)(?:[0-9]{1,3}\.){3}[0-9]{1,3})?(?![0-9A-Za-z:])"
)
_FEWEST_IPV6_GROUPS = 3


def find_online(text: str) -> Iterator[Candidate]:
    """Addresses in a folded text."""
    if "@" in text:
        yield from _mail(text, "@")
    if "%40" in text:  # as in the query of a URL
        yield from _mail(text, "%40")
    if "/" in text or "www." in text or "WWW." in text:
        yield from _urls(text)
    if text.count(".") >= 3:
        for match in _IPV4.finditer(text):
            yield Candidate("IP_ADDRESS", match.start(), match.end(), 0.55)
    if text.count(":") >= 2:
        yield from _ipv6(text)


def _mail(text: str, sign: str) -> Iterator[Candidate]:
    """From each @ outwards, so that a long text without an address costs one look at each of its @."""
    at = text.find(sign)
    while at >= 0:
        domain = _DOMAIN.match(text, at + len(sign))
        local = _LOCAL.search(text[max(0, at - 64) : at]) if domain else None
        written = local.group().lstrip("%'+~.-") if local else ""
        if domain and written:
            yield Candidate("EMAIL_ADDRESS", at - len(written), domain.end(), 0.95)
        at = text.find(sign, at + 1)


def _urls(text: str) -> Iterator[Candidate]:
    for match in _URL.finditer(text):
        end = match.end()
        while text[end - 1] in _URL_TAIL and not (text[end - 1] == ")" and "(" in text[match.start() : end]):
            end -= 1
        if "." in text[match.start() : end] and end - match.start() > len("www."):
            yield Candidate("URL", match.start(), end, 0.8)


def _ipv6(text: str) -> Iterator[Candidate]:
    for match in _IPV6.finditer(text):
        groups = [group for group in match.group().split(":") if group]
        if len(groups) >= _FEWEST_IPV6_GROUPS or match.group() == "::1":
            try:
                ipaddress.IPv6Address(match.group())
            except ValueError:
                continue
            yield Candidate("IP_ADDRESS", match.start(), match.end(), 0.85)
