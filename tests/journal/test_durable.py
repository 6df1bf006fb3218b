"""Durable work: done once, by one process, and continued by the next."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tradewind.core.errors import ConflictError, DeadlineError, NotFoundError, UnavailableError
from tradewind.journal.databases import Database
from tradewind.journal.durable import Durable, JsonSerializer, step

SCRIPT = """
import sys, time
from pathlib import Path
from tradewind.journal.databases import Database
from tradewind.journal.durable import Durable, step

def note(word):
    with open(sys.argv[2], "a") as file:
        file.write(word + "\\n")
    return word

def slowly():
    for number in range(20):
        step(f"step {number}", note, f"step {number}")
        time.sleep(0.05)
    return "all"

durable = Durable(Database(sys.argv[1]), Path(sys.argv[2]).parent)
durable.register("slow", slowly)
if not durable.start():
    print("left to another", flush=True)
identity = durable.begin("slow", "the one")
print("begun", flush=True)
print(durable.wait(identity, 60), flush=True)
durable.stop()
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'control.db'}"
    made: Callable[[], str] = request.getfixturevalue("postgres_database")
    return made()


@pytest.fixture
def durable(url: str, tmp_path: Path):
    database = Database(url)
    opened = Durable(database, tmp_path)
    yield opened
    opened.stop()
    database.close()


def test_a_work_is_done_once_however_often_it_is_begun(durable: Durable):
    seen: list[int] = []

    def work(number: int) -> list[int]:
        step("note", seen.append, number)
        return [number, number + 1]

    durable.register("work", work)
    durable.start()
    for _ in range(3):
        assert durable.wait(durable.begin("work", "one", 7), 20) == [7, 8]
    assert seen == [7]


def test_a_step_is_tried_again_while_a_database_is_away(durable: Durable):
    tries: list[int] = []

    def unsteady() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise UnavailableError("away")
        return "back"

    durable.register("work", lambda: step("unsteady", unsteady))
    durable.start()
    assert durable.wait(durable.begin("work", "one"), 20) == "back"
    assert len(tries) == 3


def test_what_a_work_raises_is_raised_where_it_is_waited_for_and_it_can_be_begun_again(durable: Durable):
    answers: list[Any] = [ConflictError("taken", hint="another name"), "done"]

    def work() -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    durable.register("work", work)
    durable.start()
    with pytest.raises(ConflictError, match=r"taken \(another name\)"):
        durable.wait(durable.begin("work", "one"), 20)
    assert durable.wait(durable.begin("work", "one"), 20) == "done"


def test_waiting_ends_and_the_work_goes_on(durable: Durable):
    durable.register("work", lambda: time.sleep(0.5) or "done")
    durable.start()
    identity = durable.begin("work", "one")
    with pytest.raises(DeadlineError, match="goes on"):
        durable.wait(identity, 0.1)
    assert durable.wait(identity, 20) == "done"


def test_an_unknown_work_is_not_found(durable: Durable):
    with pytest.raises(NotFoundError, match="no work"):
        durable.begin("nothing", "one")


def test_a_schedule_begins_a_work(durable: Durable):
    times: list[Any] = []
    durable.register("tick", lambda at, _: times.append(at))
    durable.every("each second", "* * * * * *", "tick")
    durable.start()
    until = time.monotonic() + 60
    while not times and time.monotonic() < until:
        time.sleep(0.1)
    assert isinstance(times[0], datetime)


@pytest.mark.timeout(120)
def test_a_killed_process_is_continued_and_others_leave_the_work_to_who_has_it(url: str, tmp_path: Path):
    notes = tmp_path / "notes"
    command = [sys.executable, "-c", SCRIPT, url, str(notes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "begun\n"
        time.sleep(0.3)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as second:
            assert second.stdout is not None
            assert second.stdout.readline() == "left to another\n"
            second.kill()
        first.kill()
    before = notes.read_text(encoding="utf-8").splitlines()
    assert 0 < len(before) < 20
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=90)
    assert done.stdout.splitlines() == ["begun", "all"]
    after = notes.read_text(encoding="utf-8").splitlines()
    assert list(dict.fromkeys(after)) == [f"step {number}" for number in range(20)]
    assert len(after) <= 21, "only the step that was killed may be done twice"


def test_what_is_kept_is_json_that_runs_nothing():
    serializer = JsonSerializer()
    values = {"a": [1, 2.5, None, True, "ü"], "at": datetime(2026, 11, 25, tzinfo=UTC)}
    assert serializer.deserialize(serializer.serialize(values)) == values
    assert json.loads(serializer.serialize(values))["a"][0] == 1
    back = serializer.deserialize(serializer.serialize(ValueError("x")))
    assert "ValueError: x" in str(back)
    with pytest.raises(TypeError, match="not JSON"):
        serializer.serialize(object())
