"""`dolmen gate REVIEWED.json PREVIEW.json`: apply what was reviewed, and nothing else.

`REVIEWED.json` is the review's JSON, `PREVIEW.json` is `pulumi preview --json` of the stack that is about to be updated.
Every step of the preview must have been reviewed: the same resource, an operation that is no greater, the same order of
a replacement, the same properties, and the same values where they are known on both sides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from dolmen.review.diff import paths
from dolmen.review.formats.parts.review_json import VERSION, canonical, digest

LARGEST = 256 * 1024 * 1024

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
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_HIDDEN = "[secret]"


class GateInputError(Exception):
    """One of the two files cannot be used. The text is for people."""


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
    steps = preview.get("steps")
    if steps is None and "changeSummary" in preview:
        steps = []
    if not isinstance(steps, list):
        raise GateInputError("The second file is not a preview: `pulumi preview --json`.")
    _refuse_failed(preview)
    known = [step for step in cast("list[Any]", steps) if isinstance(step, dict)]
    try:
        return _compare(reviewed, [_step(step) for step in known])
    except (KeyError, TypeError, AttributeError):
        raise GateInputError("One of the files is not written as Dolmen and Pulumi write them.") from None


def _refuse_failed(preview: Mapping[str, Any]) -> None:
    for diagnostic in preview.get("diagnostics") or []:
        if isinstance(diagnostic, dict) and cast("dict[str, Any]", diagnostic).get("severity") == "error":
            raise GateInputError(
                "The preview failed, so it does not say what would be done. Mend it and preview again."
            )


@dataclass(frozen=True, slots=True)
class _Step:
    op: str
    urn: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    detail: Mapping[str, Any]
    diffs: tuple[str, ...]

    @property
    def stack(self) -> str:
        return self.urn.split("::", 1)[0].removeprefix("urn:pulumi:")

    @property
    def type(self) -> str:
        parts = self.urn.split("::")
        return parts[2].rsplit("$", 1)[-1] if len(parts) > 2 else ""

    @property
    def name(self) -> str:
        return self.urn.rsplit("::", 1)[-1]

    @property
    def belongs_to_the_engine(self) -> bool:
        """The stack itself and default providers stand in no program."""
        return self.type == "pulumi:pulumi:Stack" or (
            self.type.startswith("pulumi:providers:") and self.name.startswith("default")
        )


def _step(step: dict[str, Any]) -> _Step:
    op, urn = step.get("op"), step.get("urn")
    if not isinstance(op, str) or not isinstance(urn, str):
        raise GateInputError("The second file has a step without `op` or `urn`.")
    old, new = (_inputs(step.get(side)) for side in ("oldState", "newState"))
    return _Step(op, urn, old, new, step.get("detailedDiff") or {}, tuple(step.get("diffReasons") or ()))


def _inputs(state: Any) -> Mapping[str, Any]:
    found = cast("dict[str, Any]", state).get("inputs") if isinstance(state, dict) else None
    return _stripped(found) if isinstance(found, dict) else {}


def _stripped(value: Any) -> Any:
    """Without what the provider filled in, at every depth."""
    if isinstance(value, dict):
        written = cast("dict[str, Any]", value)
        filled: list[Any] = written.get("__defaults") or []
        return {k: _stripped(v) for k, v in written.items() if k not in filled and not k.startswith("__")}
    if isinstance(value, list):
        return [_stripped(one) for one in cast("list[Any]", value)]
    return value


def _compare(reviewed: Mapping[str, Any], steps: Sequence[_Step]) -> Verdict:
    deployed = {step.stack for step in steps}
    stacks = {one["name"]: one for one in reviewed["stacks"]}
    named = sorted(deployed & stacks.keys())
    changes = {change["urn"]: change for name in named for change in stacks[name]["changes"]}
    by_old_urn = {change["oldUrn"]: change for change in changes.values() if change.get("oldUrn")}
    more: list[str] = []
    uncompared = counted = 0
    more += [f"{stack}: this stack was not reviewed." for stack in sorted(deployed - stacks.keys())]
    more += [
        f"{name}: it could not be reviewed (status {stacks[name]['status']})."
        for name in named
        if stacks[name]["status"] in ("failed", "uncompared")
    ]
    grouped: dict[str, list[_Step]] = {}
    for step in steps:
        if step.stack in stacks and step.op not in _NOTHING and not step.belongs_to_the_engine:
            grouped.setdefault(step.urn, []).append(step)
    for urn, some in grouped.items():
        counted += 1
        change = changes.get(urn) or by_old_urn.get(urn)
        more += _beyond(some, change)
        uncompared += _not_compared(change)
    return Verdict(tuple(more), counted, uncompared)


def _beyond(steps: Sequence[_Step], change: Mapping[str, Any] | None) -> Iterator[str]:
    step = steps[0]
    called = f"{step.stack}: {step.type.rsplit(':', 1)[-1]} {step.name}"
    operations = {_OPERATIONS.get(one.op, one.op) for one in steps}
    operation = "replace" if "replace" in operations else min(operations)
    if change is None:
        yield f"{called} would be changed ({operation}); the review says that it stays as it is."
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


def _deletes_first(steps: Sequence[_Step]) -> bool:
    order = [step.op for step in steps if step.op in ("create-replacement", "delete-replaced")]
    return bool(order) and order[0] == "delete-replaced"


def _beyond_properties(steps: Sequence[_Step], change: Mapping[str, Any]) -> Iterator[str]:
    reviewed = {one["path"]: one for one in change["properties"]}
    patterns = {paths.pattern(_path(path)) for path in reviewed}
    seen: set[str] = set()
    for step in steps:
        for path in (*step.detail, *(name for name in step.diffs if not step.detail)):
            if path in seen or path.startswith("__"):
                continue
            seen.add(path)
            if not _input_difference(step, path):
                continue
            if not _covered(paths.pattern(_path(path)), patterns):
                yield f"{path} would change, which was not reviewed."
    for path, one in reviewed.items():
        for side, states in (("old", [s.old for s in steps if s.old]), ("new", [s.new for s in steps if s.new])):
            if (
                states
                and one["difference"] not in ("order", "may-change")
                and _differs(one[side], states[0], _path(path))
            ):
                word = "is" if side == "old" else "would become"
                yield f"{path} {word} another value than the reviewed one."


def _beyond_inputs(step: _Step, change: Mapping[str, Any]) -> Iterator[str]:
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


def _input_difference(step: _Step, path: str) -> bool:
    """What differs only in the cloud's own outputs is not the program's doing."""
    detail = step.detail.get(path)
    return (
        not isinstance(detail, dict)
        or cast("dict[str, Any]", detail).get("inputDiff") is not False
        or step.op == "replace"
    )


def _covered(pattern: str, patterns: set[str]) -> bool:
    return any(pattern == one or pattern.startswith(one + ".") or one.startswith(pattern + ".") for one in patterns)


def _differs(reviewed: Any, inputs: Mapping[str, Any], path: paths.Path) -> bool:
    """Whether a reviewed value is surely not the one in the preview. Items of a list may stand in another place."""
    if not _comparable(reviewed):
        return False
    indexed = any(isinstance(step, int) for step in path)
    actual = [_at(inputs, path)] if not indexed else [*gathered(inputs, path)]
    return all(_comparable_preview(one) and not _equal(reviewed, one) for one in actual)


def _equal(reviewed: Any, actual: Any) -> bool:
    if actual is _ABSENT or reviewed == {"$absent": True}:
        return actual is _ABSENT and reviewed == {"$absent": True}
    if isinstance(reviewed, dict) and "$large" in reviewed:
        expected = cast("dict[str, Any]", reviewed)["$sha256"]
        return expected is None or digest(actual) == expected
    return _number(reviewed) == _number(actual)


def gathered(value: Any, path: paths.Path) -> list[Any]:
    """Every value at the path, whatever its indices; one absent value where some item has none."""
    found: list[Any] = [value]
    for step in path:
        if isinstance(step, int):
            found = [item for one in found if isinstance(one, list) for item in cast("list[Any]", one)]
        else:
            found = [
                cast("dict[str, Any]", one).get(step, _ABSENT) if isinstance(one, dict) else _ABSENT for one in found
            ]
    return [_ABSENT if one is None else one for one in found] + [_ABSENT]


def _number(value: Any) -> str:
    """Numbers compare by value: a preview writes 3 where a program wrote 3.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return canonical(value)


