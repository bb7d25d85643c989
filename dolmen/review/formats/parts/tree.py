"""A plan as a tree of components: what a person looks at first. Pure: from a `Plan` to lines of text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dolmen.engine.masking import untagged
from dolmen.engine.plan import Plan, Resource
from dolmen.engine.urns import STACK_TYPE, is_provider
from dolmen.knowledge.loader import type_knowledge
from dolmen.review.formats.parts import summary
from dolmen.stackfile.problems import printable


@dataclass
class Node:
    resource: Resource
    children: list[Node] = field(default_factory=list["Node"])

    @property
    def kind(self) -> str:
        return printable(self.resource.type.rsplit(":", 1)[-1])

    @property
    def name(self) -> str:
        return printable(self.resource.name)

    def leaves(self) -> Iterator[Node]:
        for child in self.children:
            if child.resource.custom:
                yield child
            yield from child.leaves()


def roots(plan: Plan) -> list[Node]:
    """Top-level resources with what stands below them, in the order of registration."""
    nodes = {resource.urn: Node(resource) for resource in plan.resources}
    top: list[Node] = []
    for urn, node in nodes.items():
        parent = nodes.get(node.resource.parent or "")
        if node.resource.type == STACK_TYPE:
            continue
        if parent is None or parent.resource.type == STACK_TYPE:
            top.append(node)
        elif parent is not nodes[urn]:
            parent.children.append(node)
    return top


@dataclass(frozen=True)
class Line:
    branch: str
    """The drawn part of the tree to the left."""
    kind: str
    name: str
    text: str


def lines(nodes: Sequence[Node], details: bool, indent: str = "", parent: Node | None = None) -> Iterator[Line]:
    shown = [node for node in nodes if details or not is_provider(node.resource.type)]
    for position, node in enumerate(shown):
        last = position == len(shown) - 1
        nested = parent is not None
        branch = f"{indent}{'└─ ' if last else '├─ '}" if nested else indent
        below = indent + ("   " if last else "│  ") if nested else indent
        yield Line(branch, node.kind, node.name if details else _told_name(node, parent), untagged(_text(node)))
        inner = node.children if details else [c for c in node.children if not c.resource.custom]
        yield from lines(inner, details, below, node)


def _told_name(node: Node, parent: Node | None) -> str:
    """The name without what the reader knows already: the parent's name before it, and words of the type."""
    if parent is None:
        return node.name
    own = node.name.removeprefix(f"{parent.name}-")
    words = set(re.sub(r"(?<!^)(?=[A-Z])", " ", node.kind).lower().split())
    return "" if set(own.split("-")) <= words else own


def _text(node: Node) -> str:
    own = summary.fragments(node.resource)
    if node.resource.custom:
        if type_knowledge(node.resource.type).summary is None:
            return _plain_inputs(node.resource)
        return printable(", ".join(own))
    told = summary.of_all([child.resource for child in node.children if child.resource.custom])
    if told:
        return printable(", ".join(told))
    return _counted(list(node.leaves()))


def _counted(leaves: Sequence[Node]) -> str:
    number = sum(not is_provider(leaf.resource.type) for leaf in leaves)
    return f"{number} resource{'' if number == 1 else 's'}" if number else ""


def _plain_inputs(resource: Resource) -> str:
    """For a type without a summary: its first few plain inputs."""
    told = [
        f"{key} {summary.plain(value)}"
        for key, value in resource.inputs.items()
        if isinstance(value, str | int | float | bool) and not key.startswith("__")
    ]
    return printable(", ".join(told[:3]))


def counts(plan: Plan) -> Mapping[str, int]:
    """How many resources a deployment into nothing would create, read and import."""
    custom = [r for r in plan.resources if r.custom and not is_provider(r.type)]
    return Counter("read" if r.read else "import" if r.options.import_id else "create" for r in custom)
