"""Durable work: steps that are not done twice and not forgotten, whatever dies in between. DBOS does it.

One process executes at a time, whoever takes the lock of the control database first: the server, or a command
while no server runs. The others leave their work to it. Arguments and results are JSON, and name persons by their
pseudonyms only.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar, cast

from tradewind.core.errors import (
    ConflictError,
    DeadlineError,
    NotFoundError,
    StorageError,
    TradewindError,
    UnavailableError,
)
from tradewind.journal.databases import Database
from tradewind.journal.store.executor import ExecutorLock

if TYPE_CHECKING:
    from dbos import DBOSClient, Serializer

NAME = "tradewind"
VERSION = "1"
"""Of the steps of all works: work begun under another version is not continued. Raise it only when steps change."""
QUEUE = "tradewind"
AT_ONCE = 2
STANDBY_S = 2.0
LOOK_S = 0.1
LOOKS_BEFORE_TRYING = 20
ATTEMPTS = 8
RECOVERIES = 10_000
OVER = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | dict[str, Json] | None"
Work = Callable[..., Any]
P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)
_running = threading.Lock()  # DBOS is one for a process


def step(name: str, act: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """Do one step of a work: its result is kept, so it is not done again once it is done.

    It is tried again while a database is away or a disk is full. A process that dies within it starts it anew: a
    step must come out the same when it is done twice.
    """
    from dbos import DBOS

    done: R = DBOS.run_step(
        {
            "name": name,
            "retries_allowed": True,
            "interval_seconds": 0.2,
            "backoff_rate": 2.0,
            "max_attempts": ATTEMPTS,
            "should_retry": lambda error: isinstance(error, UnavailableError | StorageError),
        },
        act,
        *args,
        **named,
    )
    return done


class Durable:
    """The works of an installation.

    Args:
        control: the database where progress is kept.
        folder: where the lock of an embedded one lies.
    """

    def __init__(self, control: Database, folder: Path) -> None:
        self._control = control
        self._lock = ExecutorLock(control, folder)
        self._works: dict[str, Work] = {}
        self._schedules: dict[str, tuple[str, str]] = {}
        self._registered: dict[str, Work] = {}
        self._client: DBOSClient | None = None
        self._connecting = threading.Lock()
        self._launching = threading.Lock()
        self._stopping = threading.Event()
        self._standby: threading.Thread | None = None
        self.executing = False

    def register(self, name: str, work: Work) -> None:
        """Make a work known under a name that stays; before `start`."""
        self._works[name] = work

    def every(self, name: str, cron: str, work: str) -> None:
        """Begin a registered work at the times of a cron line in UTC; before `start`."""
        self._schedules[name] = (cron, work)

    def start(self, *, standby: bool = False) -> bool:
        """Execute works from now on, first those that a dead process left; False where another process does.

        Args:
            standby: take over when that process ends.

        Raises:
            UnavailableError, StorageError: the control database refused.
        """
        try:
            if self._launch():
                return True
        except ConflictError:
            if not standby:
                raise
        if standby and self._standby is None:
            self._standby = threading.Thread(target=self._stand_by, name="durable-standby", daemon=True)
            self._standby.start()
        return False

    def begin(self, name: str, identity: str, *args: Json) -> str:
        """Begin a work, or find it begun; the id to wait for. One that had failed is begun again.

        Args:
            identity: of this piece of work; the same is never done twice.
        """
        if name not in self._works:
            raise NotFoundError(f"{name!r} is no work", hint=f"there are: {', '.join(sorted(self._works))}")
        attempt = identity
        for number in range(2, RECOVERIES):
            state = self.state(attempt)
            if state is None or state not in OVER or state == "SUCCESS":
                break
            attempt = f"{identity}.{number}"
        if self.executing:
            from dbos import DBOS, SetWorkflowID

            with SetWorkflowID(attempt):
                DBOS.start_workflow(self._registered[name], *args)
        else:
            self._connected().enqueue(
                {"workflow_name": name, "queue_name": QUEUE, "workflow_id": attempt, "app_version": VERSION},
                *args,
            )
        return attempt

    def state(self, identity: str) -> str | None:
        """What DBOS calls the state of a work; None where it was never begun."""
        status = self._connected().list_workflows(
            workflow_ids=[identity], load_input=False, load_output=False
        )
        return status[0].status if status else None

    def wait(self, identity: str, timeout_s: float) -> Any:
        """The result of a work.

        Raises:
            DeadlineError: it is not done yet; it goes on. Otherwise what the work raised.
        """
        waited = threading.Event()
        for number in range(max(1, int(timeout_s / LOOK_S))):
            state = self.state(identity)
            if state in OVER:
                return self._connected().retrieve_workflow(identity).get_result()
            if number % LOOKS_BEFORE_TRYING == LOOKS_BEFORE_TRYING - 1:
                self.start(
                    standby=True
                )  # whoever executed may have died since, the server of its lock unaware
            waited.wait(LOOK_S)
        raise DeadlineError(
            f"work {identity} is not done after {timeout_s:g} s", hint="it goes on: look again later"
        )

    def stop(self) -> None:
        """Stop executing; what is not done is continued by whoever executes next."""
        self._stopping.set()
        if self._standby is not None:
            self._standby.join()
        if self._client is not None:
            self._client.destroy()
            self._client = None
        if self.executing:
            from dbos import DBOS

            self.executing = False
            DBOS.destroy(destroy_registry=True)
            _running.release()
        self._lock.release()

    def _launch(self) -> bool:
        with self._launching:
            return self.executing or self._launch_alone()

    def _launch_alone(self) -> bool:
        if self._stopping.is_set() or not self._lock.take():
            return False
        if not _running.acquire(blocking=False):
            self._lock.release()
            raise ConflictError(
                "this process executes the works of another installation", hint="use a process for each"
            )
        try:
            self._launch_dbos()
        except BaseException:
            _running.release()
            self._lock.release()
            raise
        self.executing = True
        return True

    def _launch_dbos(self) -> None:
        from dbos import DBOS

        DBOS(
            config={
                "name": NAME,
                "system_database_url": self._url(),
                "application_version": VERSION,
                "executor_id": NAME,
                "serializer": cast("Serializer", JsonSerializer()),
                "log_level": "CRITICAL",  # what fails is logged here, in one line
                "notification_listener_polling_interval_sec": 0.2,
            }
        )
        for name, work in self._works.items():
            self._registered[name] = DBOS.workflow(name=name, max_recovery_attempts=RECOVERIES)(
                _function(name, work)
            )
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=0.5)
        for name, (cron, wanted) in self._schedules.items():
            DBOS.apply_schedules(
                [{"schedule_name": name, "workflow_fn": self._registered[wanted], "schedule": cron}]
            )

    def _stand_by(self) -> None:
        while not self._stopping.wait(STANDBY_S):
            try:
                if self._launch():
                    return
            except ConflictError:
                continue
            except TradewindError as error:
                log.warning("durable work does not start yet: %s", error)

    def _connected(self) -> DBOSClient:
        """Also for who does not execute, maybe before anybody ever did: DBOS's tables are made where they lack."""
        with self._connecting:
            if self._client is None:
                from dbos import DBOS, DBOSClient

                DBOS.migrate(self._url())
                self._client = DBOSClient(
                    system_database_url=self._url(),
                    serializer=cast("Serializer", JsonSerializer()),
                    application_name=NAME,
                )
            return self._client

    def _url(self) -> str:
        return self._control.engine.url.render_as_string(hide_password=False)


