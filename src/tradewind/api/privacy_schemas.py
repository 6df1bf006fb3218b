"""What goes over the wire about persons."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator


def _unicode(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"holds a lone surrogate at character {error.start}") from None
    if "\0" in text:
        raise ValueError("holds a NUL character")
    return text


Text = Annotated[str, AfterValidator(_unicode)]
Market = Annotated[
    Text, Field(min_length=1, max_length=40, description="id of a market: decides law and region")
]
Person = Annotated[
    Text,
    Field(
        min_length=1,
        max_length=400,
        description="e-mail address, telephone number with +, or customer number; `email:`, `phone:` or "
        "`customer:` before it say which",
    ),
]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", description="BCP 47")]


class ConsentRequest(BaseModel):
    """What a person said about a purpose."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "market": "de",
                    "subject": "anna@example.com",
                    "purpose": "marketing",
                    "granted": True,
                    "version": "2026-11",
                    "language": "de",
                },
                {"market": "de", "subject": "anna@example.com", "purpose": "marketing", "granted": False},
            ]
        },
    )

    market: Market
    subject: Person
    purpose: str = Field(pattern=r"^[a-z][a-z0-9-]{0,63}$", description="such as marketing or training")
    granted: bool = Field(description="false: they took it back, which holds at once")
    version: Text | None = Field(
        None, min_length=1, max_length=64, description="of the text that they were shown; needed when granted"
    )
    language: Language | None = Field(None, description="of that text; needed when granted")

    @model_validator(mode="after")
    def _proven(self) -> Self:
        if self.granted and (self.version is None or self.language is None):
            raise ValueError("give `version` and `language` of the text that the person agreed to")
        return self


class ConsentResponse(BaseModel):
    """What holds now."""

    purpose: str
    granted: bool
    market: str
    version: str
    language: str
    at: AwareDatetime


class ExportRequest(BaseModel):
    """A person who asks what is known about them."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"market": "de", "subjects": ["anna@example.com"], "page": True}]},
    )

    market: Market
    subjects: list[Person] = Field(min_length=1, max_length=20, description="every name they go by")
    language: Language | None = Field(None, description="of the page; the market's first when absent")
    page: bool = Field(False, description="with a page of HTML for the person")


class EraseRequest(BaseModel):
    """A person who asks to be erased."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"market": "de", "subjects": ["anna@example.com"], "wait_s": 10}]},
    )

    market: Market
    subjects: list[Person] = Field(min_length=1, max_length=20, description="every name they go by")
    wait_s: float = Field(
        0, ge=0, le=60, description="seconds to wait until it is done; it goes on in any case", strict=False
    )


class RequestShown(BaseModel):
    """A request, and the clock that the law of its market has set."""

    id: str
    asked: Literal["export", "erasure"]
    market: str
    regulation: str
    article: str | None = Field(description="where the law says so")
    received: AwareDatetime
    due: AwareDatetime | None = Field(description="null where the law sets no deadline")
    done: AwareDatetime | None
    found: int = Field(description="in how many regions, or under how many names, the person was known")
    receipt: dict[str, Any] | None = Field(
        description="of an erasure that is done: `statement`, `signature`, `public_key`"
    )


class RequestList(BaseModel):
    """The tenant's requests, the most urgent first."""

    requests: list[RequestShown]


class ExportResponse(BaseModel):
    """Everything about a person; nothing of it is kept here."""

    request: RequestShown
    content: dict[str, Any]
    page: str | None = Field(description="HTML in the person's language, where it was asked for")
