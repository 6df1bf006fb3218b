"""The actions of a workspace, by name."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tradewind.assistant.actions.model import UNAVAILABLE, Actions, Call, Result
from tradewind.assistant.actions.settings import ActionSettings, read_action_settings
from tradewind.core.errors import ConfigError, TradewindError
from tradewind.packs.dialogue_file import Action

MOST_AT_ONCE = 32

log = logging.getLogger(__name__)

Doer = Callable[[Call], Result]


class Registry:
    """Does what flows call for, by whoever the settings name. Safe to call from several threads.

    Args:
        known: the actions of the pack.
        sandbox: does what the settings leave out; then such a call is `unavailable` when None.

    Raises:
        ConfigError: a Python function that the settings name is not there.
    """

    def __init__(
        self, known: Mapping[str, Action], settings: ActionSettings, sandbox: Actions | None = None
    ) -> None:
        from tradewind.assistant.actions.http import Endpoint, new_client
        from tradewind.assistant.actions.python import Callee, load_function

        for name in settings.actions:
            if name not in known:
                there = ", ".join(sorted(known)) or "none"
                raise ConfigError(f"the pack has no action {name!r}", hint=f"there are: {there}")
        self._executor = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="action")
        self._client = new_client()
        self._sandbox = sandbox if settings.sandbox else None
        self._doers: dict[str, Doer] = {}
        for name, binding in settings.actions.items():
            if binding.python is not None:
                self._doers[name] = Callee(load_function(binding.python), self._executor, binding.timeout_s)
            else:
                self._doers[name] = Endpoint(self._client, binding, changes=known[name].changes)

    def call(self, call: Call) -> Result:
        """Do it; whatever goes wrong is a failure of the result."""
        doer = self._doers.get(call.action) or (self._sandbox.call if self._sandbox is not None else None)
        if doer is None:
            log.error("action %s: no system of the settings does it", call.action)
            return Result(failure=UNAVAILABLE)
        try:
            return doer(call)
        except TradewindError as error:
            log.error("action %s: %s", call.action, error)
            return Result(failure=UNAVAILABLE)

    def close(self) -> None:
        """Leave the connections and threads."""
        self._client.close()
        self._executor.shutdown(wait=False, cancel_futures=True)


def open_actions(file: Path, known: Mapping[str, Action], sandbox: Actions | None = None) -> Registry:
    """The actions that a workspace's file sets up.

    Raises:
        DataError, ConfigError: the file is wrong; says where.
    """
    return Registry(known, read_action_settings(file), sandbox)
