"""Rules of the Atlas provider that no constraint word says: each in the words of the data file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.cloud.check import relations
from tests.cloud.check.failures import CheckFailure
from tests.cloud.check.relations import Inputs
from tests.cloud.check.rules import PropertyRules, TypeRules
from tests.cloud.wire import UNKNOWN


def complaints_of_type(rules: TypeRules, inputs: Inputs) -> Iterator[CheckFailure]:
    for name, known in rules.properties.items():
        yield from _of_discriminator(name, known, inputs)
        yield from _of_words(known, inputs.get(name), name, inputs)


def _of_discriminator(name: str, rules: PropertyRules, inputs: Inputs) -> Iterator[CheckFailure]:
    """One property says which others are needed, and which may stand."""
    chosen = rules.discriminator.get(str(inputs.get(name)))
    if chosen is None:
        return
    belonging = {other for entry in rules.discriminator.values() for other in entry["allowed"]}
    strange = relations.given_and_known(inputs, sorted(belonging - set(chosen["allowed"])))
    missing = [other for other in chosen["required"] if relations.at(inputs, other) is None]
    if strange or missing:
        said = [f"{other} is not allowed" for other in strange] + [f"{other} is missing" for other in missing]
        yield CheckFailure(name, "bad-format", f"{inputs[name]}: {', '.join(said)}")


def _of_words(rules: PropertyRules, value: object, path: str, inputs: Inputs) -> Iterator[CheckFailure]:
    """The rules in words of a property and of everything below it."""
    if value is None or value == UNKNOWN:
        return
    for word in rules.special:
        name, _, detail = word.partition(":")
        yield from _WORDS[name](detail, value, path, inputs)
    if isinstance(value, dict):
        for name, below in rules.properties.items():
            yield from _of_words(below, value.get(name), f"{path}.{name}", value)
    elif isinstance(value, list) and rules.items:
        for index, entry in enumerate(value):
            yield from _of_words(rules.items, entry, f"{path}[{index}]", inputs)


def _objects(value: object) -> list[Inputs]:
    """The known objects of a list."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _descending(detail: str, value: object, path: str, inputs: Inputs) -> Iterator[CheckFailure]:
    """Regions stand in the order of their priority, the highest first; the call itself fails.

    https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-creategroupcluster
    """
    numbers = [number for entry in _objects(value) if isinstance(number := entry.get(detail), (int, float))]
    if numbers != sorted(numbers, reverse=True):
        yield CheckFailure("", "bad-format", f"{path} must stand in descending order of {detail}")


def _not_with_tenants(detail: str, value: object, path: str, inputs: Inputs) -> Iterator[CheckFailure]:
    """Effective fields are for dedicated clusters."""
    regions = [
        region for spec in _objects(inputs.get("replicationSpecs")) for region in _objects(spec.get("regionConfigs"))
    ]
    providers = {region.get("providerName") for region in regions}
    if providers & {"TENANT", "FLEX"}:
        yield CheckFailure(path, "bad-format", "not for tenant or flex clusters")


def _not_with_type(detail: str, value: object, path: str, inputs: Inputs) -> Iterator[CheckFailure]:
    """Some notifications repeat by their own service's rule. 0 counts as not given."""
    if value != 0 and inputs.get("typeName") in detail.split(","):
        yield CheckFailure(path, "bad-format", f"not with {inputs.get('typeName')}")


def _role_or_keys(detail: str, value: object, path: str, inputs: Inputs) -> Iterator[CheckFailure]:
    """A key management key is reached with a role or with an access key, not with both."""
    known = value if isinstance(value, dict) else {}
    if relations.given_and_known(known, ["roleId"]) and relations.given_and_known(
        known, ["accessKeyId", "secretAccessKey"]
    ):
        yield CheckFailure(path, "bad-format", "either roleId, or accessKeyId and secretAccessKey")


_WORDS: dict[str, Callable[[str, object, str, Inputs], Iterator[CheckFailure]]] = {
    "list-descending-by": _descending,
    "refused-when-a-region-is-tenant-or-flex": _not_with_tenants,
    "refused-when-typeName-in": _not_with_type,
    "either-roleId-or-accessKeyId+secretAccessKey": _role_or_keys,
}
