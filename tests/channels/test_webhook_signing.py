"""A receiver can tell that a webhook is ours, is new, and is as we wrote it; and where webhooks may go at all."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tradewind.channels.webhooks.address import check_url, is_public, target
from tradewind.channels.webhooks.signing import headers, new_secret, shown, verify
from tradewind.core.errors import ForbiddenError, InputError, SignInError, UnavailableError

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BODY = '{"text": "残高"}'.encode()


def test_a_delivery_is_accepted_by_the_library_of_the_standard():
    secret = new_secret()
    sent = headers(secret, "d1", datetime.now(UTC), BODY)  # noqa: TID251 - the library reads the machine's clock
    assert Webhook(shown(secret)).verify(BODY, sent) == {"text": "残高"}
    with pytest.raises(WebhookVerificationError):
        Webhook(shown(new_secret())).verify(BODY, sent)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "d2"},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook-timestamp": "soon"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "é"},
        {"webhook-signature": ""},
    ],
)
def test_whatever_is_changed_on_the_way_is_noticed(change):
    secret = new_secret()
    sent = headers(secret, "d1", NOW, BODY)
    assert verify(shown(secret), sent, BODY, NOW) == "d1"
    with pytest.raises(SignInError):
        verify(shown(secret), sent | change, BODY, NOW)
    with pytest.raises(SignInError):
        verify(shown(secret), sent, BODY + b" ", NOW)


def test_an_old_delivery_cannot_be_sent_again():
    secret = new_secret()
    sent = headers(secret, "d1", NOW, BODY)
    verify(shown(secret), sent, BODY, NOW + timedelta(seconds=299))
    with pytest.raises(SignInError, match="another time"):
        verify(shown(secret), sent, BODY, NOW + timedelta(seconds=301))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::",
        "2001:db8::1",
    ],
)  # fmt: skip
def test_no_webhook_reaches_a_network_that_is_not_public(address):
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(ForbiddenError):
        target("https://shop.example/hook", (), lambda host, port: [address])


def test_one_bad_address_of_a_name_is_enough_to_refuse_it():
    with pytest.raises(ForbiddenError):
        target("https://shop.example/hook", (), lambda host, port: ["93.184.215.14", "10.0.0.1"])


def test_the_address_that_was_checked_is_the_one_that_is_reached():
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["93.184.215.14"]

    found = target("https://shop.example/hook?a=1", (), resolve)
    assert (found.url, found.host) == ("https://93.184.215.14:443/hook?a=1", "shop.example")
    assert asked == [("shop.example", 443)]


def test_the_companys_own_networks_are_reached_where_they_are_allowed():
    own = (ipaddress.ip_network("10.0.0.0/8"),)
    assert (
        target("http://crm.local:8080/", own, lambda host, port: ["10.0.0.7"]).url == "http://10.0.0.7:8080/"
    )
    assert target("http://crm.local:8080/", own, lambda host, port: ["10.0.0.7"]).header == "crm.local:8080"
    with pytest.raises(ForbiddenError):
        target("http://crm.local:8080/", own, lambda host, port: ["192.168.0.1"])


def test_what_is_public_is_reached_encrypted_only():
    with pytest.raises(ForbiddenError, match="not encrypted"):
        target("http://shop.example/", (), lambda host, port: ["93.184.215.14"])


@pytest.mark.parametrize(
    "url",
    [
        "", "shop.example", "ftp://shop.example", "file:///etc/passwd", "gopher://x", "https://", "https://a:b@shop.example",
        "https://shop.example/#x", "https://shop.example:99999/",
        "https://shop.example:0/", "https://[::1", "https://a b/",
        "https://shop.example/\r\nX: y", "https://" + "a" * 3000, "javascript:alert(1)", "https://é.example/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_before_anything_is_looked_up(url):
    with pytest.raises(InputError):
        check_url(url)


def test_a_name_that_nobody_knows_is_said_to_be_one():
    with pytest.raises(UnavailableError, match="nobody knows"):
        target("https://no-such-host.invalid/", ())
