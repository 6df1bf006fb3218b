"""`tradewind knowledge`: index documents, search them, and measure how well questions find their answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradewind.cli.output import print_json, print_table, say, write_line
from tradewind.core.errors import InputError, NotFoundError
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.assistant.knowledge.embed import EngineEmbedder
    from tradewind.assistant.knowledge.model import Asked
    from tradewind.assistant.knowledge.rerank import EngineReranker

app = typer.Typer(help="Answers from the documents of the business.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Name = Annotated[str, typer.Option(help="Which index of the workspace: one for each tenant, as a rule.")]
Pack = Annotated[str, typer.Option(help="A pack by name, or its folder.")]
FIRST_NAME = "default"


@app.callback()
def prepare() -> None:
    """Answers from the documents of the business."""


@app.command()
def train(
    context: typer.Context,
    pack: Pack = "finance",
    encoder: Annotated[str, typer.Option(help="One that was made to embed.")] = "e5-small",
    precision: Annotated[
        str | None, typer.Option(help="Of the graph: f32, bf16, int8, int8-bf16; the fastest if absent.")
    ] = None,
    pair: Annotated[
        bool, typer.Option("--pair/--no-pair", help="Also teach the head that re-ranks; takes minutes.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the models that knowledge needs, and make them live."""
    from tradewind.assistant.knowledge.cut import cut
    from tradewind.assistant.knowledge.embed import EMBED_MODEL, PAIR_MODEL
    from tradewind.assistant.knowledge.index import build
    from tradewind.assistant.knowledge.prepare import train_pair_head, write_embedder
    from tradewind.assistant.knowledge.read import read_documents
    from tradewind.nlp.encoders import pull

    settings = _settings(context)
    documents = read_documents([_pack_folder(pack) / "knowledge"])
    texts = [piece.indexed for document in documents for piece in cut(document)]
    found = pull(encoder, settings)
    folder = settings.var / "knowledge" / EMBED_MODEL
    report = {
        EMBED_MODEL: write_embedder(
            found,
            folder,
            texts[:: max(1, len(texts) // 300)],
            precision=precision,
            threads=settings.threads,
            report=say,
        )
    }
    _put_live(settings, EMBED_MODEL, folder)
    if pair:
        with open_models(settings) as (embedder, _):
            lessons = build(documents, embedder, asked=_asked(_pack_folder(pack), "train"))
        folder = settings.var / "knowledge" / PAIR_MODEL
        report[PAIR_MODEL] = train_pair_head(lessons, found, folder, say, threads=settings.threads)
        _put_live(settings, PAIR_MODEL, folder)
    if as_json:
        print_json({name: {"version": info.version} for name, info in report.items()})
    else:
        for name, info in report.items():
            write_line(f"{name} {info.version} is live")


@app.command()
def index(
    context: typer.Context,
    documents: Annotated[
        list[Path] | None, typer.Argument(help="Markdown, HTML, PDF and CSV files, or folders of them.")
    ] = None,
    pack: Annotated[
        str | None, typer.Option(help="Also the articles of this pack; its questions tune the index.")
    ] = None,
    name: Name = FIRST_NAME,
    as_json: AsJson = False,
) -> None:
    """Index documents: all that are given are found afterwards, and no others. What reads the same keeps its vector."""
    from tradewind.assistant.knowledge import disk
    from tradewind.assistant.knowledge.index import build
    from tradewind.assistant.knowledge.read import read_documents
    from tradewind.assistant.knowledge.tune import tune

    settings = _settings(context)
    folder = index_folder(settings, name)
    own = None if pack is None else _pack_folder(pack)
    paths = [*(documents or ()), *(() if own is None else (own / "knowledge",))]
    found = read_documents(paths)
    with open_models(settings) as (embedder, reranker), disk.only_writer(folder):
        old = disk.load(folder) if disk.live_version(folder) else None
        known = () if own is None else _asked(own, "train")
        new = build(found, embedder, asked=known, old=old)
        say(f"{len(new.pieces)} passages, {new.embedded} of them embedded now")
        if own is not None and (asked := _asked(own, "dev")):
            new = new.tuned(tune(new, asked, embedder, reranker))
        version = disk.save(new, folder)
    counts = {
        "index": name,
        "version": version,
        "documents": len({piece.document for piece in new.pieces}),
        "passages": len(new.pieces),
        "embedded": new.embedded,
        "languages": sorted({piece.language for piece in new.pieces}),
        "threshold": new.tuning.threshold,
    }
    if as_json:
        print_json(counts)
    else:
        write_line(f"{name} {version}: {counts['documents']} documents, {len(new.pieces)} passages")


@app.command()
def search(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="What a customer might ask.")],
    name: Name = FIRST_NAME,
    market: Annotated[str | None, typer.Option(help="Only what holds in this market.")] = None,
    language: Annotated[str | None, typer.Option(help="Of the question; guessed if absent.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=5, help="Most documents.")] = 3,
    as_json: AsJson = False,
) -> None:
    """What is found for a question, how sure the first one is, and whether it would be said."""
    from tradewind.assistant.knowledge import disk
    from tradewind.assistant.knowledge.answer import KnowledgeBase
    from tradewind.assistant.model import Language
    from tradewind.core.ids import MarketId
    from tradewind.nlp.data.languages import guess_languages

    if not question.strip():
        raise InputError("the question is empty", hint="give at least one word")
    settings = _settings(context)
    spoken = Language(language or guess_languages([question])[0])
    with open_models(settings) as (embedder, reranker):
        base = KnowledgeBase(disk.load(index_folder(settings, name)), embedder, reranker)
        found = base.find(question, None if market is None else MarketId(market), spoken)
        assert base.index is not None
        said = bool(found.hits) and found.answerable >= base.index.tuning.threshold
    hits: list[dict[str, Any]] = [
        {
            "document": hit.piece.document,
            "title": hit.piece.title,
            "headings": hit.piece.headings,
            "language": hit.piece.language,
            "text": hit.piece.quote,
            "link": hit.piece.link,
            "score": round(hit.score, 4),
            "cosine": round(hit.cosine, 4),
            "words": round(hit.words, 4),
            "known": round(hit.known, 4),
        }
        for hit in found.hits[:limit]
    ]
    if as_json:
        print_json({"answered": said, "probability": round(found.probability, 4), "hits": hits})
        return
    write_line(f"{'answered' if said else 'not answered'}, probability {found.probability:.2f}")
    for place, hit in enumerate(hits, 1):
        where = " › ".join((hit["title"], *hit["headings"]))
        write_line(f"{place}. {where} ({hit['document']}, {hit['language']}, {hit['score']:.3f})")
        write_line(f"   {' '.join(hit['text'].split())}")


@app.command()
def evaluate(
    context: typer.Context,
    pack: Pack = "finance",
    part: Annotated[str, typer.Option(help="test, or dev: the questions that it was tuned on.")] = "test",
    name: Name = FIRST_NAME,
    as_json: AsJson = False,
) -> None:
    """Recall and reciprocal rank of a pack's questions, within a language and across, and when answers are given."""
    from tradewind.assistant.knowledge import disk
    from tradewind.assistant.knowledge.trial import try_out

    settings = _settings(context)
    asked = _asked(_pack_folder(pack), part)
    if not asked:
        raise NotFoundError(
            f"pack {pack!r} has no questions", hint=f"they lie in questions/{part}.LANGUAGE.csv"
        )
    with open_models(settings) as (embedder, reranker):
        found = try_out(disk.load(index_folder(settings, name)), asked, embedder, reranker)
    if as_json:
        print_json(_plain(found))
        return
    rankings: Any = found["rankings"]
    rows = [
        (scope, by, one.recall_at_1, one.recall_at_3, one.recall_at_5, one.mrr, one.questions)
        for scope, each in rankings.items()
        for by, one in each.items()
    ]
    print_table(("passages", "by", "recall@1", "recall@3", "recall@5", "mrr", "questions"), rows)
    says: Any = found["abstention"]
    write_line(
        f"answers {says.answered:.1%} of {says.answerable} questions with an answer ({says.right:.1%} of these from "
        f"the right document); keeps silent on {says.abstained:.1%} of {says.unanswerable} without"
    )


def index_folder(settings: Settings, name: str) -> Path:
    """Where the workspace keeps an index.

    Raises:
        InputError: the name cannot be a folder's.
    """
    from tradewind.nlp.runtime.versions import checked_name

    return settings.workspace / "knowledge" / checked_name(name, "index name")


def _settings(context: typer.Context) -> Settings:
    assert isinstance(context.obj, Settings)
    return context.obj


@contextmanager
def open_models(settings: Settings) -> Iterator[tuple[EngineEmbedder, EngineReranker | None]]:
    """The workspace's live models of knowledge; the second only where one was taught.

    Raises:
        NotFoundError: there is no model that embeds.
    """
    from tradewind.assistant.knowledge.embed import EMBED_MODEL, PAIR_MODEL, EngineEmbedder
    from tradewind.assistant.knowledge.rerank import EngineReranker

    embed, pair = _live(settings, EMBED_MODEL), _live(settings, PAIR_MODEL)
    if embed is None:
        raise NotFoundError(f"no live model {EMBED_MODEL!r}", hint="run: tradewind knowledge train")
    with ExitStack() as stack:
        embedder = stack.enter_context(closing(EngineEmbedder.open(embed, threads=settings.threads)))
        reranker = None
        if pair is not None:
            reranker = stack.enter_context(closing(EngineReranker.open(pair, threads=settings.threads)))
        yield embedder, reranker


def _live(settings: Settings, name: str) -> Path | None:
    from tradewind.nlp.runtime.versions import read_pointer, version_folder

    pointer = read_pointer(settings.models, name)
    return None if pointer is None else version_folder(settings.models, name, pointer.version)


def _put_live(settings: Settings, name: str, folder: Path) -> None:
    from tradewind.nlp.runtime import versions

    _, version = versions.install(settings.models, folder)
    versions.promote(settings.models, name, version)


def _pack_folder(pack: str) -> Path:
    from tradewind.packs.load import SHIPPED, available

    folder = SHIPPED / pack if pack in available() else Path(pack)
    if not (folder / "knowledge").is_dir():
        raise NotFoundError(f"pack {pack!r} has no articles", hint="they lie in knowledge/LANGUAGE/ID.md")
    return folder


def _asked(folder: Path, part: str) -> Sequence[Asked]:
    from tradewind.assistant.knowledge.model import Asked
    from tradewind.assistant.model import Language
    from tradewind.packs.knowledge_files import PARTS, article_languages, read_questions

    for known in PARTS:
        if part == known:
            return [
                Asked(question.text, Language(question.language), question.article)
                for language in article_languages(folder)
                for question in read_questions(folder, known, language)
            ]
    raise InputError(f"no part {part!r}", hint=f"one of {', '.join(PARTS)}")


def _plain(value: Any) -> Any:
    """Dataclasses inside mappings as mappings."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value
