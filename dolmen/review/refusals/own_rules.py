"""Rules that a provider wrote for one property of one resource, by the words of its schema (`rules`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, cast

from dolmen.review.refusals.model import Refusal, RefusalKind
from dolmen.review.refusals.relations import at, given
from dolmen.review.refusals.values import shown, waits

Objects = list[tuple[str, Mapping[str, Any]]]


def refused(rule: str, path: str, inputs: Mapping[str, Any], *, at_apply: bool = False) -> Iterator[Refusal]:
    """What breaks a rule such as `list-descending-by:priority` at a property's path."""
    word, _, argument = rule.partition(":")
    yield from (AT_APPLY.get(word, RULES[word]) if at_apply else RULES[word])(argument, path, inputs)


def _descending(name: str, path: str, inputs: Mapping[str, Any], *, at_apply: bool = False) -> Iterator[Refusal]:
    """Source: https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-createcluster (priority)"""
    for place, some in _lists(path, inputs):
        numbers = [shown(one.get(name)) for one in some]
        known = [one for one in numbers if isinstance(one, int | float)]
        if (at_apply or len(known) == len(numbers)) and known != sorted(known, reverse=True):
            rule = f"its items must stand in descending order of {name}"
            yield Refusal(place, RefusalKind.BAD_FORMAT, rule, f"Put the highest {name} first.")


def _not_with_shared_tiers(
    _: str, path: str, inputs: Mapping[str, Any], *, at_apply: bool = False
) -> Iterator[Refusal]:
    """Source: https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/advancedcluster (useEffectiveFields)"""
    if not given(inputs, path) or (waits(at(inputs, path)) and not at_apply):
        return
    for place, region in _objects("replicationSpecs[*].regionConfigs[*]", inputs):
        if shown(region.get("providerName")) in ("TENANT", "FLEX"):
            rule = f"it is not for clusters of provider {shown(region['providerName'])} ({place})"
            yield Refusal(path, RefusalKind.BAD_FORMAT, rule, f"Leave {path} out.")
            return


def _not_beside(argument: str, path: str, inputs: Mapping[str, Any]) -> Iterator[Refusal]:
    """`typeName-in:A,B`: no value but 0 where the sibling is one of these.

    Source: https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-createalertconfiguration
    """
    sibling, _, members = argument.partition(":")
    sibling = sibling.removesuffix("-in")
    parent, _, name = path.rpartition(".")
    for place, one in _objects(parent, inputs):
        value, beside = shown(one.get(name)), shown(one.get(sibling))
        if value and not waits(value) and beside in members.split(","):
            rule = f"it is not for {sibling} `{beside}`"
            yield Refusal(f"{place}.{name}", RefusalKind.BAD_FORMAT, rule, f"Leave {name} out of {place}.")


def _role_or_key(_: str, path: str, inputs: Mapping[str, Any]) -> Iterator[Refusal]:
    """Source: https://www.mongodb.com/docs/atlas/security-aws-kms/"""
    value = shown(at(inputs, path))
    if not isinstance(value, Mapping):
        return
    role, key, secret = (
        shown(cast("Mapping[str, Any]", value).get(name)) for name in ("roleId", "accessKeyId", "secretAccessKey")
    )
    if role is not None and (key is not None or secret is not None):
        rule = "it takes roleId, or accessKeyId and secretAccessKey, and not both"
        yield Refusal(path, RefusalKind.CONFLICTS, rule, "Keep roleId.")


def _objects(path: str, inputs: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """All objects at a path with `[*]`, each with its own path."""
    found: list[tuple[str, Any]] = [("", inputs)]
    for step in path.split("."):
        name, items = step.removesuffix("[*]"), step.endswith("[*]")
        inner = [
            (f"{place}.{name}" if place else name, shown(cast("Mapping[str, Any]", one).get(name)))
            for place, one in found
            if isinstance(one, Mapping)
        ]
        if items:
            inner = [
                (f"{place}[{index}]", shown(item))
                for place, some in inner
                if isinstance(some, list)
                for index, item in enumerate(cast("list[Any]", some))
            ]
        found = inner
    for place, one in found:
        if isinstance(one, Mapping):
            yield place, cast("Mapping[str, Any]", one)


def _lists(path: str, inputs: Mapping[str, Any]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """All lists of objects at a path."""
    lists: dict[str, list[Mapping[str, Any]]] = {}
    for place, one in _objects(f"{path}[*]", inputs):
        lists.setdefault(place.rpartition("[")[0], []).append(one)
    yield from lists.items()


RULES: Mapping[str, Callable[[str, str, Mapping[str, Any]], Iterator[Refusal]]] = {
    "list-descending-by": _descending,
    "refused-when-a-region-is-tenant-or-flex": _not_with_shared_tiers,
    "refused-when-typeName-in": lambda argument, path, inputs: _not_beside(f"typeName-in:{argument}", path, inputs),
    "either-roleId-or-accessKeyId+secretAccessKey": _role_or_key,
}

AT_APPLY: Mapping[str, Callable[[str, str, Mapping[str, Any]], Iterator[Refusal]]] = {
    "list-descending-by": partial(_descending, at_apply=True),
    "refused-when-a-region-is-tenant-or-flex": partial(_not_with_shared_tiers, at_apply=True),
}
"""Those that wait for a value which decides nothing."""
