"""Whether a pack's files are complete and sound: everything that is wrong, by file and line."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tradewind.core.errors import DataError
from tradewind.nlp.data import Example
from tradewind.packs.messages import (
    KINDS,
    MORE_KINDS,
    OUT_OF_SCOPE,
    SENTIMENTS,
    URGENT,
    Kind,
    languages_of,
    messages_file,
    read_messages,
)
from tradewind.packs.model import Pack
from tradewind.packs.pack_file import FILE_NAME, read_pack_file

MINIMUM_EXAMPLES = 10
"""Fewest examples of an intent in a language that a model can be taught from and checked on."""


def check(folder: Path) -> tuple[DataError, ...]:
    """Every problem of a pack's folder, those of all that the assistant uses among them; none: it can be loaded."""
    from tradewind.markets import load_markets
    from tradewind.packs.conversation_file import FOLDER, conversation_files, read_conversations
    from tradewind.packs.flow_check import check_flows
    from tradewind.packs.knowledge_files import check_knowledge
    from tradewind.packs.product_file import read_products
    from tradewind.packs.reply_files import check_replies

    pack, problems = inspect(folder)
    markets = load_markets()
    knowledge = check_knowledge(folder, (), [market.id for market in markets])
    flows = check_flows(pack) if pack is not None else ()
    tests = [each for file in conversation_files(folder / FOLDER) for each in read_conversations(file)[1]]
    return (*problems, *flows, *tests, *check_replies(folder), *read_products(folder, markets)[1], *knowledge)


def inspect(folder: Path) -> tuple[Pack | None, tuple[DataError, ...]]:
    """The pack in a folder, None where its `pack.yaml` cannot be used, and every problem found."""
    file = folder / FILE_NAME
    if not file.is_file():
        return None, (DataError("missing", file=file, hint="every pack has one"),)
    content, problems = read_pack_file(file)
    if content is None:
        return None, tuple(problems)
    pack = Pack(**dict(content), folder=folder)
    problems += _unlisted(pack)
    messages: dict[Kind, list[Example]] = {kind: [] for kind in KINDS}
    for language in pack.languages:
        for kind in KINDS:
            examples, unreadable = _read(pack, kind, language)
            problems += unreadable
            messages[kind] += examples
    names = set(pack.taught)
    problems += _unknown_intents(messages["examples"], names)
    problems += _unknown_intents(messages["test"], names | {OUT_OF_SCOPE})
    problems += _too_few(pack, messages["examples"])
    training = messages["examples"] + messages["out-of-scope"]
    problems += _repeats(training)
    problems += _repeats(messages["test"])
    problems += _leaks(training, messages["test"])
    problems += inspect_more(pack, training)
    return pack, tuple(problems)


def inspect_more(pack: Pack, training: Iterable[Example]) -> list[DataError]:
    """Every problem of what a pack may leave out: fresh messages, entities, sentiment."""
    problems: list[DataError] = []
    found: dict[Kind, list[Example]] = {kind: [] for kind in MORE_KINDS}
    for kind in MORE_KINDS:
        for language in languages_of(pack.folder, kind):
            examples, unreadable = _read(pack, kind, language)
            problems += unreadable
            found[kind] += examples
    problems += _unknown_intents(found["fresh"], set(pack.taught))
    problems += _repeats(found["fresh"])
    problems += _leaks([*training, *found["entities"], *found["sentiment"]], found["fresh"])
    problems += _unknown_entities(pack, found["entities"])
    problems += _unknown_feelings(found["sentiment"])
    problems += _repeats(found["sentiment"])
    return problems


