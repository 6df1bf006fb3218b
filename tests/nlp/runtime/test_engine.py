"""The engine on a real graph: order, long texts, many threads, what it refuses, and what it leaves behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from real import EXAMPLES, write_real_model

from tradewind.core.errors import InputError, UnavailableError
from tradewind.nlp.runtime import Engine

SHORT = {
    "i lost my card": "lost_card",
    "what exchange rate": "exchange_rate",
    "where is my new": "card_arrival",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_real_model(tmp_path_factory.mktemp("engine") / "banking")


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Engine]:
    with Engine.open(folder, threads=2) as engine:
        yield engine


def labels(engine: Engine, texts: list[str]) -> list[str | None]:
    return [prediction.heads[0].label for prediction in engine.predict(texts)]


def test_answers_come_in_the_order_of_the_texts_whatever_their_lengths(engine: Engine) -> None:
    texts = [f"{text} {'card ' * (number % 90)}" for number, text in enumerate(list(SHORT) * 2000)]
    together = engine.outputs(texts).vectors
    chosen = np.random.default_rng(0).choice(len(texts), 60, replace=False)
    alone = np.concatenate([engine.outputs([texts[number]]).vectors for number in chosen])
    np.testing.assert_allclose(together[chosen], alone, atol=2e-3)


def test_a_text_is_answered_alike_alone_and_in_company(engine: Engine) -> None:
    assert labels(engine, list(SHORT)) == list(SHORT.values())
    assert [labels(engine, [text])[0] for text in SHORT] == list(SHORT.values())


def test_an_overlong_text_is_read_to_its_end(engine: Engine) -> None:
    outputs = engine.outputs([f"{'where ' * 500}{'dollars ' * 5000}"])
    assert outputs.windows[0] > 50
    assert outputs.tokens[0] > 5500
    dollars = engine.outputs(["dollars"]).vectors[0]
    assert outputs.vectors[0] @ dollars / np.linalg.norm(outputs.vectors[0]) / np.linalg.norm(dollars) > 0.9


def test_many_threads_share_it(engine: Engine) -> None:
    def ask(number: int) -> bool:
        texts = list(SHORT) * (1 + number % 40)
        return labels(engine, texts) == list(SHORT.values()) * (1 + number % 40)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(200)))


def test_nothing_but_texts_is_taken(engine: Engine) -> None:
    for texts, says in (
        (["fine", " \n"], "text 1 is empty"),
        (["a", "b\ud800"], "text 1 holds a lone surrogate at character 1"),
        ("one string", "single string"),
    ):
        with pytest.raises(InputError, match=says):
            engine.predict(texts)
    with pytest.raises(InputError, match="2 texts but 1 pairs"):
        engine.predict(["a", "b"], ["c"])
    assert engine.predict([]) == []


def test_what_is_closed_answers_nothing(folder: Path) -> None:
    engine = Engine.open(folder)
    engine.close()
    with pytest.raises(UnavailableError, match="closed"):
        engine.predict(["a"])


def test_a_signal_after_another_thread_closed_the_last_engine_does_no_harm(folder: Path) -> None:
    """OpenVINO's plugin gives its loader a signal stack and takes it away when it is unloaded."""
    script = """if True:
        import gc, os, pathlib, signal, sys, threading
        from tradewind.nlp.runtime import Engine

        held = [Engine.open(pathlib.Path(sys.argv[1]))]
        def drop():
            held.pop().close()
            gc.collect()
        thread = threading.Thread(target=drop)
        thread.start()
        thread.join()
        signal.signal(signal.SIGTERM, lambda *_: print("handled"))
        os.kill(os.getpid(), signal.SIGTERM)
    """
    result = subprocess.run(
        [sys.executable, "-c", script, folder], capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.returncode, result.stdout.strip()) == (0, "handled"), result.stderr


def test_example_texts_are_their_own_labels(engine: Engine) -> None:
    assert labels(engine, list(EXAMPLES.values())) == list(EXAMPLES)
