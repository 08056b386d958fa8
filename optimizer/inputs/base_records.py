"""What all records share: frozen, nothing unknown let in, finite numbers, units in the names."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator


class Record(BaseModel):
    """A row or block of the data: checked once, when it is made, then unchangeable."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)


def _as_whole(value: object) -> object:
    """18.0 counts as the whole number that it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(strict=True)]
Amount = Annotated[float, Field(strict=True, ge=0)]
Positive = Annotated[float, Field(strict=True, gt=0)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Whole = Annotated[int, BeforeValidator(_as_whole), Field(strict=True)]
Count = Annotated[int, BeforeValidator(_as_whole), Field(strict=True, ge=0)]
Flag = Annotated[bool, Field(strict=True)]
Date = Annotated[str, Field(json_schema_extra={"format": "date"})]

Point = Literal["new_elite", "early_war", "onset", "post_settlement"]
Tempo = Literal["volcanic", "rolling", "slow"]
Group = Literal["decision_makers", "perpetrators", "victims", "third_parties"]
Gate = Literal["none", "executive", "national_legislature", "regional", "unsc"]
Grade = Literal["strong", "moderate", "weak", "expert_judgement"]
Confidence = Literal["low", "medium", "high"]
Family = Literal[
    "civil", "covert", "dip_sanction", "econ_induce", "econ_sanction", "econ_threat", "force", "force_threat",
    "guarantee", "info", "legal", "mediation", "mil_assist", "monitor", "pol_induce", "presence", "pressure",
    "protect_civ", "shaming", "third",
]  # fmt: skip


class Triple(Record):
    """An estimate: low and high stand for about the 10th and 90th percentile."""

    low: Number
    mid: Number
    high: Number

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.mid <= self.high:
            raise ValueError(f"low {self.low:g}, mid {self.mid:g}, high {self.high:g} are not in rising order")
        return self


def _within(least: float, most: float, triple: Triple) -> Triple:
    if triple.low < least or triple.high > most:
        raise ValueError(f"{triple.low:g} to {triple.high:g} is not within {least:g} to {most:g}")
    return triple


AmountTriple = Annotated[Triple, AfterValidator(lambda t: _within(0, float("inf"), t))]
ShareTriple = Annotated[Triple, AfterValidator(lambda t: _within(0, 1, t))]
EffectTriple = Annotated[Triple, AfterValidator(lambda t: _within(-1, 1, t))]
