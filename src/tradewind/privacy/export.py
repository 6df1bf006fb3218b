"""Everything about a person, for the person: JSON for programs, a page of HTML in their language."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.ids import MarketId, RegionId, TenantId
from tradewind.journal.databases import Databases
from tradewind.journal.encode import SEALED
from tradewind.journal.journal import Journal
from tradewind.journal.model import Draft
from tradewind.privacy import store
from tradewind.privacy.consent import Consents
from tradewind.privacy.kinds import Exported
from tradewind.privacy.records import Exporter, Request, Target
from tradewind.privacy.requests import Requests

WORDS = Path(__file__).parent / "words"
TEMPLATES = Path(__file__).parent / "templates"
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Export:
    """The request that it answers, and what there is: plain JSON values."""

    request: Request
    content: dict[str, Any]


class Exports:
    """Answers to persons who ask what is known about them. Nothing of an answer is kept here.

    Args:
        exporters: the rooms that know more than the journal.
    """

    def __init__(
        self,
        databases: Databases,
        journal: Journal,
        requests: Requests,
        consents: Consents,
        *,
        exporters: Sequence[Exporter] = (),
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._databases = databases
        self._journal = journal
        self._requests = requests
        self._consents = consents
        self._exporters = tuple(exporters)
        self._clock = clock

    def export(
        self,
        tenant: TenantId,
        market: MarketId,
        identifiers: Sequence[str],
        *,
        language: str | None = None,
        regions: Collection[RegionId] | None = None,
        key: str | None = None,
    ) -> Export:
        """Collect what every region of the tenant knows about a person; raises as `Requests.receive`."""
        request = self._requests.receive(
            "export", tenant, market, identifiers, language=language, regions=regions, key=key
        )
        persons = [self._of(tenant, target) for target in request.targets]
        content = {
            "tenant": tenant,
            "request": request.id,
            "made": store.text_of(self._clock.now()),
            "market": market,
            "regulation": request.regulation,
            "article": request.article,
            "language": request.language,
            "regions": persons,
        }
        if request.done is None:
            self._record(tenant, request, persons)
            request = self._requests.finish(tenant, request)
        return Export(request, content)

    def _of(self, tenant: TenantId, target: Target) -> dict[str, Any]:
        region, subject = target.region, target.subject
        with self._databases.region(region).read_as(tenant) as tables:
            derived = {one.name: one.export(tables, region, subject) for one in self._exporters}
            markets = store.markets_of(tables, subject)
        consents = [
            {
                "purpose": one.purpose,
                "granted": one.granted,
                "market": one.market,
                "version": one.version,
                "language": one.language,
                "at": store.text_of(one.at),
            }
            for one in self._consents.all(tenant, region, subject)
        ]
        return {
            "region": region,
            "pseudonym": subject,
            "markets": markets,
            "consents": consents,
            "entries": list(self._entries(tenant, target)),
            "more": derived,
        }

    def _entries(self, tenant: TenantId, target: Target) -> Iterator[dict[str, Any]]:
        for entry in self._journal.read(tenant, target.region, subject=target.subject):
            content = self._journal.open_body(entry).model_dump(mode="json")
            sealed = [
                name for name, value in entry.body.items() if isinstance(value, dict) and SEALED in value
            ]
            yield {
                "id": entry.id,
                "at": store.text_of(entry.at),
                "market": entry.market,
                "kind": entry.kind,
                "content": content,
                "erased": [name for name in sealed if content.get(name) is None],
            }

    def _record(self, tenant: TenantId, request: Request, persons: list[dict[str, Any]]) -> None:
        drafts = [
            Draft(
                Exported(request=request.id, entries=len(person["entries"])),
                target.market,
                target.subject,
                key=f"privacy-exported-{request.id}-{target.subject}",
            )
            for target, person in zip(request.targets, persons, strict=True)
        ]
        if drafts:
            self._journal.append_now(tenant, drafts)


def page(content: dict[str, Any]) -> str:
    """An export as a page of HTML that needs nothing else, in the language that it names or English."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    words = words_in(content["language"])
    return environment.get_template("export.html").render(content=content, words=words, plain=_plain)


def languages() -> tuple[str, ...]:
    """The languages that a page can be in."""
    return tuple(sorted(file.stem for file in WORDS.glob("*.json")))


@cache
def words_in(language: str) -> dict[str, str]:
    """The headings in a language, in its base language or in English."""
    for name in (language, language.partition("-")[0], ENGLISH):
        file = WORDS / f"{name}.json"
        if file.is_file():
            return {**json.loads(file.read_text(encoding="utf-8")), "language": name}
    raise AssertionError("the English words are part of the package")


def _plain(value: object) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
