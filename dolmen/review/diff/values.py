"""Values of a plan: when two are equal, and which single values differ between two trees of them.

Comparing knows what a list means: items with an identity (a region, a CIDR, a name) are matched by it, and lists whose
order means nothing are compared as sets (`dolmen.knowledge`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from functools import cache
from typing import Any, TypeAlias

from dolmen.engine.masking import untagged
from dolmen.engine.plan import Asset, Placeholder, Reference, Secret, Unknown, Value
from dolmen.knowledge.loader import change_knowledge, identities
from dolmen.knowledge.model import ListIdentity
from dolmen.knowledge.provider_schema import type_schema
from dolmen.review.diff.paths import Path, pattern
from dolmen.stackfile.user_info import without_user_info


class Missing(Enum):
    """No value at all. A `None` in the inputs of a resource is the same: the SDK does not send it."""

    MISSING = "missing"


MISSING = Missing.MISSING
_LONGEST_NAME = 60
AnyValue: TypeAlias = "Value | Missing"


class Difference(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    UPDATED = "updated"
    ORDER = "order"
    """The same items, in another order."""
    MAY_CHANGE = "may-change"
    """Known after apply on both sides, and made by something that this change creates or replaces."""


@dataclass(frozen=True, slots=True)
class PropertyChange:
    path: Path
    """Indices are those of the new list, or of the old one where the item is removed."""
    difference: Difference
    old: AnyValue
    new: AnyValue
    label: str = ""
    """The path for people: an item by its identity instead of its index."""
    because: str | None = None
    """The URN of what makes the value known only after apply (`MAY_CHANGE`)."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How to compare the inputs of one type of resource."""

    lists: Mapping[str, ListIdentity] = field(default_factory=dict[str, ListIdentity])
    identities: tuple[str, ...] = ()
    same_urn: Callable[[str, str], bool] = str.__eq__
    """Whether a URN of the old plan and one of the new plan name the same resource (aliases)."""


def comparison(type_token: str, same_urn: Callable[[str, str], bool] = str.__eq__) -> Comparison:
    return Comparison(_lists(type_token), identities(), same_urn)


@cache
def _lists(type_token: str) -> Mapping[str, ListIdentity]:
    """How the lists of a type are matched: as its file says, and as sets where they are sets for the provider."""
    written = change_knowledge(type_token).lists
    schema = type_schema(type_token)
    sets = [re.sub(r"\[\*\]|\{\*\}", "", path) for path in schema.sets] if schema else []
    return {**written, **{path: replace(written.get(path, ListIdentity()), ordered=False) for path in sets}}


# ---- equality


def equal(old: AnyValue, new: AnyValue, how: Comparison | None = None) -> bool:
    how = how or Comparison()
    return frozen(old, how.same_urn, old) == frozen(new, how.same_urn, old)


def frozen(value: Any, same_urn: Callable[[str, str], bool] = str.__eq__, against: Any = None) -> Hashable:
    """Something hashable that is equal for equal values. Numbers compare by value, as on Pulumi's wire."""
    if value is None or value is MISSING:
        return MISSING
    if isinstance(value, bool | str | Unknown | Secret | Placeholder):
        return (type(value).__name__, value)
    if isinstance(value, int | float):
        return ("number", value)
    if isinstance(value, Reference):
        if isinstance(against, Reference) and same_urn(against.urn, value.urn):
            return ("reference", against.urn)
        return ("reference", value.urn)
    if isinstance(value, Asset):
        return ("asset", _contents(value, against if isinstance(against, Asset) else value))
    if isinstance(value, Mapping):
        entries = (
            (k, frozen(v, same_urn, against.get(k) if isinstance(against, Mapping) else None))
            for k, v in value.items()
            if v is not None
        )
        return ("map", frozenset(entries))
    if isinstance(value, list | tuple):
        others = against if isinstance(against, list | tuple) else ()
        return ("list", tuple(frozen(v, same_urn, others[i] if i < len(others) else None) for i, v in enumerate(value)))
    return ("other", repr(value))


