"""`tradewind privacy`: personal data found, redacted, and what else is owed to the persons it is about."""

from __future__ import annotations

import typer

from tradewind.cli import privacy_detect, privacy_redact, privacy_train, subjects

app = typer.Typer(help="Personal data: find it, redact it; what persons may ask for.", no_args_is_help=True)

for _module in (privacy_detect, privacy_redact, privacy_train, subjects):
    _module.register(app)
