"""YAML without surprises: plain data only, no key twice, no aliases that multiply, dates as text, places by line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import yaml

from .faults import Fault, InputError
from .files import refuse

MOST_DEPTH = 30  # case files are four deep
MOST_VALUES = 100_000  # the largest case has about 600; aliases are counted as often as they are used
_PLAIN = "tag:yaml.org,2002:"
_ALLOWED_TAGS = {_PLAIN + kind for kind in ("map", "seq", "str", "int", "float", "bool", "null", "merge")}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe loader that leaves dates as the text they are and reads 1e-3 as a number."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if not pair[0].endswith(":timestamp")]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    _PLAIN + "float", re.compile(r"[-+]?[0-9][0-9_]*(\.[0-9]*)?[eE][-+]?[0-9]+$"), list("-+0123456789")
)


@dataclass(frozen=True)
class Document:
    """A YAML file: its data, and its nodes for finding lines."""

    file: str
    data: Any
    node: yaml.Node
    digest: str  # sha256 of the text

    def place(self, path: tuple[str | int, ...]) -> str:
        """`partners[2].capacity (line 71)`; the line of the deepest part of the path that exists."""
        node, line = self.node, self.node.start_mark.line
        for part in path:
            child = _child(node, part)
            if child is None:
                break
            node, line = child[1], child[0]
        return f"{dotted(path)} (line {line + 1})" if path else f"line {line + 1}"


def dotted(path: tuple[str | int, ...]) -> str:
    """A path as people write it."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _child(node: yaml.Node, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item.start_mark.line, item
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return key.start_mark.line, value
    return None


def read_yaml(file: str, text: str) -> Document:
    """The document in text; raises InputError with all structural faults."""
    try:
        _refuse_deep(file, text)
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise refuse(file, "the file holds no data", "Write a case, see the schema of the cases")
        _refuse_bad_nodes(file, node)
        return Document(file, loader.construct_document(node), node, sha256(text.encode()).hexdigest())
    except yaml.YAMLError as error:
        raise _not_yaml(file, error) from None
    except (ValueError, TypeError, OverflowError) as error:  # values like 99:99:99 or keys that are lists
        if isinstance(error, InputError):
            raise
        raise refuse(file, f"a value cannot be read ({error})", "Write plain text, numbers, lists and blocks") from None


def _not_yaml(file: str, error: yaml.YAMLError) -> InputError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return refuse(file, f"this is not YAML: {problem}", "Check indentation, colons and quotes at this place", place)


def _refuse_deep(file: str, text: str) -> None:
    """Count depth and values on the flat stream of events, before anything is built from them."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH or count > MOST_VALUES:
            place = f"line {event.start_mark.line + 1}" if event.start_mark else ""
            much = f"blocks are nested deeper than {MOST_DEPTH}" if depth > MOST_DEPTH else "there are too many values"
            raise refuse(file, much, "Write a case, see its schema", place)


def _refuse_bad_nodes(file: str, root: yaml.Node) -> None:
    sizes: dict[int, int] = {}
    faults = list(_walk(file, root, (), sizes))
    if not faults and sizes[id(root)] > MOST_VALUES:
        faults.append(
            Fault(file, "", "", "", f"its aliases expand to {sizes[id(root)]:,} values", "Write the values out")
        )
    if faults:
        raise InputError(faults)


def _walk(file: str, node: yaml.Node, above: tuple[int, ...], sizes: dict[int, int]) -> Iterator[Fault]:
    """Faults of the nodes under this one; fills in how many values each node expands to."""
    if id(node) in above:
        yield _fault(file, node, "", "an alias refers to a block that it is part of", "Write the values out")
        return
    if id(node) in sizes:
        return
    if node.tag not in _ALLOWED_TAGS:
        yield _fault(file, node, str(node.tag), "tags are not allowed", "Write a plain value without a tag")
    sizes[id(node)] = 1
    children = [child for pair in node.value for child in pair] if isinstance(node, yaml.MappingNode) else node.value
    if isinstance(node, yaml.ScalarNode):
        return
    for child in children:
        yield from _walk(file, child, (*above, id(node)), sizes)
    sizes[id(node)] += sum(sizes.get(id(child), 1) for child in children)
    if isinstance(node, yaml.MappingNode):
        yield from _double_keys(file, node)


def _double_keys(file: str, node: yaml.MappingNode) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            yield _fault(file, key, "", "a key is a list or block", "Use plain words as keys")
        elif key.value in seen:
            first = f"the key stands twice, first on line {seen[key.value] + 1}"
            yield _fault(file, key, key.value, first, "Keep one of the two")
        else:
            seen[key.value] = key.start_mark.line


def _fault(file: str, node: yaml.Node, value: str, reason: str, remedy: str) -> Fault:
    return Fault(file, f"line {node.start_mark.line + 1}", "", value, reason, remedy)
