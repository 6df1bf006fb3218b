"""Settings of channels: accounts of e-mail and WhatsApp, and where webhooks may go."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")]
Security = Literal["tls", "starttls", "none"]


def _named(value: str) -> str:
    if not value.startswith(("env:", "file:")):
        raise ValueError("a secret is named by its place, not written down: env:NAME or file:PATH")
    return value


Secret = Annotated[str, AfterValidator(_named)]


class EmailAccount(BaseModel):
    """A mailbox whose letters the assistant answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tenant: str = Field("local", description="whose conversations they are")
    market: str = Field(description="market of who writes there")
    address: str = Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$", description="the mailbox's own address")
    name: str = Field("", max_length=100, description="shown beside the address")
    imap_host: str = Field(description="where letters are fetched")
    imap_port: int = Field(993, ge=1, le=65535)
    imap_security: Security = "tls"
    folder: str = "INBOX"
    smtp_host: str = Field(description="where answers are handed in")
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: Security = "starttls"
    user: str | None = Field(None, description="name to sign in with; the address when absent")
    password: Secret = Field(description="env:NAME or file:PATH")
    poll_s: float = Field(10.0, gt=0, description="seconds between looks into the mailbox")
    letters_per_hour: int = Field(20, ge=1, description="letters of one sender that are answered in an hour")


class WhatsAppAccount(BaseModel):
    """A telephone number of the WhatsApp Cloud API."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tenant: str = Field("local", description="whose conversations they are")
    market: str = Field(description="market of who writes there")
    phone_number_id: str = Field(pattern=r"^\d{1,30}$", description="as Meta's dashboard shows it")
    token: Secret = Field(description="access token that sends: env:NAME or file:PATH")
    app_secret: Secret = Field(description="app secret that signs webhooks: env:NAME or file:PATH")
    verify_token: Secret = Field(description="what Meta sends once, to see that the address is yours")
    base_url: str = Field(
        "https://graph.facebook.com/v23.0", pattern=r"^https?://\S+$", description="address of the API"
    )


class ChannelSettings(BaseModel):
    """Where customers write besides the web."""

    model_config = ConfigDict(extra="forbid")

    email: dict[Name, EmailAccount] = Field(default_factory=dict, description="mailboxes by name")
    whatsapp: dict[Name, WhatsAppAccount] = Field(default_factory=dict, description="numbers by name")
    webhook_networks: tuple[str, ...] = Field(
        (), description="networks that webhooks may reach although they are not public: 10.0.0.0/8"
    )
