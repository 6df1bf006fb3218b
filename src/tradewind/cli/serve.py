"""`tradewind serve`: the HTTP server, until it is told to stop."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.output import print_json, say, set_up_logging
from tradewind.core.errors import ConfigError
from tradewind.core.settings import Settings
from tradewind.nlp.bundle import verify

if TYPE_CHECKING:
    from tradewind.api.door import PredictDoor

GRACE_S = 15
BACKLOG = 2048


def serve(
    context: typer.Context,
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Model folders; the workspace's live models if absent.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.")] = None,
    threads: Annotated[int | None, typer.Option(help="CPU threads of the engine; 0 means all cores.")] = None,
    console: Annotated[bool, typer.Option(help="Serve the web pages too.")] = True,
    everybody: Annotated[
        bool, typer.Option("--open", help="Answer whoever reaches it, while there is no tenant.")
    ] = False,
    access_log: Annotated[bool, typer.Option("--access-log", help="Log every request.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the address as one JSON document.")] = False,
) -> None:
    """Answer over HTTP, with a console; stops cleanly on Ctrl-C and SIGTERM."""
    given = {"host": host, "port": port, "threads": threads}
    settings: Settings = context.obj.model_copy(update={k: v for k, v in given.items() if v is not None})
    set_up_logging(settings.log_level)
    for folder in folders or ():
        verify(
            folder
        )  # a workspace's server starts with what is sound; one that was given folders must have them
    listener = listen(settings.host, settings.port)
    with listener:
        exposed = not _is_loopback(settings.host) and not has_tenant(settings)
        if exposed and not everybody:
            # Without a tenant there are no keys: whoever reaches the address could do everything.
            raise ConfigError(
                f"{settings.host} is reached by others, and there is no tenant yet whose keys they would need",
                hint="tradewind tenant create NAME --owner EMAIL; or --open to answer everybody",
            )
        from tradewind.nlp.runtime import memory
        from tradewind.server import create_app

        memory.share_arenas()
        app = create_app(settings, folders=folders or (), console=console, open_to_all=everybody)
        _announce(address_of(listener), console=console, as_json=as_json)
        if exposed:
            say(f"warning: whoever reaches {settings.host} may do everything here, until there is a tenant")
        run_server(app, listener, access_log=access_log, log_level=settings.log_level)


def _announce(address: str, *, console: bool, as_json: bool) -> None:
    if as_json:
        pages = f"{address}/console" if console else None
        print_json({"address": address, "console": pages, "pid": os.getpid()})
    else:
        say(f"Tradewind answers at {address}/v1/models")
        if console:
            say(f"console: {address}/console")


def has_tenant(settings: Settings) -> bool:
    """Whether a workspace has a tenant, so that requests need a key."""
    from tradewind.workspace import open_ground

    with open_ground(settings) as ground:
        return ground.access.tenants.any()


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything slow is loaded.

    Raises:
        ConfigError: the port is in use or not allowed, or the host is not this machine's.
    """
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError, OverflowError) as error:
        raise ConfigError(f"cannot listen on {host!r}: {error}", hint="--host 127.0.0.1") from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(where)
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise ConfigError(
            _bind_problem(host, port, error), hint="choose another: --port 0 takes a free one"
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """The URL at which a listening socket is reached from this machine."""
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run_server(app: PredictDoor, listener: socket.socket, *, access_log: bool, log_level: str) -> None:
    """Serve until SIGINT or SIGTERM, then finish what was accepted and return."""
    import uvicorn

    config = uvicorn.Config(
        app,
        access_log=access_log,
        log_config=None,
        log_level=log_level if log_level == "debug" else "warning",
        timeout_graceful_shutdown=GRACE_S,
        backlog=BACKLOG,
        server_header=False,
        proxy_headers=False,
    )
    if access_log:  # uvicorn gives all of its loggers one level, and logs requests at this one
        logging.getLogger("uvicorn.access").setLevel(logging.INFO)
    # Uvicorn raises the signal again when it has shut down: stopping on request is success, not a failure.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listener])


def _bind_problem(host: str, port: int, error: Exception) -> str:
    code = getattr(error, "errno", None)
    if code == errno.EADDRINUSE:
        return f"port {port} on {host} is in use"
    if code == errno.EACCES:
        return f"port {port} needs more rights than this user has"
    return f"cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command()(serve)
