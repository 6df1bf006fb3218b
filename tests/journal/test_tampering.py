"""Whatever is changed, removed, swapped or inserted behind the journal's back is found and named."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from journal_kit import ACME, EU, OTHER, notes, open_journal

from tradewind.core.errors import ChainError, DataError, InputError
from tradewind.journal.databases import Database
from tradewind.journal.export import verify_export
from tradewind.journal.ranges import Problem
from tradewind.journal.signing import Signer, read_public
from tradewind.journal.verify import Verification, verify

ENTRIES = 40
"""In each of two lanes of a tenant; checkpoints after 10, 20 and 30 entries of each."""
COLUMNS = ("recorded", "id", "kind", "version", "market", "subject", "key", "at", "body", "hash")
lanes, sequences = st.sampled_from((0, 1)), st.integers(1, ENTRIES)


class Scene:
    """A journal as it was written, and copies of it to tamper with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        url = f"sqlite:///{folder / 'eu.db'}"
        journals = [open_journal(url, folder), open_journal(url, folder)]
        for start in range(0, ENTRIES, 10):
            for lane, journal in enumerate(journals):
                journal.append_now(ACME, notes(10, first=100 * lane + start))
                journal.append_now(OTHER, notes(1))
            if start < ENTRIES - 10:
                journals[0].checkpoint()
        self.signer = Signer(folder / "keys")
        for journal in journals:
            journal.close()
            journal.databases.close()

    def after(self, *statements: tuple[str, tuple[object, ...]]) -> Verification:
        """What verification says when these statements were run on a copy."""
        copy = self.folder / "copy.db"
        shutil.copyfile(self.folder / "eu.db", copy)
        connection = sqlite3.connect(copy, isolation_level=None)
        for statement, values in statements:
            connection.execute(statement, values)
        connection.close()
        database = Database(f"sqlite:///{copy}")
        try:
            return verify(database, EU, [ACME, OTHER], self.signer, processes=1)
        finally:
            database.close()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("scene"))


def first(found: Verification) -> tuple[int | None, int | None]:
    """Lane and sequence of the first problem; there must be one, and none of another tenant."""
    assert found.problems, "nothing was found"
    assert {problem.tenant for problem in found.problems} == {ACME}
    entry: Problem = found.problems[0]
    return entry.lane, entry.sequence


ours = "tenant = 'acme' AND lane = ? AND sequence = ?"
many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_what_nobody_touched_is_sound(scene):
    found = scene.after()
    assert (found.problems, found.entries, found.streams) == ([], 2 * ENTRIES + 8, 4)
    assert (found.checkpoints, found.checkpointed) == (6, 66)


@many
@given(lane=lanes, sequence=sequences, column=st.sampled_from(COLUMNS), data=st.data())
def test_a_changed_entry_is_named(scene, lane, sequence, column, data):
    if column in ("recorded", "version", "at"):
        change = f"{column} = {column} + {data.draw(st.integers(1, 9))}"
    elif column in ("id", "hash"):
        change = f"{column} = randomblob({16 if column == 'id' else 32})"
    elif column == "body":
        change = "body = CAST(replace(body, 'number', 'numbre') AS BLOB)"
    else:
        change = f"{column} = coalesce({column}, '') || 'x'"
    found = scene.after((f"UPDATE journal_entries SET {change} WHERE {ours}", (lane, sequence)))
    assert first(found) == (lane, sequence)


@many
@given(lane=lanes, sequence=sequences)
def test_a_removed_entry_is_named_also_at_the_end(scene, lane, sequence):
    found = scene.after((f"DELETE FROM journal_entries WHERE {ours}", (lane, sequence)))
    assert first(found) == (lane, sequence)
    assert "missing" in found.problems[0].what


@many
@given(lane=lanes, sequence=st.integers(1, 29))
def test_an_end_that_was_cut_off_with_its_head_is_named_by_the_checkpoint(scene, lane, sequence):
    cut = "DELETE FROM journal_entries WHERE tenant = 'acme' AND lane = ? AND sequence > ?"
    head = (
        "UPDATE journal_heads SET (sequence, recorded, hash) = (SELECT sequence, recorded, hash FROM "
        f"journal_entries WHERE {ours}) WHERE tenant = 'acme' AND lane = ?"
    )
    found = scene.after((cut, (lane, sequence)), (head, (lane, sequence, lane)))
    assert first(found) == (lane, sequence + 1)


@many
@given(lane=lanes, one=sequences, other=sequences)
def test_swapped_entries_are_named(scene, lane, one, other):
    if one == other:
        return
    move = f"UPDATE journal_entries SET sequence = ? WHERE {ours}"
    found = scene.after((move, (-1, lane, one)), (move, (one, lane, other)), (move, (other, lane, -1)))
    assert first(found) == (lane, min(one, other))


