"""`tradewind chat`: talk to the assistant in the terminal, without a server."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.output import print_json_line, say
from tradewind.core.errors import TradewindError
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.assistant.conversations.model import Conversation
    from tradewind.assistant.conversations.service import Conversations
    from tradewind.assistant.model import Message

CHANNEL = "terminal"
COLOURS = {"assistant": "cyan", "agent": "green", "system": "dim", "customer": "default"}


def chat(
    context: typer.Context,
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT...]", help="Messages; typed, or read line by line, if absent."),
    ] = None,
    market: Annotated[str, typer.Option(help="Where the customer is.")] = "us",
    language: Annotated[
        str | None, typer.Option(help="What they speak; the market's first if absent.")
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option(help="Who they are: an e-mail address, a customer number; a visitor if absent."),
    ] = None,
    tenant: Annotated[str, typer.Option(help="Whose customer they are.")] = "local",
    model: Annotated[
        str | None,
        typer.Option(help="The model that reads messages: a folder or a name; the setting's if absent."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print each message as a JSON line.")] = False,
) -> None:
    """Talk to the assistant in the terminal. A number presses the button of that number; an empty line ends."""
    from tradewind.assistant.model import Language
    from tradewind.cli.model_folder import model_folder
    from tradewind.cli.output import set_up_logging
    from tradewind.core.ids import MarketId, tenant_id
    from tradewind.nlp.bundle import read_info

    settings: Settings = context.obj
    set_up_logging("debug" if settings.log_level == "debug" else "error")
    folder = model_folder(settings, model or settings.assistant.model)
    own = settings.assistant.model_copy(update={"model": read_info(folder).name})
    settings = settings.model_copy(update={"assistant": own})
    terminal = Terminal(as_json)

    async def run() -> None:
        from tradewind.workspace import open_workspace

        workspace = open_workspace(settings, folders=[folder])
        await asyncio.to_thread(workspace.ground.open)
        try:
            await workspace.live.start()
            chats = workspace.conversations
            begun = await chats.begin(
                tenant_id(tenant),
                MarketId(market),
                subject=subject,
                language=None if language is None else Language(language),
                channel=CHANNEL,
            )
            await talk(chats, begun, terminal, texts)
        finally:
            await workspace.close()
            await workspace.live.close()
            await asyncio.to_thread(workspace.ground.close)

    asyncio.run(run())


class Terminal:
    """What the customer sees. Each message is shown once, by its number."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._last = 0
        self.choices: Sequence[tuple[str, str]] = ()

    def show(self, messages: Sequence[Message]) -> None:
        """Print what was not shown yet."""
        for message in messages:
            if message.number <= self._last:
                continue
            self._last = message.number
            if self._as_json:
                print_json_line(_document(message))
            elif message.author != "customer":
                self._print(message)
            if message.author != "customer":
                self.choices = message.choices or self.choices

    def refuse(self, error: TradewindError) -> None:
        """Print why a message was not taken."""
        if self._as_json:
            print_json_line({"problem": error.slug, "detail": error.message, "hint": error.hint})
        else:
            say(f"error: {error}")

    def _print(self, message: Message) -> None:
        from rich.console import Console
        from rich.text import Text

        who = message.agent or str(message.author)
        console = Console(highlight=False, soft_wrap=True)
        console.print(Text(f"{who}: ", style="bold").append(message.text, style=COLOURS[message.author]))
        for number, (_, title) in enumerate(message.choices, 1):
            console.print(Text(f"  {number}  {title}", style="cyan"))
        if message.link:
            console.print(Text(f"  {message.link_title or ''} {message.link}".rstrip(), style="dim"))


async def talk(
    chats: Conversations, begun: Conversation, terminal: Terminal, texts: Sequence[str] | None
) -> None:
    """Show what is said until the customer has nothing more to say."""
    terminal.show(await chats.history(begun.tenant, begun.id))
    following = asyncio.create_task(_follow(chats, begun, terminal))
    given = iter(texts) if texts else None
    try:
        while True:
            line = next(given, "") if given is not None else await asyncio.to_thread(_read_line)
            text = line.strip()
            if not text:
                return
            if text.isdecimal() and 1 <= int(text) <= len(terminal.choices):
                text = terminal.choices[int(text) - 1][0]
            terminal.choices = ()
            try:
                terminal.show(await chats.receive(begun.party, begun.id, text))
            except TradewindError as error:
                terminal.refuse(error)
    finally:
        following.cancel()


async def _follow(chats: Conversations, begun: Conversation, terminal: Terminal) -> None:
    async for message in chats.follow(begun.tenant, begun.id):
        terminal.show([message])


def _read_line() -> str:
    if sys.stdin.isatty():
        try:
            return input("> ")
        except (EOFError, KeyboardInterrupt):
            return ""
    for line in sys.stdin:
        if line.strip():
            return line
    return ""


def _document(message: Message) -> dict[str, object]:
    return {
        "number": message.number,
        "author": str(message.author),
        "text": message.text,
        "language": message.language,
        "choices": [{"payload": payload, "title": title} for payload, title in message.choices],
        "link": message.link,
        "agent": message.agent,
        "at": message.at.isoformat(),
    }


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command()(chat)
