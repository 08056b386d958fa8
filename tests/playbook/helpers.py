"""A plan for any case without a search: measures are added as long as the independent check finds nothing broken."""

from dataclasses import fields, replace
from functools import cache, partial
from itertools import zip_longest
from types import SimpleNamespace

from optimizer.answers import PlanFront
from optimizer.choices import Choices
from optimizer.front import Certificate
from optimizer.inputs.reader import load_case, load_catalog
from optimizer.judge.check import violations
from optimizer.model.objectives import OBJECTIVES
from optimizer.model.situation import compile_situation
from optimizer.playbook import build_playbook
from optimizer.questions import Question, ask
from optimizer.solving import fingerprint, option

QUICK = "macedonia_2001"
build = partial(build_playbook, depth="none")  # studies have tests of their own
MOST = 8


def greedy(question, order, most=MOST):
    """Columns that fit together, tried in this order; a word that needs a deed is tried with one."""
    columns = question.situation.columns
    chosen: list[int] = []
    for index in order:
        for extra in ([index], *([index, j] for j in _deeds(question, columns[index]))):
            trial = [*chosen, *(i for i in extra if i not in chosen)]
            if len(trial) > len(chosen) and not _broken(question, trial):
                chosen = trial
                break
        if len(chosen) >= most:
            break
    return frozenset(chosen)


def _deeds(question, word):
    deeds = (i for i, c in enumerate(question.situation.columns) if c.tool.id in word.tool.needs_backing_by)
    return [i for i in deeds if question.situation.columns[i].node != "now"][:3]


def _broken(question, chosen):
    package = question.situation.package(chosen)
    return violations(question.case, package, question.choices, question.catalog)


def tries(question):
    """Columns worth trying: threats, then the cheapest of some instruments of each node in turn."""
    columns = question.situation.columns
    cheap = sorted(range(len(columns)), key=lambda i: (columns[i].cost_musd, columns[i].tool.id, columns[i].start))
    threats = [i for i in cheap if columns[i].tool.mode == "threat" and columns[i].node == "now"]
    by_node = {n.name: {} for n in question.situation.tree.nodes}
    for i in cheap:
        by_node[columns[i].node].setdefault(columns[i].tool.id, i)
    rows = [[*first.values()][:: max(1, len(first) // 8)] for first in by_node.values()]
    turns = [i for turn in zip_longest(*rows) for i in turn if i is not None]
    return [*threats[:3], *turns[:40]]


def asked(name, **choices):
    """A question without the rows that only a search needs: making those takes seconds in large cases."""
    case, catalog, wishes = load_case(name), load_catalog(), Choices(**choices)
    programme = SimpleNamespace(situation=compile_situation(case, catalog, wishes))
    made = {"case": case, "catalog": catalog, "choices": wishes, "programme": programme}
    made["objectives"] = tuple(OBJECTIVES[k] for k in wishes.objectives)
    return Question(**{f.name: () for f in fields(Question)} | made | {"further": {}})


@cache
def plan(name, most=MOST, **choices):
    """Question, front of two packages and the richer of them."""
    question = asked(name, **choices)
    order = tries(question)[0 if most == MOST else 4 :]
    rich = option(question, greedy(question, order, most), 1)
    small = [option(question, greedy(question, order[4:], 1), 2)] if most == MOST else []
    front = front_of(question, [rich, *small])
    return question, front, front.packages[0]


KEPT = ("dialogue_facilitation", "high_level_mediation", "ngo_civil_society", "targeted_sanctions_rapid")


@cache
def small_plan():
    """The same for a small question that has its programme, so that a measure can be planned anew."""
    case, out = load_case(QUICK), tuple(k for k in load_catalog().instruments if k not in KEPT)
    question = ask(case, Choices(force_out=out, branches=()))
    order = range(len(question.situation.columns))
    front = front_of(question, [option(question, greedy(question, order), 1)])
    return question, front, front.packages[0]


def front_of(question, options):
    """A front as a search that was stopped would give it."""
    gap = {a.key: 2.0 for a in question.axes()}
    certificate = Certificate(gap, 0.1, "exact", 1, 1.0, {}, stopped_by="time limit")
    digest = fingerprint(question.case, question.catalog)
    named = tuple(replace(o, id=f"P{k}") for k, o in enumerate(options, 1))
    return PlanFront(question.case, question.choices, digest, question.axes(), named, certificate)


@cache
def quick(**more):
    """The playbook of the quick case."""
    return build(*plan(QUICK), **more)


def renamed(question, **fields):
    """The question with other words in its case."""
    return replace(question, case=question.case.model_copy(update=fields))