@many
@given(lane=lanes, sequence=st.integers(1, ENTRIES + 1))
def test_an_inserted_entry_is_named(scene, lane, sequence):
    shift = "UPDATE journal_entries SET sequence = {} WHERE tenant = 'acme' AND lane = ? AND sequence {}"
    copy = (
        "INSERT INTO journal_entries SELECT tenant, lane, ?, recorded, randomblob(16), kind, version, market, "
        "subject, NULL, at, body, hash FROM journal_entries WHERE tenant = 'acme' AND lane = ? AND sequence = 1"
    )
    found = scene.after(
        (shift.format("-sequence", ">= ?"), (lane, sequence)),
        (shift.format("1 - sequence", "< ?"), (lane, 0)),
        (copy if sequence > 1 else copy.replace("sequence = 1", "sequence = 2"), (sequence, lane)),
    )
    assert first(found) == (lane, sequence)


@pytest.mark.parametrize(("lane", "sequence"), [(0, 0), (1, -7), (-1, 1), (5, 1), (0, ENTRIES + 9)])
def test_an_entry_outside_of_every_range_is_named(scene, lane, sequence):
    copy = (
        "INSERT INTO journal_entries SELECT tenant, ?, ?, recorded, randomblob(16), kind, version, market, subject, "
        "NULL, at, body, hash FROM journal_entries WHERE tenant = 'acme' AND lane = 0 AND sequence = 1"
    )
    named_lane, named = first(scene.after((copy, (lane, sequence))))
    assert named_lane == lane
    assert named in (sequence, ENTRIES + 1)  # beyond the end it is the gap that comes first


@many
@given(lane=lanes, sequence=st.integers(1, 30))
def test_a_chain_that_was_written_anew_is_found_by_its_checkpoints(scene, lane, sequence):
    """Whoever changes an entry and hashes everything after it again has no key to sign with."""
    from tradewind.journal import chain
    from tradewind.journal.model import Lane, Stream

    connection = sqlite3.connect(scene.folder / "eu.db")
    rows = connection.execute(
        "SELECT * FROM journal_entries WHERE tenant = 'acme' AND lane = ? ORDER BY sequence", (lane,)
    ).fetchall()
    connection.close()
    previous, statements = chain.GENESIS, []
    head = chain.head_of(Stream(ACME, EU, Lane(lane)))
    for row in rows:
        body = b'{"text":"forged","number":0}' if row[2] == sequence else row[11]
        tail = chain.tail_of(row[4].hex(), *row[5:11], body)
        previous = chain.chained(previous, chain.canonical(head, row[2], row[3], tail))
        change = f"UPDATE journal_entries SET body = ?, hash = ? WHERE {ours}"
        statements.append((change, (body, previous, lane, row[2])))
    move = "UPDATE journal_heads SET hash = ? WHERE tenant = 'acme' AND lane = ?"
    found = scene.after(*statements, (move, (previous, lane)))
    problem = found.problems[0]
    assert problem.lane == lane
    assert problem.checkpoint == (sequence + 9) // 10
    assert "not those that the checkpoint was taken of" in problem.what


@many
@given(number=st.integers(1, 3), data=st.data())
def test_a_changed_or_removed_checkpoint_is_named(scene, number, data):
    where = "WHERE tenant = 'acme' AND number = ?"
    statement = data.draw(
        st.sampled_from(
            [
                "UPDATE journal_checkpoints SET content = CAST(replace(content, '\"lane\":0', '\"lane\":2') AS BLOB) ",
                "UPDATE journal_checkpoints SET signature = randomblob(64) ",
                "UPDATE journal_checkpoints SET content = randomblob(100) ",
                "UPDATE journal_checkpoints SET number = 9 ",
                "DELETE FROM journal_checkpoints ",
            ]
        )
    )
    found = scene.after((statement + where, (number,)))
    assert found.problems[0].checkpoint == number
    assert {problem.tenant for problem in found.problems} == {ACME}


def test_swapped_checkpoints_are_found(scene):
    move = "UPDATE journal_checkpoints SET number = ? WHERE tenant = 'acme' AND number = ?"
    found = scene.after((move, (9, 1)), (move, (1, 2)), (move, (2, 9)))
    assert found.problems[0].checkpoint == 1


def test_a_removed_or_moved_head_is_found(scene):
    found = scene.after(("DELETE FROM journal_heads WHERE tenant = 'acme' AND lane = 1", ()))
    assert first(found) == (1, 1)
    found = scene.after(("UPDATE journal_heads SET hash = randomblob(32) WHERE tenant = 'acme'", ()))
    assert first(found) == (0, ENTRIES)


