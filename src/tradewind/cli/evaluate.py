"""`tradewind evaluate` and `tradewind compare`: how good a model is, and whether another is better."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from tradewind.cli.labelled import read_labelled
from tradewind.cli.model_folder import model_folder
from tradewind.cli.output import print_json, print_table, say, write_line
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.nlp.evaluate import Comparison, Evaluation

Files = Annotated[
    list[str], typer.Argument(help="Labelled files; several are taken together.", metavar="FILE...")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Head = Annotated[
    str | None, typer.Option(help="This head only; every head that the data can judge if absent.")
]
OosLabel = Annotated[str | None, typer.Option(help="The label that means: none of the model's classes.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Pass over broken rows and count them.")]
Text = Annotated[str, typer.Option(help="Column of the text.")]
TextB = Annotated[str, typer.Option(help="Column of the second text (pair).")]
Label = Annotated[str, typer.Option(help="Column of the label.")]
Labels = Annotated[str, typer.Option(help="Column of the labels (multilabel).")]
Spans = Annotated[str, typer.Option(help="Column of the spans (tag).")]
Lang = Annotated[str, typer.Option(help="Column of the language.")]
Threads = Annotated[int | None, typer.Option(min=0, help="CPU threads; 0 means all cores.")]

app = typer.Typer(help="Measure models on labelled text.", no_args_is_help=True)


@app.command("evaluate")
def evaluate_command(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="A model folder, or a name of the workspace.")],
    files: Files,
    as_json: AsJson = False,
    report: Annotated[Path | None, typer.Option(help="Also write an HTML report to this file.")] = None,
    full_confusion: Annotated[
        bool, typer.Option("--full-confusion", help="With --json: the whole confusion matrix.")
    ] = False,
    head: Head = None,
    oos_label: OosLabel = None,
    skip_bad: SkipBad = False,
    text: Text = "text",
    text_b: TextB = "text_b",
    label: Label = "label",
    labels: Labels = "labels",
    spans: Spans = "spans",
    lang: Lang = "lang",
    threads: Threads = None,
) -> None:
    """Measure a model on labelled text: accuracy, F1, calibration, out-of-scope, slices, mistakes."""
    from tradewind.nlp.data.model import Columns
    from tradewind.nlp.evaluate import evaluate
    from tradewind.nlp.runtime.engine import Engine

    settings = cast(Settings, context.obj)
    cores = settings.threads if threads is None else threads
    columns = Columns(text=text, text_b=text_b, label=label, labels=labels, spans=spans, lang=lang)
    with Engine.open(model_folder(settings, model), threads=cores) as engine:
        dataset = read_labelled(files, engine.info.heads, head, columns, skip_bad)
        evaluation = evaluate(engine, dataset, head=head, oos_label=oos_label)
    if report is not None:
        from tradewind.nlp.evaluate.report import write_report

        write_report(report, evaluation)
        say(f"report: {report}")
    if as_json:
        print_json(evaluation.as_json(full_confusion=full_confusion))
    else:
        _print_evaluation(evaluation)


@app.command("compare")
def compare_command(
    context: typer.Context,
    a: Annotated[str, typer.Argument(help="A model folder, or a name of the workspace.")],
    b: Annotated[str, typer.Argument(help="The other one.")],
    files: Files,
    as_json: AsJson = False,
    head: Head = None,
    oos_label: OosLabel = None,
    skip_bad: SkipBad = False,
    text: Text = "text",
    text_b: TextB = "text_b",
    label: Label = "label",
    labels: Labels = "labels",
    spans: Spans = "spans",
    lang: Lang = "lang",
    threads: Threads = None,
) -> None:
    """Say whether one model is really better than another, by a paired test on the same rows."""
    from tradewind.nlp.data.model import Columns
    from tradewind.nlp.evaluate import compare
    from tradewind.nlp.runtime.engine import Engine

    settings = cast(Settings, context.obj)
    cores = settings.threads if threads is None else threads
    columns = Columns(text=text, text_b=text_b, label=label, labels=labels, spans=spans, lang=lang)
    first, second = (model_folder(settings, name) for name in (a, b))
    with (
        Engine.open(first, threads=cores) as one,
        Engine.open(second, threads=cores) as other,
    ):
        dataset = read_labelled(files, one.info.heads, head, columns, skip_bad)
        comparison = compare(one, other, dataset, head=head, oos_label=oos_label)
    if as_json:
        print_json(comparison.as_json())
    else:
        _print_comparison(comparison)


def _print_evaluation(evaluation: Evaluation) -> None:
    write_line(f"{evaluation.model} {evaluation.version} on {evaluation.data}: {evaluation.rows:,} rows, "
               f"{evaluation.texts_per_s:,.0f} texts/s")  # fmt: skip
    for head in evaluation.heads:
        bounds = head.intervals["accuracy"]
        rows: list[tuple[str, str]] = [
            (
                "accuracy",
                f"{head.accuracy:.4f}  ({bounds.lower:.4f} to {bounds.upper:.4f} with 95 % confidence)",
            ),
            ("macro F1", f"{head.averages.macro:.4f}"),
            ("weighted F1", f"{head.averages.weighted:.4f}"),
            ("calibration error", f"{head.ece:.4f}"),
        ]
        if head.spans is not None:
            spans = head.spans
            rows.insert(
                0,
                ("span F1", f"{spans.f1:.4f}  (precision {spans.precision:.4f}, recall {spans.recall:.4f})"),
            )
        if head.threshold is not None:
            rows.append(("in-scope accuracy", f"{head.in_scope_accuracy:.4f}  (right and accepted)"))
        if head.scope is not None:
            scope = head.scope
            rows.append(("out-of-scope recall", f"{scope.recall:.4f}  ({scope.rows} rows)"))
            rows.append(("out-of-scope AUROC", f"{scope.auroc:.4f}  (FPR95 {scope.fpr95:.4f})"))
        write_line("")
        print_table((f"head {head.head}", head.task), rows)


def _print_comparison(comparison: Comparison) -> None:
    write_line(comparison.verdict)
    write_line("")
    rows = [
        (
            name,
            f"{value.a:.4f}",
            f"{value.b:.4f}",
            f"{value.interval.lower:+.4f} to {value.interval.upper:+.4f}",
        )
        for name, value in (("accuracy", comparison.accuracy), ("macro F1", comparison.macro_f1))
    ]
    print_table((f"{comparison.rows:,} rows", f"A: {comparison.a}", f"B: {comparison.b}", "B - A"), rows)
    write_line("")
    write_line(
        f"right where the other is wrong: A {comparison.only_a_right} rows, B {comparison.only_b_right} rows"
    )
