"""What a stack's resources claim for themselves, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from dolmen.engine.plan import Plan, Resource, Value
from dolmen.knowledge.address_ranges import AddressRange, address_ranges
from dolmen.knowledge.object_names import Scope, object_name
from dolmen.review.effects.context.provider_settings import account_of
from dolmen.review.effects.context.providers import default_provider, provider_of
from dolmen.review.regions import aws_region

_ELSEWHERE = ("endpoints", "baseUrl")
"""Settings by which a provider talks to another cloud altogether."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object stands, as far as the program and the stack file say it."""

    scope: Scope
    accounts: frozenset[str]
    region: str
    cloud: str
    """What its provider's address is, where that is another one than the cloud's own."""

    def may_be(self, other: Place) -> bool:
        """Whether nothing proves the two to be different."""
        if self.cloud != other.cloud:
            return False
        if self.scope is Scope.WORLD:
            return True
        if self.accounts and other.accounts and not self.accounts & other.accounts:
            return False
        return self.scope is Scope.ACCOUNT or not self.region or not other.region or self.region == other.region


@dataclass(frozen=True, slots=True)
class Claim:
    stack: str
    resource: Resource
    text: str
    """For people: `Secret chat/database`."""
    key: tuple[str, ...]
    """Equal for what may get in each other's way."""
    place: Place
    network: IPv4Network | IPv6Network | None = None
    """Of a range: it need only overlap."""

    def meets(self, other: Claim) -> bool:
        if self.key != other.key or not self.place.may_be(other.place):
            return False
        if self.network is None or other.network is None:
            return self.network is other.network
        return self.network.version == other.network.version and self.network.overlaps(other.network)


def claims(plan: Plan) -> Iterator[Claim]:
    resources = plan.by_urn()
    for resource in plan:
        if resource.custom and not resource.read and not resource.type.startswith("pulumi:"):
            yield from _named(resource, plan)
            for row in address_ranges():
                if row.type == resource.type:
                    yield from _range(resource, row, plan, resources)


def _named(resource: Resource, plan: Plan) -> Iterator[Claim]:
    name = object_name(resource.type)
    if name is None:
        return
    values = [resource.inputs.get(path) for path in name.by]
    if any(value is not None and not _known(value) for value in values) or values[0] in (None, ""):
        return
    told = "/".join(str(value) for value in values if value is not None)
    key = (resource.type, *("" if value is None else f"{type(value).__name__} {value}" for value in values))
    yield Claim(plan.stack, resource, f"{_kind(resource)} {told}", key, _place(resource, plan, name.scope))


def _range(resource: Resource, row: AddressRange, plan: Plan, resources: Mapping[str, Resource]) -> Iterator[Claim]:
    holder: Resource | None = resource
    if row.through:
        makers = resource.property_dependencies.get(row.through, ())
        holder = resources.get(makers[0]) if len(makers) == 1 else None
    written = holder.inputs.get(row.range) if holder is not None else None
    if not isinstance(written, str) or not _known(written):
        return
    try:
        network = ip_network(written, strict=False)
    except ValueError:
        return
    text = f"{_kind(resource)} {written}"
    if row.alone:
        yield Claim(plan.stack, resource, text, ("range", row.type, str(network)), _place(resource, plan, Scope.REGION))
        return
    within = resource.inputs.get(row.within)
    if isinstance(within, str) and _known(within):
        place = Place(Scope.WORLD, frozenset(), "", _cloud(provider_of(resource, plan)))
        yield Claim(plan.stack, resource, f"{text} in {within}", ("range", within), place, network)


def _kind(resource: Resource) -> str:
    return resource.type.rpartition(":")[2]


def _known(value: Value) -> bool:
    """What is made up, or comes out at apply, may be anything."""
    return (isinstance(value, str) and "‹" not in value) or (
        isinstance(value, int | float) and not isinstance(value, bool)
    )


def _place(resource: Resource, plan: Plan, scope: Scope) -> Place:
    provider = provider_of(resource, plan)
    aws = provider if resource.package == "aws" else default_provider("aws", plan)
    region = resource.inputs.get("region") or resource.inputs.get("regionName") or provider.inputs.get("region")
    region = region or plan.config.get("aws:region")
    return Place(scope, account_of(aws.inputs), aws_region(region) or "", _cloud(provider))


def _cloud(provider: Resource) -> str:
    return " ".join(str(provider.inputs[name]) for name in _ELSEWHERE if provider.inputs.get(name))
