"""What persons agreed to is asked before their data is used, and their no holds at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from subjects import ACME, DE, EU, Ground, erase, ground

from tradewind.core.errors import ConsentError, InputError
from tradewind.core.ids import SubjectId
from tradewind.markets.load import load_markets
from tradewind.privacy.consent import need_of
from tradewind.privacy.subjects import identifier_of

MARKETS = load_markets()
ANNA = "anna@example.com"


def person(here: Ground) -> SubjectId:
    return here.privacy.subjects.pseudonym(ACME, EU, identifier_of(ANNA, None))


def give(here: Ground, version: str = "v1", key: str | None = None) -> None:
    here.privacy.consents.give(
        ACME, DE, person(here), purpose="marketing", version=version, language="de", by="k1", key=key
    )


def withdraw(here: Ground, key: str | None = None) -> None:
    here.privacy.consents.withdraw(ACME, DE, person(here), purpose="marketing", by="k1", key=key)


def asks(here: Ground) -> bool:
    """Whether the person's data may be used for marketing now."""
    try:
        here.privacy.consents.require(ACME, EU, person(here), "marketing", MARKETS.law_of(DE))
    except ConsentError:
        return False
    return True


def test_what_was_not_agreed_to_is_refused_until_it_is_and_after_it_was_taken_back(here: Ground):
    assert not asks(here)
    give(here)
    assert asks(here)
    withdraw(here)
    assert not asks(here)
    kinds = [entry.kind for entry in here.journal.read(ACME, EU)]
    assert kinds == ["privacy.consent_given", "privacy.consent_withdrawn"]


def test_the_version_and_language_of_the_text_are_kept(here: Ground):
    give(here, "2026-11")
    (stated,) = here.privacy.consents.all(ACME, EU, person(here))
    assert (stated.version, stated.language, stated.granted) == ("2026-11", "de", True)
    withdraw(here)
    (stated,) = here.privacy.consents.all(ACME, EU, person(here))
    assert (stated.version, stated.granted) == ("2026-11", False)


def test_a_retry_says_what_holds_now_and_changes_nothing(here: Ground):
    give(here, key="g1")
    withdraw(here, key="w1")
    give(here, key="g1")
    assert not asks(here), "a retry of the yes must not undo the no that came after it"
    give(here, "v2", key="g2")
    withdraw(here, key="w1")
    assert asks(here), "a retry of the no must not undo the yes that came after it"


def test_a_yes_whose_table_was_not_reached_is_put_there_by_the_retry(here: Ground, monkeypatch):
    monkeypatch.setattr(type(here.privacy.consents), "_put", _dies)
    with pytest.raises(RuntimeError):
        give(here, key="g1")
    monkeypatch.undo()
    assert not asks(here)
    give(here, key="g1")
    assert asks(here)


def _dies(*_: object) -> None:
    raise RuntimeError("killed here")


def test_the_table_can_be_made_anew_from_the_journal(here: Ground):
    give(here)
    withdraw(here)
    give(here, "v2")
    before = here.privacy.consents.all(ACME, EU, person(here))
    assert here.privacy.consents.rebuild(ACME, EU) == 3
    assert here.privacy.consents.all(ACME, EU, person(here)) == before


def test_an_erased_persons_consents_do_not_come_back(here: Ground):
    give(here)
    anna = person(here)
    erase(here, ANNA)
    assert here.privacy.consents.all(ACME, EU, anna) == []
    here.privacy.consents.rebuild(ACME, EU)
    assert here.privacy.consents.all(ACME, EU, anna) == []
    assert not asks(here), "whoever comes back has agreed to nothing yet"


@pytest.mark.parametrize("purpose", ["", "Marketing", "x" * 65, "a b", "a\n"])
def test_what_is_no_purpose_is_refused(tmp_path: Path, purpose: str):
    with ground(tmp_path) as here, pytest.raises(InputError, match="no purpose"):
        here.privacy.consents.withdraw(ACME, DE, person(here), purpose=purpose, by="k1")


@pytest.mark.parametrize(
    ("version", "language", "words"),
    [
        ("", "de", "no version"),
        ("x" * 65, "de", "no version"),
        ("v\0", "de", "no version"),
        ("v1", "d", "no language"),
    ],
)
def test_a_text_that_cannot_be_named_is_refused(tmp_path: Path, version: str, language: str, words: str):
    with ground(tmp_path) as here, pytest.raises(InputError, match=words):
        here.privacy.consents.give(
            ACME, DE, person(here), purpose="marketing", version=version, language=language, by="k"
        )


@pytest.mark.parametrize(
    ("law", "purpose", "need"),
    [
        ("gdpr", "service", "nothing"),
        ("gdpr", "marketing", "consent"),
        ("pipl", "marketing", "consent"),
        ("ccpa", "marketing", "no-objection"),
        ("ccpa", "service", "nothing"),
    ],
)
def test_what_a_purpose_needs_is_read_off_the_law(law: str, purpose: str, need: str):
    assert need_of(purpose, MARKETS.regulation(law)) == need


@pytest.mark.parametrize("law", sorted(MARKETS.regulations))
def test_no_law_lets_a_purpose_pass_that_nobody_described(law: str):
    assert need_of("something-new", MARKETS.regulation(law)) in ("consent", "no-objection")
