"""What every part of the playbook is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from ..answers import Option, PlanFront
from ..inputs.records import Case, CasePartner, Catalog, Instrument, Partner
from ..judge.evaluate import Judged
from ..model.tree import Node, Tree
from ..questions import Question
from .naming import Names
from .pick import value
from .ranges import Ranges
from .words import GATES, OWN_DECISION

if TYPE_CHECKING:
    from .studies.spread import Spread

MOST_OTHERS = 8  # alternatives in the document

PUBLIC = frozenset(
    {"state", "international_organisation", "regional_organisation", "ad_hoc_group"}
)  # can coordinate others


@dataclass(frozen=True)
class Context:
    """A question, the chosen package, and what the planner adds in words."""

    question: Question
    front: PlanFront | None
    option: Option
    as_of: date
    notes: Mapping[str, str]
    spread: Spread | None = None  # ranges from the draws, once they are made

    @property
    def case(self) -> Case:
        return self.question.case

    @property
    def catalog(self) -> Catalog:
        return self.question.catalog

    @property
    def tree(self) -> Tree:
        return self.question.situation.tree

    @property
    def ends(self) -> tuple[str, ...]:
        """Names of the last nodes of the paths."""
        return tuple(n.name for n in self.tree.ends)

    @cached_property
    def start(self) -> date:
        return date.fromisoformat(self.case.start_date)

    @cached_property
    def names(self) -> Names:
        return Names(self.case, self.catalog)

    @cached_property
    def ranges(self) -> Ranges:
        return Ranges(self.question, self.option.package)

    @cached_property
    def numbered(self) -> tuple[tuple[int, Judged], ...]:
        """Measures with their numbers: now first, then branch by branch, by start and name."""
        place = {n.name: k for k, n in enumerate(self.tree.nodes)}
        measures = self.ranges.mid.measures
        order = sorted(measures, key=lambda j: (place[j.measure.node], j.measure.start_day, self.tool(j).name))
        return tuple(enumerate(order, start=1))

    def begun(self, node: str) -> tuple[tuple[int, Judged], ...]:
        return tuple((n, j) for n, j in self.numbered if j.measure.node == node)

    def tool(self, judged: Judged) -> Instrument:
        return self.catalog.instruments[judged.measure.instrument]

    def entry(self, partner: str) -> CasePartner:
        return next(p for p in self.case.partners if p.partner == partner)

    @cached_property
    def lead(self) -> str | None:
        """The partner proposed to coordinate: of the public ones the one that leads most
        of what begins now; of equals, the most widely accepted."""
        leads = [j.measure.lead for _, j in (self.begun("now") or self.numbered)]
        public = [p for p in leads if self._generic(p).kind in PUBLIC]
        counts = Counter(public or leads)
        return max(counts, key=lambda p: (counts[p], self._generic(p).legitimacy, p), default=None)

    @cached_property
    def others(self) -> tuple[Option, ...]:
        """Alternatives to the chosen package: the nearest in risk on both sides, by risk."""
        here = value(self.option, "risk")
        found = [o for o in (self.front or ()) if o.id != self.option.id and o.measures]
        near = sorted(found, key=lambda o: abs(value(o, "risk") - here))[:MOST_OTHERS]
        return tuple(sorted(near, key=lambda o: value(o, "risk")))

    @cached_property
    def on_offer(self) -> bool:
        """Whether the package is made of what is on offer; what people did or edited may not be."""
        try:
            self.question.situation.indices(self.option.package)
        except KeyError:
            return False
        return True

    def _generic(self, partner: str) -> Partner:
        return self.catalog.partners[self.entry(partner).generic_partner]

    def gate(self, judged: Judged) -> str:
        """Whose word a measure needs first; what a state's executive decides, the body of any other partner does."""
        if judged.gate == "executive" and self._generic(judged.measure.lead).kind != "state":
            return OWN_DECISION
        return GATES.get(judged.gate, judged.gate)

    def say(self, text: str) -> str:
        return self.names.say(text)

    def node(self, name: str) -> Node:
        return self.tree.node(name)
