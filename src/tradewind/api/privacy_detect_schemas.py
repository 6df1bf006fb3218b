"""What goes over the wire about personal data in texts."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tradewind.privacy.redact import How


def _unicode(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"holds a lone surrogate at character {error.start}") from None
    return text


Text = Annotated[str, AfterValidator(_unicode)]


class DetectRequest(BaseModel):
    """Texts, and the market whose identifiers and languages to expect."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [{"market": "us", "texts": ["Call Alice Smith at (212) 555-0187", "我的卡还没有到"]}]
        },
    )

    market: str = Field(min_length=1, max_length=40, description="id of a market; see GET /v1/markets")
    texts: list[Text] = Field(description="any texts; an empty one has no spans")


class RedactRequest(DetectRequest):
    """Texts, and what is put in the place of the personal data in them."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [{"market": "us", "texts": ["Call Alice at (212) 555-0187"], "how": "placeholder"}]
        },
    )

    how: How = Field("placeholder", description="`***`, `<PERSON>`, or a token that a key turns back")


class RevealRequest(DetectRequest):
    """Texts with tokens that a redaction with `pseudonym` put there."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"market": "us", "texts": ["Call <PERSON:…>"]}]},
    )


class SpanResponse(BaseModel):
    """Personal data at characters `start` (included) to `end` (excluded), Unicode code points."""

    type: str
    start: int
    end: int
    score: float = Field(description="how sure this type is, 0 to 1")


class DetectResult(BaseModel):
    """What was found in one text."""

    spans: list[SpanResponse]


class DetectResponse(BaseModel):
    """One result a text, in the order of the texts."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "market": "us",
                    "names": True,
                    "results": [{"spans": [{"type": "PHONE_NUMBER", "start": 20, "end": 34, "score": 0.94}]}],
                }
            ]
        }
    )

    market: str
    names: bool = Field(
        description="whether a model of names answered; identifiers alone were found when not"
    )
    results: list[DetectResult]


class TextResult(BaseModel):
    """One text, redacted or revealed."""

    text: str


class RedactResponse(BaseModel):
    """One redacted text a text, in the order of the texts."""

    market: str
    names: bool = Field(description="whether a model of names answered; names are still there when not")
    results: list[TextResult]


class RevealResponse(BaseModel):
    """One text a text, in the order of the texts."""

    market: str
    results: list[TextResult]
