"""What a stranger's e-mail is taken for: their own words, whom they answer, and whether a person wrote at all."""

from __future__ import annotations

import contextlib
import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.channels.email.quotes import own_words
from tradewind.channels.email.read import MAX_BYTES, MAX_TEXT, Letter, read
from tradewind.core.errors import InputError, TooLargeError


def letter(text: str = "Hello", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ann <Ann@Example.com>", "help@bank.example", "Hello"
    for name, value in headers.items():
        name = name.replace("_", "-")
        del message[name]
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


def test_a_letter_says_who_wrote_what_to_which_thread():
    raw = letter("My card is lost.", Subject="AW: Re: Karte", Message_ID="<3@x>", References="<1@x> <2@x>")
    assert read(raw) == Letter("<3@x>", ("<1@x>", "<2@x>"), "ann@example.com", "Karte", "My card is lost.")


def test_a_letter_that_only_says_what_it_answers_is_of_that_thread():
    assert read(letter(In_Reply_To="<1@x>")).references == ("<1@x>",)


@pytest.mark.parametrize(
    "quoted",
    [
        "On Tue, 3 Nov 2026 at 10:00, Northgate <help@bank.example> wrote:\n> Which card?\n> Northgate",
        "On Tue, 3 Nov 2026 at 10:00, Northgate Service Team\n<help@bank.example> wrote:\n\n> Which card?",
        "Am 03.11.2026 um 10:00 schrieb Northgate <help@bank.example>:\n> Welche Karte?",
        "El mar, 3 nov 2026 a las 10:00, Northgate (<help@bank.example>) escribió:\n> ¿Qué tarjeta?",
        "2026年11月3日(火) 10:00 Northgate <help@bank.example>のメール:\n> どのカードですか。",
        "Northgate <help@bank.example> 于2026年11月3日周二 10:00写道：\n> 哪张卡？",
        "-----Original Message-----\nFrom: Northgate\nSent: Tuesday\nWhich card?",
        "Von: Northgate <help@bank.example>\nGesendet: Dienstag\nAn: Ann\nBetreff: Karte\n\nWelche Karte?",
        "发件人: Northgate\n发送时间: 2026年11月3日\n收件人: Ann\n主题: 卡\n\n哪张卡？",
        "-- \nAnn Example\n+1 212 555 0100",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
    ],
)
def test_what_is_quoted_or_signed_is_cut(quoted):
    assert (
        own_words(f"The black one.\nIt ends with 1234.\n\n{quoted}\n") == "The black one.\nIt ends with 1234."
    )


def test_answers_between_quoted_lines_are_kept():
    text = (
        "On 3 Nov 2026 Northgate wrote:\n> Which card?\nThe black one.\n> When did you lose it?\nOn Monday."
    )
    assert own_words(text) == "The black one.\nOn Monday."


@pytest.mark.parametrize(
    "own", ["From: my account\nsend 20 euros", "I wrote: where is my card 12?\nNobody answered.", "De: nada"]
)
def test_words_that_only_look_like_a_quote_are_kept(own):
    assert own_words(own) == own


def test_html_is_read_as_a_person_sees_it():
    message = EmailMessage()
    message["From"] = "ann@example.com"
    message.set_content(
        "<html><head><style>p{}</style></head><body><p>My <b>card</b> is&nbsp;lost.<br>Please &lt;help&gt;"
        "<script>alert(1)</script></p><div class=gmail_quote>On Monday X wrote:<blockquote>old</blockquote></div>"
        "</body></html>",
        subtype="html",
    )
    assert read(message.as_bytes()).text == "My card is lost.\nPlease <help>"


def test_attachments_are_counted_and_not_read():
    message = EmailMessage()
    message["From"] = "ann@example.com"
    message.set_content("See the file.")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment("secret", filename="b.txt")
    assert (read(message.as_bytes()).text, read(message.as_bytes()).attachments) == ("See the file.", 2)


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "iso-2022-jp", "shift_jis", "no-such-charset"])
def test_any_charset_is_read(charset):
    body = "残高".encode("utf-8" if charset == "no-such-charset" else charset)
    head = (
        f"From: a@b.example\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit"
    )
    assert read(head.encode() + b"\r\n\r\n" + body).text == "残高"


def test_a_soft_line_goes_on_in_the_next():
    raw = (
        b"From: a@b.example\nContent-Type: text/plain; format=flowed\n\nMy card \nis lost.\nThanks\n-- \nAnn"
    )
    assert read(raw).text == "My card is lost.\nThanks"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated; owner-email=x"),
        ("Precedence", "bulk"),
        ("List-Id", "<news.example>"),
        ("X-Autoreply", "yes"),
        ("X-Auto-Response-Suppress", "All"),
        ("Return-Path", "<>"),
        ("From", "MAILER-DAEMON@mx.example"),
        ("From", "no-reply@shop.example"),
    ],
)
def test_what_no_person_wrote_is_not_to_be_answered(name, value):
    assert read(letter(**{name.replace("-", "_"): value})).automatic


def test_a_report_of_a_delivery_is_not_to_be_answered():
    kind = b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'
    raw = b"From: x@y.example\n" + kind + b"\n\n--b\n\nx\n--b--"
    assert read(raw).automatic


@pytest.mark.parametrize("headers", [{}, {"Auto_Submitted": "no"}, {"Precedence": "first-class"}])
def test_what_a_person_wrote_is(headers):
    assert read(letter(**headers)).automatic is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 50,
        b"Subject: no sender\n\nhello",
        b"From: nobody\n\nhello",
        b"From: <@@>\n\nx",
        b"\n\n\n",
    ],
)
def test_what_nobody_can_be_answered_on_is_refused(raw):
    with pytest.raises(InputError):
        read(raw)


def test_a_letter_that_is_too_large_is_refused():
    with pytest.raises(TooLargeError):
        read(b"From: a@b.example\n\n" + b"x" * MAX_BYTES)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.example\n" + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 3000,
        b"From: " + b"(" * 900_000 + b"a@b.example\n\nx",
        b"From: " + b"<" * 900_000 + b"a@b.example\n\nx",
        b"From: a@b.example\nReferences: " + b"<a@b>" * 200_000 + b"\n\nx",
        b"From: a@b.example\nSubject: " + b"=?utf-8?q?" * 90_000 + b"\n\nx",
        b"From: a@b.example\n\n" + b">" * 900_000,
        b"From: a@b.example\n\n" + b"On 1 wrote:\n" * 80_000,
        b"From: a@b.example\nContent-Type: text/html\n\n" + b"<div>" * 190_000 + b"x",
        b"From: a@b.example\nContent-Type: text/html\n\n" + b"<!" * 400_000,
        b"From: a@b.example\nContent-Transfer-Encoding: base64\n\n" + b"=" * 900_000,
    ],
)
def test_a_letter_made_to_take_for_ever_does_not(raw):
    begun = time.perf_counter()
    with contextlib.suppress(InputError):
        assert len(read(raw).text) <= MAX_TEXT
    assert time.perf_counter() - begun < 10


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=200))
def test_no_bytes_raise_anything_else(head, body):
    for raw in (head, b"From: a@b.example\n" + head + b"\n\n" + body):
        with contextlib.suppress(InputError):
            assert isinstance(read(raw), Letter)
