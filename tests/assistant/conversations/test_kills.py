"""`kill -9` of the server under load: what was acknowledged is there once, in order, for customers and agents.

A dozen kills here; `python tests/helpers/chat_kills.py 100 FOLDER` does as many as one likes.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from chat_kills import CUSTOMERS, WITH_AGENT, kill_in_a_loop

KILLS = 12


@pytest.mark.timeout(400)
def test_a_killed_server_loses_doubles_and_reorders_nothing(tmp_path: Path):
    done = asyncio.run(kill_in_a_loop(tmp_path, KILLS, seed=11))
    assert done.problems == []
    assert done.kills == KILLS
    assert done.acknowledged > 3 * KILLS
    assert done.connections > CUSTOMERS + WITH_AGENT, "both sides came back by themselves"
