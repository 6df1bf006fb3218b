"""What goes over the wire of conversations."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from tradewind.api.privacy_schemas import Language, Market, Person, Text
from tradewind.assistant.conversations.model import MAX_TEXT, Conversation
from tradewind.assistant.model import Author, Message

ClientId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=128,
        pattern=r"^[!-~]+$",
        description="what the sender calls the message: sending it again changes nothing",
    ),
]


class NewConversation(BaseModel):
    """A conversation to be begun. Who has `conversations:start` only begins those of visitors without a name."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"market": "de", "language": "de"}, {"market": "us", "subject": "customer:4711"}]
        },
    )

    market: Market
    subject: Person | None = Field(None, description="the customer; a visitor without a name when absent")
    language: Language | None = Field(None, description="BCP 47; the market's first when absent")
    channel: str = Field("web", pattern=r"^[a-z][a-z0-9-]{0,39}$", description="where the customer writes")
    key: str | None = Field(
        None,
        min_length=1,
        max_length=128,
        pattern=r"^[!-~]+$",
        description="what the channel calls it: beginning it again gives the first one",
    )
    profile: dict[str, JsonValue] | None = Field(
        None, max_length=100, description="what the business says of the customer, for conditions of flows"
    )


class NewMessage(BaseModel):
    """A message, or the payload of a button that was pressed."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "where is my card?", "client_id": "m-1"}]}
    )

    text: Text = Field(min_length=1, description=f"at most {MAX_TEXT:,} characters")
    client_id: ClientId | None = None


class ChoiceShown(BaseModel):
    """A button: pressing it sends `payload` as a message."""

    payload: str
    title: str


class MessageShown(BaseModel):
    """A message. `number` grows by one; one that a customer does not see was a note among agents."""

    id: str
    number: int
    author: Author
    text: str = Field(description="empty where the customer was erased, or the time to keep it is over")
    at: AwareDatetime
    language: str | None = None
    client_id: str | None = None
    choices: list[ChoiceShown] = []
    link: str | None = None
    link_title: str | None = None
    agent: str | None = Field(None, description="name of the person who wrote it")
    note: bool = False


class MessageList(BaseModel):
    """Messages in their order."""

    messages: list[MessageShown]


class ConversationShown(BaseModel):
    """A conversation as its customer may see it."""

    id: str
    market: str
    language: str
    channel: str
    status: str = Field(
        description="`open`: the assistant answers; `queued`: a person will; `taken`; `resolved`"
    )
    last: int = Field(description="number of the newest message")
    begun: AwareDatetime
    changed: AwareDatetime


class ConversationBegun(ConversationShown):
    """A conversation, what was said in it, and the token with which its customer reaches it and nothing else."""

    messages: list[MessageShown]
    token: str
    expires: AwareDatetime


class TokenMade(BaseModel):
    """Another token of the same conversation."""

    token: str
    expires: AwareDatetime


def conversation_shown(own: Conversation) -> ConversationShown:
    """A conversation as it goes over the wire."""
    return ConversationShown(
        id=own.id,
        market=own.market,
        language=own.language,
        channel=own.channel,
        status=own.status,
        last=own.last,
        begun=own.created,
        changed=own.updated,
    )


def message_shown(message: Message) -> MessageShown:
    """A message as it goes over the wire."""
    return MessageShown(
        id=message.id,
        number=message.number,
        author=message.author,
        text=message.text,
        at=message.at,
        language=message.language,
        client_id=message.client_id,
        choices=[ChoiceShown(payload=payload, title=title) for payload, title in message.choices],
        link=message.link,
        link_title=message.link_title,
        agent=message.agent,
        note=message.note,
    )


def message_as_json(message: Message) -> dict[str, Any]:
    """The same as plain JSON."""
    return message_shown(message).model_dump(mode="json")
