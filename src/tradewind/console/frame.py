"""What all pages share: the head, the bar at the top, and pieces of HTML from templates."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from nicegui import ui

from tradewind.console import presentation
from tradewind.console.sections import open_to
from tradewind.console.signed_in import leaving, signed_in

FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#12506b"/>'
    '<path d="M8 21c5-1 8-5 9-13 3 4 6 8 7 13z" fill="#fff"/></svg>'
)


def head_html() -> str:
    """Styles for every page, in the head so that nothing is shown without them."""
    css = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
    return f"<style>{css}</style>"


@contextlib.contextmanager
def page(*trail: tuple[str, str], wide: bool = False) -> Iterator[None]:
    """The frame around a page's content.

    Args:
        trail: (text, address) of the section, of the pages above this one, and of this one.
        wide: as wide as the window, for what stands in several columns.
    """
    sections = open_to(signed_in())
    bar = render("bar.html", trail=trail, leaving=leaving(), sections=sections, here=trail[0][1])
    ui.html(bar, sanitize=False).classes("bar-holder")
    with ui.element("main").props('id="main"').classes("page wide" if wide else "page"):
        yield


def piece(template: str, **values: object) -> ui.html:
    """A piece of a page from a template, which escapes what it is given."""
    return ui.html(render(template, **values), sanitize=False)


def render(template: str, **values: object) -> str:
    """A template's HTML; every value is escaped."""
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("tradewind.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = presentation.percent
    environment.filters["figure"] = presentation.figure
    environment.filters["size"] = presentation.size
    environment.filters["day"] = presentation.day
    environment.filters["minute"] = presentation.minute
    environment.filters["clock"] = presentation.clock
    return environment
