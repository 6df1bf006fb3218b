"""`encoder.json`: written by a pull beside the files: where they came from and their hashes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tradewind.core.errors import IntegrityError
from tradewind.core.files import sha256_of, write_json

RECORD = "encoder.json"
FORMAT = 1


@dataclass(frozen=True)
class FileRecord:
    """Size and hash of one file as it was written."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class EncoderRecord:
    """Where a pulled encoder came from and what its files were.

    `origin` holds the hashes of files that were fetched but not kept, such as weights that were converted.
    """

    name: str
    source: str
    prefix: str
    licence: str
    pad_id: int | None
    files: Mapping[str, FileRecord]
    origin: Mapping[str, str]


def file_records(folder: Path) -> dict[str, FileRecord]:
    """Size and hash of every file of a folder, in order of name."""
    return {
        path.name: FileRecord(path.stat().st_size, sha256_of(path))
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != RECORD
    }


def write_record(folder: Path, record: EncoderRecord) -> None:
    """Write `encoder.json`."""
    write_json(folder / RECORD, {"format": FORMAT, **asdict(record)})


def read_record(folder: Path, name: str) -> EncoderRecord | None:
    """Read `encoder.json`; None if the folder has none.

    Raises:
        IntegrityError: it is damaged or of another version.
    """
    path = folder / RECORD
    if not path.is_file():
        return None
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw.pop("format") != FORMAT:
            raise ValueError(f"format is not {FORMAT}")
        files = {file: FileRecord(**entry) for file, entry in raw.pop("files").items()}
        return EncoderRecord(files=files, **raw)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IntegrityError(f"{path}: damaged: {error}", hint=pull_again(name)) from error


def check_sizes(folder: Path, record: EncoderRecord) -> None:
    """The cheap check, done at each use: every file is there and as long as it was.

    Raises:
        IntegrityError: names the first file that is not.
    """
    for name, expected in record.files.items():
        path = folder / name
        if not path.is_file():
            raise IntegrityError(f"{path}: missing", hint=pull_again(record.name))
        size = path.stat().st_size
        if size != expected.bytes:
            raise IntegrityError(
                f"{path}: {size:,} bytes, {expected.bytes:,} were pulled", hint=pull_again(record.name)
            )


def check_hashes(folder: Path, record: EncoderRecord, pinned: Mapping[str, str]) -> None:
    """The full check: every file has the hash that was recorded, and the one that the registry pins.

    Raises:
        IntegrityError: names the first file that has not.
    """
    check_sizes(folder, record)
    for name, expected in record.files.items():
        check_hash(
            folder / name, {expected.sha256, pinned.get(name, expected.sha256)}, pull_again(record.name)
        )


def check_hash(path: Path, expected: set[str], hint: str) -> None:
    """Compare a file's SHA-256 with what it must be; more than one expectation must all hold."""
    digest = sha256_of(path)
    for wanted in sorted(expected - {digest}):
        raise IntegrityError(f"{path}: SHA-256 is {digest[:12]}…, expected {wanted[:12]}…", hint=hint)


def pull_again(name: str) -> str:
    """The hint for a damaged encoder."""
    return f"`tradewind encoders pull {name} --force` fetches it again"
