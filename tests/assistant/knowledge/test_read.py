"""Documents of every kind are read; what cannot be is refused by name, line and what would be right."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from tradewind.assistant.knowledge import read
from tradewind.assistant.knowledge.cut import cut
from tradewind.assistant.knowledge.read import read_documents
from tradewind.core.errors import DataError, InputError, NotFoundError, TooLargeError, TradewindError


def pdf(file: Path, pages: list[list[str]], password: str = "") -> None:
    """A PDF with lines of text."""
    writer = PdfWriter()
    font = DictionaryObject(
        {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
         NameObject("/BaseFont"): NameObject("/Helvetica")}
    )  # fmt: skip
    for lines in pages:
        page = writer.add_blank_page(300, 300)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = DecodedStreamObject()
        stream.set_data(
            b"BT /F1 12 Tf 20 250 Td 14 TL " + b" ".join(f"({t}) Tj T*".encode() for t in lines) + b" ET"
        )
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    writer.write(file)


def test_a_folder_is_read_with_languages_and_ids_from_its_paths(tmp_path: Path) -> None:
    for name, text in {
        "de/fees.md": "Neun Euro.",
        "en/cards/lost.html": "<h1>Lost</h1><p>Call us.",
        "faq.csv": "Question,Answer,lang\nHow much?,Nine.,en\n\nWann?,Heute.,de\n",
        "notes.txt": "not read",
        ".git/x.md": "hidden",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = {document.id: document for document in read_documents([tmp_path])}
    assert set(found) == {"fees", "cards/lost", "faq/2", "faq/4"}
    assert (found["fees"].language, found["cards/lost"].language, found["faq/4"].language) == (
        "de",
        "en",
        "de",
    )
    assert found["faq/2"].asked == ("How much?",)
    (piece,) = cut(found["faq/2"])
    assert (piece.text, piece.headings) == ("Nine.", ("How much?",))


def test_a_pdf_gives_its_text_and_links_to_pages(tmp_path: Path) -> None:
    pdf(tmp_path / "fees.pdf", [["A card costs nine euros."], ["A transfer is free."]])
    (document,) = read_documents([tmp_path / "fees.pdf"])
    assert [piece.text for piece in cut(document)] == ["A card costs nine euros.", "A transfer is free."]
    assert [block.anchor for block in document.blocks] == ["page=1", "page=2"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.md", b"one\ntw\xff\xfeo", r"a\.md:2: not UTF-8"),
        ("a.md", b"\x00\x01\x02", r"a\.md:1: no text: it has zero bytes"),
        ("a.md", b"---\ntitle: [\n---\nx", r"a\.md:\d: not valid YAML"),
        ("a.md", b"---\ntitle: x\ncolour: red\n---\nx", r"a\.md:3 \[colour\]: unknown key"),
        ("a.md", b"---\ntitle: x\n", r"a\.md:1: the front matter has no end"),
        ("a.csv", b"q,a\nx,y\n", r"a\.csv:1 \[question\]: no column 'question'"),
        ("a.csv", b"question,answer\nx,\n", r"a\.csv:2 \[answer\]: no answer"),
        ("a.csv", b'question,answer\n"x,y\n', r"a\.csv:\d: no CSV"),
        ("a.csv", b"", r"a\.csv:1 \[question\]: no column"),
        ("a.html", b"<meta charset=klingon>x", r"a\.html:1: unknown encoding 'klingon'"),
        ("a.html", b"<p>\xff\xfa", r"a\.html:1: not UTF-8"),
        ("a.pdf", b"%PDF-1.7 nonsense", r"a\.pdf: no readable PDF"),
        ("a.pdf", b"", r"a\.pdf: no readable PDF"),
        ("a.pdf", bytes(range(256)) * 40, r"a\.pdf: no readable PDF"),
        ("a.docx", b"PK", r"a\.docx: files of this kind are not read"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name_and_line(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=says):
        read_documents([tmp_path / name])


def test_html_is_read_in_the_encoding_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes("<meta charset='gbk'><p>转账免费".encode("gbk"))
    (tmp_path / "b.html").write_bytes("<p>转账免费".encode("utf-16"))
    assert [document.text for document in read_documents([tmp_path])] == ["转账免费", "转账免费"]


def test_a_locked_or_empty_pdf_says_what_to_do(tmp_path: Path) -> None:
    pdf(tmp_path / "locked.pdf", [["secret"]], password="x")
    with pytest.raises(DataError, match="locked by a password"):
        read_documents([tmp_path / "locked.pdf"])
    pdf(tmp_path / "scan.pdf", [[]])
    with pytest.raises(DataError, match="no text in it"):
        read_documents([tmp_path / "scan.pdf"])


def test_every_cut_of_a_pdf_is_read_or_refused(tmp_path: Path) -> None:
    pdf(tmp_path / "whole.pdf", [["A card costs nine euros."]])
    whole = (tmp_path / "whole.pdf").read_bytes()
    for length in range(0, len(whole), 37):
        (tmp_path / "cut.pdf").write_bytes(whole[:length])
        with contextlib.suppress(TradewindError):
            read_documents([tmp_path / "cut.pdf"])


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "a.md").open("wb") as file:
        file.truncate(read.MOST_BYTES + 1)
    with pytest.raises(TooLargeError, match="at most 50 MB"):
        read_documents([tmp_path / "a.md"])


def test_nothing_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such file"):
        read_documents([tmp_path / "gone"])
    with pytest.raises(InputError, match="no documents"):
        read_documents([tmp_path])
