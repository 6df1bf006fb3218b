"""Members of the organisation and their roles, for its owners."""

from __future__ import annotations

from nicegui import ui

from tradewind.access.model import LOCAL, RIGHTS, Member, Principal, Right, Role
from tradewind.console.acting import ask, confirm, handler, may_open, small_button
from tradewind.console.frame import page, piece
from tradewind.console.sections import MEMBERS
from tradewind.workspace import Ground

LONGEST_EMAIL, LONGEST_PASSWORD = 254, 256
WHAT = {
    Role.OWNER: "everything",
    Role.ENGINEER: "models, events and verification",
    Role.AGENT: "events, consent and persons' requests",
    Role.ANALYST: "reads the journal and asks models",
    Role.AUDITOR: "reads and verifies the journal and persons' requests",
    Role.PARTNER: "reads models and markets",
}


async def show_members(ground: Ground) -> None:
    """Show the members, with what an owner may do about them."""
    with page((MEMBERS.name, MEMBERS.address)):
        if (principal := may_open(MEMBERS)) is None:
            return
        ui.html("<h1>Members</h1>", sanitize=False)
        if principal.tenant == LOCAL:
            piece("no_tenant.html")
            return

        @ui.refreshable
        async def members() -> None:
            listed = await ask(Right.TENANT_MANAGE, lambda who: ground.access.members.all(who.tenant))
            with ui.element("ul").classes("panel versions members").props('aria-label="Members"'):
                for member in listed:
                    with ui.element("li"):
                        piece("member.html", member=member, own=member.id == principal.name)
                        with ui.element("div").classes("row-buttons"):
                            _role(ground, member, members.refresh)
                            _remove(ground, member, members.refresh)

        await members()
        _add(ground, members.refresh)


def _role(ground: Ground, member: Member, refresh: object) -> None:
    @handler
    async def change() -> None:
        role = Role(chosen.value)

        def set_role(who: Principal) -> None:
            who.require_all(RIGHTS[role])
            ground.access.members.set_role(who.tenant, member.id, role, by=who.name)

        dialog.close()
        await ask(Right.TENANT_MANAGE, set_role)
        ui.notify(f"{member.email} is {role} now", type="positive")
        _refresh(refresh)

    with ui.dialog() as dialog, ui.card().classes("ask"):
        ui.label(f"Role of {member.email}").classes("ask-title")
        options = {role.value: f"{role}: {WHAT[role]}" for role in Role}
        chosen = ui.radio(options, value=member.role.value).props('aria-label="Role"').classes("choices")
        with ui.row().classes("ask-buttons"):
            ui.button("Cancel", on_click=dialog.close, color=None).props("flat no-caps").classes("quiet")
            ui.button("Change role", on_click=change, color=None).props("unelevated no-caps").classes("main")
    small_button("Change role", f"Change the role of {member.email}", dialog.open)


def _remove(ground: Ground, member: Member, refresh: object) -> None:
    async def remove() -> None:
        await ask(
            Right.TENANT_MANAGE,
            lambda who: ground.access.members.remove(who.tenant, member.id, by=who.name),
        )
        ui.notify(f"{member.email} is no member any more", type="positive")
        _refresh(refresh)

    dialog = confirm(
        f"Remove {member.email}?",
        "Their sessions end at once. Keys belong to the organisation and stay: revoke those they know.",
        "Remove",
        remove,
    )
    small_button("Remove", f"Remove {member.email}", dialog.open)


def _add(ground: Ground, refresh: object) -> None:
    @handler
    async def add() -> None:
        chosen, secret = Role(role.value), password.value or None

        def become(who: Principal) -> Member:
            who.require_all(RIGHTS[chosen])
            return ground.access.members.add(
                who.tenant, email.value or "", chosen, password=secret, by=who.name
            )

        member = await ask(Right.TENANT_MANAGE, become)
        ui.notify(f"{member.email} is a member now", type="positive")
        email.value = password.value = ""
        _refresh(refresh)

    with ui.element("section").classes("panel form").props('aria-labelledby="add"'):
        ui.html('<h2 id="add">Add a member</h2>', sanitize=False)
        email = ui.input("E-mail address").props(
            f'outlined dense type=email maxlength={LONGEST_EMAIL} autocomplete="off"'
        )
        role = ui.select([each.value for each in Role], value=Role.ANALYST.value, label="Role").props(
            "outlined dense options-dense"
        )
        password = ui.input("Password, 12 characters or more").props(
            f'outlined dense type=password maxlength={LONGEST_PASSWORD} autocomplete="new-password"'
        )
        ui.html('<p class="hint">Without a password they sign in by your provider.</p>', sanitize=False)
        ui.button("Add member", on_click=add, color=None).props("unelevated no-caps").classes("main")


def _refresh(refresh: object) -> None:
    if callable(refresh):
        refresh()
