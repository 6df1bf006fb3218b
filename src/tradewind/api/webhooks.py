"""/v1/webhooks: which programs are told what happens in conversations, and what could not be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from tradewind.access.access import Access
from tradewind.access.model import Principal, Right
from tradewind.api.access import Needs
from tradewind.api.schemas import Problem
from tradewind.channels.model import EVENTS, Delivery, State, Webhook
from tradewind.channels.webhooks.webhooks import Webhooks
from tradewind.core.ids import RegionId
from tradewind.journal.encode import moment

PROBLEMS: dict[int | str, dict[str, Any]] = {
    403: {"model": Problem, "description": "The key reaches no such region, or the address is not public"},
    404: {"model": Problem, "description": "No such webhook or region"},
    409: {"model": Problem, "description": "There are too many"},
    422: {"model": Problem, "description": "An address or event that is none"},
}
Id = Annotated[str, Path(min_length=1, max_length=64)]
Region = Annotated[
    str | None, Query(max_length=63, description="region of the conversations; the home region when absent")
]


class WebhookShown(BaseModel):
    """A program that is told what happens in the conversations of a region."""

    id: str
    region: str
    url: str
    events: list[str]
    created: AwareDatetime


class WebhookCreated(WebhookShown):
    """A webhook that was just made: `secret` is shown this once."""

    secret: str = Field(description="signs what it is told (Standard Webhooks)")


class WebhookList(BaseModel):
    """The webhooks of a region, oldest first."""

    webhooks: list[WebhookShown]


class NewWebhook(BaseModel):
    """A webhook to be made."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"url": "https://crm.example/hook", "events": list(EVENTS[:2])}]},
    )

    url: str = Field(max_length=2000, description="https; http within the networks that the settings allow")
    events: list[str] = Field(
        default_factory=list, max_length=len(EVENTS), description=f"{', '.join(EVENTS)}; all when empty"
    )
    region: str | None = Field(None, max_length=63, description="the home region when absent")


class DeliveryShown(BaseModel):
    """Something that a webhook was told or is to be told."""

    id: str = Field(description="`webhook-id` of the request: the same whenever it is tried")
    event: str
    conversation: str
    state: State
    attempts: int = Field(description="attempts that failed")
    recorded: AwareDatetime = Field(description="when what it tells of was recorded")
    error: str | None = Field(description="why the last attempt failed")


class DeliveryList(BaseModel):
    """The newest 200, the newest first."""

    deliveries: list[DeliveryShown]


class Retried(BaseModel):
    """How many dead letters are tried again."""

    retried: int


def webhook_routes(webhooks: Callable[[], Webhooks], access: Callable[[], Access], needs: Needs) -> APIRouter:
    """The routes over the webhooks of the tenant that asks."""
    router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])
    manages = Depends(needs(Right.TENANT_MANAGE))

    def region_of(principal: Principal, region: str | None) -> RegionId:
        return RegionId(region) if region else access().home_of(principal.tenant)

    @router.get("", summary="List the webhooks of a region", responses=PROBLEMS)
    def list_webhooks(principal: Principal = manages, region: Region = None) -> WebhookList:
        found = webhooks().all(principal.tenant, region_of(principal, region))
        return WebhookList(webhooks=[WebhookShown(**_webhook(each)) for each in found])

    @router.post("", status_code=201, summary="Make a webhook; its secret is shown once", responses=PROBLEMS)
    def make(wanted: NewWebhook, principal: Principal = manages) -> WebhookCreated:
        region = region_of(principal, wanted.region)
        made, secret = webhooks().make(principal.tenant, region, wanted.url, wanted.events, by=principal.name)
        return WebhookCreated(**_webhook(made), secret=secret)

    @router.delete("/{webhook}", summary="Remove a webhook with its dead letters", responses=PROBLEMS)
    def remove(webhook: Id, principal: Principal = manages, region: Region = None) -> WebhookShown:
        own = region_of(principal, region)
        return WebhookShown(**_webhook(webhooks().remove(principal.tenant, own, webhook, by=principal.name)))

    @router.get(
        "/{webhook}/deliveries", summary="What a webhook was told or is to be told", responses=PROBLEMS
    )
    def deliveries(
        webhook: Id, principal: Principal = manages, region: Region = None, state: State | None = None
    ) -> DeliveryList:
        own = region_of(principal, region)
        found = webhooks().deliveries(principal.tenant, own, webhook, state)
        return DeliveryList(deliveries=[_delivery(each) for each in found])

    @router.post("/{webhook}:retry", summary="Try a webhook's dead letters again", responses=PROBLEMS)
    def retry(
        webhook: Id,
        principal: Principal = manages,
        region: Region = None,
        delivery: Annotated[
            str | None, Query(max_length=64, description="one of them; all when absent")
        ] = None,
    ) -> Retried:
        own = region_of(principal, region)
        return Retried(retried=webhooks().retry(principal.tenant, own, webhook, delivery))

    return router


def _webhook(found: Webhook) -> dict[str, Any]:
    return {
        "id": found.id,
        "region": found.region,
        "url": found.url,
        "events": list(found.events),
        "created": found.created,
    }


def _delivery(found: Delivery) -> DeliveryShown:
    return DeliveryShown(
        id=found.id,
        event=found.kind,
        conversation=found.conversation,
        state=found.state,
        attempts=found.attempts,
        recorded=moment(found.order_us),
        error=found.error,
    )
