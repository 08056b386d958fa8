"""Exact fronts of several objectives for any mixed-integer programme written with PuLP."""

from __future__ import annotations

from .entry import exact_front, search
from .types import Certificate, Front, OpenZone, Progress
from .verify import verify

__all__ = ["Certificate", "Front", "OpenZone", "Progress", "exact_front", "search", "verify"]
