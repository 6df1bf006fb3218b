"""An action as a Python function: `def send(call: Call) -> Mapping | Result`."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from concurrent.futures import TimeoutError as TooLate

from tradewind.assistant.actions.model import UNAVAILABLE, Call, Result
from tradewind.core.errors import ConfigError

Function = Callable[[Call], "Mapping[str, object] | Result"]

log = logging.getLogger(__name__)


def load_function(reference: str) -> Function:
    """The function that `module:function` names.

    Raises:
        ConfigError: there is no such module or function.
    """
    module, _, name = reference.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f"action {reference!r:.200} cannot be loaded: {error}", hint="module:function"
        ) from error
    if not callable(found):
        raise ConfigError(f"action {reference!r:.200} is no function")
    return found  # type: ignore[no-any-return]


class Callee:
    """Calls a function in a thread of its own, for no longer than `timeout_s`; a fault in it is `unavailable`."""

    def __init__(self, function: Function, executor: Executor, timeout_s: float) -> None:
        self._function = function
        self._executor = executor
        self._timeout_s = timeout_s

    def __call__(self, call: Call) -> Result:
        future = self._executor.submit(self._function, call)
        try:
            given = future.result(self._timeout_s)
        except TooLate:
            future.cancel()
            log.warning("action %s: no result after %g s", call.action, self._timeout_s)
            return Result(failure=UNAVAILABLE)
        except Exception:
            log.exception("action %s failed", call.action)
            return Result(failure=UNAVAILABLE)
        return given if isinstance(given, Result) else Result(dict(given))
