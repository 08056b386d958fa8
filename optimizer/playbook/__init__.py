"""The playbook: from a chosen package to a document that people act on (docs/playbook.md)."""

from .build import build_playbook
from .pick import pick
from .record import Playbook

__all__ = ["Playbook", "build_playbook", "pick"]