class _Absent:
    pass


_ABSENT = _Absent()


def _at(value: Any, path: paths.Path) -> Any:
    for step in path:
        if isinstance(step, int) and isinstance(value, list) and step < len(cast("list[Any]", value)):
            value = cast("list[Any]", value)[step]
        elif isinstance(step, str) and isinstance(value, dict):
            value = cast("dict[str, Any]", value).get(step, _ABSENT)
        else:
            return _ABSENT
    return _ABSENT if value is None else value


def _comparable(reviewed: Any) -> bool:
    text = canonical(reviewed)
    return not any(f'"{mark}"' in text for mark in _MARKS) and "‹" not in text


def _comparable_preview(actual: Any) -> bool:
    if actual is _ABSENT:
        return True
    text = canonical(actual)
    return _UNKNOWN not in text and _HIDDEN not in text and "4dabf18193072939515e22adb298388d" not in text


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
    try:
        if path.stat().st_size > LARGEST:
            raise GateInputError(f"{path.name} is larger than {LARGEST // 2**20} MiB.")
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise GateInputError(f"{path.name} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise GateInputError(f"{path.name} is not JSON.") from None
    if not isinstance(content, dict):
        raise GateInputError(f"{path.name} is not a JSON object.")
    return cast("dict[str, Any]", content)
