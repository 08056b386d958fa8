"""Where the shipped data lie: inside the installed package, or at the top of a checkout."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

Kind = Literal["catalog", "cases"]


def data_folder(kind: Kind) -> Traversable:
    """Folder of the shipped catalog or cases."""
    package = files("optimizer")
    installed = package / "_data" / kind
    return installed if installed.is_dir() else package / ".." / kind
