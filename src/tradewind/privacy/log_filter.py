"""Nothing logs personal data: each record is redacted before any handler sees it.

Names are not found here, that would need a model; text of customers is not logged on purpose anywhere. This is the
net below: what slips into a message, its arguments, or the message of an exception.
"""

from __future__ import annotations

import ipaddress
import logging
from functools import cache
from typing import Any

from tradewind.privacy.model import PiiSpan
from tradewind.privacy.redact import redact
from tradewind.privacy.structured import Structured

_FORMATTER = logging.Formatter()


class RedactingFilter(logging.Filter):
    """Puts `<EMAIL_ADDRESS>` and its like in place of what it stands for; lets every record through."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact a record in place."""
        _redact_message(record)
        if record.exc_info:
            record.exc_text = redacted(_FORMATTER.formatException(record.exc_info))
            record.exc_info = None  # handlers would format it anew, with what the exception says
        if record.stack_info:
            record.stack_info = redacted(record.stack_info)
        return True


def redact_logs() -> None:
    """Redact every record of this process from now on, of whichever logger and handler. May be called twice."""
    make = logging.getLogRecordFactory()
    if getattr(make, "redacts", False):
        return
    guard = RedactingFilter()

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        guard.filter(record)
        return record

    factory.redacts = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(factory)


def redacted(text: str) -> str:
    """A text with placeholders for its identifiers; addresses of this network and URLs as such stay."""
    spans = [span for span in _rules().find(text) if not _is_of_this_network(text, span)]
    return redact(text, spans, "placeholder") if spans else text


def _redact_message(record: logging.LogRecord) -> None:
    try:
        message = record.getMessage()
    except Exception:  # a handler would print the arguments to standard error as they are
        record.msg, record.args = f"(its arguments do not fit) {redacted(str(record.msg))}", None
        return
    clean = redacted(message)
    if clean == message:
        return
    if isinstance(record.args, tuple):  # some formatters read the arguments: those of access logs
        kept = record.args
        record.args = tuple(redacted(value) if isinstance(value, str) else value for value in kept)
        if record.getMessage() == clean:
            return
    record.msg, record.args = clean, None


def _is_of_this_network(text: str, span: PiiSpan) -> bool:
    if span.type != "IP_ADDRESS":
        return False
    try:
        return not ipaddress.ip_address(text[span.start : span.end]).is_global
    except ValueError:
        return False


@cache
def _rules() -> Structured:
    return Structured(None, without={"URL"})
