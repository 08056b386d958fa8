"""What several tests of the front engine share."""

from __future__ import annotations

import pytest


class Says:
    """A solver that says the same whatever it is asked."""

    name = "says"

    def __init__(self, answer):
        self._answer = answer

    def solve(self, task, stop):
        return self._answer

    def close(self):
        pass


@pytest.fixture
def says():
    """A solver made of its answer."""
    return Says
