"""Nothing logs personal data: neither messages nor arguments nor what exceptions say."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from tradewind.privacy.log_filter import RedactingFilter, redact_logs, redacted

CARD, MAIL = "4111 1111 1111 1111", "alice@example.com"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger with a handler of its own, as a library would bring one, in a process that redacts."""
    before = logging.getLogRecordFactory()
    redact_logs()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("a.library")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, written
    logger.removeHandler(handler)
    logging.setLogRecordFactory(before)


def test_a_message_comes_out_redacted(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.warning(f"{MAIL} paid with {CARD}")
    assert written.getvalue() == "WARNING <EMAIL_ADDRESS> paid with <CREDIT_CARD>\n"


def test_arguments_come_out_redacted(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.warning("%s paid %d with %s", MAIL, 3, CARD)
    logger.warning("%(who)s", {"who": MAIL})
    logger.warning("%s", {"card": CARD})
    assert "alice" not in written.getvalue()
    assert "4111" not in written.getvalue()
    assert written.getvalue().startswith("WARNING <EMAIL_ADDRESS> paid 3 with <CREDIT_CARD>\n")


def test_what_an_exception_says_comes_out_redacted(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    try:
        try:
            raise KeyError(MAIL)
        except KeyError as error:
            raise ValueError(f"no card {CARD}") from error
    except ValueError:
        logger.exception("it failed")
    assert "alice" not in written.getvalue()
    assert "4111" not in written.getvalue()
    assert "ValueError: no card <CREDIT_CARD>" in written.getvalue()


def test_a_message_whose_arguments_do_not_fit_hides_them(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.warning("count %d", MAIL)
    assert written.getvalue() == "WARNING (its arguments do not fit) count %d\n"


def test_an_address_in_a_query_comes_out_redacted(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.warning('%s - "%s %s"', "127.0.0.1:5000", "GET", "/find?mail=alice%40example.com")
    assert written.getvalue() == 'WARNING 127.0.0.1:5000 - "GET /find?mail=<EMAIL_ADDRESS>"\n'


def test_formatters_that_read_the_arguments_still_find_them() -> None:
    record = logging.LogRecord("a", 20, "f", 1, "%s %s", (MAIL, 200), None)
    assert RedactingFilter().filter(record)
    assert record.args == ("<EMAIL_ADDRESS>", 200)


def test_what_is_no_personal_data_is_logged_as_it_is(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    lines = (
        "answers at http://127.0.0.1:8321/console",
        "2026-11-25 03:10:22 banking 20261124-1 is live",
        "10.0.0.7:51342 asked",
        "entry 0193610a5e2b7c3e9f4d8a6b1c2d3e4f verified, 200,000 of them",
    )
    for line in lines:
        logger.warning("%s", line)
    assert written.getvalue() == "".join(f"WARNING {line}\n" for line in lines)
    assert redacted("nothing here") == "nothing here"


def test_twice_is_once() -> None:
    before = logging.getLogRecordFactory()
    try:
        redact_logs()
        first = logging.getLogRecordFactory()
        redact_logs()
        assert logging.getLogRecordFactory() is first
    finally:
        logging.setLogRecordFactory(before)
