"""Check of types that are written with Terraform's plugin framework: every validator speaks, each for its property.

A value of a wrong type ends the call; names that the schema doesn't have are dropped before it. A relation waits while
any partner is unknown. https://developer.hashicorp.com/terraform/plugin/framework/validation
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.cloud.check import relations
from tests.cloud.check.conversion import NotConverted, for_framework
from tests.cloud.check.failures import CheckFailure
from tests.cloud.check.relations import Inputs
from tests.cloud.check.rules import PropertyRules, TypeRules
from tests.cloud.check.special import complaints_of_type
from tests.cloud.check.values import complaints
from tests.cloud.wire import UNKNOWN


def failures(rules: TypeRules, inputs: Inputs) -> Iterator[CheckFailure]:
    """Everything that the framework refuses of a type's inputs."""
    given: dict[str, object] = {}
    for name, known in rules.properties.items():
        try:
            value = for_framework(known, inputs.get(name), name)
        except NotConverted as wrong:
            yield CheckFailure(wrong.path, "wrong-type", str(wrong))
            return
        if value is not None and known.settable:
            given[name] = value
    yield from _Walk(given).of_object(rules.properties, given, "")
    yield from complaints_of_type(rules, given)


@dataclass(frozen=True)
class _Walk:
    top: Inputs

    def of_object(self, properties: Mapping[str, PropertyRules], value: Inputs, above: str) -> Iterator[CheckFailure]:
        for name, rules in properties.items():
            yield from self.of_property(rules, value.get(name), f"{above}.{name}" if above else name)

    def of_property(self, rules: PropertyRules, value: object, path: str) -> Iterator[CheckFailure]:
        yield from self._of_groups(rules, path)
        if value is None or (rules.block and value == []):
            if rules.required:
                yield CheckFailure(path, "missing-required", "this argument is required")
        elif not rules.settable:
            yield CheckFailure(path, "not-settable", "this is computed, and cannot be given")
        elif value == UNKNOWN:
            if rules.block and rules.type == "object":  # upstream a list of one element, of which nothing is known
                yield from self.of_object(rules.properties, {}, path)
        elif rules.type == "integer" and isinstance(value, float):
            yield CheckFailure(path, "bad-format", f"expected a whole number, got {value}")
        else:
            yield from self._of_partners(rules, path)
            yield from self._of_value(rules, value, path)

    def _of_groups(self, rules: PropertyRules, path: str) -> Iterator[CheckFailure]:
        if not rules.exactly_one_of:
            return
        group = dict.fromkeys([*rules.exactly_one_of, path])
        found = list(relations.given(self.top, group))
        if len(relations.given_and_known(self.top, group)) < len(found):
            return
        if len(found) != 1:
            kind = "too-many-of" if found else "none-of"
            yield CheckFailure(path, kind, f"exactly one of {', '.join(group)} must be given")

    def _of_partners(self, rules: PropertyRules, path: str) -> Iterator[CheckFailure]:
        conflicting = relations.known_before_unknown(self.top, rules.conflicts_with)
        if conflicting:
            yield CheckFailure(path, "conflicts", f"conflicts with {', '.join(conflicting)}")
        missing = [name for name in rules.requires if relations.at(self.top, name) is None]
        if missing:
            yield CheckFailure(path, "requires-other", f"must be given together with {', '.join(missing)}")

    def _of_value(self, rules: PropertyRules, value: object, path: str) -> Iterator[CheckFailure]:
        if isinstance(value, list) and rules.items:
            yield from self._of_list(rules, rules.items, value, path)
        elif isinstance(value, dict):
            yield from self.of_object(rules.properties, value, path)
        else:
            for kind, reason in complaints(rules.value, value):
                yield CheckFailure(path, kind, reason)

    def _of_list(
        self, rules: PropertyRules, items: PropertyRules, value: list[object], path: str
    ) -> Iterator[CheckFailure]:
        too_many = rules.max_items is not None and len(value) > rules.max_items
        if too_many or len(value) < rules.min_items:
            yield CheckFailure(path, "wrong-number-of-items", f"got {len(value)} items")
        for index, entry in enumerate(value):
            place = f"{path}[*]" if rules.type == "set" else f"{path}[{index}]"
            if items.type == "object":  # an element that is unknown as a whole reaches the provider without properties
                yield from self.of_object(items.properties, entry if isinstance(entry, dict) else {}, place)
            elif entry is not None and entry != UNKNOWN:
                yield from self._of_value(items, entry, place)
