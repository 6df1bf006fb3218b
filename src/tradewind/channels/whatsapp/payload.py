"""What Meta's Cloud API sends to a webhook, as its reference documents it, and the proof that Meta sent it.

X-Hub-Signature-256 is "sha256=" and the HMAC-SHA256 of the body's bytes under the app's secret, in hex.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tradewind.core.errors import InputError, SignInError

HEADER = "x-hub-signature-256"
WITH_CAPTION = ("image", "video", "document")
FILES = frozenset({"image", "video", "document", "audio", "sticker", "location", "contacts"})
MAX_MESSAGES = 1_000


class _Part(BaseModel):
    """A part that may grow: Meta adds fields at any time."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Text(_Part):
    """Words."""

    body: str = ""


class Caption(_Part):
    """A file; of it, only what is written under it."""

    caption: str | None = None


class Pressed(_Part):
    """A button or a row of a list that was chosen: `id` is the payload."""

    id: str
    title: str = ""


class Interactive(_Part):
    """The answer to buttons or a list."""

    button_reply: Pressed | None = None
    list_reply: Pressed | None = None


class Template(_Part):
    """The answer to a button of a template."""

    payload: str | None = None
    text: str = ""


class Incoming(_Part):
    """A message of a customer. `sender` is their number, digits only."""

    id: str = Field(min_length=1, max_length=500)
    sender: str = Field(alias="from", pattern=r"^\d{5,20}$")
    type: str = Field(max_length=40)
    text: Text | None = None
    interactive: Interactive | None = None
    button: Template | None = None
    image: Caption | None = None
    video: Caption | None = None
    document: Caption | None = None

    @property
    def words(self) -> str:
        """What the customer said: words, the payload of what they pressed, or a caption; "" for neither."""
        if self.interactive is not None:
            pressed = self.interactive.button_reply or self.interactive.list_reply
            return pressed.id if pressed else ""
        if self.button is not None:
            return self.button.payload or self.button.text
        if self.text is not None:
            return self.text.body
        captions = (getattr(self, name) for name in WITH_CAPTION)
        return next((each.caption for each in captions if each and each.caption), "")

    @property
    def has_file(self) -> bool:
        """Whether it brings something that is not read here."""
        return self.type in FILES


class Fault(_Part):
    """Why a message failed, by Meta's number."""

    code: int


class Receipt(_Part):
    """What became of a message that was sent."""

    id: str = Field(max_length=500)
    status: str = Field(max_length=40)
    errors: tuple[Fault, ...] = ()


class Metadata(_Part):
    """The number that it is about."""

    phone_number_id: str


class Value(_Part):
    """Messages and receipts of one number."""

    messaging_product: Literal["whatsapp"]
    metadata: Metadata
    messages: tuple[Incoming, ...] = Field((), max_length=MAX_MESSAGES)
    statuses: tuple[Receipt, ...] = Field((), max_length=MAX_MESSAGES)


class _Change(_Part):
    field: str
    value: dict[str, Any]


class _Entry(_Part):
    changes: tuple[_Change, ...] = ()


class _Payload(_Part):
    object: Literal["whatsapp_business_account"]
    entry: tuple[_Entry, ...]


def check_signature(secret: str, body: bytes, signature: str | None) -> None:
    """Refuse a body that Meta has not signed.

    Raises:
        SignInError: the signature is missing or another's.
    """
    wanted = "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex()
    if not hmac.compare_digest(wanted.encode(), (signature or "").encode("utf-8", "replace")):
        raise SignInError("this was not signed by Meta for this app", hint=f"{HEADER}: sha256=…")


def values_of(body: bytes) -> Iterator[Value]:
    """What a signed body says of messages; other changes are left out.

    Raises:
        InputError: it is no JSON, or not what the Cloud API sends; names the field.
    """
    try:
        found = _Payload.model_validate_json(body)
        for entry in found.entry:
            for change in entry.changes:
                if change.field == "messages":
                    yield Value.model_validate(change.value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{where or 'the body'}: {first['msg']}",
            hint="a webhook of the WhatsApp Cloud API, field messages",
        ) from error
