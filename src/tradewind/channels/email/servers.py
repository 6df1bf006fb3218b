"""The mailbox's servers: letters fetched by IMAP (RFC 9051), handed in by SMTP. Both block: for threads."""

from __future__ import annotations

import contextlib
import imaplib
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from tradewind.channels.email.read import MAX_BYTES
from tradewind.channels.model import GivenUp, Later
from tradewind.core.channel_settings import EmailAccount
from tradewind.core.errors import TooLargeError, UnavailableError
from tradewind.core.secret import read_secret

TIMEOUT_S = 30.0
A_LOOK = 50
"""Letters that are fetched at a look; the others come with the next."""

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Mailbox:
    """A folder of a mailbox, open."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self._client = client

    def unseen(self) -> list[str]:
        """UIDs of letters that nobody has seen, the oldest first."""
        found = self._asked("SEARCH", "UNSEEN")
        numbers = b" ".join(part for part in found if isinstance(part, bytes)).split()
        return [number.decode("ascii") for number in numbers if number.isdigit()][:A_LOOK]

    def fetch(self, uid: str) -> bytes | None:
        """The bytes of a letter, which stays unseen; None where it is gone.

        Raises:
            TooLargeError: it is larger than any that is read.
        """
        sizes = [_SIZE.search(_head(part)) for part in self._asked("FETCH", uid, "(RFC822.SIZE)")]
        size = next((int(found[1]) for found in sizes if found), 0)
        if size > MAX_BYTES:
            raise TooLargeError(f"an e-mail of {size} bytes", hint=f"at most {MAX_BYTES} are read")
        for part in self._asked("FETCH", uid, "(BODY.PEEK[])"):
            if isinstance(part, tuple) and isinstance(part[1], bytes):
                return part[1]
        return None

    def done(self, uid: str, *, flagged: bool = False) -> None:
        """Mark a letter as seen; flagged, where a person should look at it."""
        self._asked("STORE", uid, "+FLAGS", r"(\Seen \Flagged)" if flagged else r"(\Seen)")

    def _asked(self, *words: str) -> list[object]:
        status, found = self._client.uid(*words)
        if status != "OK":
            raise UnavailableError(f"the mailbox answered {status} to {words[0]}")
        return list(found)


@contextmanager
def mailbox(account: EmailAccount) -> Iterator[Mailbox]:
    """Sign in and open the folder.

    Raises:
        UnavailableError: the server does not answer, does not know the password, or has no such folder.
        ConfigError: the password's place is empty.
    """
    password = read_secret(account.password)
    where = f"{account.imap_host}:{account.imap_port}"
    try:
        client = _imap(account)
        try:
            client.login(account.user or account.address, password)
            status, _ = client.select(_quoted(account.folder))
            if status != "OK":
                raise UnavailableError(f"{where} has no folder {account.folder!r:.80}")
            yield Mailbox(client)
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.logout()
    except (OSError, imaplib.IMAP4.error, ssl.SSLError) as error:
        raise UnavailableError(f"IMAP at {where}: {error}", hint="check [channels.email]") from error


def hand_in(account: EmailAccount, letter: EmailMessage) -> None:
    """Hand a letter in.

    Raises:
        GivenUp: the server will never take it. Later: it does not take it now.
    """
    where = f"SMTP at {account.smtp_host}:{account.smtp_port}"
    try:
        with _smtp(account) as client:
            if client.has_extn("auth"):
                client.login(account.user or account.address, read_secret(account.password))
            client.send_message(letter, from_addr=account.address)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        if codes and all(code >= 500 for code in codes):
            raise GivenUp(f"{where} refused the recipient: {codes[0]}") from error
        raise Later(f"{where} does not take the recipient now") from error
    except smtplib.SMTPAuthenticationError as error:
        raise Later(f"{where} does not know the password") from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code >= 500:
            raise GivenUp(f"{where} answered {error.smtp_code}") from error
        raise Later(f"{where} answered {error.smtp_code}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Later(f"{where}: {type(error).__name__}: {error}") from error


def _imap(account: EmailAccount) -> imaplib.IMAP4:
    if account.imap_security == "tls":
        return imaplib.IMAP4_SSL(
            account.imap_host, account.imap_port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT_S
        )
    client = imaplib.IMAP4(account.imap_host, account.imap_port, timeout=TIMEOUT_S)
    if account.imap_security == "starttls":
        client.starttls(ssl.create_default_context())
    return client


def _smtp(account: EmailAccount) -> smtplib.SMTP:
    if account.smtp_security == "tls":
        return smtplib.SMTP_SSL(
            account.smtp_host, account.smtp_port, timeout=TIMEOUT_S, context=ssl.create_default_context()
        )
    client = smtplib.SMTP(account.smtp_host, account.smtp_port, timeout=TIMEOUT_S)
    if account.smtp_security == "starttls":
        client.starttls(context=ssl.create_default_context())
    client.ehlo_or_helo_if_needed()
    return client


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _head(part: object) -> bytes:
    found = part[0] if isinstance(part, tuple) else part
    return found if isinstance(found, bytes) else b""
