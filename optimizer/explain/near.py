"""Packages for an ask from packages that are known: by taking and leaving measures, and by small solves around them."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import islice, product

from .asks import Ask, Candidate, smaller
from .engine import Engine
from .known import Known
from .live import Outcome, Stop, measured

BY_HAND = 0.2  # seconds that trying without solving may take, however little is left: it nearly always finds something
WORTH = 0.2  # seconds below which starting a solve finds nothing
KERNEL = 60  # columns that the relaxation likes best: with these a part of a plan is settled in a tenth of a second
TRIED = 6  # columns of what is asked for that are put in without solving
SEEDS = 8  # packages known before into which they are put
SHORT = 1.0  # seconds below which the kernel is halved

Left = Callable[[], float]
Values = Mapping[str, float]


class Near:
    """Answers from what is known of one question."""

    def __init__(self, known: Known, engine: Engine) -> None:
        self.known, self.engine = known, engine
        self.question = known.question
        self._known_falls: dict[frozenset[int], Mapping[int, Values]] = {}

    def found(self, ask: Ask, near: Candidate, relaxed: Outcome, left: Left, stop: Stop) -> Iterator[Candidate]:
        """Answers, one after the other, as they are found; the last need not be the best."""
        best, hand = self.known.answers(ask), measured(max(0.4 * left(), BY_HAND))
        for seed in (near, *islice((c for c in self.known.fitting(ask) if c is not near), SEEDS)):
            if stop() or hand() < 0.05 or ask.rows:
                break
            best = smaller(best, self._by_hand(ask, seed, hand), ask.minimise)
        if best is not None:
            yield best
        for free in self._widening(ask, near):
            if stop() or left() < WORTH:
                return
            better = self._kernel(ask, near.chosen - free, near, relaxed, 0.5 * left(), stop)
            if better is not None:
                yield better
                best = smaller(best, better, ask.minimise)
                break
        for node in self._parts(ask):
            if best is None or stop() or left() < WORTH:
                return
            elsewhere = frozenset(i for i in self.engine.place if self._node(i) != node)
            better = self._kernel(ask, best.chosen & elsewhere, best, relaxed, 0.5 * left(), stop)
            if better is not None:
                yield better
                best = smaller(best, better, ask.minimise)

    # --- by hand ------------------------------------------------------------

    def _by_hand(self, ask: Ask, seed: Candidate, left: Left) -> Candidate | None:
        """A known package less what must go, with what is asked for, less what is in the way or not worth its price."""
        firsts = [sorted(group, key=self._promise)[:TRIED] for group in ask.one_of]
        best: Candidate | None = None
        for way in islice(product(*firsts), TRIED):
            if left() < 0.05:
                break
            must = frozenset(way)
            found = self._mended(ask, (seed.chosen | must) - ask.out, must, self._falls(seed), left)
            best = smaller(best, found, ask.minimise)
        return None if best is None else self._thinned(ask, best, self._falls(seed), left)

    def _falls(self, seed: Candidate) -> Mapping[int, Values]:
        """By what each objective falls once a measure is left out of a package.

        Known for later asks too, and a good guess where the package is little changed: what is chosen by it is judged.
        """
        if seed.chosen not in self._known_falls:
            less = {i: self.known.candidate(seed.chosen - {i}).values for i in self.known.leads(seed.chosen)}
            self._known_falls[seed.chosen] = {
                i: {k: v - values[k] for k, v in seed.values.items()} for i, values in less.items()
            }
        return self._known_falls[seed.chosen]

    def _promise(self, index: int) -> tuple[float, float]:
        """What speaks for a column: fit, then an early start."""
        column = self.question.situation.columns[index]
        return -column.fit, column.in_force

    def _mended(
        self, ask: Ask, chosen: frozenset[int], must: frozenset[int], falls: Mapping[int, Values], left: Left
    ) -> Candidate | None:
        """Less, until all rows and bounds are kept; None if what must stay is in the way."""
        while left() > 0.05:
            broken = self.known.broken(chosen)
            if not broken:
                found = self.known.candidate(chosen)
                if ask.met_by(found):
                    return self.known.accepted(chosen)
                least = self._least_missed(ask, found, must, falls)
                if least is None:
                    return None
                chosen -= {least}
                continue
            culprits = frozenset(i for row in broken for i, w in row.weights.items() if w > 0 and i in chosen) - must
            if not culprits:
                return None
            chosen -= {max(culprits, key=self._latest)} if must else culprits
        return None

    def _latest(self, index: int) -> float:
        columns = self.question.situation.columns
        return columns[index].in_force if index < len(columns) else math.inf

    def _least_missed(
        self, ask: Ask, found: Candidate, must: frozenset[int], falls: Mapping[int, Values]
    ) -> int | None:
        """The measure whose loss brings a bound that is not kept nearer at the least price in what is made small."""
        worst = max(ask.at_most, key=lambda k: found.values[k] / ask.at_most[k] if ask.at_most[k] > 0 else math.inf)
        among = [i for i in sorted((found.chosen & falls.keys()) - must) if falls[i][worst] > 1e-12]
        return min(among, key=lambda i: -falls[i][ask.minimise] / falls[i][worst], default=None)

    def _thinned(self, ask: Ask, found: Candidate, falls: Mapping[int, Values], left: Left) -> Candidate:
        """The same package without measures that only make it worse in what is made small, the worst first."""
        for i in sorted(found.chosen & falls.keys(), key=lambda i: (-falls[i][ask.minimise], i)):
            if left() <= 0.05 or falls[i][ask.minimise] <= 0:
                break
            less = self.known.candidate(found.chosen - {i})
            smaller_ = less.values[ask.minimise] < found.values[ask.minimise] - 1e-9
            if smaller_ and ask.met_by(less) and not self.known.broken(less.chosen):
                found = self.known.accepted(less.chosen) or found
        return found

    # --- by small solves ------------------------------------------------------------

    def _kernel(
        self, ask: Ask, held: frozenset[int], known: Candidate, relaxed: Outcome, seconds: float, stop: Stop
    ) -> Candidate | None:
        """The best package around held columns among a known one's and those that the relaxation likes (Angelelli et
        al. 2010).
        """
        if held:
            relaxed = self.engine.relaxed(ask, seconds, stop, held)
        if relaxed.x is None or relaxed.reduced is None:
            return None
        place = self.engine.place
        liked = {i: (relaxed.reduced[j], -relaxed.x[j]) for i, j in place.items()}
        count = KERNEL if held and seconds > SHORT else KERNEL // 2
        kernel = set(sorted(liked, key=liked.__getitem__)[:count])
        kernel |= {i for i, j in place.items() if relaxed.x[j] > 1e-6}
        start = known.chosen if ask.met_by(known) else None
        outcome = self.engine.whole(ask, seconds, stop, start, held, kernel | held | known.chosen)
        chosen = self.engine.chosen(outcome.x)
        found = None if chosen is None else self.known.accepted(chosen)
        return found if found is not None and ask.met_by(found) else None

    def _widening(self, ask: Ask, near: Candidate) -> Iterator[frozenset[int]]:
        """What is let go of the known package.

        What must go, then all that shares a row with it, then its whole part of the plan.
        """
        must = near.chosen & ask.out
        wanted = frozenset[int]().union(*ask.one_of)
        rivals = self._touching(wanted) & near.chosen
        joins = near.chosen - self.known.leads(near.chosen)
        if wanted:
            yield near.chosen
        yield must | joins
        yield must | joins | rivals
        yield must | joins | rivals | (self._touching(must) & near.chosen)
        nodes = {self._node(i) for i in must | wanted}
        yield frozenset(i for i in near.chosen if self._node(i) in nodes) | joins
        yield near.chosen

    def _touching(self, columns: Collection[int]) -> frozenset[int]:
        """Columns in one row with these, money and number aside."""
        wanted = frozenset(columns)
        few = (row for row in self.known.rows if len(row.weights) < 60)
        return frozenset(i for row in few if wanted & row.weights.keys() for i in row.weights)

    def _node(self, index: int) -> str:
        situation = self.question.situation
        return situation.columns[index].node if index < len(situation.columns) else situation.join(index).node

    def _parts(self, ask: Ask) -> list[str]:
        """The parts of the plan, those first that the ask is about."""
        nodes = [n.name for n in self.question.situation.tree.nodes]
        about = {self._node(i) for i in ask.out.union(*ask.one_of)}
        return sorted(nodes, key=lambda n: n not in about) if len(nodes) > 1 else []
