"""From the solver's numbers to the user's and back, and what one step of a zone is.

z: user units, sign turned so that less is better; corners, records and points live here.  s: what the solver minimises.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .program import Program
from .types import Array

Pair = tuple[Callable[[float], float], Callable[[float], float]]
_SNAP = 1e-7  # share of a lattice step by which a float may miss its lattice value


@dataclass(frozen=True)
class Space:
    """Signs, resolutions, lattices and transforms of the objectives.

    signs: (objectives,), +1 for less is better, -1 for more.  resolutions: user units.
    lattice, offset: z values lie on offset + multiples of lattice (0: anywhere).
    """

    signs: Array
    resolutions: Array
    lattice: Array
    offset: Array
    transforms: tuple[Pair | None, ...]

    @property
    def slack(self) -> Array:
        """By how much a package on the front may be worse than an unseen one, per objective: at most a resolution."""
        return np.maximum(self.resolutions - self.lattice, 0.0)

    def z_of(self, s: Array) -> Array:
        """User units from solver values, element by element; (..., objectives)."""
        return self._through(s, 0, -math.inf)

    def s_of(self, z: Array) -> Array:
        """Solver values from user units; infinity where the transform has no value."""
        return self._through(z, 1, math.inf)

    def _through(self, values: Array, way: int, otherwise: float) -> Array:
        out = np.array(values, dtype=float)
        for i, pair in enumerate(self.transforms):
            if pair is not None:
                flat = out[..., i].reshape(-1)
                moved = [self.signs[i] * _called(pair[way], self.signs[i] * v, self.signs[i] * otherwise) for v in flat]
                out[..., i] = np.array(moved).reshape(out[..., i].shape)
        return out

    def up(self, z: Array) -> Array:
        """z raised to the next lattice value; unchanged in objectives without lattice."""
        step = np.where(self.lattice > 0, self.lattice, 1.0)
        with np.errstate(invalid="ignore"):
            raised = np.ceil((z - self.offset) / step - _SNAP) * step + self.offset
        return np.where((self.lattice > 0) & np.isfinite(z), raised, z)

    def near(self, z: Array) -> Array:
        """z put on the lattice where it is a rounding error away from it."""
        step = np.where(self.lattice > 0, self.lattice, 1.0)
        snapped = np.round((z - self.offset) / step) * step + self.offset
        return np.where((self.lattice > 0) & (np.abs(z - snapped) <= 10 * _SNAP * step), snapped, z)

    def empty_corner(self, zones: Array) -> Array:
        """Corner such that a zone is closed once nothing lies strictly below it; (zones, objectives)."""
        return self.up(zones - self.slack)

    def first_corner(self, most: Array) -> Array:
        """The corner of the zone that holds every package; most: (objectives,), solver values none exceeds."""
        highest = self.up(self.z_of(most))
        room = np.where(self.lattice > 0, self.lattice, 1e-6 * self.resolutions + 1e-12 * np.abs(highest))
        return highest + self.slack + np.where(np.isfinite(highest), room, 0.0)

    def row(self, zones: Array) -> Array:
        """Largest z that a package one step inside each zone may have."""
        return self.empty_corner(zones) - self.lattice


def _called(function: Callable[[float], float], value: float, otherwise: float) -> float:
    if not math.isfinite(value):
        return value
    try:
        result = float(function(value))
    except (ValueError, OverflowError, ZeroDivisionError):
        return otherwise
    return otherwise if math.isnan(result) else result


def space_of(
    program: Program, signs: Array, resolutions: Sequence[float] | None, transforms: Sequence[Pair | None] | None,
    spans: Array,
) -> Space:  # fmt: skip
    """The space of a programme; spans: (objectives,), best-to-worst range of each objective in user units."""
    pairs = tuple(transforms) if transforms is not None else (None,) * len(signs)
    lattice = np.where([pair is None for pair in pairs], program.lattice, 0.0)
    chosen = default_resolutions(program, lattice, spans) if resolutions is None else np.array(resolutions, dtype=float)
    return Space(signs, chosen, lattice, np.where(lattice > 0, program.constants, 0.0), pairs)


def default_resolutions(program: Program, lattice: Array, spans: Array) -> Array:
    """1 for whole numbers, the step of a finer lattice, else a share of the range.

    That share is 1e-6 where only integer columns enter the objective (finitely many values: nearly all are told
    apart) and 1e-3 where continuous ones do (a front without end: a thousand steps).
    """
    whole = (lattice > 0) & (lattice == np.round(lattice))
    mixed = ((program.costs != 0) & ~program.integer).any(axis=1)
    share = np.where(mixed, 1e-3, 1e-6) * np.where(np.isfinite(spans) & (spans > 0), spans, 1.0)
    return np.where(whole, 1.0, np.where(lattice > 0, lattice, share))


def checked_signs(senses: Any, count: int) -> Array:
    """+1 or -1 per objective from "min"/"max", one word or one per objective."""
    words = [senses] * count if isinstance(senses, str) else list(senses)
    if len(words) != count or any(word not in ("min", "max") for word in words):
        raise ValueError(
            f'senses must be "min" or "max", or one of them for each of {count} objectives; got {senses!r}.'
        )
    return np.array([1.0 if word == "min" else -1.0 for word in words])
