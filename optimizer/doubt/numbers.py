"""Every number of a case that is not known: its name, its group, its range and how well it is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..choices import Choices
from ..explain.words import Words
from ..inputs.records import Case, Catalog, Triple
from ..judge.scene import Scene

GROUPS = {
    "effects": "how strong each instrument is",
    "leverage": "how the target scales the instruments",
    "fit": "how well placed each partner is",
    "partners": "whether each partner agrees when it is asked",
    "authorization": "whether the bodies authorize",
    "costs": "what each instrument costs",
    "lead_times": "how long each instrument takes",
    "durations": "how long each instrument lasts",
    "activation": "how long each partner takes to get going",
    "case": "how the case itself was scored",
    "triggers": "how late a turn of the crisis is seen",
    "synergies": "how instruments strengthen or weaken each other",
    "ceilings": "how much instruments can do together",
    "modifiers": "what delay, phase, coalitions and threats do to an effect",
    "baseline": "the risk if nothing is done",
    "hazard": "when the danger is greatest",
    "branches": "how likely and how bad each turn of the crisis is",
}
CEILINGS = (
    "cap_words_group", "cap_non_force_group", "max_joint_reduction_early", "max_joint_reduction_onset",
    "same_family_discount", "synergy_tool_cap", "synergy_total_share", "R35.cap",
)  # fmt: skip
MODIFIERS = (
    "R03.q", "R04.b", "R05.discount", "R06.d_rolling", "R06.d_volcanic", "R07.factor", "R22.bonus", "R32.share",
    "government_perpetrator_factor_peace_forces",
)  # fmt: skip
FACTORS = {  # precondition of the case -> coefficient of the five-factor model
    "exclusionary_ideology": "beta_exclusionary_ideology",
    "polarised_elite": "beta_ethnically_polarised_elites",
    "state_led_discrimination": "beta_state_led_discrimination",
    "autocracy": "beta_autocracy",
    "low_interconnectedness": "beta_low_interconnectedness",
}
MOST = 0.95  # no single effect and no ceiling is drawn above this share


@dataclass(frozen=True)
class Number:
    """An uncertain number. `chance`: drawn as yes (1) or no (0), with `mid` its probability.

    `column`: numbers of one column are drawn with one throw. `least` and `most` bound what widening may reach.
    """

    name: str
    group: str
    title: str
    low: float
    mid: float
    high: float
    grade: str = "expert_judgement"
    least: float = -float("inf")
    most: float = float("inf")
    chance: bool = False
    column: str = ""

    @property
    def throw(self) -> str:
        """The column of the design that it is drawn from."""
        return self.column or self.name


def numbers_of(case: Case, catalog: Catalog, choices: Choices) -> tuple[Number, ...]:
    """All uncertain numbers, in a fixed order; what the planner has set himself is certain."""
    scene = Scene(case, choices, catalog)
    fixed = {name for name, _ in choices.parameters} | {f"gate:{body}" for body, _ in choices.authorization}
    makers = (
        _baseline, _branches, _bodies, _partners, _parameters, _tools, _fits, _leverage, _synergies, _times, _scores,
    )  # fmt: skip
    return tuple(n for make in makers for n in make(scene) if n.name not in fixed and n.low < n.high)


def _range(name: str, group: str, title: str, triple: Triple, grade: str, least: float, most: float) -> Number:
    return Number(name, group, title, triple.low, triple.mid, triple.high, grade, least, most)


def _baseline(scene: Scene) -> Iterator[Number]:
    known, choice = scene.case.baseline_risk, scene.choices.baseline
    title = "risk if nothing is done"
    if choice == "inside":
        yield Number("baseline", "baseline", title, known.low, known.p_one_year, known.high, "inside", 0.001, 0.99)
    elif choice == "outside":
        low, high = outside_range(scene)
        yield Number("baseline", "baseline", title, low, known.outside_view_p, high, "outside", 1e-4, 0.99)
    timing = scene.catalog.parameters["hazard_timing"]
    if timing.low is not None and timing.high is not None:
        yield Number("timing", "hazard", "whether the danger comes early or late", timing.low, timing.mid, timing.high)


def outside_range(scene: Scene) -> tuple[float, float]:
    """Low and high of the outside view: each coefficient and the intercept moved to its ends, added as independent."""
    import math

    spread = [_half_ranges(scene, "intercept_upheaval")]
    for field, coefficient in FACTORS.items():
        score = getattr(scene.case.preconditions, field).score
        spread.append(tuple(score * half for half in _half_ranges(scene, coefficient)))
    down, up = (math.hypot(*(pair[k] for pair in spread)) for k in (0, 1))
    z = math.log(scene.case.baseline_risk.outside_view_p / (1 - scene.case.baseline_risk.outside_view_p))
    return 1 / (1 + math.exp(-(z - down))), 1 / (1 + math.exp(-(z + up)))


def _half_ranges(scene: Scene, name: str) -> tuple[float, ...]:
    row = scene.catalog.parameters[name]
    return (row.mid - (row.mid if row.low is None else row.low), (row.mid if row.high is None else row.high) - row.mid)


def _branches(scene: Scene) -> Iterator[Number]:
    """Chances and hazards of the branches; a case's or planner's own have the relative spread of the table's."""
    table = scene.catalog.branch_defaults.get((scene.case.intervention_point, scene.case.tempo.tempo_class))
    if table is None:
        return
    for node in scene.nodes[1:]:
        words = node.name.replace("_", " ")
        chance = getattr(table, f"p_{node.name}", table.p_escalates)
        worse = getattr(table, f"mult_{node.name}", table.mult_drags_on)
        if node.name != "drags_on":  # what is left of the others' chances
            yield _scaled(f"chance:{node.name}", f"chance that it {words}", chance, node.probability, 0.01, 0.98)
        yield _scaled(f"multiplier:{node.name}", f"danger if it {words}", worse, node.multiplier, 0.01, 20)


