"""Atlas: the connection strings of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.cloud.cloud import Cloud, Live
from tests.cloud.contracts import at
from tests.cloud.kinds.atlas_network import in_aws, regions

_LINK = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
_SERVICE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"


def connection_strings(cloud: Cloud, live: Live) -> dict[str, Any]:
    """Private strings appear once the endpoint service of the project exists: after the cluster's own creation."""
    name = str(live.inputs["name"])[:23].lower()
    host = f"{live.extra['host']}.mongodb.net"
    hosts = ",".join(f"{name}-shard-00-{node:02}.{host}:27017" for node in range(3))
    options = f"ssl=true&authSource=admin&replicaSet=atlas-{live.extra['cluster'][:6]}-shard-0"
    private: list[dict[str, Any]] = []
    for number, endpoints in _sets(cloud, live):
        private.append(
            {
                "connectionString": ",".join(
                    f"pl-{number}-{in_aws(region)}.{host}:{1024 + node}"
                    for node, (region, _) in enumerate([*endpoints, *endpoints, *endpoints][:3])
                ).join(["mongodb://", f"/?{options}"]),
                "srvConnectionString": f"mongodb+srv://{name}-pl-{number}.{host}",
                "srvShardOptimizedConnectionString": "",
                "type": "MONGOD",
                "endpoints": [
                    {
                        "endpointId": service.inputs["endpointServiceId"],
                        "providerName": "AWS",
                        "region": region,
                    }
                    for region, service in endpoints
                ],
            }
        )
    return {
        "standard": f"mongodb://{hosts}/?{options}",
        "standardSrv": f"mongodb+srv://{name}.{host}",
        "private": "",
        "privateSrv": "",
        "privateEndpoints": private,
    }


def _sets(cloud: Cloud, cluster: Live) -> Iterator[tuple[int, list[tuple[str, Live]]]]:
    """The endpoints that a string leads through: one in each region of the cluster. Atlas gives none before each region
    has one, says its API of `privateEndpoint`. A string keeps its number as long as one of its endpoints lives."""
    project = cluster.inputs["projectId"]
    links = {str(link.extra["link"]): str(link.inputs["region"]) for link in cloud.find(_LINK, projectId=project)}
    by_region: dict[str, list[Live]] = {region: [] for region in _in_order(cluster)}
    for service in cloud.find(_SERVICE, projectId=project):
        region = links.get(str(service.inputs["privateLinkId"]))
        if service.status == "available" and region in by_region:
            by_region[region].append(service)
    for endpoints in zip(*by_region.values(), strict=False):
        given = [service.extra["number"] for service in endpoints if "number" in service.extra]
        number = given[0] if given else _next_number(cloud)
        for service in endpoints:
            service.extra["number"] = number
        yield number, list(zip(by_region, endpoints, strict=True))


def _in_order(cluster: Live) -> list[str]:
    names = at(cluster.inputs, "replicationSpecs.regionConfigs.regionName")
    return [str(name) for name in dict.fromkeys(names) if str(name) in regions(cluster)]


def _next_number(cloud: Cloud) -> int:
    taken = {service.extra["number"] for service in cloud.all(_SERVICE) if "number" in service.extra}
    return next(number for number in range(len(taken) + 1) if number not in taken)
