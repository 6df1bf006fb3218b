"""A wire between a client and PostgreSQL that can be cut at the worst moment: while a commit is under way."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Literal

Cut = Literal["before", "after"]


class CutProxy:
    """Passes bytes on. After `cut(...)` the next COMMIT is lost, or is done and its answer lost."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._cut: Cut | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.cuts = 0
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def cut(self, when: Cut) -> None:
        self._cut = when

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._server_port))
            wire = _Wire(client, server)
            self._start(wire.answers)
            self._start(self._requests, wire)

    def _requests(self, wire: _Wire) -> None:
        with wire.client, wire.server, contextlib.suppress(OSError):
            while data := wire.client.recv(65536):
                if self._cut is not None and b"COMMIT\0" in data:
                    when, self._cut = self._cut, None
                    self.cuts += 1
                    if when == "after":
                        wire.swallow(data)
                    wire.end()
                    return
                wire.server.sendall(data)
            wire.end()


class _Wire:
    """One connection through the proxy."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self._swallowing, self._answered = threading.Event(), threading.Event()

    def answers(self) -> None:
        with contextlib.suppress(OSError):
            while data := self.server.recv(65536):
                if self._swallowing.is_set():
                    self._answered.set()
                    return
                self.client.sendall(data)
        self.end()

    def swallow(self, data: bytes) -> None:
        """Let the server do what is asked and keep its answer."""
        self._swallowing.set()
        self.server.sendall(data)
        assert self._answered.wait(10), "the server did not answer"

    def end(self) -> None:
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
