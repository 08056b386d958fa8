"""What the records object to, in the words of a reader of data: a reason and a remedy for each kind of objection."""

from collections.abc import Callable
from typing import Any

from .faults import did_you_mean


def _literal(problem: Any) -> tuple[str, str]:
    known = [word.strip("'") for word in problem["ctx"]["expected"].replace(" or ", ", ").split(", ")]
    return f"it is not one of {', '.join(known)}", did_you_mean(str(problem["input"]), known)


def _bound(word: str, key: str) -> Callable[[Any], tuple[str, str]]:
    return lambda problem: (
        f"it must be {word} {problem['ctx'][key]:g}",
        f"Write a number {word} {problem['ctx'][key]:g}",
    )


def _not(what: str) -> Callable[[Any], tuple[str, str]]:
    def explained(problem: Any) -> tuple[str, str]:
        found = type(problem["input"]).__name__
        if isinstance(problem["input"], str):
            return f"text stands where {what} belongs", f"Write {what} without quotes, with a point before decimals"
        return f"{_WORDS.get(found, found)} stands where {what} belongs", f"Write {what}"

    return explained


_WORDS = {"NoneType": "nothing", "dict": "a block", "list": "a list", "bool": "true or false", "float": "a number"}
_WORDS |= {"int": "a number", "tuple": "a list", "str": "text"}
_EXPLAIN: dict[str, Callable[[Any], tuple[str, str]]] = {
    "missing": lambda _: ("it is missing", "Fill it in"),
    "value_error": lambda problem: (str(problem["ctx"]["error"]), "Correct the numbers"),
    "literal_error": _literal,
    "greater_than_equal": _bound("at least", "ge"),
    "greater_than": _bound("more than", "gt"),
    "less_than_equal": _bound("at most", "le"),
    "less_than": _bound("less than", "lt"),
    "finite_number": lambda _: ("it is not a finite number", "Write a number, or leave out what is not known"),
    "string_pattern_mismatch": lambda _: ("it is not an id", "Use letters, digits and _ only, without spaces"),
    "string_too_short": lambda _: ("it is empty", "Fill it in"),
    "too_short": lambda _: ("it is empty", "Give at least one"),
    "float_type": _not("a number"),
    "int_type": _not("a whole number"),
    "int_from_float": _not("a whole number"),
    "bool_type": _not("true or false"),
    "string_type": _not("text"),
    "tuple_type": _not("a list"),
    "model_type": _not("a block"),
    "model_attributes_type": _not("a block"),
}


def explain(problem: Any) -> tuple[str, str]:
    """Reason and remedy for one entry of `ValidationError.errors()`."""
    known = _EXPLAIN.get(problem["type"])
    return known(problem) if known else (problem["msg"], "Correct it")
