"""A writer to be killed: `python journal_writer.py URL FOLDER NAME` records numbers and says which are durable.

It prints a line `NUMBER ID LANE SEQUENCE` for each receipt; whoever reads these lines may rely on them.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from journal_kit import ACME, DE, Noted, open_journal

from tradewind.journal.model import Draft

WRITERS = 16


async def write(url: str, folder: str, name: str) -> None:
    journal = open_journal(url, Path(folder))
    print("ready", flush=True)

    async def one(writer: int) -> None:
        number = 0
        while True:
            text = f"{name}-{writer}-{number}"
            key = text if writer % 2 else None
            (receipt,) = await journal.append(ACME, [Draft(Noted(text=text), market=DE, key=key)])
            sys.stdout.write(f"{text} {receipt.id} {receipt.stream.lane} {receipt.sequence}\n")
            sys.stdout.flush()
            number += 1

    await asyncio.gather(*(one(writer) for writer in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(write(*sys.argv[1:4]))