class JsonSerializer:
    """JSON in place of DBOS's pickle: what lies in a database must not run when it is read."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_marked)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data, object_hook=_unmarked)

    def name(self) -> str:
        return "tradewind_json"


def _marked(value: object) -> object:
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, TradewindError):
        return {"$error": type(value).__name__, "message": value.message, "hint": value.hint}
    tried = getattr(value, "errors", None)  # of DBOSMaxStepRetriesExceeded: what happened each time
    if isinstance(value, BaseException) and isinstance(tried, list) and tried:
        return _marked(tried[-1])
    if isinstance(value, BaseException):
        return {"$error": "TradewindError", "message": f"{type(value).__name__}: {value}", "hint": None}
    raise TypeError(f"{type(value).__name__} is not JSON: a work takes and gives plain values")


def _unmarked(value: dict[str, Any]) -> Any:
    if value.keys() == {"$time"}:
        return datetime.fromisoformat(value["$time"])
    if value.keys() == {"$error", "message", "hint"}:
        known = {kind.__name__: kind for kind in _kinds(TradewindError)}
        return known.get(value["$error"], TradewindError)(value["message"], hint=value["hint"])
    return value


def _kinds(kind: type[TradewindError]) -> list[type[TradewindError]]:
    return [kind, *(each for below in kind.__subclasses__() for each in _kinds(below))]


def _function(name: str, work: Work) -> Work:
    """DBOS marks the functions that it registers, which a bound method does not bear."""

    def run(*args: Any) -> Any:
        try:
            return work(*args)
        except Exception as error:
            log.error("work %s failed: %s: %s", name, type(error).__name__, error)
            raise

    return run
