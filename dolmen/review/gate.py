"""`dolmen gate REVIEWED.json PREVIEW.json`: apply what was reviewed, and nothing else.

`REVIEWED.json` is the review's JSON, `PREVIEW.json` is `pulumi preview --json` of the stack that is about to be updated.
Every step of the preview must have been reviewed: the same resource, an operation that is no greater, the same order of
a replacement, the same properties, and the same values where they are known on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from dolmen.engine.values import SIGNATURE, UNKNOWN
from dolmen.review.diff import paths
from dolmen.review.diff.changes import MOVED
from dolmen.review.diff.values import MISSING, at
from dolmen.review.formats.parts.review_json import VERSION, canonical, digest
from dolmen.review.json_files import read_json
from dolmen.review.preview import GateInputError, Step, steps

_NOTHING = frozenset({"same", "read", "refresh", "discard", "remove-pending-replace", "read-discard"})
_COVERS: Mapping[str, frozenset[str]] = {
    # reviewed → what a preview may do
    "create": frozenset({"create", "update"}),
    "import": frozenset({"import", "update"}),
    "update": frozenset({"update"}),
    "replace": frozenset({"replace", "update"}),
    "delete": frozenset({"delete"}),
    "forget": frozenset({"delete"}),
    "read": frozenset({"read"}),
    "options": frozenset(),
    "same": frozenset(),
}
_OPERATIONS: Mapping[str, str] = {
    "create": "create",
    "create-replacement": "replace",
    "replace": "replace",
    "delete-replaced": "replace",
    "import": "import",
    "import-replacement": "replace",
    "read-replacement": "replace",
    "update": "update",
    "delete": "delete",
}
_MARKS = ("$secret", "$unknown", "$placeholder", "$resource", "$asset")
_NOT_SHOWN = (UNKNOWN, SIGNATURE, "[secret]")
"""What stands in a preview where a value is not known or not shown."""


@dataclass(frozen=True, slots=True)
class Verdict:
    more: tuple[str, ...]
    """What the preview does beyond the review: sentences."""
    steps: int
    """Steps that change something."""
    not_compared: int = 0
    """Values that one side does not know (secrets, known after apply)."""


def gate(reviewed: Path, preview: Path) -> Verdict:
    """Raises `GateInputError`."""
    return compare(_read(reviewed), _read(preview))


def gate_text(verdict: Verdict) -> str:
    if not verdict.more:
        step = "step" if verdict.steps == 1 else "steps"
        unseen = f" Values that were not compared: {verdict.not_compared}." if verdict.not_compared else ""
        return f"The preview does what was reviewed, or less: {verdict.steps} {step}.{unseen}\n"
    lines = "\n".join(f"  {sentence}" for sentence in verdict.more)
    return f"The preview does more than was reviewed. Review again, and apply nothing until then.\n{lines}\n"


def compare(reviewed: Mapping[str, Any], preview: Mapping[str, Any]) -> Verdict:
    if not isinstance(reviewed.get("stacks"), list) or "version" not in reviewed:
        raise GateInputError("The first file is not a review: write one by `dolmen plan --base … --format json`.")
    if reviewed["version"] != VERSION:
        raise GateInputError(f"The review is not of version {VERSION}, which this Dolmen reads: review with this one.")
    try:
        return _compare(reviewed, steps(preview))
    except (KeyError, TypeError, AttributeError):
        raise GateInputError("One of the files is not written as Dolmen and Pulumi write them.") from None


def _compare(reviewed: Mapping[str, Any], previewed: Sequence[Step]) -> Verdict:
    deployed = {step.stack for step in previewed}
    stacks = {one["name"]: one for one in reviewed["stacks"]}
    named = sorted(deployed & stacks.keys())
    changes = {change["urn"]: change for name in named for change in stacks[name]["changes"]}
    by_old_urn = {change["oldUrn"]: change for change in changes.values() if change.get("oldUrn")}
    more = [f"{stack}: this stack was not reviewed." for stack in sorted(deployed - stacks.keys())]
    more += [
        f"{name}: it could not be reviewed (status {stacks[name]['status']})."
        for name in named
        if stacks[name]["status"] in ("failed", "uncompared")
    ]
    grouped: dict[str, list[Step]] = {}
    for step in previewed:
        if step.stack in stacks and step.op not in _NOTHING and not step.belongs_to_the_engine:
            grouped.setdefault(step.urn, []).append(step)
    uncompared = 0
    for urn, some in grouped.items():
        change = changes.get(urn) or by_old_urn.get(urn)
        more += _beyond(some, change)
        uncompared += _not_compared(change)
    return Verdict(tuple(more), len(grouped), uncompared)


def _beyond(steps: Sequence[Step], change: Mapping[str, Any] | None) -> Iterator[str]:
    step = steps[0]
    called = f"{step.stack}: {step.type.rsplit(':', 1)[-1]} {step.name}"
    operations = {_OPERATIONS.get(one.op, one.op) for one in steps}
    operation = "replace" if "replace" in operations else min(operations)
    if change is None:
        yield f"{called} would be changed ({operation}); the review says that it stays as it is."
        return
    if MOVED in change["replacedBecause"] and operation in ("create", "delete"):
        if operation == "create" and step.urn == change["urn"]:
            yield from (f"{called}: {text}" for text in _beyond_inputs(step, change))
        elif operation != "delete" or step.urn != change["oldUrn"]:
            yield f"{called}: the preview says {operation}, the review says that it moves without an alias."
        return
    if operation not in _COVERS.get(change["operation"], frozenset()):
        yield f"{called}: the preview says {operation}, the review says {change['operation']}."
        return
    if operation == "replace" and not change["deleteFirst"] and _deletes_first(steps):
        yield f"{called} would be deleted before its replacement exists; the review says that it is created first."
    if change["operation"] in ("update", "replace"):
        yield from (f"{called}: {text}" for text in _beyond_properties(steps, change))
    elif change["operation"] in ("create", "import"):
        yield from (f"{called}: {text}" for text in _beyond_inputs(step, change))


def _deletes_first(steps: Sequence[Step]) -> bool:
    order = [step.op for step in steps if step.op in ("create-replacement", "delete-replaced")]
    return bool(order) and order[0] == "delete-replaced"


def _beyond_properties(steps: Sequence[Step], change: Mapping[str, Any]) -> Iterator[str]:
    reviewed = {one["path"]: one for one in change["properties"]}
    patterns = {paths.pattern(_path(path)) for path in reviewed}
    seen: set[str] = set()
    for step in steps:
        for path in step.changed:
            if path in seen or path.startswith("__"):
                continue
            seen.add(path)
            if step.differs_in_inputs(path) and not _covered(paths.pattern(_path(path)), patterns):
                yield f"{path} would change, which was not reviewed."
    old = next((step.old for step in steps if step.old), None)
    new = next((step.new for step in steps if step.new), None)
    for path, one in reviewed.items():
        for side, state, word in (("old", old, "is"), ("new", new, "would become")):
            compared = one["difference"] not in ("order", "may-change")
            if state is not None and compared and _differs(one[side], state, _path(path)):
                yield f"{path} {word} another value than the reviewed one."


def _beyond_inputs(step: Step, change: Mapping[str, Any]) -> Iterator[str]:
    """What is created must be what was reviewed, as far as both sides know it."""
    reviewed: Mapping[str, Any] = change.get("inputs") or {}
    if not step.new:
        return
    for name, value in reviewed.items():
        if _differs(value, step.new, (name,)):
            yield f"{name} would be another value than the reviewed one."
    for name in step.new:
        if name not in reviewed:
            yield f"{name} would be set, which was not reviewed."


def _covered(pattern: str, patterns: set[str]) -> bool:
    return any(pattern == one or pattern.startswith(one + ".") or one.startswith(pattern + ".") for one in patterns)


def _differs(reviewed: Any, inputs: Mapping[str, Any], path: paths.Path) -> bool:
    """Whether a reviewed value is surely not the one in the preview. Items of a list may stand in another place."""
    if not _comparable(reviewed):
        return False
    indexed = any(isinstance(step, int) for step in path)
    actual = _gathered(inputs, path) if indexed else [at(inputs, path)]
    return all(_comparable_preview(one) and not _equal(reviewed, one) for one in actual)


def _equal(reviewed: Any, actual: Any) -> bool:
    absent = reviewed == {"$absent": True}
    if actual is MISSING or absent:
        return actual is MISSING and absent
    if isinstance(reviewed, dict) and "$large" in reviewed:
        expected = cast("dict[str, Any]", reviewed)["$sha256"]
        return expected is None or digest(actual) == expected
    return _number(reviewed) == _number(actual)


def _gathered(value: Any, path: paths.Path) -> list[Any]:
    """Every value at the path, whatever its indices; one absent value where some item has none."""
    found: list[Any] = [value]
    for step in path:
        if isinstance(step, int):
            found = [item for one in found if isinstance(one, list) for item in cast("list[Any]", one)]
        else:
            found = [at(one, (step,)) for one in found]
    return [MISSING if one is None else one for one in found] + [MISSING]


def _number(value: Any) -> str:
    """Numbers compare by value: a preview writes 3 where a program wrote 3.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return canonical(value)


def _comparable(reviewed: Any) -> bool:
    text = canonical(reviewed)
    return not any(f'"{mark}"' in text for mark in _MARKS) and "‹" not in text


def _comparable_preview(actual: Any) -> bool:
    text = "" if actual is MISSING else canonical(actual)
    return not any(mark in text for mark in _NOT_SHOWN)


def _not_compared(change: Mapping[str, Any] | None) -> int:
    if change is None:
        return 0
    return sum(1 for one in change["properties"] if not _comparable(one["new"]) or one["difference"] == "may-change")


def _path(text: str) -> paths.Path:
    try:
        return paths.parse(text)
    except ValueError:
        return (text,)


def _read(path: Path) -> Mapping[str, Any]:
    content = read_json(path, GateInputError)
    if not isinstance(content, dict):
        raise GateInputError(f"{path.name} is not a JSON object.")
    return cast("dict[str, Any]", content)
