"""API keys: what each may do, when it was used; made, shown once, revoked."""

from __future__ import annotations

from datetime import datetime, timedelta

from nicegui import ui

from tradewind.access.model import LOCAL, Key, Principal, Right
from tradewind.console.acting import ask, confirm, handler, may_open, small_button
from tradewind.console.frame import page, piece
from tradewind.console.sections import KEYS
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import InputError
from tradewind.workspace import Ground

LONGEST_LABEL = 200
LASTS = {30: "30 days", 90: "90 days", 365: "a year", 0: "until it is revoked"}
COPY = """
const field = document.querySelector(".new-key input");
field.select();
return navigator.clipboard ? await navigator.clipboard.writeText(field.value).then(() => true, () => false) : false;
"""
"""Browsers give the clipboard to https and this machine only; elsewhere the key is left selected."""


async def show_keys(ground: Ground) -> None:
    """Show the keys, with what an owner may do about them."""
    with page((KEYS.name, KEYS.address)):
        if (principal := may_open(KEYS)) is None:
            return
        ui.html("<h1>API keys</h1>", sanitize=False)
        if principal.tenant == LOCAL:
            piece("no_tenant.html")
            return

        @ui.refreshable
        async def keys() -> None:
            listed = await ask(Right.TENANT_MANAGE, lambda who: ground.access.keys.all(who.tenant))
            now = SYSTEM_CLOCK.now()
            if not listed:
                ui.html('<p class="hint">No keys yet.</p>', sanitize=False)
                return
            with ui.element("ul").classes("panel versions keys").props('aria-label="Keys"'):
                for key in reversed(listed):
                    with ui.element("li"):
                        piece("key.html", key=key, state=state_of(key, now), rights=sorted(key.rights))
                        if key.revoked is None:
                            _revoke(ground, key, keys.refresh)

        await keys()
        _make(ground, principal, keys.refresh)


def state_of(key: Key, now: datetime) -> str:
    """`revoked`, `ended` or `in use`."""
    if key.revoked is not None:
        return "revoked"
    return "ended" if key.expires is not None and key.expires <= now else "in use"


def _revoke(ground: Ground, key: Key, refresh: object) -> None:
    async def revoke() -> None:
        await ask(Right.TENANT_MANAGE, lambda who: ground.access.keys.revoke(who.tenant, key.id, by=who.name))
        ui.notify(f"{key.label} is revoked", type="positive")
        if callable(refresh):
            refresh()

    dialog = confirm(
        f"Revoke {key.label}?",
        f"Whatever uses {key.prefix}… is refused from now on. This cannot be undone.",
        "Revoke",
        revoke,
    )
    small_button("Revoke", f"Revoke {key.label}", dialog.open)


def _make(ground: Ground, principal: Principal, refresh: object) -> None:
    rights: dict[Right, ui.checkbox] = {}

    @handler
    async def make() -> None:
        wanted = frozenset(right for right, box in rights.items() if box.value)
        days = lasts.value
        if not (label.value or "").strip():
            raise InputError("the key has no name", hint="say what it is for")

        def made(who: Principal) -> tuple[Key, str]:
            who.require_all(wanted)
            return ground.access.keys.make(
                who.tenant,
                label.value,
                wanted,
                by=who.name,
                regions=who.regions,
                lasts=timedelta(days=days) if days else None,
            )

        key, text = await ask(Right.TENANT_MANAGE, made)
        label.value = ""
        for box in rights.values():
            box.value = False
        _show_once(key, text)
        if callable(refresh):
            refresh()

    with ui.element("section").classes("panel form").props('aria-labelledby="make"'):
        ui.html('<h2 id="make">Make a key</h2>', sanitize=False)
        label = ui.input("What it is for").props(f"outlined dense maxlength={LONGEST_LABEL}")
        lasts = ui.select(LASTS, value=90, label="Ends after").props("outlined dense options-dense")
        with ui.element("fieldset"):
            with ui.element("legend"):
                ui.label("What it may do")
            for right in sorted(principal.rights):
                rights[right] = ui.checkbox(right.value).props("dense")
        ui.button("Make key", on_click=make, color=None).props("unelevated no-caps").classes("main")


def _show_once(key: Key, text: str) -> None:
    """The key leaves the page with the dialog: nothing keeps it."""

    async def copy() -> None:
        done = await ui.run_javascript(COPY)
        said.set_text("Copied." if done else "It is selected: copy it with Ctrl+C or ⌘C.")

    with ui.dialog().props("persistent") as dialog, ui.card().classes("ask new-key"):
        ui.label(f"The key {key.label}").classes("ask-title")
        ui.label("Copy it now: it is shown this once, and kept nowhere.")
        ui.input("Key", value=text).props(
            "outlined dense readonly autocomplete=off spellcheck=false"
        ).classes("mono")
        said = ui.label("").props('role="status"').classes("hint")
        with ui.row().classes("ask-buttons"):
            ui.button("Copy", on_click=copy, color=None).props("outline no-caps autofocus").classes("quiet")
            ui.button("I have it", on_click=dialog.close, color=None).props("unelevated no-caps").classes(
                "main"
            )
    dialog.on("hide", dialog.delete)
    dialog.open()
