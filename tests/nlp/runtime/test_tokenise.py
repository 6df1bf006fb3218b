"""From texts to windows of token ids, by both libraries: the same pieces, nothing cut, every character found again."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from tradewind.core.errors import InputError, IntegrityError
from tradewind.nlp import bundle
from tradewind.nlp.export.pieces import SCRIPTS, write_unigram
from tradewind.nlp.runtime.pieces import Pieces, SpecialTokens, TokenizerPieces, UnigramPieces
from tradewind.nlp.runtime.tokenise import Tokeniser

TEXTS = [
    "where is my card",
    "Ｗｈｅｒｅ is ①?",
    "我的卡被吞了，怎么办",
    "naïve café €12.50",
    "the cards were sent",
]
LONG = "where is my card and when will the money be back " * 30


@pytest.fixture(scope="session")
def unigram_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder's tokenizer: XLM-R's layout around a small vocabulary that sentencepiece learned."""
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    folder = tmp_path_factory.mktemp("unigram")
    corpus = folder / "corpus.txt"
    corpus.write_text("\n".join([*TEXTS, LONG, *SCRIPTS] * 20), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(folder / "learned"), vocab_size=230, minloglevel=2,
        bos_id=0, pad_id=1, eos_id=2, unk_id=3, hard_vocab_limit=False,
    )  # fmt: skip
    learned: Any = sentencepiece_model_pb2.ModelProto()
    learned.ParseFromString((folder / "learned.model").read_bytes())
    tokenizer = Tokenizer(models.Unigram([(piece.piece, piece.score) for piece in learned.pieces], 3))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(learned.normalizer_spec.precompiled_charsmap),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.save(str(folder / bundle.TOKENIZER))
    assert write_unigram(folder, TEXTS)
    return folder


@pytest.fixture(scope="session")
def word_pieces(tmp_path_factory: pytest.TempPathFactory) -> TokenizerPieces:
    words = sorted(set(LONG.split()))
    tokenizer = Tokenizer(models.WordLevel({w: n for n, w in enumerate(["?", "[", "]", *words])}, "?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[ $A ]", pair="[ $A ] $B ]", special_tokens=[("[", 1), ("]", 2)]
    )
    path = tmp_path_factory.mktemp("words") / "tokenizer.json"
    tokenizer.save(str(path))
    return TokenizerPieces(path)


@pytest.fixture(params=["words", "unigram", "sentencepiece"])
def pieces(request: pytest.FixtureRequest, unigram_folder: Path, word_pieces: TokenizerPieces) -> Pieces:
    if request.param == "words":
        return word_pieces
    if request.param == "unigram":
        return TokenizerPieces(unigram_folder / bundle.TOKENIZER)
    return UnigramPieces(unigram_folder / bundle.UNIGRAM)


def test_special_tokens_are_read_off_the_tokenizer(
    unigram_folder: Path, word_pieces: TokenizerPieces
) -> None:
    assert word_pieces.special == SpecialTokens([1], [2], [2])
    for found in (
        TokenizerPieces(unigram_folder / bundle.TOKENIZER),
        UnigramPieces(unigram_folder / bundle.UNIGRAM),
    ):
        assert found.special == SpecialTokens([0], [2, 2], [2])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*TEXTS, *SCRIPTS, "的", "x", "Größe", "12"]), min_size=1, max_size=8).map(
        " ".join
    )
)
def test_both_libraries_split_alike(unigram_folder: Path, text: str) -> None:
    one = TokenizerPieces(unigram_folder / bundle.TOKENIZER).split([text])
    assert UnigramPieces(unigram_folder / bundle.UNIGRAM).split([text]) == one


def test_a_customer_cannot_write_special_tokens(unigram_folder: Path) -> None:
    ids = UnigramPieces(unigram_folder / bundle.UNIGRAM).split(["card</s><s>"])[0].ids
    assert not {0, 1, 2} & set(ids)


def test_a_vocabulary_that_would_split_otherwise_is_not_written(unigram_folder: Path, tmp_path: Path) -> None:
    changed = json.loads((unigram_folder / bundle.TOKENIZER).read_text(encoding="utf-8"))
    changed["normalizer"]["normalizers"].append({"type": "Lowercase"})
    (tmp_path / bundle.TOKENIZER).write_text(json.dumps(changed), encoding="utf-8")
    assert not write_unigram(tmp_path, ["WHERE IS MY CARD"])
    assert not (tmp_path / bundle.UNIGRAM).exists()


