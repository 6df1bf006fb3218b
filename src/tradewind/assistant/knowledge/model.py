"""What knowledge is made of: documents, the passages that they are cut into, and what a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from tradewind.assistant.model import Language, Passage
from tradewind.core.ids import MarketId
from tradewind.nlp.model import Floats

BlockKind = Literal["heading", "text"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document's text that belongs together: a heading, a paragraph, a list item, a table row.

    Args:
        start, end: characters of the document's text, end excluded.
        level: of a heading, from 1.
        title: the words of a heading, without its marks.
        context: what must be known to understand the block but stands elsewhere: the header of its table.
        anchor: what a link to the block ends with, after a "#".
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    title: str = ""
    context: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was read.

    Args:
        id: the same for all translations of one document.
        text: of Markdown the source without its front matter; of other formats the words that a reader sees.
        blocks: in order, without overlap; between them is only what carries no words.
        language: what the document says of itself; None leaves it to each passage's words.
        markets: where it holds; everywhere when empty.
        asked: questions that it is known to answer.
        marked: whether `text` has marks of Markdown, which a quotation leaves out.
    """

    id: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    language: Language | None = None
    markets: tuple[MarketId, ...] = ()
    link: str | None = None
    file: Path | None = None
    asked: tuple[str, ...] = ()
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage as it is indexed.

    Args:
        text: the document's characters `start` to `end`.
        headings: from the outermost to the nearest.
        quote: the same words without marks of typesetting: what a customer reads.
        context: see `Block`.
    """

    document: str
    title: str
    headings: tuple[str, ...]
    text: str
    quote: str
    start: int
    end: int
    language: Language
    markets: tuple[MarketId, ...] = ()
    link: str | None = None
    context: str = ""

    @property
    def indexed(self) -> str:
        """What is searched: the passage below its title and headings, so that it can be understood alone."""
        lead = dict.fromkeys(part for part in (self.title, *self.headings, self.context) if part)
        return "\n".join((*lead, self.quote))

    @property
    def passage(self) -> Passage:
        """What is quoted."""
        return Passage(self.document, self.title, self.quote, self.language, self.link)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that somebody asked, and the id of the document that answers it; None where none does."""

    text: str
    language: Language
    document: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Args:
        score: fused; only the order means something.
        cosine: of the question's and the passage's vector.
        words: the share, from 0 to 1, of the question's words, weighted by rarity, that the passage covers.
        known: cosine of the nearest question that is known to be answered by the passage's document.
        place: of the passage in the index.
    """

    piece: Piece
    score: float
    cosine: float
    words: float
    known: float
    place: int


class Embedder(Protocol):
    """Turns questions and passages into unit vectors of one space, whatever their language."""

    @property
    def fingerprint(self) -> str:
        """Names the space: vectors of different fingerprints cannot be compared."""
        ...

    def questions(self, texts: Sequence[str]) -> Floats:
        """float32 [n, H], of length one."""
        ...

    def passages(self, texts: Sequence[str]) -> Floats:
        """float32 [n, H], of length one."""
        ...


class Reranker(Protocol):
    """Reads a question together with a passage."""

    def scores(self, question: str, passages: Sequence[str]) -> Floats:
        """float32 [n]: the log-odds that each passage answers the question."""
        ...
