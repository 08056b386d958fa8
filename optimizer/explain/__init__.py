"""Why this, why not that, why nothing: explanations as data, with one plain sentence each (docs/explaining.md)."""

from __future__ import annotations

from .conflict import conflicts, why_nothing
from .mind import what_would_change
from .nesting import Nesting, Rung, nesting, nesting_chart
from .others import Alternatives, alternatives, difference_of
from .package import explain_package, replacement_loss
from .partner import why_partner
from .records import Explanation, Repair, WhyNothing, plain
from .repairs import repairs, repairs_so_far
from .resolve import prepare
from .steps import one_step_more, steps
from .things import Thing, things_of
from .trials import whether
from .why_not import why_not
from .words import MODEL_NOT_WORLD

__all__ = [
    "MODEL_NOT_WORLD",
    "Alternatives",
    "Explanation",
    "Nesting",
    "Repair",
    "Rung",
    "Thing",
    "WhyNothing",
    "alternatives",
    "conflicts",
    "difference_of",
    "explain_package",
    "nesting",
    "nesting_chart",
    "one_step_more",
    "plain",
    "prepare",
    "repairs",
    "repairs_so_far",
    "replacement_loss",
    "steps",
    "things_of",
    "what_would_change",
    "whether",
    "why_not",
    "why_nothing",
    "why_partner",
]
