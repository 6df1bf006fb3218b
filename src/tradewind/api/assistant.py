"""/v1/conversations: the customer's side of a conversation, over HTTP, server-sent events and a websocket.

Who asks is a program of the business (a key with a right), a public page (`conversations:start`), or a customer with
the token of one conversation, which the guard lets reach that conversation only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, WebSocket
from starlette.responses import StreamingResponse

from tradewind.access.model import Principal, Right
from tradewind.api.access import Needs, caller_of
from tradewind.api.assistant_schemas import (
    ConversationBegun,
    ConversationShown,
    MessageList,
    NewConversation,
    NewMessage,
    TokenMade,
    conversation_shown,
    message_shown,
)
from tradewind.api.live import converse, events
from tradewind.api.origins import Origins
from tradewind.api.schemas import Problem
from tradewind.assistant.conversations.service import Conversations
from tradewind.assistant.conversations.shelf import PAGE
from tradewind.assistant.conversations.tokens import Tokens
from tradewind.assistant.model import ConversationId, Language
from tradewind.core.errors import ForbiddenError
from tradewind.core.ids import MarketId

PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "No such conversation or market"},
    422: {"model": Problem, "description": "A message that is empty, too long or no text"},
    503: {"model": Problem, "description": "It was not taken: send it again with the same client_id"},
}
BIGGEST = 2**31 - 1

Id = Annotated[str, Path(min_length=1, max_length=128)]
After = Annotated[int, Query(ge=0, le=BIGGEST, description="number of the last message that is known")]


def conversation_routes(
    conversations: Callable[[], Conversations],
    tokens: Callable[[], Tokens],
    needs: Needs,
    origins: Origins,
) -> APIRouter:
    """The routes over the conversations of one server."""
    router = APIRouter(prefix="/v1/conversations", tags=["conversations"], responses=PROBLEMS)
    reads, writes = (
        Depends(_customer_or(Right.CONVERSATIONS_READ)),
        Depends(_customer_or(Right.CONVERSATIONS_WRITE)),
    )

    @router.post("", summary="Begin a conversation", status_code=201)
    async def begin(
        wanted: NewConversation,
        request: Request,
        principal: Principal = Depends(needs(None)),  # noqa: B008
    ) -> ConversationBegun:
        _require_start(principal, wanted, request, origins)
        own = await conversations().begin(
            principal.tenant,
            MarketId(wanted.market),
            subject=wanted.subject,
            language=None if wanted.language is None else Language(wanted.language),
            channel=wanted.channel,
            key=wanted.key,
            profile=wanted.profile,
        )
        said = await conversations().history(principal.tenant, own.id)
        token, expires = await asyncio.to_thread(tokens().make, principal.tenant, own.id)
        return ConversationBegun(
            **conversation_shown(own).model_dump(),
            messages=[message_shown(each) for each in said],
            token=token,
            expires=expires,
        )

    @router.get("/{conversation}", summary="A conversation as it stands")
    async def show(conversation: Id, principal: Principal = reads) -> ConversationShown:
        return conversation_shown(await conversations().get(principal.tenant, ConversationId(conversation)))

    @router.post("/{conversation}/messages", summary="Write as the customer")
    async def write(conversation: Id, wanted: NewMessage, principal: Principal = writes) -> MessageList:
        own = ConversationId(conversation)
        party = await conversations().party(principal.tenant, own)
        said = await conversations().receive(party, own, wanted.text, wanted.client_id)
        return MessageList(messages=[message_shown(each) for each in said])

    @router.get("/{conversation}/messages", summary="Messages after a number")
    async def read(
        conversation: Id,
        after: After = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
        principal: Principal = reads,
    ) -> MessageList:
        said = await conversations().history(
            principal.tenant, ConversationId(conversation), after=after, limit=limit
        )
        return MessageList(messages=[message_shown(each) for each in said])

    @router.get(
        "/{conversation}/events",
        summary="Messages as they come, as server-sent events",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )
    async def follow(
        conversation: Id, request: Request, after: After = 0, principal: Principal = reads
    ) -> StreamingResponse:
        return await events(
            conversations(), principal.tenant, ConversationId(conversation), request, after=after
        )

    @router.post("/{conversation}/token", summary="Another token, before the one in use ends")
    async def renew(conversation: Id, principal: Principal = writes) -> TokenMade:
        own = await conversations().get(principal.tenant, ConversationId(conversation))
        token, expires = await asyncio.to_thread(tokens().make, principal.tenant, own.id)
        return TokenMade(token=token, expires=expires)

    @router.websocket("/{conversation}/live")
    async def live(socket: WebSocket, conversation: str) -> None:
        principal = caller_of(socket).principal
        if principal.conversation is None:
            principal.require(Right.CONVERSATIONS_WRITE)
        await converse(socket, conversations(), principal.tenant, ConversationId(conversation))

    return router


def _customer_or(right: Right) -> Callable[[Request], Any]:
    """The customer of the conversation, whom the guard has let through to it, or who has a right."""

    async def principal(request: Request) -> Principal:
        found = caller_of(request).principal
        if found.conversation is None:
            found.require(right)
        return found

    return principal


def _require_start(principal: Principal, wanted: NewConversation, request: Request, origins: Origins) -> None:
    """A public page begins for visitors without a name; a program of the business for whom it names.

    Raises:
        ForbiddenError: neither may do this.
    """
    if Right.CONVERSATIONS_WRITE in principal.rights:
        return
    principal.require(Right.CONVERSATIONS_START)
    named = [name for name in ("subject", "key", "profile") if getattr(wanted, name) is not None]
    if named:
        raise ForbiddenError(
            f"naming the {named[0]} needs the right {Right.CONVERSATIONS_WRITE}",
            hint="leave it out, or begin the conversation from the business's own server",
        )
    origins.require(request.headers.get("origin"), request.headers.get("host"))
