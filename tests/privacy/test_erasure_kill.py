"""Erasure is killed at random moments and goes on: it ends once, whatever was torn."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from subjects import ACME, CHINA, CN, EU, REGIONS, ground, heard, say

from tradewind.journal.databases import Database, Databases
from tradewind.privacy import receipts

HELPERS = Path(__file__).parents[1] / "helpers"
ANNA = "anna@example.com"
SECRET = "the flat in Harbour Street 9"
KILLS = 10


@pytest.mark.timeout(300)
def test_a_killed_erasure_ends_once(make: Callable[[], str] | None, tmp_path: Path):
    urls = [make() if make else f"sqlite:///{tmp_path}/{name}.db" for name in ("control", *REGIONS)]

    def databases() -> Databases:
        return Databases(Database(urls[0]), dict(zip(REGIONS, map(Database, urls[1:]), strict=True)))

    with ground(tmp_path, databases=databases()) as here:
        anna, abroad = say(here, ANNA, SECRET), say(here, ANNA, SECRET, CHINA)
        ben = say(here, "ben@example.com", "stays")
    command = [sys.executable, str(HELPERS / "erase_killed.py"), str(tmp_path), *urls]
    chance = random.Random(3)
    killed = 0
    for _ in range(KILLS):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert process.stdout is not None
            begun = process.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.25))
            process.kill()
            killed += process.wait() != 0 and begun == b"begun\n"
    assert killed > 0, "none was killed while it worked"
    done = subprocess.run(command, check=False, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    with ground(tmp_path, databases=databases()) as here:
        (request,) = here.privacy.requests.all(ACME)
        assert f"done {request.id}" in done.stdout.decode()
        assert request.done is not None
        assert heard(here) == {anna: None, ben: "stays"}
        assert heard(here, CN) == {abroad: None}
        for region in (EU, CN):
            assert len(list(here.journal.read(ACME, region, kinds=["privacy.erased"]))) == 1
        assert len(here.privacy.ledger.all()) == 2
        assert here.journal.verify(processes=1).sound
        assert request.receipt is not None
        told = receipts.verify(request.receipt, here.journal.signer())
        assert [one["keys"] for one in told["subjects"]] == [1, 1], "counted once, though done twice"
