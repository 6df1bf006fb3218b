"""The `tradewind` command: finds the right sub-command, and turns errors into one line and an exit code.

Modules are imported when their command is called, so that `tradewind --help` is quick.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any, NamedTuple, NoReturn

import typer
from typer.core import TyperGroup

from tradewind.core.errors import TradewindError


class Entry(NamedTuple):
    """Where a command lives: `module` has a Typer `app`, or `register(app)` which adds the command to one."""

    module: str
    summary: str


COMMANDS: dict[str, Entry] = {
    "data": Entry("tradewind.cli.data", "Check labelled files before training on them."),
    "encoders": Entry("tradewind.cli.encoders", "The pre-trained encoders that models grow from."),
    "train": Entry("tradewind.cli.train", "Train, calibrate, quantise and measure a model on labelled text."),
    "evaluate": Entry("tradewind.cli.evaluate", "Measure a model on labelled text, with a report."),
    "compare": Entry("tradewind.cli.evaluate", "Say whether one model is really better than another."),
    "export": Entry("tradewind.cli.export", "Write the fastest graph of a model that loses no accuracy."),
    "backup": Entry("tradewind.cli.backup", "Copy the databases while they are used; bring them back."),
    "predict": Entry("tradewind.cli.predict", "What a model says of texts, lines or a file."),
    "journal": Entry("tradewind.cli.journal", "The record of everything: look at it, verify it, export it."),
    "models": Entry("tradewind.cli.models", "The workspace's models: install, promote, roll back, verify."),
    "privacy": Entry("tradewind.cli.privacy", "Personal data: find it, redact it; what persons may ask for."),
    "market": Entry("tradewind.cli.markets", "The markets: what holds where, and the check of your own."),
    "tenant": Entry("tradewind.cli.tenants", "The organisations that use this installation."),
    "member": Entry("tradewind.cli.tenants", "The persons of an organisation, and their roles."),
    "key": Entry("tradewind.cli.tenants", "The API keys of an organisation."),
    "assistant": Entry("tradewind.cli.assistant", "The assistant: check, draw and test its flows; teach it."),
    "knowledge": Entry("tradewind.cli.knowledge", "Answers from documents: index, search, measure."),
    "recommend": Entry("tradewind.cli.recommend", "Find items that suit a person, and measure how well."),
    "chat": Entry("tradewind.cli.chat", "Talk to the assistant in the terminal."),
    "webhook": Entry("tradewind.cli.webhooks", "Programs that are told what happens in conversations."),
    "demo": Entry("tradewind.cli.demo", "Train, evaluate, export and serve the finance pack."),
    "serve": Entry("tradewind.cli.serve", "Answer over HTTP, with a console."),
}


class LazyGroup(TyperGroup):
    """Knows its commands by name and summary; imports the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Put the real command in its placeholder's place, then go on as usual."""
        name = args[0] if args else ""
        if name in COMMANDS and name in self.commands:
            self.commands[name] = _load(name)
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=LazyGroup,
    help="From a company's own text to fast, calibrated language models, on its own machines.",
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for _name, _entry in COMMANDS.items():
    if importlib.util.find_spec(_entry.module) is not None:
        app.command(_name, help=_entry.summary)(lambda: None)


@app.callback(invoke_without_command=True)
def prepare(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(help="Folder with models/ and tradewind.toml; TRADEWIND_WORKSPACE or the current one."),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Log everything; show where an error arose.")
    ] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        from tradewind import __version__

        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit
    from tradewind.core.settings import load_settings

    settings = load_settings(workspace)
    if debug:
        settings = settings.model_copy(update={"log_level": "debug"})
    _shows_traceback.append(settings.log_level == "debug")
    context.obj = settings


_shows_traceback: list[bool] = []


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and leave the process: 0 done, 1 failed, 2 bad input or usage, 130 interrupted."""
    command = typer.main.get_command(app)
    try:
        command.main(args=arguments, prog_name="tradewind")
    except TradewindError as error:
        _fail(error, str(error), error.exit_code)
    except Exception as error:
        _fail(error, f"{type(error).__name__}: {error} (run again with --debug to see where)", 1)
    sys.exit(0)


def _fail(error: Exception, message: str, code: int) -> NoReturn:
    if any(_shows_traceback):
        traceback.print_exception(error, file=sys.stderr)
    sys.stderr.write(f"error: {' '.join(message.split())}\n")
    sys.exit(code)


def _load(name: str) -> Any:
    module = importlib.import_module(COMMANDS[name].module)
    register = getattr(module, "register", None)
    if register is None:
        group = typer.main.get_group(module.app)
    else:
        own = typer.Typer()
        register(own)
        group = typer.main.get_group(own)
    command = group.commands.get(name, group)
    command.name = name
    return command
