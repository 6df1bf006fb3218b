"""Fetching an encoder from a model hub, through huggingface_hub where it is installed."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tradewind.core.errors import InputError, NotFoundError, TradewindError, UnavailableError
from tradewind.nlp.encoders.folder import SENTENCE_CONFIG, no_tokenizer, refused_weights
from tradewind.nlp.encoders.model import (
    CONFIG,
    TOKENIZER,
    WEIGHTS,
    WEIGHTS_INDEX,
    HubSource,
    Progress,
    Report,
)
from tradewind.nlp.encoders.record import check_hash
from tradewind.nlp.encoders.weights import shard_names

TIMEOUT_S = 5.0
CLIENT_FOLDER = ".cache"


def fetch_from_hub(source: HubSource, folder: Path, report: Report) -> HubSource:
    """Download the files of a repository into `folder`; returns the source with the commit that was read.

    Raises:
        UnavailableError: no hub package, no network, offline mode, the hub refuses; says which.
        NotFoundError: there is no such repository.
        InputError: the repository has no safetensors weights or no tokenizer.json.
        IntegrityError: a file has another hash than is pinned or than the hub itself states.
    """
    report(Progress(f"asking the model hub for {source.repository}"))
    with _hub_errors(source):
        repository = _Repository(source)
        read = replace(source, revision=repository.commit)
        for name in _wanted(source.repository, set(repository.sizes)):
            _download(read, name, folder, repository, report)
        if (folder / WEIGHTS_INDEX).is_file():
            for name in shard_names(folder / WEIGHTS_INDEX):
                _download(read, name, folder, repository, report)
    # The client keeps its own notes about what it downloaded.
    shutil.rmtree(folder / CLIENT_FOLDER, ignore_errors=True)
    return read


class _Repository:
    """What the hub says about a repository: its commit, its files' sizes and, for large ones, hashes."""

    def __init__(self, source: HubSource) -> None:
        try:
            from huggingface_hub import HfApi
        except ImportError as error:
            raise UnavailableError(
                "the model hub was not asked: huggingface_hub is not installed",
                hint="pip install 'tradewind[train]'",
            ) from error
        info: Any = HfApi().model_info(
            source.repository, revision=source.revision, timeout=TIMEOUT_S, files_metadata=True
        )
        files = info.siblings or ()
        self.commit: str = info.sha
        self.sizes: dict[str, int | None] = {file.rfilename: file.size for file in files}
        self.hashes: dict[str, str] = {file.rfilename: file.lfs.sha256 for file in files if file.lfs}


def _wanted(repository: str, present: set[str]) -> list[str]:
    weights = next((name for name in (WEIGHTS, WEIGHTS_INDEX) if name in present), None)
    if weights is None:
        raise refused_weights(repository, sorted(present))
    if TOKENIZER not in present:
        raise no_tokenizer(repository)
    if CONFIG not in present:
        raise InputError(f"{repository}: no {CONFIG} there", hint="is this a text encoder?")
    return [CONFIG, TOKENIZER, *({SENTENCE_CONFIG} & present), weights]


def _download(source: HubSource, name: str, folder: Path, repository: _Repository, report: Report) -> None:
    from huggingface_hub import hf_hub_download

    size = repository.sizes.get(name)
    step = f"downloading {name} of {source.repository} from the model hub"
    report(Progress(step, 0, size))
    with _without_bars():
        hf_hub_download(
            source.repository, name, revision=source.revision, local_dir=folder, etag_timeout=TIMEOUT_S
        )
    expected = {digest for digest in (source.sha256.get(name), repository.hashes.get(name)) if digest}
    check_hash(folder / name, expected, "the hub's copy is not the one that is known; nothing of it was kept")
    report(Progress(step, size or 0, size))


@contextlib.contextmanager
def _without_bars() -> Iterator[None]:
    """Silence the client's own progress bars, which write to standard error whoever is listening."""
    from huggingface_hub import utils

    if utils.are_progress_bars_disabled():
        yield
        return
    utils.disable_progress_bars()
    try:
        yield
    finally:
        utils.enable_progress_bars()


@contextlib.contextmanager
def _hub_errors(source: HubSource) -> Iterator[None]:
    """Say in our words what the hub's client raises: of its HTTP library, which it has changed twice."""
    try:
        yield
    except (TradewindError, KeyboardInterrupt):
        raise
    except Exception as error:
        raise _translated(source, error) from error


def _translated(source: HubSource, error: Exception) -> UnavailableError | NotFoundError:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "GatedRepoError" in kinds:
        return UnavailableError(
            f"the model hub gives {source.repository} only to accounts that accepted its terms",
            hint="accept them on its page and set HF_TOKEN",
        )
    if kinds & {"RepositoryNotFoundError", "RevisionNotFoundError"}:
        return NotFoundError(
            f"the model hub has no {str(source).removeprefix('hub:')}",
            hint="check the spelling; a private repository needs HF_TOKEN",
        )
    if "OfflineModeIsEnabled" in kinds:
        return UnavailableError(
            "the model hub was not asked: HF_HUB_OFFLINE is set", hint="unset it to ask the hub"
        )
    first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
    return UnavailableError(
        f"the model hub cannot be reached: {first_line}", hint="check the network, the proxy or HF_ENDPOINT"
    )
