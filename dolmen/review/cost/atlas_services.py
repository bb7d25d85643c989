"""What MongoDB Atlas bills beside clusters: private endpoints, search nodes.

https://www.mongodb.com/docs/atlas/billing/additional-services/
"""

from __future__ import annotations

from collections.abc import Iterator

from dolmen.review.cost.atlas import CLUSTER, region_configs
from dolmen.review.cost.lines import Counting, Line, listed, mapping, number
from dolmen.review.regions import aws_region

ENDPOINT = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
SEARCH = "mongodbatlas:index/searchDeployment:SearchDeployment"


def endpoint(counting: Counting) -> Iterator[Line]:
    region = aws_region(counting.resource.inputs.get("region"))
    if region is None:
        yield counting.unknown("hours", "atlas private endpoint", "the region is known after apply")
        return
    yield counting.line("hours", "atlas private endpoint", 1, region=region)
    remote = _remote(counting, region)
    if remote:
        what = f"{len(remote)} further region{'s' if len(remote) > 1 else ''} of the private endpoint"
        yield counting.line("further regions", "atlas private endpoint remote region", len(remote), what, region)
    item = "atlas private endpoint capacity unit"
    said, price = counting.share(counting.usage.transfer_gb, ENDPOINT), counting.prices.find(item, region)
    if said is None or price is None:
        yield counting.by_use("data transfer", item, "one for each GB an hour", region)
        return
    most = max(said, float(counting.prices.rules.hours)) if said else 0.0
    rule = "one unit for each GB, at most one in every hour without much traffic"
    what = f"{said:g} GB through the private endpoint"
    yield counting.priced("data transfer", what, price, price.amount.times(said), rule, price.amount.times(most))


def search(counting: Counting) -> Iterator[Line]:
    """Search nodes are billed apart, by the hour; what they cost is shown in Atlas alone, so a quote is needed."""
    regions = _regions(counting)
    for place, spec in enumerate(listed(counting.resource.inputs.get("specs")) or [{}]):
        size, count = mapping(spec).get("instanceSize"), number(mapping(spec).get("nodeCount"))
        part = f"search nodes {place}" if place else "search nodes"
        if not isinstance(size, str) or count is None:
            yield counting.unknown(part, "search nodes", "how many there are is known after apply")
            continue
        region = next(iter(regions)) if len(regions) == 1 else None
        yield counting.line(part, f"atlas search node {size}", count, f"{count:g} × {size} search nodes", region)


def _remote(counting: Counting, region: str) -> set[str]:
    """Regions of clusters that no endpoint of their own stands in."""
    here = {aws_region(one.inputs.get("region")) for one in counting.plan.resources if one.type == ENDPOINT}
    return _regions(counting) - here - {region}


def _regions(counting: Counting) -> set[str]:
    """Regions of AWS that the clusters of a plan stand in."""
    clusters = (one for one in counting.plan.resources if one.type == CLUSTER)
    configs = (mapping(config) for one in clusters for config in region_configs(one.inputs))
    found = {aws_region(one.get("regionName")) for one in configs if one.get("providerName", "AWS") == "AWS"}
    return {one for one in found if one is not None}
