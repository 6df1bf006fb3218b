"""Labelled text: reading it from any usual file, checking it, splitting it, spans as tags."""

from tradewind.nlp.data.check import check
from tradewind.nlp.data.model import Columns, Dataset, Example, merge
from tradewind.nlp.data.read import FORMATS, read
from tradewind.nlp.data.report import CheckReport
from tradewind.nlp.data.require import require_trainable
from tradewind.nlp.data.spans import IGNORE, spans_to_tags, tag_labels, tags_to_spans
from tradewind.nlp.data.split import split

__all__ = [
    "FORMATS",
    "IGNORE",
    "CheckReport",
    "Columns",
    "Dataset",
    "Example",
    "check",
    "merge",
    "read",
    "require_trainable",
    "spans_to_tags",
    "split",
    "tag_labels",
    "tags_to_spans",
]
