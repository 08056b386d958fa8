"""The evolutionary engine: the full stochastic model, which has no form that a solver could prove anything about."""

from .engine import Evolution, evolve

__all__ = ["Evolution", "evolve"]