def _contents(value: Asset, against: Asset) -> Hashable:
    """What an asset is compared by: its contents, or what it is called where one side does not know them."""
    called = (value.kind, value.source)
    if value.fingerprint and against.fingerprint:
        return value.fingerprint
    return against.fingerprint if against.fingerprint and called == (against.kind, against.source) else called


def is_unknown(value: Any) -> bool:
    return isinstance(value, Unknown) or (isinstance(value, Secret) and value.unknown)


def has_unknown(value: Any) -> bool:
    """Whether a value, or anything inside it, is known only after apply or was made up."""
    if isinstance(value, Mapping):
        return any(has_unknown(v) for v in value.values())
    if isinstance(value, list | tuple):
        return any(has_unknown(v) for v in value)
    text = value.source if isinstance(value, Asset) else value
    return is_unknown(value) or isinstance(value, Placeholder) or (isinstance(text, str) and "‹" in text)


def hides(value: Any) -> bool:
    """Whether nobody can see what a value will be: it is unknown, made up or secret, or something inside it is."""
    if isinstance(value, Mapping):
        return any(hides(v) for v in value.values())
    if isinstance(value, list | tuple):
        return any(hides(v) for v in value)
    return isinstance(value, Secret) or has_unknown(value)


def unknown_leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from unknown_leaves(inner, (*path, name))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from unknown_leaves(inner, (*path, index))
    elif is_unknown(value):
        yield path, value


def at(value: Any, path: Path) -> Any:
    for step in path:
        if isinstance(step, int):
            if not isinstance(value, list | tuple) or step >= len(value):
                return MISSING
            value = value[step]
        elif isinstance(value, Mapping):
            value = value.get(step, MISSING)
        else:
            return MISSING
    return MISSING if value is None else value


# ---- differences


def kind_of(old: AnyValue, new: AnyValue) -> Difference:
    return Difference.ADDED if old is MISSING else Difference.REMOVED if new is MISSING else Difference.UPDATED


def differences(old: AnyValue, new: AnyValue, how: Comparison) -> list[PropertyChange]:
    """The single values that differ, in the order of the new value, then what is gone."""
    return list(_differences(old, new, (), "", how))


def _differences(old: Any, new: Any, path: Path, label: str, how: Comparison) -> Iterator[PropertyChange]:
    old, new = (MISSING if side is None else side for side in (old, new))
    if equal(old, new, how):
        return
    # A filled object that comes or goes is told by its parts.
    olds, news = ({} if side is MISSING and other else side for side, other in ((old, new), (new, old)))
    if isinstance(olds, Mapping) and isinstance(news, Mapping):
        for name in [*news, *(n for n in olds if n not in news)]:
            yield from _differences(olds.get(name), news.get(name), (*path, name), _under(label, name), how)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _list_differences(old, new, path, label, how)
    else:
        yield PropertyChange(path, kind_of(old, new), old, new, label)


def _list_differences(
    old: list[Any], new: list[Any], path: Path, label: str, how: Comparison
) -> Iterator[PropertyChange]:
    identity = how.lists.get(pattern(path), ListIdentity())
    key = _identity(old, new, identity, how)
    if key is None:
        found = list(_by_position(old, new, path, label, how))
        yield from found or [PropertyChange(path, Difference.ORDER, old, new, label)]
        return
    olds = {key(item): index for index, item in enumerate(old)}
    news = {key(item): index for index, item in enumerate(new)}
    found: list[PropertyChange] = []
    for name, index in news.items():
        before = old[olds[name]] if name in olds else MISSING
        found += _item(before, new[index], (*path, index), f"{label}[{_named(name)}]", how)
    for name, index in olds.items():
        if name not in news:
            found += _item(old[index], MISSING, (*path, index), f"{label}[{_named(name)}]", how)
    yield from found
    # The order of a set is worth a word only where nothing else is: a reader sees that the file differs.
    reordered = [n for n in olds if n in news] != [n for n in news if n in olds]
    if reordered and (identity.ordered or not found):
        yield PropertyChange(path, Difference.ORDER, old, new, label)


def _item(old: Any, new: Any, path: Path, label: str, how: Comparison) -> Iterator[PropertyChange]:
    """An item that comes or goes is one change, whole; one that stays is compared inside."""
    if old is MISSING or new is MISSING:
        yield PropertyChange(path, kind_of(old, new), old, new, label)
    else:
        yield from _differences(old, new, path, label, how)


