"""Replies from the Fluent texts of a pack, in the language asked for or the next that has the words."""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fluent.runtime import FluentBundle

from tradewind.assistant.model import Choice, Language, Reply, Say
from tradewind.assistant.replies.functions import functions
from tradewind.assistant.replies.values import GAP, Absent, Writer, Written, clean
from tradewind.core.errors import InputError, NotFoundError
from tradewind.core.ids import MarketId
from tradewind.markets import Market, Markets
from tradewind.packs.reply_files import REFERENCE, ReplyFile, Shape, reply_files

LAST_RESORT = "error"
"""The text that is said where a pack has no other for what was to be said."""

LONG = 2000
OPEN, CLOSE = "\ue000", "\ue001"
"""Characters without a meaning, which no value keeps: they mark where a long one goes."""

_MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")

Titles = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Words of products: by id, then `title` or `description`, then language."""

_log = logging.getLogger(__name__)


class _Saying(threading.local):
    """Which text this thread is writing, for functions that find fault with a value."""

    key = ""


@dataclass(frozen=True)
class _Tongue:
    """The texts of a language as they are said in a market."""

    file: ReplyFile
    bundle: FluentBundle
    writer: Writer


class FluentReplies:
    """Says what is to be said. Safe to call from several threads.

    Args:
        files: the texts, one file a language.
        markets: whose tone, languages and formats count.
        titles: of the products that texts name by `PRODUCT($product)`.
    """

    def __init__(self, files: Iterable[ReplyFile], markets: Markets, *, titles: Titles | None = None) -> None:
        self._files = {found.language: found for found in files}
        self._markets = markets
        self._titles = titles or {}
        self._tongues: dict[tuple[str, MarketId], _Tongue] = {}
        self._lock = threading.Lock()
        self._saying = _Saying()
        self._missing: Counter[tuple[Language, str]] = Counter()
        self._faults: Counter[tuple[Language, str]] = Counter()

    @property
    def titles(self) -> Titles:
        """Words of products: by id, then `title` or `description`, then language."""
        return self._titles

    @property
    def names(self) -> tuple[str, ...]:
        """What the business and its products are called: terms of the files, and titles."""
        terms = (words for found in self._files.values() for words in found.names)
        titles = (each for words in self._titles.values() for each in words.get("title", {}).values())
        return tuple(dict.fromkeys((*terms, *titles)))

    @classmethod
    def of(cls, folder: Path, markets: Markets, *, titles: Titles | None = None) -> FluentReplies:
        """The replies of a pack's folder.

        Raises:
            DataError: the first file that is not sound.
        """
        files = reply_files(folder)
        for problem in (problem for found in files for problem in found.problems):
            raise problem
        return cls(files, markets, titles=titles)

    @property
    def languages(self) -> tuple[Language, ...]:
        """Those that have a file."""
        return tuple(Language(name) for name in sorted(self._files))

    @property
    def missing(self) -> Mapping[tuple[Language, str], int]:
        """How often a text was asked for in a language that lacks it, by language and key."""
        with self._lock:
            return dict(self._missing)

    @property
    def faults(self) -> Mapping[tuple[Language, str], int]:
        """How often a text was said with a gap, because a value was missing or no such thing, by language and key."""
        with self._lock:
            return dict(self._faults)

    def has(self, key: str, language: Language) -> bool:
        """Whether a language has a text of its own."""
        found = self._files.get(language)
        return found is not None and key in found.messages

    def render(self, say: Say, market: MarketId, language: Language) -> Reply:
        """The reply in the language, or in the next of the chain that has it.

        Raises:
            NotFoundError: there is no such market, or neither this text nor the last resort is anywhere.
        """
        place = self._markets.get(market)
        chain = self._chain(place, language)
        tongue, key = self._find(say.key, place, chain) if say.key else (self._first(place, chain), "")
        text = self._text(tongue, key, _with_quote(say), chain) if key else ""
        if say.quote is not None and (not key or "quote" not in tongue.file.variables[key]):
            text = f"{text}\n\n{say.quote.text}" if text else say.quote.text
        link, title = _link(say)
        return Reply(
            key=say.key,
            text=text,
            language=Language(tongue.file.language),
            choices=tuple(self._choice(choice, say, place, chain) for choice in say.choices),
            link=link,
            link_title=title,
        )

    def _choice(self, choice: Choice, say: Say, place: Market, chain: Sequence[Language]) -> tuple[str, str]:
        if not choice.title:
            return choice.payload, clean(choice.text or choice.payload)
        tongue, key = self._find(choice.title, place, chain)
        return choice.payload, self._text(tongue, key, say.values, chain)

    def _chain(self, place: Market, language: Language) -> tuple[Language, ...]:
        """The language, those of the market, and English; of `pt-BR`, also `pt`."""
        chain: dict[Language, None] = {}
        for name in (language, *place.languages, REFERENCE):
            chain[Language(name)] = None
            chain[Language(name.partition("-")[0])] = None
        return tuple(chain)

    def _first(self, place: Market, chain: Sequence[Language]) -> _Tongue:
        for language in chain:
            if language in self._files:
                return self._tongue(language, place)
        raise NotFoundError(f"there are no replies in any of {', '.join(chain)}", hint="add replies/en.ftl")

    def _find(self, key: str, place: Market, chain: Sequence[Language]) -> tuple[_Tongue, str]:
        for language in chain:
            if self.has(key, language):
                if language != chain[0] and not chain[0].startswith(f"{language}-"):
                    self._count(self._missing, chain[0], key, "is not translated")
                return self._tongue(language, place), key
        self._count(self._missing, chain[0], key, "is in no language of the chain")
        if key == LAST_RESORT:
            raise NotFoundError(f"there is no reply {key!r} in any of {', '.join(chain)}")
        return self._find(LAST_RESORT, place, chain)

    def _tongue(self, language: str, place: Market) -> _Tongue:
        known = self._tongues.get((language, place.id))
        if known is None:
            known = self._tongues[language, place.id] = self._make(self._files[language], place)
        return known

    def _make(self, file: ReplyFile, place: Market) -> _Tongue:
        writer = Writer.of(place, file.language)

        def product(product: str, part: str) -> str | None:
            words = self._titles.get(product, {}).get(part, {})
            return words.get(file.language) or words.get(REFERENCE)

        def fault(what: str) -> None:
            self._count(self._faults, file.language, self._saying.key, what)

        called = functions(writer, product, fault)
        bundle = FluentBundle([str(writer.locale)], functions=called, use_isolating=False)
        bundle.add_resource(file.resource)
        return _Tongue(file, bundle, writer)

    def _text(self, tongue: _Tongue, key: str, values: Mapping[str, Any], chain: Sequence[Language]) -> str:
        """A message in words."""
        message = tongue.bundle.get_message(key)
        shape = tongue.file.messages[key]
        given = self._given(tongue, key, values, shape, chain)
        if message.value is None:
            self._count(self._faults, tongue.file.language, key, "has attributes only")
            return GAP
        for name in sorted(tongue.file.variables[key]):
            if "." not in name and name not in given:
                given[name] = Absent()
                self._count(self._faults, tongue.file.language, key, f"lacks ${name}")
        return self._format(tongue, key, message.value, given)

    def _format(self, tongue: _Tongue, key: str, pattern: Any, given: Mapping[str, Any]) -> str:
        """A pattern in words; long values are put in afterwards, for Fluent writes none above 2,500 characters."""
        self._saying.key = key
        long = [
            name for name, value in given.items() if isinstance(value, Written) and len(value.text) > LONG
        ]
        marked = {name: Written(f"{OPEN}{index}{CLOSE}", given[name].raw) for index, name in enumerate(long)}
        text, errors = tongue.bundle.format_pattern(pattern, {**given, **marked})
        for error in errors:
            self._count(self._faults, tongue.file.language, key, str(error))
        return _MARK.sub(lambda mark: given[long[int(mark[1])]].text, str(text)) if long else str(text)

    def _given(
        self, tongue: _Tongue, key: str, values: Mapping[str, Any], shape: Shape, chain: Sequence[Language]
    ) -> dict[str, Any]:
        """The values of a message, as Fluent takes them."""
        given: dict[str, Any] = {
            "tone": tongue.writer.market.tone.formality,
            "market": tongue.writer.market.id,
            "gender": "unknown",
        }
        for name, value in values.items():
            try:
                if name in shape.attributes and isinstance(value, list | tuple):
                    given[name] = self._lines(tongue, key, name, value)
                else:
                    given |= self._value(tongue, name, value, chain)
            except InputError as error:
                given[name] = Absent()
                self._count(self._faults, tongue.file.language, key, f"${name}: {error}")
        return given

    def _value(self, tongue: _Tongue, name: str, value: Any, chain: Sequence[Language]) -> dict[str, Any]:
        """A value under its name, and what a mapping holds under the names of both."""
        if isinstance(value, Mapping) and "reply" in value:
            return {name: Written(self._nested(tongue, value, chain), value)}
        if isinstance(value, list | tuple) and any(_is_reply(each) for each in value):
            lines = [self._nested(tongue, each, chain) for each in value if _is_reply(each)]
            return {name: Written("\n".join(lines), value)}
        found = {name: tongue.writer.value(value)}
        if isinstance(value, Mapping) and "minor" not in value:
            found |= {f"{name}_{part}": tongue.writer.value(each) for part, each in value.items()}
        return found

    def _nested(self, tongue: _Tongue, value: Mapping[str, Any], chain: Sequence[Language]) -> str:
        """Another reply within this one."""
        rest = (Language(tongue.file.language), *chain)
        inner, key = self._find(str(value["reply"]), tongue.writer.market, rest)
        return self._text(inner, key, value.get("values") or {}, chain)

    def _lines(self, tongue: _Tongue, key: str, name: str, items: Sequence[Any]) -> Written:
        """A list, each line of it written by the attribute of its name."""
        pattern = tongue.bundle.get_message(key).attributes[name]
        wanted = {
            part.partition(".")[2]
            for part in tongue.file.messages[key].variables
            if part.startswith(f"{name}.")
        }
        lines = []
        for number, item in enumerate(items, 1):
            given: dict[str, Any] = {part: Absent() for part in wanted} | {"number": number}
            fields = item if isinstance(item, Mapping) and "minor" not in item else {"item": item}
            for part, value in fields.items():
                given |= self._value(tongue, part, value, ())
            lines.append(self._format(tongue, f"{key}.{name}", pattern, given))
        return Written("\n".join(lines), items)

    def _count(self, counter: Counter[tuple[Language, str]], language: str, key: str, what: str) -> None:
        with self._lock:
            counter[Language(language), key] += 1
            first = counter[Language(language), key] == 1
        if first:
            _log.warning("reply %r %s (%s)", key, what, language)


def _is_reply(value: Any) -> bool:
    return isinstance(value, Mapping) and "reply" in value


def _with_quote(say: Say) -> Mapping[str, Any]:
    """The values of a text, its quoted passage among them: said as it stands, however long."""
    if say.quote is None:
        return say.values
    return {**say.values, "quote": Written(say.quote.text), "title": Written(say.quote.title)}


def _link(say: Say) -> tuple[str | None, str | None]:
    """Where the reply leads, and how that is called; nowhere but to https."""
    given = say.values.get("link") or (say.quote.link if say.quote else None)
    if not isinstance(given, str) or not is_safe_link(given):
        return None, None
    title = say.values.get("link_title") or (say.quote.title if say.quote else None)
    return given, clean(str(title)) if title else None


def is_safe_link(link: str) -> bool:
    """Whether a link may be shown: https, to a host, without anything that could end an attribute of HTML."""
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        return False
    unsafe = any(character.isspace() or character in "\"'<>`\\" or ord(character) < 33 for character in link)
    return parts.scheme == "https" and bool(host) and "@" not in parts.netloc and not unsafe
