"""A person is told everything, in their language, and nobody else's."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from subjects import ACME, CHINA, CN, DE, EU, Ground, erase, ground, say

from tradewind.core.ids import RegionId, SubjectId
from tradewind.journal.databases import Scoped
from tradewind.privacy.export import languages, page, words_in

ANNA = "anna@example.com"
SCRIPT = "<script>alert('x')</script>"


def test_an_export_has_what_every_region_knows_and_nothing_of_others(here: Ground):
    say(here, ANNA, "from Berlin")
    say(here, ANNA, "来自上海", CHINA)
    say(here, "ben@example.com", "somebody else's")
    made = here.privacy.exports.export(ACME, DE, [ANNA])
    texts = {
        one["region"]: [
            entry["content"].get("text") for entry in one["entries"] if "text" in entry["content"]
        ]
        for one in made.content["regions"]
    }
    assert texts == {EU: ["from Berlin"], CN: ["来自上海"]}
    assert "somebody else's" not in json.dumps(made.content)
    assert made.request.done is not None
    assert made.request.regulation == "gdpr"
    assert len(list(here.journal.read(ACME, CN, kinds=["privacy.exported"]))) == 1


def test_consents_are_told(here: Ground):
    subject = say(here, ANNA, "x")
    here.privacy.consents.give(ACME, DE, subject, purpose="marketing", version="v7", language="de", by="k")
    (region,) = here.privacy.exports.export(ACME, DE, [ANNA]).content["regions"]
    assert [(one["purpose"], one["granted"], one["version"]) for one in region["consents"]] == [
        ("marketing", True, "v7")
    ]


def test_who_was_erased_is_unknown(here: Ground):
    say(here, ANNA, "from Berlin")
    erase(here, ANNA)
    assert here.privacy.exports.export(ACME, DE, [ANNA]).content["regions"] == []


@pytest.mark.parametrize("language", ["en", "zh", "de", "es", "fr", "ja", "pt"])
def test_the_page_is_in_the_persons_language_and_shows_text_as_text(tmp_path: Path, language: str):
    with ground(tmp_path) as here:
        say(here, ANNA, f"hello {SCRIPT}")
        html = page(here.privacy.exports.export(ACME, DE, [ANNA], language=language).content)
    assert f'<html lang="{language}">' in html
    assert words_in(language)["title"] in html
    assert SCRIPT not in html
    assert "&lt;script&gt;" in html
    assert not re.search(r'(src|href)="', html), "it needs nothing from elsewhere"


def test_every_catalogue_has_every_word():
    assert {"en", "zh", "de", "es", "fr", "ja", "pt"} <= set(languages())
    for language in languages():
        assert words_in(language).keys() == words_in("en").keys()
    assert words_in("pt-BR")["language"] == "pt"
    assert words_in("xx")["language"] == "en"


@dataclass
class Likes:
    """A room that knows more."""

    name: str = "likes"

    def export(self, tables: Scoped, region: RegionId, subject: SubjectId) -> list[dict[str, Any]]:
        return [{"likes": "Antwerp"}] if region == EU else []


def test_rooms_add_what_they_know(tmp_path: Path):
    with ground(tmp_path, exporters=[Likes()]) as here:
        say(here, ANNA, "x")
        content = here.privacy.exports.export(ACME, DE, [ANNA]).content
    assert content["regions"][0]["more"] == {"likes": [{"likes": "Antwerp"}]}
    assert "Antwerp" in page(content)


def test_nothing_of_an_export_is_kept(tmp_path: Path):
    with ground(tmp_path) as here:
        say(here, ANNA, "the flat in Harbour Street 9")
        here.privacy.exports.export(ACME, DE, [ANNA], key="k")
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"Harbour Street" not in file.read_bytes(), file
