"""Where a webhook may go. Whoever sets one up chooses the address: it must not reach this machine or its network.

The name is resolved here, every address it has is checked, and the request goes to the address that was checked: a
name that is looked up a second time could point elsewhere by then.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from tradewind.core.errors import ForbiddenError, InputError, UnavailableError

Ip: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve: TypeAlias = Callable[[str, int], Sequence[str]]

MAX_URL = 2_000
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""An IPv6 address of this network leads to the IPv4 address in its last 32 bits (RFC 6052)."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was looked up and may be reached.

    Args:
        url: with the address in place of the name. host: the name, for `Host` and the certificate.
    """

    url: str
    host: str
    header: str


def check_url(url: str) -> SplitResult:
    """Refuse what can be no webhook's address, before anything is looked up.

    Raises:
        InputError: another scheme than http and https, a user in it, no host, or a fragment.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InputError(f"{url!r:.80} is no address", hint="https://example.com/hook") from error
    wrong = (
        len(url) > MAX_URL
        or not url.isascii()
        or any(character.isspace() or not character.isprintable() for character in url)
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.username is not None
        or bool(parts.fragment)
        or port == 0
    )
    if wrong:
        raise InputError(
            f"{url!r:.80} cannot be a webhook's address",
            hint="https://example.com/hook, without user or fragment",
        )
    return parts


def target(url: str, networks: Sequence[Network], resolve: Resolve | None = None) -> Target:
    """Look an address up, and refuse what must not be reached. Blocks while the name is looked up.

    Args:
        networks: of this company, where receivers may be although they are not public; plain http may go there.

    Raises:
        InputError: it is no address. ForbiddenError: it leads into a network that is not allowed.
        UnavailableError: nobody knows the name.
    """
    parts = check_url(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = [ipaddress.ip_address(each.partition("%")[0]) for each in (resolve or _resolve)(host, port)]
    inside = bool(found) and all(any(each in network for network in networks) for each in found)
    if not found:
        raise UnavailableError(f"{host} has no address")
    if not inside and not all(
        is_public(each) or any(each in network for network in networks) for each in found
    ):
        raise ForbiddenError(
            f"{host} leads into a network that is not public", hint="allow it by the setting webhook_networks"
        )
    if parts.scheme == "http" and not inside:
        raise ForbiddenError(f"{host} is public, and http is not encrypted", hint="use https")
    address = f"[{found[0]}]" if found[0].version == 6 else str(found[0])
    header = f"[{host}]" if ":" in host else host
    if parts.port is not None:
        header = f"{header}:{parts.port}"
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return Target(f"{parts.scheme}://{address}:{port}{path}", host, header)


def is_public(address: Ip) -> bool:
    """Whether an address is of the internet at large, also the IPv4 address that an IPv6 one carries."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if carried is None and address in NAT64:
            carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if carried is not None:
            return is_public(carried)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _resolve(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnavailableError(
            f"{host}: nobody knows this name", hint="check the webhook's address"
        ) from error
    return [str(each[4][0]) for each in found]
