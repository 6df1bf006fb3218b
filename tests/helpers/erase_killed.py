"""A process that erases a person and may be killed at any moment; run again, it goes on.

usage: erase_killed.py FOLDER CONTROL_URL EU_URL CN_URL
"""

from __future__ import annotations

import sys
from pathlib import Path

from subjects import ACME, CN, DE, EU, ground

from tradewind.journal.databases import Database, Databases


def main(folder: str, control: str, eu: str, cn: str) -> None:
    databases = Databases(Database(control), {EU: Database(eu), CN: Database(cn)})
    with ground(Path(folder), databases=databases) as here:
        here.privacy.durable.start()
        request = here.privacy.erasures.begin(ACME, DE, ["anna@example.com"], key="once")
        print("begun", flush=True)
        done = here.privacy.erasures.wait(ACME, request, timeout_s=60)
        print("done", done.id, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
