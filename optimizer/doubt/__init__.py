"""Not knowing: packages under the joint uncertainty of all numbers (MODEL.md, section 10)."""

from .ensemble import Ensemble, Result, assess
from .numbers import Number, numbers_of

__all__ = ["Ensemble", "Number", "Result", "assess", "numbers_of"]
