"""A real HTTP server on this machine that keeps what it was sent and answers as it is told."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Listener:
    """What came, as (path, headers in lower case, body), and what is answered next: (status, body)."""

    address: str = ""
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    otherwise: tuple[int, bytes] = (200, b"{}")
    headers: dict[str, str] = field(default_factory=dict)
    slow_s: float = 0.0

    def bodies(self) -> list[bytes]:
        return [body for _, _, body in self.came]


@contextmanager
def listening(chain: Path | None = None) -> Iterator[Listener]:
    """A server for as long as the context lasts; over TLS with a chain."""
    state = Listener()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            state.came.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            time.sleep(state.slow_s)
            status, answer = state.answers.pop(0) if state.answers else state.otherwise
            self.send_response(status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if chain is not None:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(chain)
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        state.address = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
