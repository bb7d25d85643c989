"""Property paths in Pulumi's notation: `replicationSpecs[0].regionConfigs`, `tags["cost.center"]`, `rules[*].port`.

Used for what a person reads and for the options that name paths (`ignoreChanges`, `replaceOnChanges`). The meaning of
the latter two follows the engine (pulumi/sdk, go/common/resource/property_path.go: `Contains` and `Reset`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from dolmen.engine.plan import Value

Path = tuple["str | int", ...]

_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*\Z")
_STEP = re.compile(r'\.?([^.\[\]"]+)|\[(\d+|\*)\]|\.?\["((?:[^"\\]|\\.)*)"\]')


def text(path: Path) -> str:
    written = ""
    for step in path:
        if isinstance(step, int):
            written += f"[{step}]"
        elif _PLAIN.match(step):
            written += f".{step}" if written else step
        else:
            quoted = step.replace("\\", "\\\\").replace('"', '\\"')
            written += f'["{quoted}"]'
    return written


def parse(written: str) -> Path:
    """The steps of a path; `*` stays the string `"*"`. Raises `ValueError` where the text is not a path."""
    steps: list[str | int] = []
    at = 0
    while at < len(written):
        found = _STEP.match(written, at)
        if found is None:
            raise ValueError(f"not a property path: {written!r}")
        name, index, quoted = found.groups()
        if name is not None:
            steps.append(name)
        elif index is not None:
            steps.append(index if index == "*" else int(index))
        else:
            steps.append(re.sub(r"\\(.)", r"\1", quoted))
        at = found.end()
    return tuple(steps)


def pattern(path: Path) -> str:
    """The path without indices, which is how rules name properties: `replicationSpecs.regionConfigs.regionName`."""
    return ".".join(step for step in path if isinstance(step, str))


def contains(outer: Path, inner: Path) -> bool:
    """Whether `inner` is `outer` or lies below it; `*` in `outer` stands for any one step."""
    if len(outer) > len(inner):
        return False
    return all(step in ("*", other) for step, other in zip(outer, inner, strict=False))


def covered(written: tuple[str, ...], path: Path) -> bool:
    """Whether any of the written paths contains `path`. What cannot be read covers nothing, as in the engine."""
    for one in written:
        try:
            if contains(parse(one), path):
                return True
        except ValueError:
            continue
    return False


def reset(written: str, old: Mapping[str, Value], new: Mapping[str, Value]) -> Mapping[str, Value]:
    """`new` with the value at the path as it is in `old`: what the engine does for one entry of `ignoreChanges`.

    A path whose containers exist on one side only is not ignored; the engine says so and goes on.
    """
    try:
        steps = parse(written)
    except ValueError:
        return new
    return cast("Mapping[str, Value]", _reset(steps, old, new)) if steps else new


def _reset(steps: Path, old: Any, new: Any) -> Any:
    step, rest = steps[0], steps[1:]
    if isinstance(new, list):
        return _reset_items(step, rest, old, new)
    if not isinstance(new, Mapping) or isinstance(step, int):
        return new
    if step == "*":
        return _reset_all(rest, old, new) if isinstance(old, Mapping) else new
    if not rest:
        return _with(new, step, old.get(step) if isinstance(old, Mapping) else None)
    if not isinstance(old, Mapping) or step not in new:
        return new
    return _with(new, step, _reset(rest, old.get(step), new[step]))


def _reset_items(step: str | int, rest: Path, old: Any, new: list[Any]) -> list[Any]:
    if not isinstance(old, list):
        return new
    if step == "*":
        indices = range(len(new)) if len(old) == len(new) else range(0)
    else:
        indices = [step] if isinstance(step, int) and step < min(len(old), len(new)) else []
    items = list(new)
    for index in indices:
        items[index] = _reset(rest, old[index], new[index]) if rest else old[index]
    return items


def _reset_all(rest: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    if not rest:
        return old
    result = dict(new)
    for name in old:
        if name in new:
            result[name] = _reset(rest, old[name], new[name])
    return result


def _with(values: Mapping[str, Any], name: str, value: Any) -> Mapping[str, Any]:
    result = {key: kept for key, kept in values.items() if key != name}
    return result if value is None else {**values, name: value}
