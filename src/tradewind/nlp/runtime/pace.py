"""How much work a text is, and how fast the engine does it: the service's unit and its clock."""

from __future__ import annotations

BYTES_PER_TOKEN = 4
RATE_MEMORY = 0.9


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has, without running the tokenizer.

    Four bytes of UTF-8 a token holds within a third for Latin, Cyrillic, Chinese and Thai alike, because
    scripts with long encodings also have the denser tokens.
    """
    return len(text.encode("utf-8", "surrogatepass")) // BYTES_PER_TOKEN + 2


class Rate:
    """Tokens a second while busy, the last calls weighing most.

    A call counts from its start or from the end of the call before it, whichever is later: two workers at
    once are then not counted as twice the time.
    """

    def __init__(self) -> None:
        self._tokens = 0.0
        self._seconds = 0.0
        self._last_finished = 0.0

    def add(self, tokens: int, *, started: float, finished: float) -> None:
        """Count one call of the engine; times in seconds of a monotonic clock."""
        seconds = finished - max(started, self._last_finished)
        self._last_finished = finished
        self._tokens = RATE_MEMORY * self._tokens + tokens
        self._seconds = RATE_MEMORY * self._seconds + max(seconds, 0.0)

    def seconds_for(self, tokens: int) -> float:
        """How long the engine needs for so many tokens; a second when it has not run yet."""
        return tokens * self._seconds / self._tokens if self._tokens else 1.0

    def tokens_in(self, seconds: float) -> float | None:
        """How many tokens the engine does in that time; None when it has not run yet."""
        return seconds * self._tokens / self._seconds if self._seconds else None
