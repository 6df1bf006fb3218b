"""Spans of time as laws state them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Unit = Literal["hours", "days", "business-days", "months", "years"]


class Part(BaseModel):
    """A part of a market's or a regulation's file: immutable, and no key is unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(Part):
    """So many hours, days, business days, calendar months or years; `calendar.due` counts them off."""

    value: int = Field(ge=1, le=1000, strict=True)
    unit: Unit

    def __str__(self) -> str:
        unit = self.unit.replace("-", " ")
        return f"{self.value} {unit[:-1] if self.value == 1 else unit}"

    def rough_days(self) -> float:
        """About how many days: to compare periods, never to count a deadline off."""
        return (
            self.value
            * {"hours": 1 / 24, "days": 1, "business-days": 1.4, "months": 30, "years": 365}[self.unit]
        )
