"""A stack as a drawing: boxes in columns, from what gives values to what takes them. Inline SVG, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from dolmen.review.diff.changes import SIGNS, Operation, ResourceChange
from dolmen.review.formats.parts.clean import short
from dolmen.review.report.topology import Node, Topology

_WIDTH, _HEIGHT = 196, 48
_GAP_X, _GAP_Y = 58, 16
_MARGIN = 14
_LONGEST = 26

_DRAWING = Markup(
    '<svg class="topology" viewBox="0 0 {} {}" role="img" aria-label="{}">'
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>{}</svg>'
)
_EDGE = Markup('<path class="edge" marker-end="url(#tip)" d="{}"/>')
_SIGN = Markup('<text class="sign{}" x="{:g}" y="{:g}">{}</text>')
_BOX = Markup(
    '<g><title>{}</title><rect class="box{}" x="{:g}" y="{:g}" width="{}" height="{}" rx="8"/>'
    '<text x="{:g}" y="{:g}">{}</text><text class="kind" x="{:g}" y="{:g}">{}</text>{}</g>'
)

CLASSES: Mapping[Operation, str] = {
    Operation.CREATE: "create",
    Operation.IMPORT: "create",
    Operation.UPDATE: "update",
    Operation.REPLACE: "replace",
    Operation.DELETE: "delete",
    Operation.FORGET: "delete",
}
_WORST = (Operation.REPLACE, Operation.DELETE, Operation.FORGET, Operation.UPDATE, Operation.CREATE, Operation.IMPORT)


def drawing(topology: Topology, changes: Sequence[ResourceChange], title: str) -> Markup:
    """An `<svg>` element, or nothing where there is nothing to draw."""
    if not topology.nodes:
        return Markup("")
    columns = _columns(topology)
    tallest = max(len(column) for column in columns)
    places = _places(columns, tallest)
    width = 2 * _MARGIN + len(columns) * _WIDTH + (len(columns) - 1) * _GAP_X
    height = 2 * _MARGIN + tallest * _HEIGHT + (tallest - 1) * _GAP_Y
    operations = {change.urn: change.operation for change in changes if change.custom}
    marked = set(operations.values()) - {Operation.CREATE, Operation.IMPORT}
    edges = [_edge(places[source], places[target]) for source, target in topology.edges]
    boxes = [_box(node, places[node.urn], operations, all_new=not marked) for node in topology.nodes]
    return _DRAWING.format(width, height, short(title), Markup("").join([*edges, *boxes]))


def _columns(topology: Topology) -> list[list[Node]]:
    """Nodes by level; within a level near those that they are connected with, so that few lines cross."""
    levels: dict[int, list[Node]] = {}
    for node in topology.nodes:
        levels.setdefault(node.level, []).append(node)
    columns = [levels[level] for level in sorted(levels)]
    before: dict[str, list[str]] = {}
    for source, target in topology.edges:
        before.setdefault(target, []).append(source)
    position: dict[str, float] = {}
    for column in columns:
        for index, node in enumerate(column):
            position.setdefault(node.urn, index)
        column.sort(
            key=lambda node: _middle(
                [position[urn] for urn in before.get(node.urn, ()) if urn in position], position[node.urn]
            )
        )
        position.update({node.urn: float(index) for index, node in enumerate(column)})
    return columns


def _middle(positions: list[float], otherwise: float) -> float:
    return sum(positions) / len(positions) if positions else otherwise


def _places(columns: list[list[Node]], tallest: int) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for number, column in enumerate(columns):
        offset = (tallest - len(column)) * (_HEIGHT + _GAP_Y) / 2
        for index, node in enumerate(column):
            x = _MARGIN + number * (_WIDTH + _GAP_X)
            found[node.urn] = (x, _MARGIN + offset + index * (_HEIGHT + _GAP_Y))
    return found


def _edge(source: tuple[float, float], target: tuple[float, float]) -> Markup:
    x1, y1 = source[0] + _WIDTH, source[1] + _HEIGHT / 2
    x2, y2 = target[0], target[1] + _HEIGHT / 2
    if x2 <= x1:  # a circle that was cut: drawn from below
        x1, x2 = source[0] + _WIDTH / 2, target[0] + _WIDTH / 2
    bend = (x2 - x1) / 2
    return _EDGE.format(f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}")


def _box(node: Node, place: tuple[float, float], operations: Mapping[str, Operation], *, all_new: bool) -> Markup:
    x, y = place
    found = {operations[urn] for urn in node.members if urn in operations}
    worst = next((operation for operation in _WORST if operation in found), None)
    css = f" {CLASSES[worst]}" if worst and not (all_new and worst is Operation.CREATE) else ""
    sign = _SIGN.format(css, x + _WIDTH - 10, y + 20, SIGNS[worst]) if worst and css else ""
    kind, name = short(node.kind, _LONGEST), short(node.name, _LONGEST)
    label = short(f"{node.kind} {node.name}")
    return _BOX.format(label, css, x, y, _WIDTH, _HEIGHT, x + 12, y + 20, kind, x + 12, y + 37, name, sign)
