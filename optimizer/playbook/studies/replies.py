"""What the perpetrators may reply to the plan, and the cheapest remedies."""

from __future__ import annotations

from collections.abc import Iterator

from ...choices import Measure
from ...explain.words import Words, start
from ...redteam.remedies import Remedy
from ...redteam.replies import Board, board, replies_of
from ...redteam.study import Finding as Attack
from ...redteam.study import finding
from .. import words
from ..context import Context
from ..parts import Finding, Study
from ..text import listed, sentence

LEAST = 0.05  # replies less likely than this are left out
MOST_REPLIES = 6  # named beside the best one, the most harmful first
MOST_REMEDIES = 3
LEAST_HARM = 5e-4  # risk
JUDGED = "judged, not measured: read the order of the harm, not its digits"


def replies(ctx: Context, at_once: int) -> Study:
    """The best reply, its remedies, and the other replies by their harm."""
    q = ctx.question
    known = replies_of(q.case, q.catalog, at_once, least=LEAST)
    here = board(q.case, q.choices, q.catalog, known)
    risks = here.risks([ctx.option.package])[:, 0]
    attack = finding(q, ctx.option.id, ctx.option.package, here, risks, [o.package for o in ctx.others])
    together = "" if at_once == 1 else f", up to {at_once} at once"
    how = f"{len(known) - 1} replies{together}, each tried on this plan; those less likely than {words.percent(LEAST, 0)} left out. {sentence(JUDGED)}"
    if attack.risk_after - attack.risk < LEAST_HARM:
        return Study(
            run=True, how=how, summary="No reply of the perpetrators that was tried raises the risk of this plan."
        )
    return Study(
        run=True, how=how, summary=_summary(attack), findings=tuple(_findings(ctx, here, risks.tolist(), attack))
    )


def _summary(attack: Attack) -> str:
    return sentence(
        f"The perpetrators' best reply: {_lower(attack.best.name)} (chance that it is tried {words.percent(attack.best.likelihood)}). Risk would be "
        f"{words.percent(attack.risk_after, 1)} in place of {words.percent(attack.risk, 1)} (mild {words.percent(attack.mildest, 1)}, harsh "
        f"{words.percent(attack.harshest, 1)}); over all replies, weighted by their chances, {words.percent(attack.expected, 1)}"
    )


def _findings(ctx: Context, here: Board, risks: list[float], attack: Attack) -> Iterator[Finding]:
    say = Words(ctx.case, ctx.catalog)
    cures = [_cure(ctx, say, one) for one in _cheapest(attack.remedies)] or [
        "none was found that keeps every requirement"
    ]
    for k, cure in enumerate(cures):
        yield Finding(
            text=sentence(attack.best.name) if not k else "The same reply, another way.", remedy=sentence(cure)
        )
    if attack.hollow:
        yield Finding(
            text=sentence(
                f"Under it these words have no deed behind them: {listed([_named(say, m) for m in attack.hollow])}"
            )
        )
    best = here.replies.index(attack.best)
    others = sorted((k for k in range(1, len(risks)) if k != best), key=lambda k: -risks[k])
    for k in others[:MOST_REPLIES]:
        if risks[k] - attack.risk >= LEAST_HARM:
            reply = here.replies[k]
            chance = f"risk {words.percent(risks[k], 1)}, chance that it is tried {words.percent(reply.likelihood)}"
            yield Finding(text=sentence(f"{reply.name}: {chance}"))


def _cheapest(found: tuple[Remedy, ...]) -> list[Remedy]:
    """The cheapest of each kind."""
    kinds: dict[str, Remedy] = {}
    for one in found:
        kinds.setdefault(one.kind, one)
    return list(kinds.values())[:MOST_REMEDIES]


def _cure(ctx: Context, say: Words, one: Remedy) -> str:
    if one.into is None:
        number = next(k for k, o in enumerate(ctx.others, start=1) if o.package == one.package)
        change = f"take package {number} of the alternatives"
    elif one.out is None:
        change = f"add {_named(say, one.into)}"
    else:
        change = f"put {_named(say, one.into)} in the place of {_named(say, one.out)}"
    undone = words.percent(min(one.undoes, 1.0), 0)
    return f"{start(change)}: undoes {undone} of the harm, expected cost then {words.musd(one.cost)} million USD"


def _named(say: Words, measure: Measure) -> str:
    return say.measure(measure)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