def _identity(
    old: list[Any], new: list[Any], identity: ListIdentity, how: Comparison
) -> Callable[[Any], Hashable] | None:
    """What tells the items apart, or `None` where they can only be compared by their place."""
    candidates = [identity.keys] if identity.keys else [(name,) for name in how.identities]
    if old or new:
        for keys in candidates:
            if all(_identified(items, keys) for items in (old, new)):
                return lambda item: tuple(frozen(item.get(name)) for name in keys)
    scalars = all(not isinstance(item, Mapping | list) for item in (*old, *new))
    if (scalars or not identity.ordered) and all(_distinct([frozen(i) for i in items]) for items in (old, new)):
        return frozen
    return None


def _identified(items: list[Any], keys: tuple[str, ...]) -> bool:
    found: list[Hashable] = []
    for item in items:
        if not isinstance(item, Mapping):
            return False
        values = [item.get(name) for name in keys]
        if values[0] is None or any(isinstance(v, Mapping | list) or has_unknown(v) for v in values):
            return False
        found.append(tuple(frozen(v) for v in values))
    return _distinct(found)


def _distinct(items: list[Hashable]) -> bool:
    return not items or max(Counter(items).values()) == 1


def _named(identity: Any) -> str:
    parts = identity if isinstance(identity, tuple) and identity and isinstance(identity[0], tuple) else (identity,)
    return "/".join(_plain(part) for part in parts if part is not MISSING)


def _plain(part: Any) -> str:
    kind, value = part if isinstance(part, tuple) and len(part) == 2 else ("", part)
    written = "…" if kind in ("map", "list") else untagged(str(value))
    return written if len(written) <= _LONGEST_NAME else f"{written[: _LONGEST_NAME - 1]}…"


def _by_position(old: list[Any], new: list[Any], path: Path, label: str, how: Comparison) -> Iterator[PropertyChange]:
    if how.lists.get(pattern(path), ListIdentity()).ordered is False:
        yield from _as_bags(old, new, path, label)
        return
    for index in range(max(len(old), len(new))):
        before = old[index] if index < len(old) else MISSING
        after = new[index] if index < len(new) else MISSING
        yield from _item(before, after, (*path, index), f"{label}[{index}]", how)


def _as_bags(old: list[Any], new: list[Any], path: Path, label: str) -> Iterator[PropertyChange]:
    gone = Counter(frozen(item) for item in old)
    gone.subtract(Counter(frozen(item) for item in new))
    for index, item in enumerate(new):
        if gone[frozen(item)] < 0:
            gone[frozen(item)] += 1
            yield PropertyChange((*path, index), Difference.ADDED, MISSING, item, f"{label}[{index}]")
    for index, item in enumerate(old):
        if gone[frozen(item)] > 0:
            gone[frozen(item)] -= 1
            yield PropertyChange((*path, index), Difference.REMOVED, item, MISSING, f"{label}[{index}]")


def _under(label: str, name: str) -> str:
    name = untagged(name)
    if not label:
        return name
    return f"{label}.{name}" if name.replace("-", "").replace("_", "").isalnum() else f"{label}[{name}]"


# ---- for people


def shown(value: AnyValue, longest: int | None = None) -> str:
    """One line of text. Never a secret: the plan holds none, and what was masked in it loses its tag."""
    written = untagged(_shown(value))
    if longest is not None and len(written) > longest:
        return f"{written[: longest - 1]}…"
    return written


def _shown(value: Any) -> str:
    if value is MISSING or value is None:
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value or '""'
    if isinstance(value, Reference):
        return value.urn.rsplit("::", 1)[-1]
    if isinstance(value, Asset):
        return f"{value.kind} {without_user_info(value.source)}"
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(plain(value), ensure_ascii=False, sort_keys=True)
    return str(value)


def plain(value: Any) -> Any:
    """JSON data with `[secret]`, `known after apply` and the like as strings: for people, not for comparing."""
    if isinstance(value, Mapping):
        return {untagged(str(k)): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, str):
        return untagged(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return _shown(value)
