"""What an entry holds of a person, in the clear; that somebody read it is recorded before they do."""

from __future__ import annotations

from tradewind.journal.journal import Journal
from tradewind.journal.model import Draft, Entry
from tradewind.journal.present import sealed_fields
from tradewind.privacy.kinds import Revealed


def reveal(journal: Journal, entry: Entry, *, by: str) -> dict[str, str | None]:
    """The sealed fields of an entry by name, None where the person was erased.

    Args:
        by: id of the key or member who reads them.

    Raises:
        NotFoundError: the kind is not defined here. UnavailableError, StorageError: it could not be recorded, so
            nothing is shown.
    """
    sealed = sealed_fields(entry)
    if not sealed:
        return {}
    note = Revealed(entry=entry.id, fields=sealed, by=by)
    journal.append_now(entry.stream.tenant, [Draft(note, entry.market, entry.subject)])
    body = journal.open_body(entry)
    return {name: getattr(body, name, None) for name in sealed}