def test_a_file_that_an_earlier_export_left_goes_when_it_cannot_be_written(
    unigram_folder: Path, tmp_path: Path
) -> None:
    changed = json.loads((unigram_folder / bundle.TOKENIZER).read_text(encoding="utf-8"))
    changed["normalizer"] = {"type": "NFKC"}
    (tmp_path / bundle.TOKENIZER).write_text(json.dumps(changed), encoding="utf-8")
    (tmp_path / bundle.UNIGRAM).write_bytes(b"left by an earlier export")
    assert not write_unigram(tmp_path, TEXTS)
    assert not (tmp_path / bundle.UNIGRAM).exists()


def test_a_short_text_is_one_window_with_special_tokens(pieces: Pieces) -> None:
    ((window,),) = Tokeniser(pieces, max_tokens=64).encode([TEXTS[0]])
    (split,) = pieces.split([TEXTS[0]])
    assert window.ids == [*pieces.special.begin, *split.ids, *pieces.special.end]


def test_a_prefix_goes_before_every_window(pieces: Pieces) -> None:
    tokeniser = Tokeniser(pieces, prefix="is ", max_tokens=40)
    (prefix,) = pieces.split(["is"])
    for windows in tokeniser.encode([TEXTS[0], LONG]):
        for window in windows:
            begin = len(pieces.special.begin)
            assert window.ids[begin : begin + len(prefix.ids)] == prefix.ids


@pytest.mark.parametrize("most", [12, 31, 64])
def test_windows_of_a_long_text_hold_all_of_it_and_overlap_by_half(pieces: Pieces, most: int) -> None:
    (windows,) = Tokeniser(pieces, max_tokens=most).encode([LONG])
    (whole,) = pieces.split([LONG])
    read: dict[int, int] = {}
    for window in windows:
        assert len(window.ids) <= most
        for place in range(window.content):
            read[window.start + place] = window.ids[window.lead + place]
    assert [read[place] for place in range(len(whole.ids))] == whole.ids
    steps = {after.start - before.start for before, after in itertools.pairwise(windows)}
    assert len(steps) == 1
    assert steps.pop() <= most // 2 + 1


@pytest.mark.parametrize("most", [24, 500])
def test_offsets_lead_back_to_the_words(pieces: Pieces, most: int) -> None:
    text = LONG[:200].strip()
    (windows,) = Tokeniser(pieces, prefix="is ", max_tokens=most, with_offsets=True).encode([text])
    covered: set[int] = set()
    for window in windows:
        assert window.offsets is not None
        assert len(window.offsets) == len(window.ids)
        for start, end in window.offsets:
            assert 0 <= start <= end <= len(text)
            covered |= set(range(start, end))
    assert {place for place, character in enumerate(text) if character != " "} <= covered


def test_a_pair_is_read_together_and_its_windows_side_by_side(pieces: Pieces) -> None:
    tokeniser = Tokeniser(pieces, max_tokens=30, with_offsets=True)
    first, second = pieces.split(["my card", "the money"])
    ((window,), windows) = tokeniser.encode(["my card", LONG], ["the money", LONG])
    special = pieces.special
    assert window.ids == [*special.begin, *first.ids, *special.between, *second.ids, *special.end]
    assert window.offsets is not None
    assert set(window.offsets[len(special.begin) + len(first.ids) :]) == {(0, 0)}
    assert all(len(each.ids) <= 30 for each in windows)
    (whole,) = pieces.split([LONG])
    assert windows[-1].start + windows[-1].content == len(whole.ids)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["", "a"], "text 7 is empty"),
        (["a", " \t"], "text 8 is empty"),
        (["\ud800"], "lone surrogate"),
        ([3], "of type int"),
    ],
)
def test_what_is_no_text_is_refused_by_its_number(pieces: Pieces, texts: list[str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        Tokeniser(pieces).encode(texts, first_index=7)


@pytest.mark.parametrize("kind", [TokenizerPieces, UnigramPieces])
def test_a_file_that_is_no_vocabulary_is_refused(kind: type, tmp_path: Path) -> None:
    path = tmp_path / "tokenizer"
    path.write_bytes(b"\x00nonsense")
    with pytest.raises(IntegrityError, match="not a"):
        kind(path)
