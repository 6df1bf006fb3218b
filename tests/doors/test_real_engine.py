"""The whole way with the real engine: a model folder on disk, commands and a server as processes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from real import write_real_model

from tradewind.nlp.bundle import seal
from tradewind.nlp.runtime import versions

TRADEWIND = [sys.executable, "-m", "tradewind"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_real_model(tmp_path_factory.mktemp("real") / "banking")


def tradewind(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [*TRADEWIND, *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=60, check=False)


def json_lines(result: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@contextmanager
def serving(*arguments: str | Path) -> Iterator[str]:
    command = [*TRADEWIND, *map(str, arguments), "--port", "0", "--json", "--no-console"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        document = ""
        while not document.endswith("}\n"):
            document += process.stdout.readline()
        address = json.loads(document)["address"]
        until = time.monotonic() + 30
        while time.monotonic() < until and httpx.get(f"{address}/readyz", timeout=30).status_code != 200:
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=30)
        assert process.returncode == 0


class TestPredict:
    def test_texts_given_outright(self, model: Path) -> None:
        lines = json_lines(tradewind("predict", model, "--json", "I lost my card", "what exchange rate"))
        assert [line["label"] for line in lines] == ["lost_card", "exchange_rate"]
        assert lines[0]["text"] == "I lost my card"
        assert {"probability", "in_scope", "scores"} <= set(lines[0])

    def test_a_table_for_people(self, model: Path) -> None:
        result = tradewind("predict", model, "I lost my card")
        assert result.stdout.decode().split() == ["lost_card", "83.7%", "I", "lost", "my", "card"]

    def test_a_csv_file_by_column_in_order(self, model: Path, tmp_path: Path) -> None:
        path = tmp_path / "messages.csv"
        texts = [f"i lost my card number {n}" if n % 2 else f"the rate for {n} dollars" for n in range(3000)]
        path.write_text(
            "id,message\n" + "".join(f"{n},{text}\n" for n, text in enumerate(texts)), encoding="utf-8"
        )
        lines = json_lines(tradewind("predict", model, path, "--text", "message", "--json", "--top", "1"))
        assert [line["text"] for line in lines] == texts
        assert [line["line"] for line in lines] == list(range(2, 3002))
        assert {line["label"] for line in lines[1::2]} == {"lost_card"}

    def test_lines_from_standard_input_with_a_bad_one(self, model: Path) -> None:
        stopped = tradewind("predict", model, "--json", stdin=b"where is my card\nb\xff\n")
        assert (stopped.returncode, stopped.stdout.count(b"\n")) == (2, 1)
        assert b"error: <stdin>:2: byte 0xFF at byte 2 of the line is not UTF-8" in stopped.stderr
        passed = tradewind(
            "predict",
            model,
            "-",
            "--json",
            "--skip-bad",
            stdin="银行卡\nb\udcff\nрусский\n".encode(errors="surrogateescape"),
        )
        lines = json_lines(passed)
        assert ["error" in line for line in lines] == [False, True, False]
        assert b"2 texts, 1 bad rows" in passed.stderr

    def test_files_are_read_as_training_reads_them(self, model: Path, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("id;text\n1;i lost, my card\n", encoding="utf-8")
        (tmp_path / "b.json").write_text('[{"text": "i lost my card"}, {"text": 3}]', encoding="utf-8")
        (line,) = json_lines(tradewind("predict", model, tmp_path / "a.csv", "--json"))
        assert (line["text"], line["label"]) == ("i lost, my card", "lost_card")
        first, bad = json_lines(tradewind("predict", model, tmp_path / "b.json", "--json", "--skip-bad"))
        assert first["label"] == "lost_card"
        assert "expected text, found a int" in str(bad["error"])

    def test_a_megabyte_on_one_line_is_answered(self, model: Path) -> None:
        (line,) = json_lines(tradewind("predict", model, "--json", stdin=b"where is my card " * 60_000))
        assert line["label"] == "card_arrival"
        assert isinstance(line["windows"], int)
        assert line["windows"] > 1000

    def test_a_name_of_the_workspace(self, model: Path, tmp_path: Path) -> None:
        versions.install(tmp_path / "models", model)
        for name in ("banking", "banking@1"):
            assert json_lines(tradewind("--workspace", tmp_path, "predict", name, "--json", "my card"))
        missing = tradewind("--workspace", tmp_path, "predict", "insurance", "my card")
        assert (missing.returncode, b"there are: banking" in missing.stderr) == (2, True)

    def test_what_cannot_be_read_is_said(self, model: Path, tmp_path: Path) -> None:
        for arguments, says in (
            (["nowhere.csv"], b"nowhere.csv: no such file"),
            (["--format", "docx", "a"], b"unknown format 'docx'"),
            ([""], b"text 0 is empty"),
        ):
            result = tradewind("predict", model, *arguments)
            assert (result.returncode, says in result.stderr, result.stdout) == (2, True, b"")

    def test_a_tampered_model_does_not_predict(self, tmp_path: Path) -> None:
        folder = write_real_model(tmp_path / "m")
        graph = folder / "runtime" / "graph.bin"
        graph.write_bytes(bytes([graph.read_bytes()[0] ^ 1]) + graph.read_bytes()[1:])
        result = tradewind("predict", folder, "a")
        assert (result.returncode, b"graph.bin: SHA-256" in result.stderr) == (1, True)

    def test_a_reader_that_stops_early_ends_it_quietly(self, model: Path) -> None:
        command = (
            f"yes where is my card | head -20000 | {' '.join(TRADEWIND)} predict {model} --json | head -1"
        )
        result = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=False)
        assert result.stdout.count("\n") == 1
        assert result.stderr == ""


def test_serving_a_folder_answers_many_clients(model: Path) -> None:
    with serving("serve", model) as address, httpx.Client(base_url=address, timeout=30) as http:
        body = {"texts": ["I lost my card", "what exchange rate", "where is my card"] * 200, "top": 1}
        labels = [
            p["label"] for p in http.post("/v1/models/banking:predict", json=body).json()["predictions"]
        ]
        assert labels == ["lost_card", "exchange_rate", "card_arrival"] * 200
        long = http.post("/v1/models/banking:predict", json={"text": "where is my card " * 2000}).json()
        assert long["predictions"][0]["windows"] > 10
        assert http.get("/metrics").text.count("tradewind_model_info{") == 1


def test_a_promotion_by_command_swaps_a_serving_workspace_without_a_dropped_request(tmp_path: Path) -> None:
    models = tmp_path / "models"
    for version in ("1", "2"):
        versions.install(models, write_real_model(tmp_path / f"built{version}", version=version))
    versions.promote(models, "banking", "1")
    answers: list[tuple[int, str]] = []
    stop = threading.Event()

    def client(address: str) -> None:
        with httpx.Client(base_url=address, timeout=30) as http:
            while not stop.is_set():
                answer = http.post("/v1/models/banking:predict", json={"text": "I lost my card"})
                answers.append((answer.status_code, answer.json().get("version", "")))

    with serving("--workspace", tmp_path, "serve") as address:
        thread = threading.Thread(target=client, args=(address,))
        thread.start()
        assert tradewind("--workspace", tmp_path, "models", "promote", "banking", "2").returncode == 0
        until = time.monotonic() + 20
        while time.monotonic() < until and (200, "2") not in answers:
            time.sleep(0.05)
        for turn in range(10):
            version = str(turn % 2 + 1)
            promoted = httpx.post(
                f"{address}/v1/models/banking:promote", json={"version": version}, timeout=30
            )
            assert promoted.status_code == 200
        stop.set()
        thread.join()
    assert {status for status, _ in answers} == {200}
    assert {version for _, version in answers} == {"1", "2"}


def test_a_graph_that_cannot_be_read_is_refused_and_the_old_one_stays(tmp_path: Path) -> None:
    models = tmp_path / "models"
    versions.install(models, write_real_model(tmp_path / "good", version="1"))
    versions.promote(models, "banking", "1")
    bad = write_real_model(tmp_path / "bad", version="2")
    (bad / "runtime" / "graph.xml").write_text("<net/>", encoding="utf-8")
    seal(bad)
    versions.install(models, bad)
    with serving("--workspace", tmp_path, "serve") as address:
        refused = httpx.post(f"{address}/v1/models/banking:promote", json={"version": "2"}, timeout=30)
        assert (refused.status_code, "does not load" in refused.json()["detail"]) == (503, True)
        answer = httpx.post(
            f"{address}/v1/models/banking:predict", json={"text": "I lost my card"}, timeout=30
        )
        assert answer.json()["version"] == "1"
        assert httpx.get(f"{address}/readyz").status_code == 200
