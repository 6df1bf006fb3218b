"""A model's card as HTML: Markdown with tables; HTML and pictures in it stay text, unsafe links too."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt


def card_html(markdown: str) -> str:
    """Render a card. It may come from anywhere: nothing in it runs, and nothing is fetched."""
    return str(_renderer().render(markdown))


@cache
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
