"""Many callers, one engine: everybody gets their own answers, soon, or an honest refusal."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tradewind.core.errors import BusyError, DeadlineError, InputError, UnavailableError
from tradewind.nlp.model import HeadPrediction, Prediction
from tradewind.nlp.runtime.pace import Rate, estimated_tokens
from tradewind.nlp.runtime.service import BatchReport, Service

T = TypeVar("T")


class Echo:
    """An engine whose answer to a text is the text, after a time that grows with it."""

    def __init__(self, seconds_a_token: float = 0.0) -> None:
        self.seconds_a_token = seconds_a_token
        self.calls: list[list[str]] = []
        self.closed = 0
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()

    def predict(self, texts: Sequence[str], pairs: Sequence[str] | None = None) -> list[Prediction]:
        with self._lock:
            self.calls.append(list(texts))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.seconds_a_token:
                time.sleep(self.seconds_a_token * sum(map(estimated_tokens, texts)))
            if any(text == "bad" for text in texts):
                raise InputError("a bad text")
            if pairs is not None:
                texts = [f"{text}|{pair}" for text, pair in zip(texts, pairs, strict=True)]
            return [Prediction((HeadPrediction("echo", "classify", label=text),), tokens=1) for text in texts]
        finally:
            with self._lock:
                self.at_once -= 1

    def close(self) -> None:
        self.closed += 1


def run(story: Callable[[], Coroutine[Any, Any, T]]) -> T:
    return asyncio.run(story())


async def answers(service: Service, texts: Sequence[str], **options: Any) -> list[str | None]:
    return [prediction.heads[0].label for prediction in await service.predict(texts, **options)]


def test_a_single_text_alone_goes_to_the_engine_at_once() -> None:
    async def story() -> float:
        service = Service(Echo())
        await answers(service, ["warm"])
        started = time.perf_counter()
        for _ in range(200):
            assert await answers(service, ["hello"]) == ["hello"]
        took = (time.perf_counter() - started) / 200
        await service.close()
        return took

    assert run(story) < 0.005


def test_requests_that_wait_are_merged_and_each_gets_its_own_answers() -> None:
    async def story() -> Echo:
        engine = Echo(seconds_a_token=0.0005)
        service = Service(engine, workers=1)
        texts = [f"text {number}" for number in range(200)]
        replies = await asyncio.gather(*(answers(service, [text]) for text in texts))
        assert replies == [[text] for text in texts]
        await service.close()
        return engine

    engine = run(story)
    assert len(engine.calls) == 2  # the first went alone, 199 waited for it
    assert [len(call) for call in engine.calls] == [1, 199]


visible_text = some.text(min_size=1, max_size=40).filter(lambda text: not text.isspace())


def test_clients_that_ask_again_and_again_are_merged_into_large_batches() -> None:
    async def client(service: Service) -> None:
        for _ in range(20):
            await answers(service, ["hello there"])

    async def story() -> Echo:
        engine = Echo(seconds_a_token=0.0002)
        service = Service(engine, workers=2)
        await asyncio.gather(*(client(service) for _ in range(32)))
        await service.close()
        return engine

    calls = [len(call) for call in run(story).calls]
    assert sum(calls) == 640
    assert len(calls) < 640 / 6


@settings(max_examples=40, deadline=None)
@given(
    requests=some.lists(
        some.tuples(
            some.lists(visible_text | some.just("x" * 3000), max_size=12),
            some.booleans(),
            some.integers(0, 3),
        ),
        max_size=25,
    ),
    workers=some.integers(1, 3),
)
def test_law_each_request_gets_exactly_its_answers_in_its_order(
    requests: list[tuple[list[str], bool, int]], workers: int
) -> None:
    async def one(service: Service, texts: list[str], paired: bool, turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        pairs = [f"second {number}" for number in range(len(texts))] if paired else None
        expected = [f"{t}|{p}" for t, p in zip(texts, pairs, strict=True)] if pairs is not None else texts
        if "bad" in texts:
            with pytest.raises(InputError):
                await service.predict(texts, pairs=pairs)
        else:
            assert await answers(service, texts, pairs=pairs) == expected

    async def story() -> None:
        service = Service(Echo(), workers=workers)
        await asyncio.gather(*(one(service, *request) for request in requests))
        assert service.waiting_tokens == 0
        assert service.running_batches == 0
        await service.close()

    run(story)


def test_one_requests_fault_is_not_anothers() -> None:
    async def story() -> None:
        service = Service(Echo(seconds_a_token=0.001), workers=1)
        first = asyncio.create_task(answers(service, ["first"]))
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(answers(service, [text])) for text in ("good", "bad", "fine")]
        results = await asyncio.gather(first, *waiting, return_exceptions=True)
        assert results[0] == ["first"]
        assert results[1] == ["good"]
        assert isinstance(results[2], InputError)
        assert results[3] == ["fine"]
        await service.close()

    run(story)


def test_a_sentence_does_not_wait_for_an_archive() -> None:
    async def story() -> tuple[float, float]:
        engine = Echo(seconds_a_token=0.00002)
        service = Service(engine)
        started = time.perf_counter()
        archive = asyncio.create_task(answers(service, ["a page of text " * 20] * 500))
        await asyncio.sleep(0.05)
        waits = []
        while not archive.done():
            asked = time.perf_counter()
            await answers(service, ["hello"])
            waits.append(time.perf_counter() - asked)
            await asyncio.sleep(0.005)
        assert await archive == ["a page of text " * 20] * 500
        total = time.perf_counter() - started
        await service.close()
        return sorted(waits)[len(waits) // 2], total

    median, total = run(story)
    assert total > 0.5
    assert median < 0.03


def test_with_one_worker_a_sentence_waits_for_one_slice_at_most() -> None:
    async def story() -> float:
        engine = Echo(seconds_a_token=0.00002)
        service = Service(engine, workers=1)
        archive = asyncio.create_task(answers(service, ["a page of text " * 20] * 500))
        await asyncio.sleep(0.1)
        asked = time.perf_counter()
        await answers(service, ["hello"])
        waited = time.perf_counter() - asked
        assert not archive.done()
        await archive
        await service.close()
        return waited

    assert run(story) < 0.2


def test_two_archives_share_the_engine_fairly() -> None:
    async def story() -> list[str]:
        engine = Echo(seconds_a_token=0.00001)
        service = Service(engine, workers=1)
        big = [asyncio.create_task(service.predict([name * 400] * 200)) for name in ("a", "b")]
        await asyncio.gather(*big)
        await service.close()
        return [call[0][0] for call in engine.calls]

    order = run(story)
    assert order[2:8] == order[4:10] == ["b", "a", "b", "a", "b", "a"]


def test_a_full_queue_refuses_and_says_when_to_come_back() -> None:
    async def story() -> None:
        service = Service(Echo(seconds_a_token=0.002), queue_tokens=300, workers=1)
        await answers(service, ["x" * 100])  # so that the rate is known: 500 tokens a second
        texts = ["x" * 392] * 5  # 100 tokens each
        tasks = [asyncio.create_task(answers(service, [text])) for text in texts]
        results = await asyncio.gather(*tasks, return_exceptions=True)
        refused = [result for result in results if isinstance(result, BusyError)]
        assert [isinstance(result, BusyError) for result in results] == [False, False, False, False, True]
        assert refused[0].retry_after_s == pytest.approx(0.8, rel=0.3)  # 300 waiting and 100 running at 500/s
        assert service.waiting_tokens == 0
        await service.close()

    run(story)


def test_bulk_larger_than_the_queue_is_taken_when_nothing_else_waits() -> None:
    async def story() -> None:
        service = Service(Echo(), queue_tokens=100)
        assert len(await service.predict(["x" * 100] * 50)) == 50
        await service.close()

    run(story)


def test_a_deadline_ends_the_wait_and_the_work_is_not_done() -> None:
    async def story() -> Echo:
        engine = Echo(seconds_a_token=0.01)
        service = Service(engine, workers=1)
        first = asyncio.create_task(answers(service, ["x" * 72]))  # 20 tokens, 0.2 s
        await asyncio.sleep(0.01)
        with pytest.raises(DeadlineError, match="still waiting"):
            await service.predict(["late"], deadline_s=0.05)
        assert service.waiting_tokens == 0
        await first
        await service.close()
        return engine

    assert ["late"] not in run(story).calls


def test_a_deadline_in_the_middle_of_bulk_drops_the_rest() -> None:
    async def story() -> Echo:
        engine = Echo(seconds_a_token=0.0001)
        service = Service(engine)
        with pytest.raises(DeadlineError, match="at it"):
            await service.predict(["x" * 1000] * 1000, deadline_s=0.2)
        await service.close()
        return engine

    assert sum(map(len, run(story).calls)) < 200


def test_a_caller_who_leaves_takes_the_work_along() -> None:
    async def story() -> Echo:
        engine = Echo(seconds_a_token=0.01)
        service = Service(engine, workers=1)
        first = asyncio.create_task(answers(service, ["x" * 72]))
        await asyncio.sleep(0.01)
        leaving = asyncio.create_task(answers(service, ["left"]))
        await asyncio.sleep(0.01)
        assert service.waiting_tokens > 0
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        assert service.waiting_tokens == 0
        await first
        await service.close()
        return engine

    assert ["left"] not in run(story).calls


def test_closing_answers_what_was_accepted_refuses_the_rest_and_closes_the_engine_once() -> None:
    async def story() -> Echo:
        engine = Echo(seconds_a_token=0.001)
        service = Service(engine, workers=1)
        accepted = [asyncio.create_task(answers(service, [f"text {number}"])) for number in range(20)]
        await asyncio.sleep(0)
        closing = asyncio.create_task(service.close())
        await asyncio.sleep(0)
        with pytest.raises(UnavailableError):
            await service.predict(["too late"])
        assert await asyncio.gather(*accepted) == [[f"text {number}"] for number in range(20)]
        await closing
        return engine

    assert run(story).closed == 1


def test_pairs_must_match_texts() -> None:
    async def story() -> None:
        service = Service(Echo())
        with pytest.raises(InputError, match="2 texts but 1 pairs"):
            await service.predict(["a", "b"], pairs=["c"])
        await service.close()

    run(story)


@pytest.mark.parametrize(
    ("texts", "says"),
    [(["a", " "], "text 1 is empty"), (["a", "b", "\ud800"], "text 2 holds a lone surrogate")],
)
def test_a_text_that_cannot_be_read_is_refused_by_its_number_before_it_meets_others(
    texts: list[str], says: str
) -> None:
    async def story() -> None:
        engine = Echo()
        service = Service(engine)
        with pytest.raises(InputError, match=says):
            await service.predict(texts)
        assert engine.calls == []
        await service.close()

    run(story)


def test_the_event_loop_keeps_running_while_the_engine_works() -> None:
    async def story() -> int:
        service = Service(Echo(seconds_a_token=0.05))
        working = asyncio.create_task(service.predict(["hello"]))
        turns = 0
        while not working.done():
            await asyncio.sleep(0.001)
            turns += 1
        await service.close()
        return turns

    assert run(story) > 20


def test_batches_are_reported() -> None:
    async def story() -> list[BatchReport]:
        reports: list[BatchReport] = []
        service = Service(Echo(), on_batch=reports.append)
        await service.predict(["one", "two"])
        await service.close()
        return reports

    (report,) = run(story)
    assert (report.lane, report.requests, report.texts, report.tokens) == ("short", 1, 2, 4)


def test_stress_five_hundred_callers_of_every_kind_all_get_theirs() -> None:
    chance = random.Random(7)

    async def caller(service: Service, number: int) -> str:
        await asyncio.sleep(chance.random() * 0.3)
        kind = chance.choice(["one", "one", "one", "few", "bulk", "long", "hasty", "leaver"])
        count = {"few": 8, "bulk": 300}.get(kind, 1)
        texts = [
            f"{number}/{index} " + "y" * (4000 if kind == "long" else chance.randrange(60))
            for index in range(count)
        ]
        asking: Awaitable[list[str | None]] = answers(
            service, texts, deadline_s=0.002 if kind == "hasty" else 30
        )
        if kind == "leaver":
            task = asyncio.ensure_future(asking)
            await asyncio.sleep(chance.random() * 0.01)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return "left"
        try:
            assert await asking == texts
        except DeadlineError:
            assert kind == "hasty"
            return "late"
        return "answered"

    async def story() -> tuple[list[str], Service]:
        service = Service(Echo(seconds_a_token=0.000002))
        fates = await asyncio.gather(*(caller(service, number) for number in range(500)))
        await service.close()
        return fates, service

    fates, service = run(story)
    assert fates.count("answered") > 350
    assert (service.waiting_tokens, service.running_batches) == (0, 0)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("I would like to know where my new card is, please.", 13),
        ("我想知道我的新卡在哪里,谢谢。", 12),
        ("¿Dónde está mi nueva tarjeta?", 9),
        ("บัตรใหม่ของฉันอยู่ที่ไหน", 12),
    ],
)
def test_tokens_are_estimated_within_a_factor_of_two(text: str, tokens: int) -> None:
    assert tokens / 2 <= estimated_tokens(text) <= 2 * tokens


def test_the_rate_counts_overlapping_calls_once() -> None:
    rate = Rate()
    assert rate.tokens_in(1.0) is None
    assert rate.seconds_for(5) == 1.0
    rate.add(100, started=0.0, finished=1.0)
    rate.add(100, started=0.0, finished=1.0)
    assert rate.tokens_in(1.0) == pytest.approx(190 / 0.9)
    assert rate.seconds_for(190) == pytest.approx(0.9)
