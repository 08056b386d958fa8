"""Colours and shapes: the palette of Okabe and Ito (2008), told apart by colour-blind readers; shape says the same."""

from __future__ import annotations

from typing import Any

Drawn = Any  # an Altair chart; which of its classes depends on how it was put together
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, RED, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#808080"  # grey in place of black: seen on both grounds

PROVED, OPEN = "#808080", ORANGE
BRANCHES = {"Now": BLUE, "If it escalates": RED, "If it settles": GREEN, "If it drags on": PURPLE}
DASHES = {"Now": [1, 0], "If it escalates": [6, 3], "If it settles": [2, 2], "If it drags on": [8, 3, 2, 3]}
SPARE = (ORANGE, SKY, GREY, YELLOW)
LABEL = 13  # points: readable on a projector


def colours(names: list[str]) -> list[str]:
    """A colour for each branch or path; others take the spare ones in turn."""
    return [BRANCHES.get(name, SPARE[k % len(SPARE)]) for k, name in enumerate(names)]


def dashes(names: list[str]) -> list[list[int]]:
    return [DASHES.get(name, [4, 4]) for name in names]
