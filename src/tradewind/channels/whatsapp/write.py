"""A message of a conversation as the Cloud API takes it: buttons where they fit, a list, or words."""

from __future__ import annotations

from typing import Any

from tradewind.assistant.model import Message

MAX_TEXT = 4_096
MAX_BODY = 1_024
BUTTONS, BUTTON_TITLE = 3, 20
ROWS, ROW_TITLE = 10, 24
MAX_PAYLOAD = 200
LIST_BUTTON = "…"


def written(message: Message) -> list[dict[str, Any]]:
    """What is sent of a message, in order: more than one where it is too long for one."""
    text = message.text if message.link is None else f"{message.text}\n{message.link}"
    if (
        message.choices
        and len(text) <= MAX_BODY
        and all(0 < len(p) <= MAX_PAYLOAD for p, _ in message.choices)
    ):
        longest = max(len(title) for _, title in message.choices)
        if len(message.choices) <= BUTTONS and longest <= BUTTON_TITLE:
            return [{"type": "interactive", "interactive": _buttons(text, message.choices)}]
        if len(message.choices) <= ROWS and longest <= ROW_TITLE:
            return [{"type": "interactive", "interactive": _list(text, message.choices)}]
    return words("\n".join([text, *(f"- {title}" for _, title in message.choices)]))


def words(text: str) -> list[dict[str, Any]]:
    """Words, cut into what one message may hold."""
    return [
        {"type": "text", "text": {"body": text[start : start + MAX_TEXT], "preview_url": False}}
        for start in range(0, max(len(text), 1), MAX_TEXT)
    ]


def _buttons(text: str, choices: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    buttons = [{"type": "reply", "reply": {"id": payload, "title": title}} for payload, title in choices]
    return {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}


def _list(text: str, choices: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    rows = [{"id": payload, "title": title} for payload, title in choices]
    action = {"button": LIST_BUTTON, "sections": [{"rows": rows}]}
    return {"type": "list", "body": {"text": text}, "action": action}
