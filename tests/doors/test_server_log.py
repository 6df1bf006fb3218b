"""What a real server writes to its log has no personal data in it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx


def test_the_access_log_comes_out_redacted(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "tradewind",
        "--workspace",
        str(tmp_path),
        "serve",
        "--port",
        "0",
        "--json",
    ]
    server = subprocess.Popen(
        [*command, "--access-log", "--no-console"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        document = "".join(iter(server.stdout.readline, "}\n")) + "}"
        address = json.loads(document)["address"]
        transport = httpx.HTTPTransport(retries=20)
        with httpx.Client(base_url=address, transport=transport, timeout=20) as client:
            client.get("/healthz", params={"mail": "alice@example.com", "card": "4111111111111111"})
    finally:
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=60)
    assert "/healthz" in log
    assert "<EMAIL_ADDRESS>" in log
    assert "alice" not in log
    assert "4111" not in log
