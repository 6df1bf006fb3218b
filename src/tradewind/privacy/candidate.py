"""A number that may be personal data, before its surroundings are looked at."""

from __future__ import annotations

from typing import NamedTuple


class Candidate(NamedTuple):
    """`text[start:end]` passed the check of a type.

    Args:
        type: one of `STRUCTURED_TYPES`.
        score: how sure that is without any context: how rarely chance passes the check.
    """

    type: str
    start: int
    end: int
    score: float
