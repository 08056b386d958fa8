"""What the other rooms say of the chosen package, as the playbook prints it: ranges, replies of the perpetrators, reasons.

Everything is bounded by counts and one seed, never by a clock, so that the same plan gives the same words on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from ...inputs.faults import Fault, InputError, did_you_mean
from ..context import Context
from ..parts import Study
from .reasons import reasons
from .replies import replies
from .spread import Spread, doubt, spread_of

Depth = Literal["none", "quick", "full"]
DEPTHS: tuple[Depth, ...] = get_args(Depth)
NOT_RUN = Study(run=False)
DRAWS = {"quick": 4096, "full": 16384}  # from seed to seed the ends of a range then move by less than half a point


@dataclass(frozen=True)
class Studies:
    """The three studies, and the ranges that stand all through the document; None: not drawn."""

    explanations: Study = NOT_RUN
    doubt: Study = NOT_RUN
    red_team: Study = NOT_RUN
    spread: Spread | None = None


def studied(ctx: Context, depth: Depth, seed: int) -> Studies:
    """All three studies. quick: a few seconds; full: also shares, what would change the choice, and pairs of replies."""
    if depth not in DEPTHS:
        raise InputError([Fault("playbook", "", "depth", str(depth), "there is no such depth", did_you_mean(str(depth), DEPTHS).rstrip("?"))])  # fmt: skip
    if depth == "none" or not ctx.option.measures:
        return Studies()
    spread = spread_of(ctx, DRAWS[depth], seed)
    return Studies(
        explanations=reasons(ctx, depth == "full", seed),
        doubt=doubt(ctx, spread),
        red_team=replies(ctx, 2 if depth == "full" else 1),
        spread=spread,
    )
