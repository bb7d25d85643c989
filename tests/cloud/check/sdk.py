"""Check of types that are written with Terraform's SDK: the order of its questions decides which failures show.

Groups first, then presence, then partners, then the value; a value that holds anything unknown is looked at no further.
Below a set a failure names the set only, except what is missing.
https://developer.hashicorp.com/terraform/plugin/sdkv2/schemas/schema-behaviors
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.cloud.check import relations
from tests.cloud.check.conversion import NotConverted, for_sdk
from tests.cloud.check.failures import CheckFailure, FailureKind
from tests.cloud.check.relations import Inputs
from tests.cloud.check.rules import PropertyRules, TypeRules
from tests.cloud.check.values import complaints


def failures(rules: TypeRules, inputs: Inputs) -> Iterator[CheckFailure]:
    """Everything that the SDK refuses of a type's inputs."""
    try:
        converted = for_sdk(rules.whole, dict(inputs))
    except NotConverted as wrong:
        yield CheckFailure(wrong.path, "wrong-type", str(wrong))
        return
    assert isinstance(converted, dict)
    yield from _Walk(converted).of_object(rules.properties, converted, _Place())


@dataclass(frozen=True)
class _Place:
    """Where a value stands, and under what path the SDK speaks of it."""

    path: str = ""
    spoken: str | None = None
    """The path of the outermost set, where there is one."""

    def below(self, name: str) -> _Place:
        return _Place(f"{self.path}.{name}" if self.path else name, self.spoken)

    def item(self, index: int, rules: PropertyRules) -> _Place:
        if rules.flattened:
            return self
        spoken = self.path if rules.type == "set" and self.spoken is None else self.spoken
        return _Place(f"{self.path}[{index}]", spoken)

    def failure(self, kind: FailureKind, reason: str) -> CheckFailure:
        return CheckFailure(self.path if kind == "missing-required" else self.spoken or self.path, kind, reason)


@dataclass(frozen=True)
class _Walk:
    top: Inputs

    def of_object(
        self, properties: Mapping[str, PropertyRules], value: Inputs, place: _Place
    ) -> Iterator[CheckFailure]:
        for name, rules in properties.items():
            yield from self.of_property(rules, value.get(name), place.below(name))
        for name in value:
            if name not in properties:
                yield place.below(name).failure("unknown-property", f'an argument named "{name}" is not expected here')

    def of_property(self, rules: PropertyRules, value: object, place: _Place) -> Iterator[CheckFailure]:
        wrong = self._first_objection(rules, value, place)
        if wrong is not None:
            yield wrong
        elif value is not None and not relations.holds_unknown(value):
            conflicting = relations.given_and_known(self.top, rules.conflicts_with)
            if conflicting:
                yield place.failure("conflicts", f"conflicts with {', '.join(conflicting)}")
            else:
                yield from self.of_value(rules, value, place)

    def _first_objection(self, rules: PropertyRules, value: object, place: _Place) -> CheckFailure | None:
        """What is refused before the value itself is looked at."""
        if rules.exactly_one_of:
            group = dict.fromkeys([*rules.exactly_one_of, place.path])
            count = len(relations.wholly_known(self.top, group))
            if count > 1:
                return place.failure("too-many-of", f"only one of {', '.join(group)} may be given")
            if count == 0 and not any(relations.given(self.top, group)):
                return place.failure("none-of", f"one of {', '.join(group)} must be given")
        if rules.at_least_one_of and not any(relations.given(self.top, [*rules.at_least_one_of, place.path])):
            return place.failure("none-of", f"one of {', '.join(rules.at_least_one_of)} must be given")
        if value is None:
            return place.failure("missing-required", "this argument is required") if rules.required else None
        if not rules.settable:
            return place.failure("not-settable", "this is computed, and cannot be given")
        missing = [name for name in rules.requires if relations.at(self.top, name) is None]
        if missing:
            return place.failure("requires-other", f"must be given together with {', '.join(missing)}")
        return None

    def of_value(self, rules: PropertyRules, value: object, place: _Place) -> Iterator[CheckFailure]:
        if rules.type in ("list", "set"):
            yield from self._of_list(rules, value, place)
        elif rules.type == "object":
            if isinstance(value, dict):
                yield from self.of_object(rules.properties, value, place)
            else:
                yield place.failure("wrong-type", f"expected an object, got {value!r}")
        elif rules.type == "map":
            yield from _of_map(rules, value, place)
        elif rules.type != "any":
            yield from _of_single(rules, value, place)

    def _of_list(self, rules: PropertyRules, value: object, place: _Place) -> Iterator[CheckFailure]:
        assert isinstance(value, list) and rules.items, place.path
        too_many = rules.max_items is not None and len(value) > rules.max_items
        if too_many or len(value) < rules.min_items:
            limits = f"{rules.min_items} to {rules.max_items or 'any number of'}"
            yield place.failure("wrong-number-of-items", f"expected {limits} items, got {len(value)}")
            return
        for index, entry in enumerate(value):
            if entry is not None:
                yield from self.of_value(rules.items, entry, place.item(index, rules))


def _of_map(rules: PropertyRules, value: object, place: _Place) -> Iterator[CheckFailure]:
    if not isinstance(value, dict):
        yield place.failure("wrong-type", f"expected a map, got {value!r}")
        return
    for name, entry in value.items():
        if isinstance(entry, (dict, list)) and rules.items and rules.items.type != "any":
            yield place.below(name).failure("wrong-type", f"expected {rules.items.type}, got {entry!r}")


def _of_single(rules: PropertyRules, value: object, place: _Place) -> Iterator[CheckFailure]:
    fits = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, (int, float)) and not isinstance(value, bool),
    }[rules.type]
    if not fits:
        yield place.failure("wrong-type", f"expected {rules.type}, got {value!r}")
        return
    for kind, reason in complaints(rules.value, value):
        yield place.failure(kind, reason)
