"""The erasure ledger: outside every region, in the control database and in a signed file that is only added to.

A backup that is restored does not know who was erased since; the ledger does.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tradewind.core.errors import IntegrityError
from tradewind.core.files import storage_errors
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.databases import Database
from tradewind.journal.signing import Signer
from tradewind.privacy import store
from tradewind.privacy.receipts import sign, verify
from tradewind.privacy.records import Erasure, Target

START = "0" * 64


class Ledger:
    """Who was erased, in every region and of every tenant.

    Args:
        control: the control database; migrated by `store.open_control` before.
        path: the file: a signed line of JSON for each erasure, with the hash of the line before.
    """

    def __init__(self, control: Database, path: Path, signer: Signer) -> None:
        self._control = control
        self._path = path
        self._signer = signer

    def add(self, erasures: Sequence[Erasure]) -> None:
        """Note erasures; one that is there already is not noted again.

        Raises:
            StorageError: the file cannot be written. UnavailableError: the database cannot be reached.
            IntegrityError: the file is not as it was written.
        """
        self._add_to_file(erasures)
        for tenant in sorted({one.tenant for one in erasures}):
            with self._control.write_as(tenant) as tables:
                store.add_erasures(self._control, tables, [one for one in erasures if one.tenant == tenant])

    def all(self) -> list[Erasure]:
        """Every erasure that the database or the file knows, oldest first."""
        found = {_who(one): one for one in (*store.erasures(self._control), *self._in_file())}
        return sorted(found.values(), key=lambda one: one.at)

    def _add_to_file(self, erasures: Sequence[Erasure]) -> None:
        with storage_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                self._drop_half_line(file.fileno())
                known = {_who(one) for one in self._in_file()}
                previous = self._last_hash()
                for one in erasures:
                    if _who(one) in known:
                        continue
                    line = self._line(one, previous)
                    file.write(line)
                    previous = hashlib.sha256(line).hexdigest()
                file.flush()
                os.fsync(file.fileno())

    def _line(self, one: Erasure, previous: str) -> bytes:
        signed = sign(
            self._signer,
            {
                "tenant": one.tenant,
                "region": one.target.region,
                "market": one.target.market,
                "subject": one.target.subject,
                "request": one.request,
                "at": store.text_of(one.at),
                "previous": previous,
            },
        )
        return json.dumps(signed, sort_keys=True).encode() + b"\n"

    def _drop_half_line(self, handle: int) -> None:
        """A process that died while writing left half a line, which nobody was told is there."""
        content = self._path.read_bytes()
        os.ftruncate(handle, content.rfind(b"\n") + 1)

    def _last_hash(self) -> str:
        lines = self._lines()
        return hashlib.sha256(lines[-1]).hexdigest() if lines else START

    def _lines(self) -> list[bytes]:
        content = self._path.read_bytes() if self._path.exists() else b""
        return content[: content.rfind(b"\n") + 1].splitlines(keepends=True)

    def _in_file(self) -> Iterator[Erasure]:
        """What the file holds.

        Raises:
            IntegrityError: a line was changed, taken out or put in; names it.
        """
        previous = START
        for number, line in enumerate(self._lines(), 1):
            try:
                statement = verify(json.loads(line), self._signer)
            except (ValueError, IntegrityError) as error:
                raise IntegrityError(f"{self._path}:{number}: not as it was written: {error}") from error
            if statement["previous"] != previous:
                raise IntegrityError(f"{self._path}:{number}: a line before it is missing or was added")
            previous = hashlib.sha256(line).hexdigest()
            target = Target(
                RegionId(statement["region"]), MarketId(statement["market"]), SubjectId(statement["subject"])
            )
            yield Erasure(
                TenantId(statement["tenant"]), target, statement["request"], store.moment_of(statement["at"])
            )


def _who(one: Erasure) -> tuple[TenantId, RegionId, SubjectId]:
    return one.tenant, one.target.region, one.target.subject