def normalised(text: str) -> str:
    """What remains of a text without case, width, white space and punctuation: equal for equal wordings."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(character for character in folded if unicodedata.category(character)[0] not in "PZC")
    return kept or "".join(folded.split())


def _unlisted(pack: Pack) -> Iterator[DataError]:
    for kind in KINDS:
        for file in sorted((pack.folder / kind).glob("*.csv")):
            if file.stem not in pack.languages:
                hint = f"add it to {FILE_NAME}, or remove the file"
                yield DataError(f"language {file.stem!r} is not listed", file=file, hint=hint)


def _read(pack: Pack, kind: Kind, language: str) -> tuple[tuple[Example, ...], tuple[DataError, ...]]:
    file = messages_file(pack.folder, kind, language)
    if not file.is_file():
        message = f"missing, though {FILE_NAME} lists language {language!r}"
        return (), (DataError(message, file=file, hint=f"a CSV file with the header {KINDS[kind]}"),)
    try:
        dataset = read_messages(pack.folder, kind, language, skip_bad=True)
    except DataError as error:
        return (), (error,)
    return dataset.examples, dataset.skipped


def _unknown_intents(examples: Iterable[Example], known: set[str]) -> Iterator[DataError]:
    for example in examples:
        if example.label not in known:
            hint = f"add it to {FILE_NAME}, or correct it"
            if example.label == OUT_OF_SCOPE:
                hint = "its messages go into the folder out-of-scope"
            yield _error(example, f"unknown intent {example.label!r}", column="intent", hint=hint)


def _unknown_entities(pack: Pack, examples: Iterable[Example]) -> Iterator[DataError]:
    known = {entity.name for entity in pack.entities}
    for example in examples:
        for span in example.spans or ():
            if span.type not in known:
                hint = f"one of the entities in {FILE_NAME}"
                yield _error(example, f"unknown entity {span.type!r}", column="text", hint=hint)


def _unknown_feelings(examples: Iterable[Example]) -> Iterator[DataError]:
    for example in examples:
        if example.label not in SENTIMENTS:
            hint = f"one of {', '.join(SENTIMENTS)}"
            yield _error(example, f"unknown sentiment {example.label!r}", column="sentiment", hint=hint)
        if set(example.labels or ()) - {URGENT}:
            hint = f"{URGENT}, or nothing"
            yield _error(
                example, f"unknown urgency {', '.join(example.labels or ())!r}", column="urgency", hint=hint
            )


def _too_few(pack: Pack, examples: Iterable[Example]) -> Iterator[DataError]:
    counts = Counter((example.lang, example.label) for example in examples)
    for language in pack.languages:
        for intent in pack.taught:
            if (count := counts[language, intent]) < MINIMUM_EXAMPLES:
                yield DataError(
                    f"intent {intent!r} has {count} example{'' if count == 1 else 's'}",
                    file=messages_file(pack.folder, "examples", language),
                    hint=f"at least {MINIMUM_EXAMPLES} are needed",
                )


def _repeats(examples: Iterable[Example]) -> Iterator[DataError]:
    """A text twice in one language, or under two labels in any; a bare "ok" may stand in every language."""
    by_text: dict[str, Example] = {}
    by_language: dict[tuple[str, str | None], Example] = {}
    for example in examples:
        text = normalised(example.text)
        anywhere = by_text.setdefault(text, example)
        earlier = by_language.setdefault((text, example.lang), example)
        if anywhere.label != example.label:
            message = f"the text is {example.label!r} here and {anywhere.label!r} at {_place(anywhere)}"
            yield _error(example, message, column="intent", hint="keep one of them")
        elif earlier is not example:
            yield _error(example, f"the text stands already at {_place(earlier)}", column="text")


def _leaks(training: Iterable[Example], test: Iterable[Example]) -> Iterator[DataError]:
    known = {normalised(example.text): example for example in training}
    for example in test:
        if twin := known.get(normalised(example.text)):
            hint = "a test text must be new to the model"
            yield _error(
                example, f"the text also stands in training, at {_place(twin)}", column="text", hint=hint
            )


def _place(example: Example) -> str:
    return f"{example.file}:{example.line}"


def _error(example: Example, message: str, *, column: str, hint: str | None = None) -> DataError:
    return DataError(message, file=example.file, line=example.line, column=column, hint=hint)
