"""Real mail servers on this machine: IMAP by pymap and SMTP by aiosmtpd (mail-devel), a mailbox for each address."""

from __future__ import annotations

import email
import email.policy
import imaplib
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

PASSWORD = "open sesame"


@dataclass
class MailHouse:
    """Where the servers are."""

    imap_port: int
    smtp_port: int

    def send(self, sender: str, to: str, text: str, **headers: str) -> str:
        """Hand a letter in as a person's mail program does; its Message-ID."""
        letter = EmailMessage()
        letter["From"], letter["To"] = sender, to
        letter["Message-ID"] = f"<{time.time_ns()}@{sender.rpartition('@')[2].rstrip('>')}>"
        for name, value in headers.items():
            letter[name.replace("_", "-")] = value
        letter.set_content(text)
        self.hand_in(letter)
        return str(letter["Message-ID"])

    def hand_in(self, letter: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=10) as client:
            client.send_message(letter)

    def put(self, owner: str, raw: bytes) -> None:
        """Put bytes into somebody's INBOX, whatever they are."""
        with self.opened(owner) as client:
            assert client.append("INBOX", "", "", raw)[0] == "OK"

    def letters(self, owner: str) -> list[EmailMessage]:
        """What lies in somebody's INBOX."""
        with self.opened(owner) as client:
            found = client.uid("SEARCH", "ALL")[1][0].split()
            raws = [client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")[1][0][1] for uid in found]
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in raws]

    def flags(self, owner: str) -> list[set[str]]:
        """The flags of each letter in somebody's INBOX."""
        with self.opened(owner) as client:
            answers = client.uid("FETCH", "1:*", "(FLAGS)")[1]
        return [{f.decode() for f in imaplib.ParseFlags(each)} for each in answers if each]

    @contextmanager
    def opened(self, owner: str) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=10)
        try:
            client.login(owner, PASSWORD)
            client.select("INBOX")
            yield client
        finally:
            client.logout()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def mail_house() -> Iterator[MailHouse]:
    """The servers for as long as the context lasts."""
    house = MailHouse(free_port(), free_port())
    words = [
        "--host",
        "127.0.0.1",
        "--password",
        PASSWORD,
        "--multi-user",
        "--no-http",
        "--user",
        "a@b.example",
    ]
    ports = ["--imap-port", str(house.imap_port), "--smtp-port", str(house.smtp_port)]
    code = "from mail_devel.__main__ import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code, *words, *ports],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait(house, process)
        yield house
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _wait(house: MailHouse, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    for port in (house.imap_port, house.smtp_port):
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    process.kill()
                    raise RuntimeError(process.communicate()[1]) from None
                time.sleep(0.05)
