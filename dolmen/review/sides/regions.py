"""The region that version 7 of the AWS provider writes into every resource's inputs, and older states do not hold.

Source: https://www.pulumi.com/registry/packages/aws/how-to-guides/7-0-migration/ (`region` on resources)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dolmen.engine.plan import Resource, Value

KEY = "aws:region"


def of_their_own(resources: tuple[Resource, ...], defaults: Mapping[str, Value]) -> tuple[Resource, ...]:
    """Resources with the region of their default provider, where default providers differ.

    `defaults`: URN of a default provider → its region.
    """
    if len(set(map(repr, defaults.values()))) < 2:
        return resources
    return tuple(_own(one, defaults.get(one.options.provider_urn)) for one in resources)


def _own(one: Resource, region: Value) -> Resource:
    return one if region is None or "region" in one.inputs else replace(one, inputs={**one.inputs, "region": region})


def filled(
    resources: tuple[Resource, ...],
    settings: Mapping[str, Value],
    by_urn: Mapping[str, Resource],
    partners: Mapping[str, Resource],
) -> tuple[Resource, ...]:
    """Resources with a `region` only where it is another one than their provider's, or where the other side has one.

    `partners`: URN → the resource of the other side, as it will be compared.
    """
    return tuple(_filled(one, _of_provider(one, settings, by_urn), partners.get(one.urn)) for one in resources)


def _filled(one: Resource, of_provider: Value, partner: Resource | None) -> Resource:
    if one.package != "aws" or not one.custom or of_provider is None:
        return one
    region = one.inputs.get("region")
    other = partner.inputs.get("region") if partner is not None else None
    if region is not None and region == of_provider and other is None:
        return replace(one, inputs={name: value for name, value in one.inputs.items() if name != "region"})
    if region is None and other is not None:
        return replace(one, inputs={**one.inputs, "region": of_provider})
    return one


def _of_provider(one: Resource, settings: Mapping[str, Value], by_urn: Mapping[str, Resource]) -> Value:
    explicit = by_urn.get(one.options.provider_urn)
    return explicit.inputs.get("region") if explicit is not None else settings.get(KEY)
