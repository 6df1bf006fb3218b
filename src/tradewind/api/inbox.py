"""/v1/inbox: the agents' side: who waits, taking a conversation, writing in it, giving it on, closing it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, WebSocket
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response

from tradewind.access.model import Principal, Right
from tradewind.api.access import Needs, caller_of
from tradewind.api.assistant import After, Id
from tradewind.api.assistant_schemas import (
    ConversationShown,
    MessageList,
    NewMessage,
    conversation_shown,
    message_shown,
)
from tradewind.api.live import converse
from tradewind.api.privacy_schemas import Language, Text
from tradewind.api.schemas import Problem
from tradewind.assistant.conversations.inbox import Inbox
from tradewind.assistant.conversations.model import Agent, Conversation, Status
from tradewind.assistant.conversations.service import Conversations
from tradewind.assistant.conversations.shelf import PAGE
from tradewind.assistant.model import ConversationId, Message
from tradewind.assistant.model import Language as Spoken

PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "No such conversation or canned reply"},
    409: {"model": Problem, "description": "Another agent has the conversation, or nobody has taken it"},
    422: {"model": Problem, "description": "A message that is empty, too long or no text"},
}
Skill = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class Ticket(ConversationShown):
    """A conversation as agents see it."""

    reason: str | None = Field(description="why it was handed off: `requested`, `not_understood`, `anger`, …")
    skill: str | None
    priority: int = Field(description="0 can wait, 3 is at once")
    queued: AwareDatetime | None
    due: AwareDatetime | None = Field(description="by when a person should have answered")
    answered: AwareDatetime | None
    agent: str | None = Field(description="id of the agent who has it")
    rating: int | None = Field(description="how satisfied the customer was, 1 to 5")


class TicketList(BaseModel):
    """Conversations, those who wait first, the most urgent at the top."""

    conversations: list[Ticket]


class TicketTaken(BaseModel):
    """The conversation that was taken; null where nobody waits."""

    conversation: Ticket | None


class AgentShown(BaseModel):
    """An agent."""

    id: str
    name: str
    languages: list[str]
    skills: list[str]
    there: bool = Field(description="looked at the inbox within two minutes")


class AgentList(BaseModel):
    """The agents of the tenant, by name."""

    agents: list[AgentShown]


class AgentIntroduced(BaseModel):
    """What the asking agent is called, speaks and knows."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Ann", "languages": ["en", "de"], "skills": ["cards"]}]},
    )

    name: Text = Field(min_length=1, max_length=80, description="as customers read it")
    languages: list[Language] = Field([], max_length=50, description="all when empty")
    skills: list[Skill] = Field([], max_length=50, description="all when empty")


class Transfer(BaseModel):
    """To whom a conversation goes on: to anybody, or to agents with a skill."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"skill": "loans"}]})

    skill: Skill | None = None


class SuggestionShown(BaseModel):
    """Something that may be said: words of a document with its link, or a canned reply."""

    text: str
    source: str
    link: str | None


class SuggestionList(BaseModel):
    """The best first."""

    suggestions: list[SuggestionShown]


class CannedTexts(BaseModel):
    """A canned reply, by language."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"texts": {"en": "One moment, please."}}]}
    )

    texts: dict[Language, Annotated[Text, Field(min_length=1, max_length=4000)]] = Field(
        min_length=1, max_length=50
    )


class CannedList(BaseModel):
    """All canned replies: by name, then by language."""

    canned: dict[str, dict[str, str]]


def inbox_routes(
    inbox: Callable[[], Inbox], conversations: Callable[[], Conversations], needs: Needs
) -> APIRouter:
    """The routes over the inbox of one server."""
    router = APIRouter(prefix="/v1/inbox", tags=["inbox"], responses=PROBLEMS)
    handles = Depends(needs(Right.CONVERSATIONS_HANDLE))

    @router.get("", summary="Who waits for a person, and who is talked to")
    async def waiting(
        status: Annotated[list[Status] | None, Query(max_length=4)] = None, principal: Principal = handles
    ) -> TicketList:
        await asyncio.to_thread(inbox().staff.here, principal.tenant, principal.name)
        wanted = tuple(dict.fromkeys(status)) if status else (Status.QUEUED, Status.TAKEN)
        found = await asyncio.to_thread(inbox().list, principal.tenant, wanted)
        return TicketList(conversations=[_ticket(each) for each in found])

    @router.post("/next", summary="Take the most urgent one that fits")
    async def take_next(principal: Principal = handles) -> TicketTaken:
        found = await inbox().next(principal.tenant, principal.name)
        return TicketTaken(conversation=None if found is None else _ticket(found))

    @router.get("/agents", summary="The agents, and who is there")
    async def agents(principal: Principal = handles) -> AgentList:
        found = await asyncio.to_thread(inbox().staff.all, principal.tenant)
        return AgentList(agents=[_agent(inbox(), each) for each in found])

    @router.put("/agents/me", summary="Say what one is called, speaks and knows")
    async def introduce(wanted: AgentIntroduced, principal: Principal = handles) -> AgentShown:
        found = await asyncio.to_thread(
            inbox().staff.introduce,
            principal.tenant,
            principal.name,
            name=wanted.name,
            languages=[Spoken(each) for each in wanted.languages],
            skills=wanted.skills,
        )
        return _agent(inbox(), found)

    @router.delete("/agents/me", summary="Be away", status_code=204)
    async def leave(principal: Principal = handles) -> Response:
        await asyncio.to_thread(inbox().staff.away, principal.tenant, principal.name)
        return Response(status_code=204)

    _canned_routes(router, inbox, handles)
    _conversation_routes(router, inbox, conversations, handles)
    return router


