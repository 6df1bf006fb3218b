"""Redaction: what is put in the place of personal data, and who gets it back."""

from __future__ import annotations

import base64
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tradewind.core.errors import ForbiddenError, InputError
from tradewind.core.ids import MarketId
from tradewind.privacy.detect import Detector
from tradewind.privacy.model import PiiSpan
from tradewind.privacy.redact import redact, way_of
from tradewind.privacy.tokens import KEY_BYTES, TOKEN, Tokens, canonical

TEXT = "Alice Smith pays with 4111 1111 1111 1111"
SPANS = [PiiSpan("PERSON", 0, 11, 0.9), PiiSpan("CREDIT_CARD", 22, 41, 0.99)]
KEY = bytes(range(KEY_BYTES))


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(KEY)


class TestWays:
    def test_a_mask_keeps_the_shape(self) -> None:
        assert redact(TEXT, SPANS, "mask") == "***** ***** pays with **** **** **** ****"

    def test_a_placeholder_says_the_type(self) -> None:
        assert redact(TEXT, SPANS, "placeholder") == "<PERSON> pays with <CREDIT_CARD>"

    def test_a_pseudonym_hides_the_value_and_gives_it_back(self, tokens: Tokens) -> None:
        hidden = redact(TEXT, SPANS, "pseudonym", tokens)
        assert "Alice" not in hidden
        assert "1111" not in hidden
        assert tokens.reveal(hidden) == "Alice Smith pays with 4111111111111111"

    def test_pseudonyms_need_a_key(self) -> None:
        with pytest.raises(InputError, match="need a key"):
            redact(TEXT, SPANS, "pseudonym")

    def test_an_unknown_way_is_refused_with_those_there_are(self) -> None:
        with pytest.raises(InputError, match="mask, placeholder, pseudonym"):
            way_of("blur")

    def test_nothing_found_nothing_changed(self) -> None:
        assert redact(TEXT, [], "mask") == TEXT


class TestSameValueSameToken:
    @pytest.mark.parametrize(
        ("type", "one", "other"),
        [
            ("PERSON", "Alice Smith", "ALICE  smith".upper()),
            ("PERSON", "Alice Smith", "alice smith"),
            ("CREDIT_CARD", "4111 1111 1111 1111", "4111-1111-1111-1111"),
            ("CREDIT_CARD", "4111111111111111", "４１１１１１１１１１１１１１１１"),
            ("EMAIL_ADDRESS", "A@Example.com", "a@example.com"),
            ("PHONE_NUMBER", "+44 20 7946 0018", "+442079460018"),
            ("IBAN_CODE", "de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ],
    )
    def test_however_it_is_written(self, tokens: Tokens, type: str, one: str, other: str) -> None:
        assert tokens.token(type, one) == tokens.token(type, other)

    def test_other_values_types_and_keys_have_other_tokens(self, tokens: Tokens) -> None:
        told = tokens.token("PERSON", "Alice")
        assert told != tokens.token("PERSON", "Alicia")
        assert told[8:] != tokens.token("ORGANIZATION", "Alice")[14:]
        assert told != Tokens(os.urandom(KEY_BYTES)).token("PERSON", "Alice")

    def test_a_name_in_mixed_case_keeps_it(self) -> None:
        assert canonical("PERSON", "Ronald McDonald de la Cruz") == "Ronald McDonald de la Cruz"
        assert canonical("PERSON", "王小明") == "王小明"

    def test_lengths_are_hidden_in_steps(self, tokens: Tokens) -> None:
        assert len(tokens.token("PERSON", "Al")) == len(tokens.token("PERSON", "Alexander"))

    @settings(deadline=None)
    @given(value=some.text(some.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60))
    def test_a_token_gives_back_what_was_put_in(self, value: str) -> None:
        tokens = Tokens(KEY)
        for type in ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER"):
            token = tokens.token(type, value)
            assert TOKEN.fullmatch(token)
            assert tokens.reveal(f"a{token}b") == f"a{canonical(type, value) or '?'}b"


class TestForgery:
    def test_another_key_reveals_nothing(self, tokens: Tokens) -> None:
        hidden = redact(TEXT, SPANS, "pseudonym", tokens)
        with pytest.raises(ForbiddenError, match="not made with this key"):
            Tokens(os.urandom(KEY_BYTES)).reveal(hidden)

    def test_a_token_of_one_type_is_none_of_another(self, tokens: Tokens) -> None:
        token = tokens.token("PERSON", "Alice")
        with pytest.raises(ForbiddenError):
            tokens.reveal(token.replace("PERSON", "URL"))

    def test_a_changed_token_is_refused(self, tokens: Tokens) -> None:
        type, token = TOKEN.fullmatch(tokens.token("PERSON", "Alice")).groups()  # type: ignore[union-attr]
        sealed = bytearray(base64.urlsafe_b64decode(token + "=="))
        sealed[3] ^= 1
        changed = base64.urlsafe_b64encode(bytes(sealed)).rstrip(b"=").decode()
        with pytest.raises(ForbiddenError):
            tokens.reveal(f"<{type}:{changed}>")

    def test_what_only_looks_like_a_token_hides_nothing(self, tokens: Tokens) -> None:
        """Somebody who writes a card number into a false token has not got it past the redaction."""
        text = "<NOTE:card-4111-1111-1111-1111-is-mine>"
        spans = [PiiSpan("CREDIT_CARD", 11, 30, 0.9)]
        assert "4111" not in redact(text, spans, "pseudonym", tokens)

    def test_a_text_that_was_redacted_stays_as_it_is(self, tokens: Tokens) -> None:
        detector = Detector(MarketId("us"))
        text = "call (212) 555-0187 or write to a@b.com"
        once = redact(text, detector.detect([text])[0], "pseudonym", tokens)
        assert redact(once, detector.detect([once])[0], "pseudonym", tokens) == once

    def test_a_key_of_another_length_is_refused(self) -> None:
        with pytest.raises(InputError, match="64 bytes"):
            Tokens(b"short")


@settings(deadline=None)
@given(
    words=some.lists(
        some.sampled_from(
            ["hello", "4111111111111111", "a@b.com", "(212) 555-0187", "536-90-4399", "10.1.2.3", "thanks"]
        ),
        max_size=8,
    )
)
def test_what_was_found_is_gone_afterwards(words: list[str]) -> None:
    text = " , ".join(words)
    detector = Detector(MarketId("us"))
    (spans,) = detector.detect([text])
    for way in ("mask", "placeholder"):
        clean = redact(text, spans, way_of(way))
        assert detector.detect([clean]) == [[]]
        for span in spans:
            assert text[span.start : span.end] not in clean
