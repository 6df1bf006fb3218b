"""Settings from `tradewind.toml` in the workspace and from `TRADEWIND_*`; the environment wins."""

from __future__ import annotations

import difflib
import os
from datetime import time
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from tradewind.core.channel_settings import ChannelSettings
from tradewind.core.errors import ConfigError
from tradewind.core.secret import PASSWORD_VARIABLE

FILE_NAME = "tradewind.toml"
PREFIX = "TRADEWIND_"


class RegionSettings(BaseModel):
    """Where one region's records live, and where the key is that wraps its subjects' keys."""

    model_config = ConfigDict(extra="forbid")

    database: str | None = Field(None, description="URL; a file in var/regions/ when absent")
    key: str | None = Field(None, description="file:PATH, env:NAME or kms:PACKAGE.MODULE:NAME")


class RewriteSettings(BaseModel):
    """Where replies are polished by another model. What customers wrote may be part of them: it leaves the server."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(
        pattern=r"^https?://\S+$",
        description="up to /v1 of an endpoint of chat completions, without their name",
    )
    model: str = Field(min_length=1, description="as the endpoint names it")
    key: str | None = Field(None, description="env:NAME or file:PATH")
    timeout_s: float = Field(1.5, gt=0, le=30, description="seconds after which the original is said")


class AssistantSettings(BaseModel):
    """What the assistant talks about, where, and how much it takes."""

    model_config = ConfigDict(extra="forbid")

    pack: str = Field("finance", description="name of a pack that ships, or a folder")
    model: str = Field("assistant", description="name of the live model that reads messages")
    knowledge: str = Field("default", description="name of the workspace's index of documents")
    origins: tuple[str, ...] = Field((), description="other sites whose pages may hold the chat widget")
    messages_per_s: float = Field(2.0, gt=0, description="messages a second that one person may write")
    messages_at_once: float = Field(20.0, ge=1, description="messages that one person may write at once")
    silence_s: float | None = Field(
        600.0, gt=0, description="seconds after which a customer who was asked something is reminded"
    )
    opens: time = Field(time(9), description="when persons begin to answer, in the market's time")
    closes: time = Field(time(18), description="when they go home")
    rewrite: RewriteSettings | None = Field(
        None, description="endpoint that polishes replies; they are said as written when absent"
    )
    first_answer_s: tuple[float, float, float, float] = Field(
        (1800.0, 600.0, 180.0, 60.0), description="by priority 0 to 3, how soon a person should answer"
    )

    @model_validator(mode="after")
    def _a_day(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError(f"closes {self.closes:%H:%M} is not after opens {self.opens:%H:%M}")
        return self


class Settings(BaseSettings):
    """Everything an installation can set; see docs/settings.md for the same list in prose."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid")

    workspace: Path = Field(Path(), description="folder with models/, packs/, markets/ and var/")
    cache: Path = Field(
        default_factory=lambda: Path.home() / ".cache" / "tradewind",
        description="where pulled encoders are kept",
    )
    data: Path | None = Field(None, description="folder with public data sets, for tests and benchmarks")
    host: str = Field("127.0.0.1", description="address that the server listens on")
    port: int = Field(8321, ge=0, le=65535, description="port that the server listens on; 0 picks a free one")
    threads: int = Field(0, ge=0, description="CPU threads of the engine; 0 means all cores")
    max_body_bytes: int = Field(8_000_000, gt=0, description="largest accepted HTTP request body")
    max_texts: int = Field(10_000, gt=0, description="most texts in one HTTP request")
    queue_tokens: int = Field(262_144, gt=0, description="tokens that may wait before requests are refused")
    deadline_s: float = Field(10.0, gt=0, description="seconds after which a waiting request is given up")
    database: str | None = Field(
        None, description="URL of the database of tenants, members and keys; a file in var/ when absent"
    )
    regions: dict[str, RegionSettings] = Field(
        default_factory=dict, description="databases and keys by region, for those not kept in files in var/"
    )
    home_region: str = Field(
        "eu",
        description="region of what belongs to no market, while there is no tenant with a home of its own",
    )
    public_url: str | None = Field(
        None, description="address that browsers reach this server at, where a proxy stands before it"
    )
    key_rate_per_s: float = Field(
        1000.0, gt=0, description="requests a second of a key that has no rate of its own"
    )
    assistant: AssistantSettings = Field(
        default_factory=AssistantSettings, description="pack, model, hours and limits of the assistant"
    )
    channels: ChannelSettings = Field(
        default_factory=ChannelSettings, description="mailboxes, messenger numbers, where webhooks may go"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="how much is logged")

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("workspace", "cache", "data")
    @classmethod
    def _home(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser()

    @field_validator("public_url")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
            raise ValueError("an address such as https://tradewind.example.com")
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def models(self) -> Path:
        """Folder of the workspace's models, one folder a name."""
        return self.workspace / "models"

    @property
    def var(self) -> Path:
        """Folder of the embedded databases and keys."""
        return self.workspace / "var"

    @property
    def encoders(self) -> Path:
        """Folder of the pulled encoders."""
        return self.cache / "encoders"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        given = {**env_settings(), **init_settings()}
        file = Path(given.get("workspace", Path())) / FILE_NAME
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)


def load_settings(workspace: Path | None = None) -> Settings:
    """Read the settings of a workspace.

    Args:
        workspace: the folder; `TRADEWIND_WORKSPACE` or the current folder when None.

    Raises:
        ConfigError: a value is wrong or a name is unknown; names the setting.
    """
    _refuse_unknown_variables()
    try:
        return Settings() if workspace is None else Settings(workspace=workspace)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"setting {name!r}: {first['msg']}", hint=f"see {FILE_NAME} or TRADEWIND_*"
        ) from error
    except ValueError as error:
        raise ConfigError(f"{FILE_NAME} cannot be read: {error}", hint="it must be valid TOML") from error


def _refuse_unknown_variables() -> None:
    """A misspelt variable would otherwise be ignored, and nobody would know why nothing changed."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields] + [PASSWORD_VARIABLE]
    for name in os.environ:  # noqa: TID251 - this is where settings come from
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            close = difflib.get_close_matches(name.upper(), known, n=1)
            raise ConfigError(
                f"{name}: there is no such setting", hint=f"nearest: {close[0]}" if close else "unset it"
            )
