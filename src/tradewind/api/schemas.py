"""What goes over the wire, with examples: the source of `/openapi.json`."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class PredictRequest(BaseModel):
    """One text or many, each with its second text where the model compares pairs."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {"text": "my card has not arrived"},
                {"texts": ["my card has not arrived", "我的卡还没有到"], "top": 3, "deadline_s": 2.5},
                {"text": "It rained.", "pair": "The ground is wet."},
            ]
        },
    )

    text: str | None = Field(None, description="one text")
    texts: list[str] | None = Field(None, description="many texts; give this or `text`")
    pair: str | None = Field(None, description="the second text, of a model that compares two")
    pairs: list[str] | None = Field(None, description="second texts, as many as `texts`")
    top: int | None = Field(None, ge=1, description="most labels in `scores`; all of them when absent")
    deadline_s: float | None = Field(
        None, gt=0, le=300, description="seconds after which the answer is of no use; 504 then", strict=False
    )

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise ValueError("give either `text` or `texts`")
        if self.pair is not None and self.text is None:
            raise ValueError("`pair` belongs to `text`; give `pairs` with `texts`")
        if self.pairs is not None and (self.texts is None or len(self.pairs) != len(self.texts)):
            count = 0 if self.texts is None else len(self.texts)
            raise ValueError(f"{len(self.pairs)} pairs for {count} texts; give one second text for each text")
        return self

    def all_texts(self) -> list[str]:
        """The texts, however they were given."""
        return self.texts if self.texts is not None else [self.text or ""]

    def all_pairs(self) -> list[str] | None:
        """The second texts, however they were given."""
        return [self.pair] if self.pair is not None else self.pairs


class PredictResponse(BaseModel):
    """One prediction a text, in the order of the texts."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": "banking",
                    "version": "20261123-1",
                    "predictions": [
                        {
                            "label": "card_arrival",
                            "probability": 0.981,
                            "in_scope": True,
                            "scope_score": 0.12,
                            "scores": {"card_arrival": 0.981, "card_delivery_estimate": 0.012},
                        }
                    ],
                    "took_ms": 1.4,
                }
            ]
        }
    )

    model: str
    version: str
    predictions: list[dict[str, Any]] = Field(
        description="`label`, `probability`, `in_scope`, `scores`; or `labels`; or `spans`; more in `heads`"
    )
    took_ms: float = Field(description="milliseconds in queue and engine")


class PromoteRequest(BaseModel):
    """Which installed version should answer from now on."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"version": "20261123-1"}]}
    )

    version: str


class PointerResponse(BaseModel):
    """The version that is live now, and those before it, newest first."""

    model: str
    version: str
    previous: list[str]


class VersionSummary(BaseModel):
    """One installed version."""

    version: str
    created: str
    live: bool
    metrics: dict[str, Any]


class ModelSummary(BaseModel):
    """One model: what answers now, and how good it was measured to be."""

    name: str
    version: str | None = Field(description="the version that answers; null when none is loaded")
    loaded: bool
    problem: str | None = Field(description="why a newer version was refused, or why none is loaded")
    encoder: str | None = None
    tasks: list[str] = []
    metrics: dict[str, Any] = {}
    bytes: int | None = None


class ModelDetail(ModelSummary):
    """A model with its heads, labels and versions."""

    heads: list[dict[str, Any]] = []
    max_tokens: int | None = None
    versions: list[VersionSummary] = []


class ModelList(BaseModel):
    """All models of the server."""

    models: list[ModelSummary]


class Problem(BaseModel):
    """RFC 9457. `type` is stable and names the kind of problem; `hint` says what would be right."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    hint: str | None = None
    errors: list[dict[str, str]] | None = None
