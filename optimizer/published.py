"""The published form of a front: what `--json` writes; docs/front.schema.json is made from these types."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Published(BaseModel):
    """Plain values, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PublishedObjective(Published):
    """One objective of the search."""

    key: str
    title: str
    unit: str
    direction: Literal["less"]
    resolution: float = Field(description="difference a planner would not care about, in the unit")


class PublishedMeasure(Published):
    """One measure; days count from the case's start date."""

    instrument: str = Field(description="id of the instrument in the catalog")
    mode: str
    lead: str = Field(description="id of the leading partner in the case")
    joined: tuple[str, ...]
    node: str = Field(description="now, or the branch in which it is begun")
    start_day: float
    in_force_day: float
    end_day: float
    cost_musd: float = Field(description="million 2020 USD")


class PublishedRule(Published):
    """One rule on this package."""

    id: str
    title: str
    state: Literal["required", "preferred", "off"]
    kept: bool
    because: str
    price: float = Field(description="risk points of a preferred rule that is not kept")


class PublishedPackage(Published):
    """One package of the front."""

    id: str
    objectives: dict[str, float]
    risk_without_measures: float = Field(description="the baseline: probability if nothing is done")
    measures: tuple[PublishedMeasure, ...]
    rules: tuple[PublishedRule, ...]


class PublishedZone(Published):
    """A region that was not proved empty: every number is an upper corner, null where nothing bounds it."""

    corner: tuple[float | None, ...]
    reason: str


class PublishedCertificate(Published):
    """How far the front can be trusted; `gap` in resolutions, null where unknown."""

    complete: bool
    infeasible: bool
    gap: dict[str, float | None]
    hypervolume_gap: float | None
    cover_gap: float | None = Field(None, description="the same, with what the resolutions forgive counted as settled")
    method: str
    solves: int
    seconds: float
    stopped_by: str
    open_zones: tuple[PublishedZone, ...]
    records: int
    resolutions: dict[str, float]
    versions: dict[str, str]
    verified: bool | None
    proved_by: dict[str, int] = Field({}, description="answers of each solver that proved something")


class PublishedConflict(Published):
    """Requirements that no package satisfies together."""

    requirements: tuple[str, ...]
    proven: bool


class PublishedFront(Published):
    """The whole answer."""

    case: str
    title: str
    data_fingerprint: str
    seed: int
    choices: dict[str, object] = Field(description="every choice that differs from its default")
    objectives: tuple[PublishedObjective, ...]
    packages: tuple[PublishedPackage, ...]
    certificate: PublishedCertificate
    conflict: PublishedConflict | None


def schema() -> dict[str, object]:
    """JSON schema of a published front."""
    return PublishedFront.model_json_schema()
