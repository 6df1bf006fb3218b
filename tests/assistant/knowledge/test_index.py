"""An index that was updated is the index that would be built anew; the live one is whole or the one before."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.assistant.knowledge import disk
from tradewind.assistant.knowledge.index import Index, Tuning, build
from tradewind.assistant.knowledge.live import LiveKnowledge
from tradewind.assistant.knowledge.markdown import read_markdown
from tradewind.assistant.knowledge.model import Asked, Document
from tradewind.assistant.knowledge.search import search
from tradewind.assistant.model import Language
from tradewind.core.errors import DataError, InputError, IntegrityError, NotFoundError

from .conftest import WordEmbedder

EN = Language("en")
TEXTS = st.sampled_from(
    [
        "A card costs nine euros.",
        "Transfers take a day.",
        "# Loans\nWe lend money.\n# Rates\nFive percent.",
        "转账需要一天。",
    ]
)
FOLDERS = st.dictionaries(st.sampled_from(["cards", "transfers", "loans", "fees"]), TEXTS, min_size=1)


def documents(texts: dict[str, str]) -> list[Document]:
    return [read_markdown(Path(f"{id}.md"), text, id=id, language=EN) for id, text in texts.items()]


def same(one: Index, other: Index) -> bool:
    return (
        one.pieces == other.pieces
        and one.asked == other.asked
        and np.array_equal(one.vectors, other.vectors)
        and np.array_equal(one.asked_vectors, other.asked_vectors)
        and list(one.words.vocabulary) == list(other.words.vocabulary)
        and all(np.array_equal(one.words.arrays[name], other.words.arrays[name]) for name in one.words.arrays)
    )


@given(FOLDERS, FOLDERS)
def test_an_updated_index_equals_one_that_is_built_anew(
    before: dict[str, str], after: dict[str, str]
) -> None:
    asked = (Asked("how much is a card", EN, "cards"), Asked("who are you", EN, None))
    old = build(documents(before), WordEmbedder(), asked=asked[:1])
    assert same(
        build(documents(after), WordEmbedder(), asked=asked, old=old),
        build(documents(after), WordEmbedder(), asked=asked),
    )


def test_only_passages_that_read_differently_are_embedded(embedder: WordEmbedder) -> None:
    texts = {"cards": "A card costs nine euros.", "loans": "# Loans\nWe lend money.\n# Rates\nFive percent."}
    old = build(documents(texts), embedder)
    embedder.embedded.clear()
    new = build(
        documents({**texts, "loans": "# Loans\nWe lend money.\n# Rates\nSix percent."}), embedder, old=old
    )
    assert embedder.embedded == ["Loans\nRates\nSix percent."]
    assert new.embedded == 1


def test_another_embedder_takes_over_no_vector(embedder: WordEmbedder) -> None:
    old = build(documents({"cards": "A card costs nine euros."}), embedder)
    new = build(documents({"cards": "A card costs nine euros."}), WordEmbedder("other"), old=old)
    assert (new.embedded, new.fingerprint) == (1, "other")


def test_two_documents_of_one_id_and_language_are_refused(embedder: WordEmbedder) -> None:
    twice = [*documents({"cards": "Nine."}), *documents({"cards": "Ten."})]
    with pytest.raises(DataError, match="'cards' is there already"):
        build(twice, embedder)


def test_documents_without_words_are_refused(embedder: WordEmbedder) -> None:
    with pytest.raises(InputError, match="hold no text"):
        build(documents({"cards": "# Cards\n"}), embedder)


def test_an_index_comes_back_from_disk_as_it_was(tmp_path: Path, embedder: WordEmbedder) -> None:
    asked = (Asked("how much is a card", EN, "cards"), Asked("who are you", EN, None))
    index = build(
        documents({"cards": "A card costs nine euros.", "loans": "We lend."}), embedder, asked=asked
    )
    means = {"en": np.ones(64, dtype=np.float32)}
    index = index.tuned(Tuning(0.3, 0.7, 0.01, (1.0, 2.0), (3.0,), 0.4, means))
    disk.save(index, tmp_path)
    back = disk.load(tmp_path)
    assert same(index, back)
    assert back.tuning.weights == (1.0, 2.0)
    assert back.tuning.gate == (3.0,)
    assert np.array_equal(back.tuning.question_means["en"], means["en"])
    question = embedder.questions(["card euros"])[0]
    assert search(back, "card euros", question, EN) == search(index, "card euros", question, EN)


def test_versions_are_kept_and_one_can_go_back(tmp_path: Path, embedder: WordEmbedder) -> None:
    for price in range(7):
        disk.save(build(documents({"cards": f"A card costs {price} euros."}), embedder), tmp_path)
    assert disk.versions(tmp_path) == ["000003", "000004", "000005", "000006", "000007"]
    disk.go_back(tmp_path, "000005")
    assert disk.load(tmp_path).pieces[0].text == "A card costs 4 euros."
    with pytest.raises(NotFoundError, match="000001"):
        disk.go_back(tmp_path, "000001")


@pytest.mark.parametrize("name", [disk.PASSAGES, disk.ARRAYS, disk.WORDS, disk.ASKED, disk.MANIFEST])
def test_a_changed_or_missing_file_is_refused(tmp_path: Path, embedder: WordEmbedder, name: str) -> None:
    version = disk.save(build(documents({"cards": "Nine."}), embedder), tmp_path)
    file = tmp_path / disk.VERSIONS / version / name
    file.write_bytes(file.read_bytes()[:-2] + b"xx")
    with pytest.raises(IntegrityError, match="again"):
        disk.load(tmp_path)
    file.unlink()
    with pytest.raises(IntegrityError, match="missing"):
        disk.load(tmp_path)


def test_nothing_indexed_says_how_to(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="tradewind knowledge index"):
        disk.load(tmp_path)
    (tmp_path / disk.LIVE).write_text(json.dumps(["no"]), encoding="utf-8")
    with pytest.raises(IntegrityError, match="does not name a version"):
        disk.live_version(tmp_path)


def test_readers_see_the_old_index_until_the_new_one_is_whole(tmp_path: Path, embedder: WordEmbedder) -> None:
    live = LiveKnowledge(tmp_path, embedder)
    assert live.index is None
    assert live.find("a card", None, EN).hits == ()
    disk.save(build(documents({"cards": "A card costs 0 euros."}), embedder), tmp_path)
    assert live.refresh()
    assert not live.refresh()
    seen: set[str] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.update(hit.piece.text for hit in live.find("a card", None, EN).hits)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for price in range(1, 6):
        disk.save(build(documents({"cards": f"A card costs {price} euros."}), embedder), tmp_path)
        live.refresh()
    done.set()
    for reader in readers:
        reader.join()
    assert seen <= {f"A card costs {price} euros." for price in range(6)}
    assert live.find("a card", None, EN).hits[0].piece.text == "A card costs 5 euros."


def test_a_spoilt_version_leaves_the_old_one_in_place(
    tmp_path: Path, embedder: WordEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveKnowledge(tmp_path, embedder)
    disk.save(build(documents({"cards": "Nine."}), embedder), tmp_path)
    live.start()
    version = disk.save(build(documents({"cards": "Ten."}), embedder), tmp_path)
    (tmp_path / disk.VERSIONS / version / disk.WORDS).unlink()
    live.refresh()
    live.close()
    assert live.index is not None
    assert live.index.pieces[0].text == "Nine."
    assert "goes on with the old index" in caplog.text


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    with (
        disk.only_writer(tmp_path),
        pytest.raises(InputError, match="is being indexed"),
        disk.only_writer(tmp_path),
    ):
        pass
