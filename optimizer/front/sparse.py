"""Matrices of a programme as SciPy has them; SciPy is loaded with the first of them, not with the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .program import Program
from .types import Array


def matrix_of(program: Program) -> Any:
    """The rows of a programme; (rows, columns)."""
    from scipy.sparse import csr_array

    shape = (len(program.row_lower), program.columns)
    return csr_array((program.value, (program.row, program.col)), shape=shape)


def sparse(matrix: Any) -> Any:
    """A matrix, dense or a part of another, row by row without its zeros."""
    from scipy.sparse import csr_array

    return csr_array(matrix)


def stacked(parts: Sequence[Any | Array]) -> Any:
    """Matrices one below the other, each sparse or dense."""
    from scipy.sparse import csr_array, vstack

    return csr_array(vstack([csr_array(part) for part in parts]))
