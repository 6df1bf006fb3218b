"""A server of tiny models in a process of its own: `python serve_tiny.py WORKSPACE [PORT]`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import tiny

from tradewind.cli.serve import address_of, listen, run_server
from tradewind.core.settings import Settings
from tradewind.server import create_app


def main() -> None:
    listener = listen("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    app = create_app(Settings(workspace=Path(sys.argv[1])), opener=tiny.open_tiny)
    print(address_of(listener), flush=True)
    run_server(app, listener, access_log=False, log_level="info")


if __name__ == "__main__":
    main()
