"""How the mapping writes the names and paths of an export."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from erp2pim.mapping.names import XML_NAMESPACE
from erp2pim.mapping.steps import Step
from erp2pim.survey.tree import Node, Relative, Tree, shared

_FALLBACK = "ns"


@dataclass(frozen=True, slots=True)
class Spelling:
    """How names are written.

    Attributes:
        ignore: Whether every name is written without its namespace.
        prefixes: Prefix by namespace; empty where no name has one, or where they are ignored.
    """

    ignore: bool
    prefixes: Mapping[str, str]

    def name(self, name: str) -> str:
        """Write lxml's name of an element, or of an attribute behind `@`."""
        mark = "@" if name.startswith("@") else ""
        uri, brace, local = name.removeprefix("@").removeprefix("{").rpartition("}")
        if not brace or (self.ignore and uri != XML_NAMESPACE):
            return mark + local
        prefix = "xml" if uri == XML_NAMESPACE else self.prefixes[uri]
        return f"{mark}{prefix}:{local}"

    def path(self, names: Iterable[str]) -> str:
        """Write a path of names."""
        return "/".join(map(self.name, names))

    def below(self, path: Relative) -> str:
        """Write the path of a value below an element; `.` is its own text."""
        return self.path(path) or "."


def spelling(tree: Tree, declared: Mapping[str, str]) -> Spelling:
    """Choose how names are written: without namespaces unless two names would become one.

    Args:
        tree: The export's paths.
        declared: Its namespaces by prefix; "" is the default one.
    """
    uris = dict.fromkeys(uri for node in tree.elements() for uri in _uris(node))
    if not uris:
        return Spelling(ignore=False, prefixes={})
    if all(_stays_apart(node) for node in tree.elements()):
        return Spelling(ignore=True, prefixes={})
    return Spelling(ignore=False, prefixes=_prefixes(list(uris), declared))


def _uris(node: Node) -> list[str]:
    names = [node.name, *(name for name in node.children if name.startswith("@"))]
    uris = [name.lstrip("@{").rpartition("}")[0] for name in names if "}" in name]
    return [uri for uri in uris if uri != XML_NAMESPACE]


def _stays_apart(node: Node) -> bool:
    locals_ = [
        child.local if XML_NAMESPACE not in child.name else child.name
        for child in node.children.values()
    ]
    return len(set(locals_)) == len(locals_)


def _prefixes(uris: Sequence[str], declared: Mapping[str, str]) -> dict[str, str]:
    known = {uri: prefix for prefix, uri in reversed(list(declared.items())) if prefix}
    taken = {known[uri] for uri in uris if uri in known}
    prefixes: dict[str, str] = {}
    for number, uri in enumerate(uris):
        prefix = known.get(uri) or next(
            each
            for each in ("d", _FALLBACK, *(f"{_FALLBACK}{n}" for n in range(number + 1)))
            if each not in taken
        )
        taken.add(prefix)
        prefixes[uri] = prefix
    return prefixes


def record_path(nodes: Sequence[Node], tree: Tree, spelled: Spelling) -> str:
    """Write the path that leads to exactly these places, with `//` only where one is not enough."""
    first = nodes[0]
    if len(nodes) == 1:
        return "/" + spelled.path(first.names())
    name = spelled.name(first.name)
    same = [each for each in tree.elements() if spelled.name(each.name) == name]
    above = reduce(shared, (node.names()[:-1] for node in nodes))
    if len(same) == len(nodes) or not above:
        return f"//{name}"
    return f"/{spelled.path(above)}//{name}"


def standing(path: Sequence[Step], tree: Tree, spelled: Spelling) -> list[Node]:
    """Give the places of the elements on a path; other prefixes than ours are taken for ours."""
    exact = [node for node in tree.elements() if _holds(node, path, spelled)]
    return exact or [node for node in tree.elements() if _holds(node, path, None)]


def _holds(node: Node, path: Sequence[Step], spelled: Spelling | None) -> bool:
    *before, last = path
    is_named = last.name == "*" or (
        spelled.name(node.name) == last.name
        if spelled is not None
        else node.local == last.name.rpartition(":")[2]
    )
    if not is_named:
        return False
    if not before:
        return last.axis == "descendant" or node.above is None
    above = node.above
    while above is not None:
        if _holds(above, before, spelled):
            return True
        above = above.above if last.axis == "descendant" else None
    return False
