"""Indexes on disk, by version; the live one is read until the next is complete.

FOLDER/versions/000001/index.json           what it is: embedder, tuning, how many passages
                       passages.json        the passages, in the order of the rows of the arrays
                       asked.json           known questions
                       words.json           the words, in the order of their numbers
                       arrays.safetensors   vectors, BM25's matrix, means of questions
                       manifest.json        size and SHA-256 of each of these
FOLDER/live                                 {"version": …}
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save as save_arrays

from tradewind.assistant.knowledge.index import Index, Tuning
from tradewind.assistant.knowledge.model import Asked, Piece
from tradewind.assistant.knowledge.words import WordIndex
from tradewind.assistant.model import Language
from tradewind.core.errors import InputError, IntegrityError, NotFoundError
from tradewind.core.files import replacing_folder, sha256_of, storage_errors, write_bytes, write_json
from tradewind.core.ids import MarketId
from tradewind.nlp.encoders.weights import TensorFile
from tradewind.nlp.model import Floats

FORMAT = 1
LIVE, VERSIONS, MANIFEST = "live", "versions", "manifest.json"
INFO, ARRAYS = "index.json", "arrays.safetensors"
PASSAGES, WORDS, ASKED = "passages.json", "words.json", "asked.json"
VERSIONS_KEPT = 5
_MEAN = "question_mean/"
_RESTORE = "index the documents again"


def live_version(folder: Path) -> str | None:
    """The version that is served; None where nothing was indexed yet.

    Raises:
        IntegrityError: the file that names it is not what is written here.
    """
    path = folder / LIVE
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["version"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(f"{path}: does not name a version: {error}", hint=_RESTORE) from error


def versions(folder: Path) -> list[str]:
    """The versions that are kept, oldest first."""
    return sorted(path.name for path in (folder / VERSIONS).glob("[0-9]*") if path.is_dir())


def save(index: Index, folder: Path) -> str:
    """Write an index as the next version and make it the live one; returns its name.

    Raises:
        StorageError: the disk refused; what was live stays so.
    """
    kept = versions(folder)
    version = f"{int(kept[-1]) + 1 if kept else 1:06d}"
    with replacing_folder(folder / VERSIONS / version) as fresh:
        _write(index, fresh)
    write_json(folder / LIVE, {"version": version})
    for old in versions(folder)[:-VERSIONS_KEPT]:
        shutil.rmtree(folder / VERSIONS / old, ignore_errors=True)
    return version


def go_back(folder: Path, version: str) -> None:
    """Make a kept version the live one.

    Raises:
        NotFoundError: it is not kept.
        IntegrityError: it was changed.
    """
    if version not in versions(folder):
        known = ", ".join(versions(folder)) or "none"
        raise NotFoundError(f"no version {version!r} of this index", hint=f"there are: {known}")
    _verify(folder / VERSIONS / version)
    write_json(folder / LIVE, {"version": version})


def load(folder: Path, version: str | None = None) -> Index:
    """Read a version, the live one when None, after checking its hashes.

    Raises:
        NotFoundError: nothing was indexed there.
        IntegrityError: a file is missing or was changed.
    """
    name = version or live_version(folder)
    if name is None:
        raise NotFoundError(f"{folder}: nothing is indexed", hint="run: tradewind knowledge index DOCUMENTS")
    place = folder / VERSIONS / name
    _verify(place)
    info = json.loads((place / INFO).read_text(encoding="utf-8"))
    arrays = dict(TensorFile(place / ARRAYS))
    pieces = tuple(_piece(row) for row in json.loads((place / PASSAGES).read_text(encoding="utf-8")))
    words = json.loads((place / WORDS).read_text(encoding="utf-8"))
    asked = json.loads((place / ASKED).read_text(encoding="utf-8"))
    matrix = {name: np.array(arrays[name]) for name in ("data", "indices", "indptr")}
    means = {
        name.removeprefix(_MEAN): np.array(mean) for name, mean in arrays.items() if name.startswith(_MEAN)
    }
    return Index(
        pieces,
        np.array(arrays["vectors"]),
        WordIndex({word: number for number, word in enumerate(words)}, matrix, len(pieces)),
        info["fingerprint"],
        tuple(Asked(row["text"], Language(row["language"]), row["document"]) for row in asked),
        np.array(arrays["asked"]),
        _tuning(info["tuning"], means),
    )


@contextlib.contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the folder for writing.

    Raises:
        InputError: another process writes it now.
    """
    import fcntl

    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("wb")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(f"{folder} is being indexed", hint="wait until the other one is done") from error
        yield


def _write(index: Index, folder: Path) -> None:
    tuning = asdict(index.tuning)
    means = tuning.pop("question_means")
    write_json(
        folder / INFO,
        {
            "format": FORMAT,
            "fingerprint": index.fingerprint,
            "passages": len(index.pieces),
            "documents": len({piece.document for piece in index.pieces}),
            "tuning": tuning,
        },
    )
    write_json(folder / PASSAGES, [asdict(piece) for piece in index.pieces])
    write_json(folder / ASKED, [asdict(one) for one in index.asked])
    write_json(folder / WORDS, list(index.words.vocabulary))
    arrays = {"vectors": index.vectors, "asked": index.asked_vectors, **index.words.arrays}
    arrays |= {f"{_MEAN}{language}": mean for language, mean in means.items()}
    write_bytes(folder / ARRAYS, save_arrays({name: np.ascontiguousarray(a) for name, a in arrays.items()}))
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)} for path in folder.iterdir()
    }
    write_json(folder / MANIFEST, {"format": FORMAT, "files": dict(sorted(files.items()))})


def _tuning(row: dict[str, Any], means: dict[str, Floats]) -> Tuning:
    return Tuning(
        word_weight=float(row["word_weight"]),
        known_weight=float(row["known_weight"]),
        pair_weight=float(row["pair_weight"]),
        weights=tuple(row["weights"]),
        gate=tuple(row["gate"]),
        threshold=float(row["threshold"]),
        question_means=means,
    )


def _verify(folder: Path) -> None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise IntegrityError(f"{folder}: format {manifest['format']!r} is not {FORMAT}", hint=_RESTORE)
        listed: dict[str, dict[str, Any]] = manifest["files"]
        for name in (INFO, PASSAGES, WORDS, ASKED, ARRAYS):
            path, expected = folder / name, listed[name]
            if path.stat().st_size != expected["bytes"] or sha256_of(path) != expected["sha256"]:
                raise IntegrityError(f"{path}: is not as it was written", hint=_RESTORE)
    except FileNotFoundError as error:
        raise IntegrityError(f"{error.filename}: missing", hint=_RESTORE) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IntegrityError(f"{folder / MANIFEST}: lists no sizes and hashes", hint=_RESTORE) from error


def _piece(row: dict[str, Any]) -> Piece:
    return Piece(
        **{
            **row,
            "headings": tuple(row["headings"]),
            "language": Language(row["language"]),
            "markets": tuple(MarketId(market) for market in row["markets"]),
        }
    )
