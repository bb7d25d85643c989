"""The region that a provider of AWS fills in."""

from __future__ import annotations

from dolmen.engine.plan import Plan, Resource
from dolmen.engine.urns import is_default_provider, is_urn


def provider_region(resource: Resource, plan: Plan) -> str | None:
    """The region of a resource's provider, explicit or default; `None` where it is not known."""
    provider = (resource.options.provider or "").rpartition("::")[0]
    if is_urn(provider) and not is_default_provider(provider):
        explicit = plan.by_urn().get(provider)
        region = explicit.inputs.get("region") if explicit else None
    else:
        region = plan.config.get("aws:region")
    return region if isinstance(region, str) else None
