"""Fetching an encoder from a model hub, through huggingface_hub where it is installed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tradewind.core.errors import InputError, NotFoundError, UnavailableError
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

TIMEOUT_S = 5.0


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
        found = _list_files(source)
        read = HubSource(source.repository, found.sha, source.sha256)
        for name in _wanted(source.repository, set(found.sizes)):
            _download(read, name, folder, found, report)
        if (folder / WEIGHTS_INDEX).is_file():
            for shard in _shards(folder):
                _download(read, shard, folder, found, report)
    return read


class _Repository:
    """What the hub says about a repository: its commit, and its files' sizes and (for large ones) hashes."""

    def __init__(self, info: Any) -> None:
        self.sha: str | None = info.sha
        self.sizes = {file.rfilename: file.size for file in info.siblings or ()}
        self.hashes = {file.rfilename: file.lfs.sha256 for file in info.siblings or () if file.lfs}


def _list_files(source: HubSource) -> _Repository:
    try:
        from huggingface_hub import HfApi
    except ImportError as error:
        raise UnavailableError(
            "the package huggingface_hub is not installed", hint="pip install 'tradewind[train]'"
        ) from error
    info = HfApi().model_info(
        source.repository, revision=source.revision, timeout=TIMEOUT_S, files_metadata=True
    )
    return _Repository(info)


def _wanted(repository: str, present: set[str]) -> list[str]:
    weights = next((name for name in (WEIGHTS, WEIGHTS_INDEX) if name in present), None)
    if weights is None:
        raise refused_weights(repository, sorted(present))
    if TOKENIZER not in present:
        raise no_tokenizer(repository)
    if CONFIG not in present:
        raise InputError(f"{repository}: no {CONFIG} there", hint="is this a text encoder?")
    return [CONFIG, TOKENIZER, *({SENTENCE_CONFIG} & present), weights]


def _shards(folder: Path) -> list[str]:
    import json

    names = sorted(
        set(json.loads((folder / WEIGHTS_INDEX).read_text(encoding="utf-8"))["weight_map"].values())
    )
    return [Path(name).name for name in names]


def _download(source: HubSource, name: str, folder: Path, found: _Repository, report: Report) -> None:
    from huggingface_hub import hf_hub_download

    size = found.sizes.get(name)
    report(Progress(f"{source.repository}: {name}", 0, size))
    hf_hub_download(
        source.repository,
        name,
        revision=source.revision,
        local_dir=folder,
        etag_timeout=TIMEOUT_S,
        tqdm_class=None,
    )
    expected = {digest for digest in (source.sha256.get(name), found.hashes.get(name)) if digest}
    check_hash(folder / name, expected, f"the hub's copy of {source.repository} is not the one that is known")
    report(Progress(f"{source.repository}: {name}", size or 0, size))


@contextlib.contextmanager
def _hub_errors(source: HubSource) -> Iterator[None]:
    """Say in our words what the hub's client raises: of its HTTP library, which it has changed twice."""
    from tradewind.core.errors import TradewindError

    try:
        yield
    except (TradewindError, KeyboardInterrupt):
        raise
    except Exception as error:
        raise _translated(source, error) from error


def _translated(source: HubSource, error: Exception) -> UnavailableError | NotFoundError:
    kind = type(error).__name__
    first_line = (str(error).strip() or kind).splitlines()[0]
    if kind in ("GatedRepoError",):
        return UnavailableError(
            f"the model hub gives {source.repository} only to accounts that accepted its terms",
            hint="accept them on its page and set HF_TOKEN",
        )
    if kind in ("RepositoryNotFoundError", "RevisionNotFoundError"):
        return NotFoundError(
            f"the model hub has no {source.repository}",
            hint="check the spelling; a private one needs HF_TOKEN",
        )
    if kind == "OfflineModeIsEnabled":
        return UnavailableError(
            "the model hub was not asked: HF_HUB_OFFLINE is set", hint="unset it to ask the hub"
        )
    return UnavailableError(
        f"the model hub cannot be reached: {first_line}", hint="check the network or HF_ENDPOINT"
    )
