"""`tradewind privacy`: personal data found, redacted, and what else is owed to the persons it is about."""

from __future__ import annotations

import typer

from tradewind.cli import privacy_detect, privacy_redact

app = typer.Typer(help="Personal data: find it, redact it, turn it back.", no_args_is_help=True)

for _module in (privacy_detect, privacy_redact):
    _module.register(app)
