"""POST /v1/models/{name}:predict over a real socket."""

from __future__ import annotations

import json

import httpx
import pytest

PREDICT = "/v1/models/banking:predict"


def test_one_text_is_answered_with_model_version_and_time(client: httpx.Client) -> None:
    answer = client.post(PREDICT, json={"text": "i lost my card 42 times"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["model"], body["version"]) == ("banking", "1")
    assert 0 < body["took_ms"] < 5000
    (prediction,) = body["predictions"]
    assert prediction["label"] == "lost_card"
    assert prediction["in_scope"] is True
    assert sum(prediction["scores"].values()) == pytest.approx(1.0)
    assert prediction["spans"] == [{"type": "number", "start": 15, "end": 17, "score": 0.97}]


def test_many_texts_keep_their_order_and_top_limits_the_scores(client: httpx.Client) -> None:
    texts = ["what exchange rate do you use", "查询 我的账户余额", "my bank transfer failed"] * 30
    answer = client.post(PREDICT, json={"texts": texts, "top": 2})
    labels = [prediction["label"] for prediction in answer.json()["predictions"]]
    assert labels == ["exchange_rate", "查询余额", "transfer_failed"] * 30
    assert {len(prediction["scores"]) for prediction in answer.json()["predictions"]} == {2}


def test_no_texts_get_no_predictions(client: httpx.Client) -> None:
    assert client.post(PREDICT, json={"texts": []}).json()["predictions"] == []


@pytest.mark.parametrize(
    "text",
    ["\x00\x00nul", "😀👨‍👩‍👧‍👦", "أين بطاقتي الجديدة", "‮right to left", "x" * 100_000],
    ids=["nul", "emoji", "arabic", "override", "long"],
)
def test_unusual_text_is_answered_all_the_same(client: httpx.Client, text: str) -> None:
    answer = client.post(PREDICT, json={"text": text})
    assert answer.status_code == 200
    assert len(answer.json()["predictions"]) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "EOF while parsing a value at line 1 column 0"),
        (b'{"text": ', "EOF while parsing a value at line 1 column 9"),
        (b'{"text": "a\xff"}', "invalid unicode code point at line 1 column 12"),
        (b'{"text": "\\ud800"}', "unexpected end of hex escape at line 1 column 17"),
        (b"[1, 2]", "should be an object"),
    ],
    ids=["empty", "truncated", "not utf-8", "lone surrogate", "array"],
)
def test_what_is_not_json_is_refused_with_its_place(client: httpx.Client, content: bytes, says: str) -> None:
    answer = client.post(PREDICT, content=content)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:tradewind:problem:bad-input"
    assert problem["instance"] == PREDICT
    assert says in problem["detail"]


@pytest.mark.parametrize(
    ("body", "path", "says"),
    [
        ({}, "", "give either `text` or `texts`"),
        ({"text": "a", "texts": ["b"]}, "", "give either `text` or `texts`"),
        ({"texts": ["a", 1]}, "texts.1", "valid string"),
        ({"text": "a", "tpo": 3}, "tpo", "not permitted"),
        ({"text": "a", "top": 0}, "top", "greater than or equal to 1"),
        ({"text": "a", "deadline_s": -1}, "deadline_s", "greater than 0"),
        ({"texts": ["a", "b"], "pairs": ["c"]}, "", "1 pairs for 2 texts"),
        ({"texts": ["a"], "pair": "c"}, "", "`pair` belongs to `text`"),
    ],
)
def test_a_wrong_field_is_named(client: httpx.Client, body: object, path: str, says: str) -> None:
    problem = client.post(PREDICT, json=body).json()
    assert problem["status"] == 422
    assert problem["errors"][0]["path"] == path
    assert says in problem["errors"][0]["message"]


def test_an_unknown_model_is_answered_with_those_there_are(client: httpx.Client) -> None:
    answer = client.post("/v1/models/bankink:predict", json={"text": "a"})
    assert answer.status_code == 404
    assert answer.json()["detail"] == "no model 'bankink' is live"
    assert answer.json()["hint"] == "there are: banking"


def test_too_many_texts_are_refused_with_the_limit_and_a_way(client: httpx.Client) -> None:
    answer = client.post(PREDICT, json={"texts": ["a"] * 101})
    assert answer.status_code == 413
    assert "101 texts in one request; the most that is taken is 100" in answer.json()["detail"]
    assert "tradewind predict" in answer.json()["hint"]


@pytest.mark.parametrize("text", ["", " \t\n", "\u3000"])
def test_an_empty_text_is_refused_by_its_number(client: httpx.Client, text: str) -> None:
    answer = client.post(PREDICT, json={"texts": ["fine", text]})
    assert (answer.status_code, answer.json()["detail"]) == (422, "text 1 is empty")


def test_what_the_engine_refuses_is_the_callers_error(client: httpx.Client) -> None:
    answer = client.post(PREDICT, json={"text": "poison"})
    assert (answer.status_code, answer.json()["detail"]) == (422, "a poisoned text")


def test_a_route_or_method_that_is_not_there_is_a_problem_document(client: httpx.Client) -> None:
    assert client.get("/v2").json()["type"] == "urn:tradewind:problem:not-found"
    wrong = client.get(PREDICT)
    assert (wrong.status_code, wrong.headers["content-type"]) == (405, "application/problem+json")


def test_the_answer_is_utf8_json_without_escapes(client: httpx.Client) -> None:
    raw = client.post(PREDICT, json={"text": "账户余额"}).content
    assert "查询余额".encode() in raw
    json.loads(raw)
