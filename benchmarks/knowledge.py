"""How well questions find their answers: on the pack's articles, and on real questions in two languages.

    python benchmarks/knowledge.py MODEL_FOLDER [--pair MODEL_FOLDER] [--data DATA] [--folds FOLDER]

`MODEL_FOLDER` is what `tradewind knowledge train` makes, an encoder that saw none of the data. Of the pack, the index
is tuned on its development questions and measured on its test questions; words alone, vectors alone and both without
the known questions stand beside. Of `insurance-questions-zh-en`, each Chinese question looks for its original among
the 2,000 English ones. Of `bank-faq-en`, every tenth question is held out and looks among the others' answers for one
of its class. With `--folds`, a pair head is taught and judged on `afqmc-zh` in five folds (about an hour on one busy
core); what a fold has found is kept in the folder, so that a run can be taken up again.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from tradewind.assistant.knowledge.embed import EngineEmbedder
from tradewind.assistant.knowledge.index import Index, build
from tradewind.assistant.knowledge.markdown import markdown_blocks
from tradewind.assistant.knowledge.model import Asked, Document
from tradewind.assistant.knowledge.read import read_documents
from tradewind.assistant.knowledge.rerank import EngineReranker
from tradewind.assistant.knowledge.search import By, search
from tradewind.assistant.knowledge.trial import SCOPES, abstention, rank, ranking
from tradewind.assistant.knowledge.tune import tune
from tradewind.assistant.knowledge.vectors import unit
from tradewind.assistant.knowledge.words import WordIndex
from tradewind.assistant.model import Language
from tradewind.nlp.model import Floats
from tradewind.packs.knowledge_files import Part, article_languages, read_questions
from tradewind.packs.load import SHIPPED

PACK = SHIPPED / "finance"
EN, ZH = Language("en"), Language("zh")
MANY = 10_000
FOLDS = 5
AFQMC_PUBLISHED = 0.735


def pack(embedder: EngineEmbedder, reranker: EngineReranker | None) -> None:
    """Recall, reciprocal rank and abstention on the finance pack."""
    index = build(read_documents([PACK / "knowledge"]), embedder, asked=questions("train"))
    index = index.tuned(tune(index, questions("dev"), embedder, reranker))
    test = questions("test")
    vectors = embedder.questions([one.text for one in test])
    bys: tuple[By, ...] = ("words", "vectors", "fused")
    for scope in SCOPES:
        ours = rank(index, test, vectors, scope)
        for by in bys:
            beside = rank(index, test, vectors, scope, by)
            peer = {"words": "BM25 alone", "vectors": "vectors alone", "fused": "without known questions"}[by]
            emit(f"knowledge.recall_at_3_{scope}", ours.recall_at_3, "share", peer, beside.recall_at_3)
            emit(f"knowledge.mrr_{scope}", ours.mrr, "mean reciprocal rank", peer, beside.mrr)
    found = abstention(index, test, vectors, reranker)
    emit("knowledge.answered", found.answered, "share of answerable", "goal", 0.9)
    emit("knowledge.right", found.right, "share of answers", None, None)
    emit("knowledge.abstained", found.abstained, "share of unanswerable", "goal", 0.8)
    speed(index, test, vectors)


def speed(index: Index, test: list[Asked], vectors: Floats) -> None:
    """Milliseconds of a search over 10,000 passages, the question's vector given."""
    times = -(-MANY // len(index.pieces))
    pieces = (index.pieces * times)[:MANY]
    pieces = tuple(replace(piece, document=f"{piece.document}-{place}") for place, piece in enumerate(pieces))
    noise = np.random.default_rng(0).standard_normal((MANY, index.vectors.shape[1])).astype(np.float32)
    large = replace(
        index,
        pieces=pieces,
        vectors=unit(np.tile(index.vectors, (times, 1))[:MANY] + 0.02 * noise),
        words=WordIndex.build([piece.indexed for piece in pieces]),
    )
    search(large, test[0].text, vectors[0], test[0].language)
    waits = []
    for question, vector in zip(test, vectors, strict=True):
        start = time.perf_counter()
        search(large, question.text, vector, question.language)
        waits.append(1000 * (time.perf_counter() - start))
    for share in (50, 99):
        emit(f"knowledge.search_ms_p{share}", float(np.percentile(waits, share)), "ms", "goal", 5.0)


def insurance(embedder: EngineEmbedder, file: Path) -> None:
    """A Chinese question finds its English original; nothing is tuned."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    asked = embedder.questions([row["zh"] for row in rows])
    originals = embedder.passages([row["en"] for row in rows])
    words = WordIndex.build([row["en"] for row in rows])
    shares = np.stack([words.shares(row["zh"]) for row in rows])
    ways = {
        "": unit(asked - asked.mean(0)) @ unit(originals - originals.mean(0)).T,
        "vectors as they are": asked @ originals.T,
        "BM25 alone": shares,
    }
    found = {
        way: ranking([_place(scores, number) for number, scores in enumerate(ways[way])]) for way in ways
    }
    ours = found.pop("")
    for peer, beside in found.items():
        emit("knowledge.insurance_recall_at_1", ours.recall_at_1, "share", peer, beside.recall_at_1)
        emit("knowledge.insurance_recall_at_5", ours.recall_at_5, "share", peer, beside.recall_at_5)
        emit("knowledge.insurance_mrr", ours.mrr, "mean reciprocal rank", peer, beside.mrr)


def bank_faq(embedder: EngineEmbedder, file: Path) -> None:
    """A held-out question finds an answer of its class, by the answer itself and by the questions beside it."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    held_out = set(np.random.default_rng(0).permutation(len(rows))[: len(rows) // 10].tolist())
    kept = [row for number, row in enumerate(rows) if number not in held_out]
    documents = [
        Document(
            str(number),
            row["Question"],
            row["Answer"],
            markdown_blocks(row["Answer"]),
            EN,
            asked=(row["Question"],),
        )
        for number, row in enumerate(kept)
        if row["Answer"].strip()
    ]
    index = build(documents, embedder)
    asked = [rows[number] for number in sorted(held_out)]
    vectors = embedder.questions([row["Question"] for row in asked])

    def share(by: By, most: int) -> float:
        hits = 0
        for row, vector in zip(asked, vectors, strict=True):
            found = search(index, row["Question"], vector, EN, limit=most, by=by)
            hits += any(kept[int(hit.piece.document)]["Class"] == row["Class"] for hit in found)
        return hits / len(asked)

    for most in (1, 3):
        for by, peer in (("words", "BM25 alone"), ("vectors", "vectors alone")):
            emit(f"knowledge.faq_class_at_{most}", share("all", most), "share", peer, share(by, most))


def afqmc(file: Path, folder: Path) -> None:
    """Accuracy of a pair head in five folds; each fold is judged after its last epoch."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    folds = np.array_split(np.random.default_rng(0).permutation(len(rows)), FOLDS)
    folder.mkdir(parents=True, exist_ok=True)
    shares = []
    for number, fold in enumerate(folds):
        kept = folder / f"fold{number}.json"
        if not kept.is_file():
            held = set(fold.tolist())
            train = [row for place, row in enumerate(rows) if place not in held]
            share = _pair_head(train, [rows[place] for place in fold.tolist()], folder / f"fold{number}")
            kept.write_text(json.dumps(share), encoding="utf-8")
        shares.append(float(json.loads(kept.read_text(encoding="utf-8"))))
    majority = float(np.mean([row["label"] == 0 for row in rows]))
    emit(
        "knowledge.afqmc_accuracy",
        float(np.mean(shares)),
        "share",
        "BERT-base on 34,334 pairs",
        AFQMC_PUBLISHED,
    )
    emit("knowledge.afqmc_accuracy", float(np.mean(shares)), "share", "always the majority", majority)


def _pair_head(train: list[dict[str, str]], test: list[dict[str, str]], work: Path) -> float:
    from tradewind.core.settings import load_settings
    from tradewind.nlp.data import Example
    from tradewind.nlp.encoders import resolve
    from tradewind.nlp.train.build import Group, prepare
    from tradewind.nlp.train.config import TrainConfig

    def examples(rows: list[dict[str, str]]) -> tuple[Example, ...]:
        return tuple(
            Example(row["sentence1"], text_b=row["sentence2"], label=str(row["label"])) for row in rows
        )

    config = TrainConfig(epochs=3, patience=0, max_tokens=96, checkpoint_s=20)
    group = Group({"same": "pair"}, examples(train), examples(test))
    prepared = prepare((group,), resolve("e5-small", load_settings()), config, None)
    outcome = prepared.trainer.run(work, prepared.fingerprint, resume=True, report=lambda _progress: None)
    return outcome.history[-1].scores["same"] if outcome.history and outcome.history[-1].scores else 0.0


def questions(part: Part) -> list[Asked]:
    """The pack's questions of a part in all languages."""
    return [
        Asked(question.text, Language(question.language), question.article)
        for language in article_languages(PACK)
        for question in read_questions(PACK, part, language)
    ]


def _place(scores: Floats, own: int) -> int:
    """The place (from 1) of one's own among scores; ties count against it."""
    return int((np.delete(scores, own) >= scores[own]).sum()) + 1


def emit(name: str, value: float, unit_: str, peer: str | None, peer_value: float | None) -> None:
    """One line of figures."""
    ratio = value / peer_value if peer_value else None
    line = {"name": name, "value": round(value, 4), "unit": unit_, "peer": peer}
    line |= {"peer_value": None if peer_value is None else round(peer_value, 4)}
    line |= {
        "ratio": None if ratio is None else round(ratio, 3),
        "machine": platform.processor() or platform.machine(),
    }
    print(json.dumps(line), flush=True)


def main() -> None:
    """Everything that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--pair", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--folds", type=Path)
    parser.add_argument("--threads", type=int, default=0)
    given = parser.parse_args()
    embedder = EngineEmbedder.open(given.model, threads=given.threads)
    reranker = None if given.pair is None else EngineReranker.open(given.pair, threads=given.threads)
    pack(embedder, reranker)
    if given.data is not None:
        insurance(embedder, given.data / "insurance-questions-zh-en" / "valid.jsonl")
        bank_faq(embedder, given.data / "bank-faq-en" / "BankFAQs.csv")
        if given.folds is not None:
            afqmc(given.data / "afqmc-zh" / "train.jsonl", given.folds)


if __name__ == "__main__":
    main()
