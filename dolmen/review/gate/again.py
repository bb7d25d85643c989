"""Holds a review that was made anew, after a merge, to the first one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dolmen.review.gate.deployment import configuration
from dolmen.review.gate.options import fewer
from dolmen.review.gate.reviewed import Change, Reviewed, Stack
from dolmen.review.gate.verdict import Findings

_COVERS: Mapping[str, frozenset[str]] = {
    # reviewed first → what a review made anew may say
    "create": frozenset({"create"}),
    "import": frozenset({"import"}),
    "update": frozenset({"update", "options", "same"}),
    "replace": frozenset({"replace", "update", "options", "same"}),
    "delete": frozenset({"delete", "forget"}),
    "forget": frozenset({"forget"}),
    "read": frozenset({"read"}),
    "options": frozenset({"options", "same"}),
    "same": frozenset({"same"}),
}


def of_new_review(first: Reviewed, second: Reviewed) -> tuple[Findings, int]:
    """What was found, and how many resources the second one changes."""
    found = Findings([f"The review made anew is not complete: {text}" for text in second.not_compared])
    changing = 0
    for name, stack in second.stacks.items():
        changes = {id(one): one for one in stack.changes.values()}.values()
        changing += len(changes)
        before = first.stacks.get(name)
        if before is None:
            if changes or not stack.compared:
                found.more.append(f"{name}: this stack was not reviewed.")
            continue
        found.more += [f"{name}: {text}" for text in _of_stack(before, stack)]
        for change in changes:
            found.more += [f"{name}: {_called(change)}: {text}" for text in _of_change(before, change)]
    found.more += _findings(first.written, second.written)
    return found, changing


def _of_stack(before: Stack, after: Stack) -> Iterator[str]:
    if not (after.compared and before.compared) and not (after.undescribed and before.undescribed):
        yield f"it could not be reviewed (status {(before if after.compared else after).written['status']})."
    if before.project != after.project:
        yield f"it is of the project {after.project}; the first review is of {before.project}."
    yield from configuration(before.config, after.config)
    yield from _values("the stack output", before.written["outputs"], after.written["outputs"])
    yield from _findings(before.written, after.written)


def _of_change(stack: Stack, change: Change) -> Iterator[str]:
    before = stack.changes.get(change.urn) or stack.changes.get(change.old_urn or "")
    if before is None:
        yield f"it would be changed ({change.operation}); the first review says that it stays as it is."
        return
    if change.operation not in _COVERS.get(before.operation, frozenset()) or before.moved != change.moved:
        yield f"the second review says {change.operation}, the first {before.operation}."
        return
    if before.old_urn != change.old_urn:
        yield "it comes from another resource than in the first review."
    if change.operation == "replace" and change.delete_first and not before.delete_first:
        yield "it would be deleted before its replacement exists; the first review says that it is created first."
    for harm in sorted(set(change.written["harms"]) - set(before.written["harms"])):
        yield f"it does harm that the first review does not have ({harm})."
    yield from _values("", before.written["properties"], change.written["properties"])
    yield from _values("option", before.written["options"], change.written["options"])
    if change.written.get("inputs") != before.written.get("inputs") and change.operation in ("create", "import"):
        yield from _inputs(before.written.get("inputs") or {}, change.written.get("inputs") or {})
    for side in ("old", "new"):
        yield from fewer(before.options(side), change.options(side))


def _inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield f"{name} would be another value than the one first reviewed."


def _values(what: str, before: list[Any], after: list[Any]) -> Iterator[str]:
    """Differences are the same ones: place, old and new value."""
    first = {one["label"]: one for one in before}
    for one in after:
        named = f"{what} {one['label']}".strip()
        other = first.get(one["label"])
        if other is None:
            yield f"{named} would change, which the first review does not have."
        elif any(one[key] != other[key] for key in ("old", "new", "difference")):
            yield f"{named} is or becomes another value than the one first reviewed."


def _findings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Findings that stop and that the first review does not have."""
    first = {_key(one) for one in before["findings"]}
    for one in after["findings"]:
        if one.get("enforcement") == "mandatory" and not one.get("acceptance") and _key(one) not in first:
            yield f"it breaks {one['id']}, which the first review does not have: {one['title']}"


def _key(finding: Mapping[str, Any]) -> tuple[object, ...]:
    return finding["id"], finding.get("urn"), finding.get("property"), finding["message"]


def _called(change: Change) -> str:
    return f"{change.written['type'].rsplit(':', 1)[-1]} {change.written['name']}"
