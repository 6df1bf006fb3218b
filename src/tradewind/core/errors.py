"""The one error tree.

TradewindError                 anything this product reports on purpose
├── InputError                 what the caller gave cannot be used (422, exit 2)
│   ├── DataError              a row of a file: says file, line and column
│   ├── ConfigError            a setting or a configuration file
│   ├── NotFoundError          a name that is not there (404)
│   ├── ConflictError          it contradicts what is there already (409)
│   └── TooLargeError          more than is accepted at once (413)
├── AccessError                who asks is not known, or may not
│   ├── SignInError            no valid key or session (401)
│   ├── ForbiddenError         known, but without this right (403)
│   └── ConsentError           the person did not agree to this purpose, or took it back (403)
├── IntegrityError             files do not match their manifest of hashes (exit 1)
│   └── ChainError             an entry or a checkpoint of the journal is not as it was written
├── UnavailableError           not possible now: retry, or install something (503)
│   └── BusyError              the queue is full: retry after `retry_after_s` (503)
│       └── RateError          this key asks too often: retry after `retry_after_s` (429)
├── DeadlineError              the answer would come too late (504)
├── StorageError               the disk refused: full, read-only, gone (507)
└── QualityError               a result is worse than what was promised, so it is refused
"""

from __future__ import annotations

from pathlib import Path


class TradewindError(Exception):
    """Anything reported on purpose: what happened, where, and what would be right.

    Args:
        message: what happened, in one sentence.
        hint: what would be right; shown after the message.
    """

    status = 500
    exit_code = 1
    slug = "internal"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class InputError(TradewindError):
    """What the caller gave cannot be used."""

    status = 422
    exit_code = 2
    slug = "bad-input"


class DataError(InputError):
    """A row of a data file cannot be read; knows the file, the line (from 1) and the column."""

    slug = "bad-data"

    def __init__(
        self,
        message: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        column: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.file = None if file is None else str(file)
        self.line = line
        self.column = column
        where = ":".join(str(part) for part in (self.file, line) if part is not None)
        if column is not None:
            where = f"{where} [{column}]" if where else f"[{column}]"
        super().__init__(f"{where}: {message}" if where else message, hint=hint)


class ConfigError(InputError):
    """A setting or a configuration file is wrong."""

    slug = "bad-configuration"


class NotFoundError(InputError):
    """A name that is not there."""

    status = 404
    slug = "not-found"


class ConflictError(InputError):
    """It contradicts what is there already: a name that is taken, a key used for something else."""

    status = 409
    slug = "conflict"


class TooLargeError(InputError):
    """More than is accepted at once."""

    status = 413
    slug = "too-large"


class AccessError(TradewindError):
    """Who asks is not known, or may not."""

    status = 403
    exit_code = 2
    slug = "access"


class SignInError(AccessError):
    """No valid key or session: it is missing, unknown, expired or revoked."""

    status = 401
    slug = "sign-in"


class ForbiddenError(AccessError):
    """Known, but without this right."""

    slug = "forbidden"


class ConsentError(AccessError):
    """The person whom it is about did not agree to this purpose, or took their consent back."""

    slug = "no-consent"


class IntegrityError(TradewindError):
    """Files do not match their manifest of hashes."""

    status = 500
    slug = "integrity"


class ChainError(IntegrityError):
    """An entry or a checkpoint of the journal is not as it was written; the message names the first such."""

    slug = "chain"


class UnavailableError(TradewindError):
    """Not possible now: something must be installed, reached or waited for."""

    status = 503
    slug = "unavailable"


class BusyError(UnavailableError):
    """The queue is full; try again after `retry_after_s` seconds."""

    slug = "busy"

    def __init__(self, message: str, *, retry_after_s: float = 1.0, hint: str | None = None) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message, hint=hint)


class RateError(BusyError):
    """This key asks too often; try again after `retry_after_s` seconds."""

    status = 429
    slug = "too-many-requests"


class DeadlineError(TradewindError):
    """The answer would come after the caller's deadline."""

    status = 504
    slug = "deadline"


class StorageError(TradewindError):
    """The disk refused: full, read-only or gone."""

    status = 507
    slug = "storage"


class QualityError(TradewindError):
    """A result is worse than what was promised, so it is refused."""

    slug = "quality"
