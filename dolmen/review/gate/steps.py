"""What the steps of one resource do beyond its reviewed change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dolmen.review.gate.inputs import beyond_creation, beyond_update, changed
from dolmen.review.gate.options import beyond_options
from dolmen.review.gate.preview import Step
from dolmen.review.gate.reviewed import Change
from dolmen.review.gate.verdict import Findings

NOTHING = frozenset({"same", "read", "refresh", "discard", "remove-pending-replace"})
"""Steps that ask no cloud for a change."""
_OPERATION: Mapping[frozenset[str], str] = {
    frozenset({op}): op for op in ("create", "update", "delete", "import", "replace")
} | {
    frozenset({"replace", "create-replacement", "delete-replaced"}): "replace",
    frozenset({"create-replacement", "delete-replaced"}): "replace",
    frozenset({"replace", "create-replacement"}): "replace",
    frozenset({"replace", "delete-replaced"}): "replace",
    frozenset({"replace", "import-replacement", "delete-replaced"}): "replace",
    frozenset({"import-replacement", "delete-replaced"}): "replace",
    frozenset({"replace", "import-replacement"}): "replace",
    frozenset({"create-replacement", "discard-replaced"}): "create",
    frozenset({"replace", "create-replacement", "discard-replaced"}): "create",
}
"""The steps of one resource → what they do to it. Any other set is not understood, such as a deletion beside a creation."""
_COVERS: Mapping[str, frozenset[str]] = {
    # reviewed → what may be done
    "create": frozenset({"create", "update"}),
    "import": frozenset({"import", "update"}),
    "update": frozenset({"update"}),
    "replace": frozenset({"replace", "update"}),
    "delete": frozenset({"delete"}),
    "forget": frozenset({"delete"}),
}
_NAMED = 3
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "create": ("new",),
    "import": ("new",),
    "update": ("old", "new"),
    "replace": ("old", "new"),
    "create-replacement": ("new",),
    "import-replacement": ("new",),
    "delete": ("old",),
    "delete-replaced": ("old",),
}


def beyond(steps: Sequence[Step], change: Change | None) -> Findings:
    """What the steps of one resource do beyond the reviewed change of it."""
    found = Findings()
    doing = [step for step in steps if step.op not in NOTHING]
    for step in steps:
        found.more += _not_said(step)
        found.more += beyond_options(step, change)
        if step.op == "read":
            found.more += _read(step, change)
    for step in steps:
        if step.op == "same" and step.old is not None and step.new is not None and not step.is_stack:
            _take(found, beyond_update(step, change))
    if doing:
        _take(found, _of_operation(doing, change))
    return found


def _not_said(step: Step) -> Iterator[str]:
    missing = [side for side in _NEEDS.get(step.op, ()) if getattr(step, side) is None]
    if missing and not step.is_stack:
        yield f"the preview says {step.op}, and does not say how it was and will be."
    told = step.new.written if step.new else {}
    if told.get("urn", step.urn) != step.urn or told.get("type", step.type) != step.type:
        yield "the preview calls it by two names."


def _of_operation(steps: Sequence[Step], change: Change | None) -> Findings:
    found = Findings()
    operation = _OPERATION.get(frozenset(step.op for step in steps))
    if operation is None:
        ops = " and ".join(sorted({step.op for step in steps}))
        found.more.append(f"the preview says {ops}, which is not understood here.")
        return found
    if change is None:
        named = ", ".join(one.label for one in changed(steps[0])[:_NAMED]) if operation == "update" else ""
        found.more.append(f"it would be changed ({named or operation}); the review says that it stays as it is.")
        return found
    main = next((step for step in steps if step.op in ("replace", "create-replacement")), steps[0])
    if change.moved and operation in ("create", "delete"):
        return _moved(main, operation, change)
    if operation not in _COVERS.get(change.operation, frozenset()):
        found.more.append(f"the preview says {operation}, the review says {change.operation}.")
        return found
    if operation == "replace":
        _take(found, _order(steps, change))
    if operation in ("update", "replace"):
        _take(found, beyond_update(main, change))
    if operation in ("create", "import", "replace"):
        _take(found, beyond_creation(main, change.inputs))
    return found


def _moved(step: Step, operation: str, change: Change) -> Findings:
    """The review says that it is created under one name and deleted under another."""
    if operation == "create" and step.urn == change.urn:
        return beyond_creation(step, change.inputs)
    if operation == "delete" and step.urn == change.old_urn:
        return Findings()
    return Findings([f"the preview says {operation}, the review says that it moves without an alias."])


def _order(steps: Sequence[Step], change: Change) -> Findings:
    if change.delete_first:
        return Findings()
    order = [step.op for step in steps if step.op in ("create-replacement", "import-replacement", "delete-replaced")]
    if order and order[0] == "delete-replaced":
        return Findings(
            ["it would be deleted before its replacement exists; the review says that it is created first."]
        )
    if "delete-replaced" not in order:
        return Findings(notes=["the order of its replacement is not shown: preview with --show-replacement-steps."])
    return Findings()


def _read(step: Step, change: Change | None) -> Iterator[str]:
    old, new = (side.written.get("id") if side else None for side in (step.old, step.new))
    if change is None and old and new and old != new:
        yield "another object would be read than before, which was not reviewed."
    if change is not None and change.operation == "read":
        reviewed = next((one.new for one in change.properties if one.path == ("id",)), None)
        if isinstance(reviewed, str) and "‹" not in reviewed and new and reviewed != new:
            yield "another object would be read than the reviewed one."


def _take(found: Findings, other: Findings) -> None:
    found.more += other.more
    found.hidden += other.hidden
    found.left_open += other.left_open
    found.notes += other.notes
