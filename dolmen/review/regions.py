"""Regions of AWS: as Atlas spells them, and as a provider fills them in."""

from __future__ import annotations

from typing import Any

from dolmen.engine.plan import Plan, Resource
from dolmen.engine.urns import is_default_provider, is_urn


def aws_region(name: Any) -> str | None:
    """`us-east-1` for Atlas's `US_EAST_1`; `None` where it is not known."""
    return name.lower().replace("_", "-") if isinstance(name, str) and "‹" not in name else None


def provider_region(resource: Resource, plan: Plan) -> str | None:
    """The region of a resource's provider, explicit or default; `None` where it is not known."""
    provider = resource.options.provider_urn
    if is_urn(provider) and not is_default_provider(provider):
        explicit = plan.by_urn().get(provider)
        region = explicit.inputs.get("region") if explicit else None
    else:
        region = plan.config.get("aws:region")
    return region if isinstance(region, str) else None
