"""A server to be killed: `python chat_server.py WORKSPACE PORT` serves conversations with a parrot, on a port."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import chat_kit
import uvicorn

from tradewind.access.doorkeeper import Doorkeeper
from tradewind.api.app import create_api
from tradewind.api.metrics import Metrics
from tradewind.api.predict import Predict
from tradewind.assistant.conversations.inbox import Inbox
from tradewind.cli.serve import listen
from tradewind.core.settings import Settings
from tradewind.workspace import open_workspace


def create_app(workspace_folder: Path):  # type: ignore[no-untyped-def]
    """The real application, whose dialogue is a parrot."""
    settings = Settings(workspace=workspace_folder)
    metrics = Metrics()
    workspace = open_workspace(settings)
    ground = workspace.ground
    doorkeeper = Doorkeeper(
        lambda: ground.access, settings, customers=lambda token: ground.customer_tokens.recognise(token)
    )
    ground.open()
    chats = chat_kit.open_conversations(ground)
    workspace.__dict__["_conversations"] = chats
    workspace.__dict__["inbox"] = Inbox(chats, ground.databases, ground.staff)
    return create_api(workspace, metrics, Predict(workspace.live, settings, metrics), doorkeeper)


def main() -> None:
    listener = listen("127.0.0.1", int(sys.argv[2]))
    app = create_app(Path(sys.argv[1]))
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listener])


if __name__ == "__main__":
    main()
