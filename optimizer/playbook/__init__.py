"""The playbook: from a chosen package to a document that people act on (docs/playbook.md)."""

from .build import build_playbook
from .export import FORMATS, export, export_all
from .pick import pick
from .recheck import read_playbook
from .record import Playbook
from .reread import Reread
from .studies import DEPTHS, Depth

__all__ = [
    "DEPTHS",
    "FORMATS",
    "Depth",
    "Playbook",
    "Reread",
    "build_playbook",
    "export",
    "export_all",
    "pick",
    "read_playbook",
]
