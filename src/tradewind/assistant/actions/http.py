"""An action as an HTTP endpoint of the business.

POST /transfers
Idempotency-Key: 5f0c…                      the same for the same step of a conversation
{"action": "make_transfer", "arguments": {…}, "market": "de", "subject": "…", "language": "de"}

200 {"reference": "T-1"}                    done: the results
409 or 422 {"failure": "no_funds", "values": {…}}     refused: the flow goes on with the failure
429, 5xx, no answer in time                 tried again where that is safe, `unavailable` in the end
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from typing import Any, Protocol

import httpx2

from tradewind.assistant.actions.model import UNAVAILABLE, Call, Result
from tradewind.assistant.actions.settings import Binding
from tradewind.core.secret import read_secret

FIRST_PAUSE_S = 0.2
MOST_BYTES = 1_000_000
RETRIED = frozenset({408, 425, 429})
"""Statuses below 500 that say: later."""

log = logging.getLogger(__name__)


class Sleep(Protocol):
    """Waits so many seconds."""

    def __call__(self, seconds: float, /) -> None: ...


class Endpoint:
    """Calls an address of a binding. Safe to call from several threads.

    Args:
        changes: whether the action changes something; then it is tried again only where the binding says that a
            second call with the same key does nothing.
    """

    def __init__(
        self, client: httpx2.Client, binding: Binding, *, changes: bool, sleep: Sleep = time.sleep
    ) -> None:
        self._client = client
        self._binding = binding
        self._attempts = 1 + (binding.retries if binding.idempotent or not changes else 0)
        self._sleep = sleep

    def __call__(self, call: Call) -> Result:
        """Call it, again after a pause where it does not answer and that is safe."""
        for attempt in range(1, self._attempts + 1):
            if attempt > 1:
                self._sleep(FIRST_PAUSE_S * 2 ** (attempt - 2))
            result = self._try(call, attempt)
            if result is not None:
                return result
        return Result(failure=UNAVAILABLE, attempts=self._attempts)

    def _try(self, call: Call, attempt: int) -> Result | None:
        """The result; None where it should be tried again."""
        address = str(self._binding.url)
        deadline = time.monotonic() + self._binding.timeout_s
        try:
            with self._client.stream(
                "POST",
                address,
                json=_request(call),
                headers=self._headers(call),
                timeout=self._binding.timeout_s,
            ) as response:
                status, body = response.status_code, _body(response, deadline)
        except (httpx2.HTTPError, TimeoutError, ValueError) as error:
            log.warning("action %s: attempt %d: %s", call.action, attempt, type(error).__name__)
            return None
        if status in RETRIED or status >= 500:
            log.warning("action %s: attempt %d: status %d", call.action, attempt, status)
            return None
        return _result(call.action, status, body, attempt)

    def _headers(self, call: Call) -> dict[str, str]:
        headers = {"Idempotency-Key": call.key, "Accept": "application/json"}
        if self._binding.secret is not None:
            headers["Authorization"] = f"Bearer {read_secret(self._binding.secret)}"
        return headers


def new_client() -> httpx2.Client:
    """A client that follows no redirect and takes nothing from the environment: it goes where the settings say."""
    return httpx2.Client(follow_redirects=False, trust_env=False)


def _request(call: Call) -> dict[str, Any]:
    return {
        "action": call.action,
        "arguments": dict(call.arguments),
        "market": call.market,
        "subject": call.subject,
        "language": call.language,
    }


def _body(response: httpx2.Response, deadline: float) -> bytes:
    """What was answered, read for no longer than the deadline and no more than `MOST_BYTES`."""
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise ValueError("too long")
        if time.monotonic() > deadline:
            raise TimeoutError
    return b"".join(parts)


def _result(action: str, status: int, body: bytes, attempt: int) -> Result:
    try:
        content = json.loads(body) if body.strip() else {}
    except ValueError:
        content = None
    if not isinstance(content, Mapping):
        log.warning("action %s: status %d with a body that is no JSON object", action, status)
        return Result(failure=UNAVAILABLE, attempts=attempt)
    if 200 <= status < 300:
        return Result(dict(content), attempts=attempt)
    failure, values = content.get("failure"), content.get("values")
    if not isinstance(failure, str) or not failure:
        log.warning("action %s: status %d without a failure", action, status)
        return Result(failure=UNAVAILABLE, attempts=attempt)
    return Result(dict(values) if isinstance(values, Mapping) else {}, failure, attempt)
