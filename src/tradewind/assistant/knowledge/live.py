"""An index that follows its folder: what is indexed anew is answered from within a second, without a pause."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from tradewind.assistant.knowledge import disk
from tradewind.assistant.knowledge.answer import KnowledgeBase
from tradewind.assistant.knowledge.model import Embedder, Reranker
from tradewind.core.errors import TradewindError

logger = logging.getLogger(__name__)

EVERY_S = 1.0


class LiveKnowledge(KnowledgeBase):
    """A `KnowledgeBase` that looks once a second for a new version and puts it in place once it is loaded whole.

    A version that cannot be loaded is reported in the log once, and the old one goes on.

    Args:
        folder: of the index, see `disk`; it may still be empty.
        embedder, reranker: see `KnowledgeBase`.
    """

    def __init__(self, folder: Path, embedder: Embedder, reranker: Reranker | None = None) -> None:
        super().__init__(None, embedder, reranker)
        self._folder = folder
        self._version: str | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Load what is live now, and follow it from now on in a thread of its own."""
        self.refresh()
        self._thread = threading.Thread(target=self._follow, name="tradewind-knowledge", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Follow no longer; questions are still answered from the last version."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def refresh(self) -> bool:
        """Take up the live version if it is another one; says whether it was."""
        try:
            version = disk.live_version(self._folder)
            if version is None or version == self._version:
                return False
            self._version = version  # also of one that cannot be loaded: it is not tried again each second
            self.swap(disk.load(self._folder, version))
        except TradewindError as error:
            logger.error("knowledge goes on with the old index: %s", error)
            return False
        return True

    def _follow(self) -> None:
        while not self._stop.wait(EVERY_S):
            self.refresh()