def test_a_checkpoint_is_not_signed_over_a_gap(scene, tmp_path):
    copy = tmp_path / "eu.db"
    shutil.copyfile(scene.folder / "eu.db", copy)
    with sqlite3.connect(copy) as connection:
        connection.execute(f"DELETE FROM journal_entries WHERE {ours}", (0, 35))
    connection.close()
    journal = open_journal(f"sqlite:///{copy}", tmp_path)
    with pytest.raises(ChainError, match="lane 0: the entries do not lead to the head at 40"):
        journal.checkpoint()
    journal.databases.close()


# --- exports


@pytest.fixture(scope="module")
def export(scene, tmp_path_factory) -> tuple[list[bytes], Path]:
    """The lines of an export and the public key that goes with it."""
    journal = open_journal(f"sqlite:///{scene.folder / 'eu.db'}", scene.folder)
    lines = list(journal.export(ACME, EU))
    key = tmp_path_factory.mktemp("outside") / "journal.pub"
    key.write_bytes(journal.signer().pem())
    journal.databases.close()
    return lines, key


def check(lines: list[bytes], key: Path) -> Verification:
    path = key.with_name("export.jsonl")
    path.write_bytes(b"".join(lines))
    return verify_export(path, read_public(key))


def test_an_export_is_verified_with_the_public_key_alone(export):
    lines, key = export
    found = check(lines, key)
    assert (found.problems, found.entries, found.checkpointed) == ([], 2 * ENTRIES, 2 * ENTRIES)
    assert json.loads(lines[0]) == {"format": "tradewind-journal-1", "tenant": "acme", "region": "eu"}


@many
@given(data=st.data(), how=st.sampled_from(["change", "remove", "swap", "repeat"]))
def test_whatever_happens_to_a_line_of_an_export_is_found(export, data, how):
    lines, key = list(export[0]), export[1]
    index = data.draw(st.integers(1, len(lines) - 2))
    if how == "change":
        line = bytearray(lines[index])
        place = data.draw(st.integers(12, len(line) - 4))
        line[place] = ord("7") if line[place] != ord("7") else ord("8")
        lines[index] = bytes(line)
    elif how == "remove":
        del lines[index]
    elif how == "swap":
        other = data.draw(st.integers(1, len(lines) - 2).filter(lambda n: n != index))
        lines[index], lines[other] = lines[other], lines[index]
        if orjson.loads(lines[index]).keys() == {"hash", "entry"} and _lane(lines[index]) != _lane(
            lines[other]
        ):
            return  # the order of lines of different streams means nothing
    else:
        lines.insert(index, lines[index])
    with contextlib.suppress(DataError):  # no line of an export any more: said so
        assert not check(lines, key).sound


def _lane(line: bytes) -> object:
    entry = orjson.loads(line).get("entry")
    return entry[2] if entry else "checkpoint"


@pytest.mark.parametrize("place", [9, 73, 80])
def test_not_even_the_frame_of_a_line_may_differ(export, place):
    lines, key = list(export[0]), export[1]
    lines[1] = lines[1][:place] + b"?" + lines[1][place + 1 :]
    with pytest.raises(DataError, match="no line of a journal export"):
        check(lines, key)


def test_another_key_does_not_verify_an_export(export, tmp_path):
    lines, key = export
    stranger = tmp_path / "stranger.pub"
    stranger.write_bytes(Signer(tmp_path).pem())
    check(lines, key)
    path = key.with_name("export.jsonl")
    found = verify_export(path, read_public(stranger))
    assert [problem.checkpoint for problem in found.problems[:1]] == [1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the export has no end"),
        (b"hello\n", "no line of a journal export"),
        (b'{"format":"other"}\n', "format 'other'"),
        (b'{"format":"tradewind-journal-1"}\n', "1: no line"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path, export, content, message):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        verify_export(path, read_public(export[1]))


def test_what_is_no_key_is_refused(tmp_path):
    path = tmp_path / "key"
    with pytest.raises(InputError, match="no public key"):
        read_public(path)
    path.write_bytes(b"-----BEGIN PUBLIC KEY-----\nnone\n-----END PUBLIC KEY-----\n")
    with pytest.raises(InputError, match="no public key"):
        read_public(path)


def test_the_signing_key_is_the_owners_alone(tmp_path):
    Signer(tmp_path / "keys")
    assert (tmp_path / "keys" / "journal.pem").stat().st_mode & 0o777 == 0o600
    assert Signer(tmp_path / "keys").id == Signer(tmp_path / "keys").id
    (tmp_path / "keys" / "journal.pem").write_text("nothing")
    with pytest.raises(InputError, match="not a private key"):
        Signer(tmp_path / "keys")
