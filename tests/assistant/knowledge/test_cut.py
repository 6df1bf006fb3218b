"""Passages are the document's own characters, each word in one of them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tradewind.assistant.knowledge.cut import WIDEST, cut, width
from tradewind.assistant.knowledge.html import read_html
from tradewind.assistant.knowledge.markdown import markdown_blocks, read_markdown, shown
from tradewind.assistant.knowledge.model import Document

FILE = Path("fees.md")
LINES = st.sampled_from(
    [
        "# Fees", "## Abroad", "Fees", "====", "A transfer costs **2 €**. It takes a day.", "- one", "  - nested",
        "1. first",
        "| a | b |", "|---|---|", "| 1 | 2 |", "> quoted", "```", "    code", "", "", "---", "[x]: http://example.org",
        "<div>raw</div>", "转账需要一天。手续费两欧元。", "語" * 500, "word " * 300, "x" * 2000, "\\", "\t",
        "日本語、テスト。\u3000次",
    ]
)  # fmt: skip
MARKDOWN = st.lists(LINES, max_size=25).map("\n".join) | st.text(max_size=300).map(
    lambda text: text.replace("\r\n", "\n").replace("\r", "\n")
)


def document(text: str) -> Document:
    return Document("fees", "Fees", text, markdown_blocks(text), marked=True)


@given(MARKDOWN)
def test_every_word_is_in_one_passage_or_heading(text: str) -> None:
    found = document(text)
    spans = [(piece.start, piece.end) for piece in cut(found)]
    spans += [(block.start, block.end) for block in found.blocks if block.kind == "heading"]
    spans.sort()
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    rest = list(text)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    assert not any(character.isalnum() for character in rest)


@given(MARKDOWN)
def test_a_passage_has_the_exact_characters_and_is_not_too_wide(text: str) -> None:
    for piece in cut(document(text)):
        assert piece.text == text[piece.start : piece.end]
        assert piece.text == piece.text.strip()
        assert piece.text
        assert width(piece.text) <= WIDEST


def test_a_passage_keeps_its_headings_and_a_row_the_header_of_its_table() -> None:
    text = "Intro.\n# Cards\nAbout cards.\n## Abroad\n- free in euro\n- else 1.75 %\n\n"
    text += "| Card | Fee |\n|-|-|\n| Gold | 9 |\n# More\nEnd."
    pieces = cut(document(text))
    assert [piece.headings for piece in pieces] == [
        (),
        ("Cards",),
        ("Cards", "Abroad"),
        ("Cards", "Abroad"),
        ("More",),
    ]
    assert pieces[2].text == "- free in euro\n- else 1.75 %\n\n| Card | Fee |"
    assert pieces[3].context == "| Card | Fee |"
    assert "| Card | Fee |\n| Gold | 9 |" in pieces[3].indexed


def test_a_quotation_has_the_words_without_the_marks() -> None:
    assert shown("Open **Cards › Freeze**, see [fees](https://x.example/a) and `IBAN`.") == (
        "Open Cards › Freeze, see fees and IBAN."
    )
    assert shown("2 * 3 ** 4 and snake__case") == "2 * 3 ** 4 and snake__case"


def test_each_passage_has_its_own_language() -> None:
    text = "# A\nThe card is free of charge and you can order it in the app.\n"
    text += "# B\nDie Karte ist kostenlos und wird mit der App bestellt."
    assert [piece.language for piece in cut(document(text))] == ["en", "de"]


def test_front_matter_says_id_title_market_link_and_language() -> None:
    text = "---\nid: cards/fees\ntitle: What cards cost\nmarkets: [de, at]\nlink: https://bank.example/f\n"
    text += "lang: en\n---\nFree."
    found = read_markdown(FILE, text, id="x")
    assert (found.id, found.title, found.markets, found.link, found.language) == (
        "cards/fees", "What cards cost", ("de", "at"), "https://bank.example/f", "en",
    )  # fmt: skip
    (piece,) = cut(found)
    assert piece.text == "Free."


def test_html_gives_the_words_that_a_reader_sees() -> None:
    page = (
        "<html lang=de><head><title>Geb&uuml;hren</title><style>p{}</style>"
        "<link rel=canonical href='https://bank.example/fees'></head><body><nav>Start</nav>"
        "<h1>Karten</h1><p>Die <b>erste</b>\n Karte ist frei.<ul><li>Gold 9 €<li>Platin 19 €</ul>"
        "<table><tr><th>Karte<th>Preis<tr><td>Gold<td>9</table><script>alert(1)</script>"
    )
    found = read_html(Path("a.html"), page.encode(), id="a")
    assert (found.title, found.language, found.link) == ("Gebühren", "de", "https://bank.example/fees")
    assert found.text == (
        "Karten\n\nDie erste Karte ist frei.\nGold 9 €\nPlatin 19 €\nKarte | Preis\nGold | 9"
    )
    pieces = cut(found)
    assert pieces[0].headings == ("Karten",)
    assert pieces[-1].context == "Karte | Preis"


@given(st.text(alphabet="<>/pdivhtablescript 1a&;\"'=!-语", max_size=200))
def test_html_of_any_kind_is_cut_exactly(page: str) -> None:
    found = read_html(Path("a.html"), page.encode(), id="a")
    for piece in cut(found):
        assert piece.text == found.text[piece.start : piece.end]
