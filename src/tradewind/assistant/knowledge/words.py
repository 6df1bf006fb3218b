"""Search by words: BM25 over words, and over pairs of characters in scripts without spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

import bm25s
import numpy as np

from tradewind.nlp.model import Floats

MOST_QUESTION_WORDS = 256
_RUN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff"
_PARTS = re.compile(f"[{_DENSE}]+|[^{_DENSE}]+")
_IS_DENSE = re.compile(f"[{_DENSE}]")


def words_of(text: str) -> list[str]:
    """What is compared: folded words, and of scripts without spaces each two neighbouring characters.

    >>> words_of("IBAN 号码在哪里？")
    ['iban', '号码', '码在', '在哪', '哪里']
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    found: list[str] = []
    for run in _RUN.findall(folded):
        for part in _PARTS.findall(run):
            if len(part) > 1 and _IS_DENSE.match(part):
                found += (part[place : place + 2] for place in range(len(part) - 1))
            else:
                found.append(part)
    return found


class WordIndex:
    """BM25 (Robertson and Zaragoza 2009, as Lucene has it) over passages; it never changes once it is built.

    Args:
        vocabulary: each word's number, in the order in which the passages first use them.
        arrays: what `bm25s` keeps: a sparse matrix of each word's share in each passage's score.
        size: number of passages.
    """

    def __init__(self, vocabulary: Mapping[str, int], arrays: Mapping[str, np.ndarray], size: int) -> None:
        self.vocabulary, self.arrays, self.size = vocabulary, arrays, size
        self._ranker = bm25s.BM25(method="lucene")
        self._ranker.scores = {**arrays, "num_docs": size}
        self._ranker.vocab_dict = dict(vocabulary)
        self._ranker.nonoccurrence_array = None
        holders = np.diff(np.asarray(arrays["indptr"]))
        # The idf of Lucene's BM25, as bm25s computes it.
        self._idf = np.log(1 + (size - holders + 0.5) / (holders + 0.5)).astype(np.float32)
        self._unknown = float(np.log(1 + (size + 0.5) / 0.5))

    @classmethod
    def build(cls, texts: Sequence[str]) -> WordIndex:
        """An index over passages, at least one."""
        vocabulary: dict[str, int] = {}
        numbers = [
            [vocabulary.setdefault(word, len(vocabulary)) for word in words_of(text)] for text in texts
        ]
        vocabulary = vocabulary or {"": 0}
        ranker = bm25s.BM25(method="lucene")
        ranker.index((numbers, vocabulary), create_empty_token=False, show_progress=False)
        arrays = {name: np.asarray(ranker.scores[name]) for name in ("data", "indices", "indptr")}
        return cls(vocabulary, arrays, len(texts))

    def shares(self, question: str) -> Floats:
        """float32 [n], from 0 to 1: how much of the question each passage's words cover, rare words counting more."""
        words = words_of(question)[:MOST_QUESTION_WORDS]
        known = [self.vocabulary[word] for word in words if word in self.vocabulary]
        if not known:
            return np.zeros(self.size, dtype=np.float32)
        most = float(self._idf[known].sum()) + self._unknown * (len(words) - len(known))
        scores: Floats = self._ranker.get_scores_from_ids(known)
        return scores / np.float32(most)