def _scaled(name: str, title: str, like: Triple, mid: float, least: float, most: float) -> Number:
    return Number(
        name, "branches", title, mid * like.low / like.mid, mid, mid * like.high / like.mid, "case", least, most
    )


def _bodies(scene: Scene) -> Iterator[Number]:
    legitimacy = scene.case.legitimacy
    prospects = {
        "unsc": ("whether the Security Council authorizes", legitimacy.unsc_authorization_prospect),
        "regional": ("whether the regional body authorizes", legitimacy.regional_authorization_prospect),
    }
    for body, (title, chance) in prospects.items():
        yield _yes_or_no(f"gate:{body}", "authorization", title, chance)


def _yes_or_no(name: str, group: str, title: str, chance: float, column: str = "") -> Number:
    return Number(name, group, title, 0.0, chance, 1.0, chance=True, column=column)


def _partners(scene: Scene) -> Iterator[Number]:
    """A partner's will is the chance that it agrees; who agrees to send troops agrees to talk (one throw for both)."""
    names = Words(scene.case, scene.catalog)
    for who in scene.partners.values():
        name = names.partner(who.id)
        for kind, chance in (("talks", who.will), ("force", min(who.will, who.will_force))):
            words = "to send troops or use force" if kind == "force" else "to take part"
            yield _yes_or_no(
                f"agrees:{kind}:{who.id}",
                "partners",
                f"whether {name} will agree {words}",
                chance,
                f"agrees:{who.id}",
            )


def _parameters(scene: Scene) -> Iterator[Number]:
    for group, names in (("ceilings", CEILINGS), ("modifiers", MODIFIERS)):
        for name in names:
            row = scene.catalog.parameters[name]
            if row.low is not None and row.high is not None:
                title = row.definition.rstrip(".")
                yield Number(
                    name, group, title, row.low, row.mid, row.high, "case", 0.0, MOST if group == "ceilings" else 1.0
                )


