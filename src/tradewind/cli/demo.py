"""`tradewind demo`: the main job from beginning to end, on the finance pack that ships with the product."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import statistics
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from tradewind.core.errors import ConflictError, TradewindError
from tradewind.core.settings import Settings

NAME = "finance"
ENCODER = "e5-small"
EPOCHS = 5.0
LATENCY_REQUESTS = 200
READY_WITHIN_S = 60
SENTENCES = (
    "I lost my card in the taxi last night!!",
    "我的卡被吞了，怎么办",
    "Wie hoch ist mein Kontostand?",
    "quiero cancelar la transferencia de ayer",
    "can you order me a pizza",
)


def demo(
    context: typer.Context,
    leave: Annotated[
        bool, typer.Option("--exit", help="Stop after the summary instead of serving on.")
    ] = False,
    encoder: Annotated[str, typer.Option(help="The encoder to fine-tune.")] = ENCODER,
    epochs: Annotated[float, typer.Option(help="Passes over the pack's examples.")] = EPOCHS,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON document.")] = False,
) -> None:
    """Train the finance pack, evaluate, export, serve, and say what was measured; the second time in seconds."""
    from tradewind.cli.output import print_json
    from tradewind.cli.serve import address_of, has_tenant, listen, run_server
    from tradewind.nlp.runtime import versions
    from tradewind.server import create_app

    settings = cast(Settings, context.obj)
    started = time.monotonic()
    listener = listen(settings.host, settings.port)
    if has_tenant(settings):
        raise ConflictError(
            f"{settings.workspace} has tenants: the demo would need a key of one", hint="tradewind serve"
        )
    pointer = versions.read_pointer(settings.models, NAME)
    version = _train_and_install(settings, encoder, epochs) if pointer is None else pointer.version
    live = versions.version_folder(settings.models, NAME, version)
    measured = _measured_on_tests(settings, live)
    _prepare_knowledge(context, settings)
    talking = settings.assistant.model_copy(update={"pack": NAME, "model": NAME})
    app = create_app(settings.model_copy(update={"assistant": talking}), demo=True)
    address = address_of(listener)
    outcome: list[BaseException] = []

    def measure_then_leave() -> None:
        try:
            summary = {
                **measured,
                **_measured_over_http(address),
                "seconds": round(time.monotonic() - started),
                "model": str(live),
                "console": f"{address}/console",
                "page": f"{address}/demo",
            }
            print_json(summary) if as_json else _print_summary(summary, live)
        except BaseException as error:
            outcome.append(error)
        if leave or outcome:
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=measure_then_leave, daemon=True).start()
    run_server(app, listener, access_log=False, log_level=settings.log_level)
    if outcome:
        raise outcome[0]


def _train_and_install(settings: Settings, encoder: str, epochs: float) -> str:
    from tradewind.assistant.understanding.teach import recipe
    from tradewind.cli.assistant_train import train_pack
    from tradewind.nlp.runtime import versions

    built = settings.workspace / "built" / NAME
    train_pack(settings, NAME, built, encoder, recipe(epochs), resume=True)
    _, version = versions.install(settings.models, built)
    versions.promote(settings.models, NAME, version)
    return version


def _prepare_knowledge(context: typer.Context, settings: Settings) -> None:
    """Make what answers from the pack's articles, and index them; nothing where that was done before."""
    from tradewind.assistant.knowledge import disk
    from tradewind.assistant.knowledge.embed import EMBED_MODEL
    from tradewind.cli import knowledge
    from tradewind.nlp.runtime import versions

    folder = knowledge.index_folder(settings, settings.assistant.knowledge)
    with contextlib.redirect_stdout(sys.stderr):  # standard output is for the summary
        if versions.read_pointer(settings.models, EMBED_MODEL) is None:
            knowledge.train(context, NAME)
        if disk.live_version(folder) is None:
            knowledge.index(context, pack=NAME, name=settings.assistant.knowledge)


def _measured_on_tests(settings: Settings, folder: Path) -> dict[str, Any]:
    """Evaluate the live model on the pack's test files, which it has never seen."""
    from tradewind.assistant.understanding.understand import INTENT
    from tradewind.nlp.data import Dataset
    from tradewind.nlp.evaluate import evaluate
    from tradewind.nlp.runtime import Engine
    from tradewind.packs import load

    pack = load(NAME)
    tests = {}
    with Engine.open(folder, threads=settings.threads) as engine:
        for language in pack.languages:
            found = cast(
                dict[str, Any], evaluate(engine, Dataset(pack.test(language)), head=INTENT).as_json()
            )
            figures = {name: found[name] for name in ("rows", "accuracy", "ece")}
            tests[language] = {**figures, "oos_auroc": found["oos"]["auroc"]}
        runtime, training = engine.info.runtime, engine.info.training
    served = {} if runtime is None else {"backend": runtime.backend, "precision": runtime.precision}
    return {"tests": tests, "training_seconds": training.get("seconds"), "served": served}


def _measured_over_http(address: str) -> dict[str, Any]:
    """Ask the running server as a client would; what it answered and how fast."""
    _wait_until_ready(address)
    answers = [{"text": text, **_predict(address, text)["predictions"][0]} for text in SENTENCES]
    taken = []
    for number in range(LATENCY_REQUESTS):
        start = time.perf_counter()
        _predict(address, SENTENCES[number % len(SENTENCES)])
        taken.append(1000 * (time.perf_counter() - start))
    cuts = statistics.quantiles(taken, n=100)
    return {"answers": answers, "http": {"p50_ms": round(cuts[49], 2), "p99_ms": round(cuts[98], 2)}}


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TradewindError(f"{address}/readyz did not answer within {READY_WITHIN_S} s")


def _predict(address: str, text: str) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{address}/v1/models/{NAME}:predict",
        json.dumps({"text": text, "top": 3}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return cast(dict[str, Any], json.load(response))


def _print_summary(summary: dict[str, Any], folder: Path) -> None:
    from tradewind.cli.output import write_line

    write_line("")
    write_line(f"Tradewind demo: the finance pack, ready after {summary['seconds']} s")
    for language, test in summary["tests"].items():
        write_line(
            f"  test messages in {language}: {test['rows']}, accuracy {100 * test['accuracy']:.1f} %, "
            f"calibration error {test['ece']:.3f}, out-of-scope AUROC {test['oos_auroc']:.3f}"
        )
    served, http = summary["served"], summary["http"]
    write_line(
        f"  trained in {summary['training_seconds']} s; served by {served['backend']} in {served['precision']}"
    )
    for answer in summary["answers"]:
        scope = f"{answer['label']} ({answer['probability']:.2f})" if answer["in_scope"] else "out of scope"
        write_line(f"  “{answer['text']}” → {scope}")
    write_line(f"  one message over HTTP: median {http['p50_ms']} ms, 99th percentile {http['p99_ms']} ms")
    write_line(f"  model card {folder / 'CARD.md'}, report {folder / 'report.html'}")
    write_line(f"  console {summary['console']}, inbox {summary['console']}/inbox")
    write_line(f"Open {summary['page']} and talk to the bank in any language   (Ctrl-C stops)")


def register(app: typer.Typer) -> None:
    """Mount the command."""
    app.command()(demo)