def _canned_routes(router: APIRouter, inbox: Callable[[], Inbox], handles: Any) -> None:
    @router.get("/canned", summary="Canned replies")
    async def canned(principal: Principal = handles) -> CannedList:
        return CannedList(canned=await asyncio.to_thread(inbox().staff.canned, principal.tenant))

    @router.put("/canned/{name}", summary="Keep a canned reply", status_code=204)
    async def keep(name: Name, wanted: CannedTexts, principal: Principal = handles) -> Response:
        await asyncio.to_thread(inbox().staff.put_canned, principal.tenant, name, wanted.texts)
        return Response(status_code=204)

    @router.delete("/canned/{name}", summary="Drop a canned reply", status_code=204)
    async def drop(name: Name, principal: Principal = handles) -> Response:
        await asyncio.to_thread(inbox().staff.forget_canned, principal.tenant, name)
        return Response(status_code=204)


def _conversation_routes(
    router: APIRouter, inbox: Callable[[], Inbox], conversations: Callable[[], Conversations], handles: Any
) -> None:
    @router.get("/{conversation}", summary="A conversation as agents see it")
    async def show(conversation: Id, principal: Principal = handles) -> Ticket:
        return _ticket(await conversations().get(principal.tenant, ConversationId(conversation)))

    @router.get("/{conversation}/messages", summary="Messages and notes after a number")
    async def read(
        conversation: Id,
        after: After = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
        principal: Principal = handles,
    ) -> MessageList:
        return _list(
            await conversations().history(
                principal.tenant, ConversationId(conversation), after=after, notes=True, limit=limit
            )
        )

    @router.get("/{conversation}/suggestions", summary="What might be said next")
    async def suggest(conversation: Id, principal: Principal = handles) -> SuggestionList:
        found = await inbox().suggest(principal.tenant, ConversationId(conversation))
        return SuggestionList(
            suggestions=[SuggestionShown(text=one.text, source=one.source, link=one.link) for one in found]
        )

    @router.post("/{conversation}:take", summary="Take a conversation")
    async def take(conversation: Id, principal: Principal = handles) -> Ticket:
        return _ticket(await inbox().take(principal.tenant, ConversationId(conversation), principal.name))

    @router.post("/{conversation}:say", summary="Write to the customer")
    async def say(conversation: Id, wanted: NewMessage, principal: Principal = handles) -> MessageList:
        who = principal.tenant, ConversationId(conversation), principal.name
        return _list(await inbox().say(*who, wanted.text, wanted.client_id))

    @router.post("/{conversation}:note", summary="Write what only agents see")
    async def note(conversation: Id, wanted: NewMessage, principal: Principal = handles) -> MessageList:
        who = principal.tenant, ConversationId(conversation), principal.name
        return _list(await inbox().note(*who, wanted.text, wanted.client_id))

    @router.post("/{conversation}:transfer", summary="Give a conversation on to other agents")
    async def transfer(conversation: Id, wanted: Transfer, principal: Principal = handles) -> MessageList:
        who = principal.tenant, ConversationId(conversation), principal.name
        return _list(await inbox().transfer(*who, skill=wanted.skill))

    @router.post("/{conversation}:release", summary="Give a conversation back to the assistant")
    async def release(conversation: Id, principal: Principal = handles) -> MessageList:
        return _list(await inbox().release(principal.tenant, ConversationId(conversation), principal.name))

    @router.post(
        "/{conversation}:resolve", summary="Close the matter, and ask how satisfied the customer was"
    )
    async def resolve(conversation: Id, principal: Principal = handles) -> MessageList:
        return _list(await inbox().resolve(principal.tenant, ConversationId(conversation), principal.name))

    @router.websocket("/{conversation}/live")
    async def live(socket: WebSocket, conversation: str) -> None:
        principal = caller_of(socket).principal
        principal.require(Right.CONVERSATIONS_HANDLE)
        own = ConversationId(conversation)

        async def as_agent(text: str, client_id: str | None) -> list[Message]:
            return await inbox().say(principal.tenant, own, principal.name, text, client_id)

        await converse(socket, conversations(), principal.tenant, own, say=as_agent, notes=True)


def _ticket(own: Conversation) -> Ticket:
    return Ticket(
        **conversation_shown(own).model_dump(),
        reason=own.reason,
        skill=own.skill,
        priority=own.priority,
        queued=own.queued,
        due=own.due,
        answered=own.answered,
        agent=own.agent,
        rating=own.rating,
    )


def _agent(inbox: Inbox, agent: Agent) -> AgentShown:
    return AgentShown(
        id=agent.id,
        name=agent.name,
        languages=sorted(agent.languages),
        skills=sorted(agent.skills),
        there=inbox.staff.is_there(agent),
    )


def _list(messages: list[Message]) -> MessageList:
    return MessageList(messages=[message_shown(each) for each in messages])