def _tools(scene: Scene) -> Iterator[Number]:
    """Ranges of cost and lead time are those of the catalog as they stand; effects are widened by their grade."""
    big, names = float("inf"), Words(scene.case, scene.catalog)
    for t in scene.catalog.instruments.values():
        yield _range(
            f"effect:{t.id}", "effects", f"effect of {names.tool(t.id)}", t.effect, t.evidence_grade, -1.0, MOST
        )
        yield _range(f"cost:{t.id}", "costs", f"cost of {names.tool(t.id)}", t.cost_musd, t.evidence_grade, 0.0, big)
        yield _range(
            f"lead:{t.id}", "lead_times", f"lead time of {names.tool(t.id)}", t.lead_days, t.evidence_grade, 0.0, big
        )


def _fits(scene: Scene) -> Iterator[Number]:
    spread, names = scene.catalog.value("fit_spread"), Words(scene.case, scene.catalog)
    here = dict.fromkeys(who.generic for who in scene.partners.values())
    for (generic, tool), fit in scene.catalog.fits.items():
        if generic in here:
            title = f"how well placed {names.partner(generic)} is for {names.tool(tool)}"
            low, high = max(0.0, fit.fit - spread), min(1.0, fit.fit + spread)
            yield Number(f"fit:{generic}:{tool}", "fit", title, low, fit.fit, high, "case", 0.0, 1.0)


def _leverage(scene: Scene) -> Iterator[Number]:
    for row in scene.catalog.leverage:
        whom = scene.catalog.instruments[row.instrument].name if row.instrument else row.family.replace("_", " ")
        title = f"weight of {row.case_field.split('.')[1].replace('_', ' ')} for {whom}"
        name = f"leverage:{row.family}:{row.instrument or ''}:{row.case_field}"
        yield _range(name, "leverage", title, row.weight, row.evidence_grade, 0.0, 1.0)


def _synergies(scene: Scene) -> Iterator[Number]:
    names = Words(scene.case, scene.catalog)
    for row in scene.catalog.synergies.values():
        tools = " and ".join(names.tool(keys[0]) for keys in row.instruments if keys[0] in scene.catalog.instruments)
        relation = {
            "reinforces": f"how far {tools} strengthen each other",
            "undermines": f"how far {tools} weaken each other",
            "conditional_without": f"the harm of {tools} without what should stand beside it",
        }
        title = relation[row.relation]
        low, mid, high = sorted((abs(row.strength.low), abs(row.strength.mid), abs(row.strength.high)))
        yield Number(f"strength:{row.id}", "synergies", title, low, mid, high, row.evidence_grade, 0.0, 3.0)


def _times(scene: Scene) -> Iterator[Number]:
    """How long tools last, how long partners take, how late a turn is seen."""
    names = Words(scene.case, scene.catalog)
    for tool in scene.catalog.instruments:
        yield _factor(scene, f"duration:{tool}", "durations", f"how long {names.tool(tool)} lasts", "duration_factor")
    for who in scene.partners:
        title = f"how long {names.partner(who)} takes to get going"
        yield _factor(scene, f"activation:{who}", "activation", title, "activation_factor")
    if len(scene.nodes) > 1:
        yield _factor(scene, "late", "triggers", "how late a turn of the crisis is seen", "recognition_days")


def _factor(scene: Scene, name: str, group: str, title: str, parameter: str) -> Number:
    row = scene.catalog.parameters[parameter]
    return Number(name, group, title, row.low or 0.0, row.mid, row.high or row.mid, "case", 0.0)


def _scores(scene: Scene) -> Iterator[Number]:
    """The scores of the case that leverage hangs on, as sure as their block says (medium where it says nothing)."""
    for where in dict.fromkeys(row.case_field for row in scene.catalog.leverage):
        block, field = where.split(".")
        scored = getattr(scene.case, block)
        half = scene.catalog.value(f"field_spread_{scored.confidence or 'medium'}")
        title, mid = f"score of {field.replace('_', ' ')} in this case", float(getattr(scored, field))
        low, high = max(0.0, mid - half), min(1.0, mid + half)
        yield Number(f"field:{where}", "case", title, low, mid, high, "case", 0.0, 1.0)
