"""The red team: what the perpetrators may reply to a package, and what can be done about it (MODEL.md, section 10)."""

from .replies import Reply, likely, replies_of
from .study import Study, study

__all__ = ["Reply", "Study", "likely", "replies_of", "study"]
