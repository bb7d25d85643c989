"""Atlas: private endpoints, network containers, peering."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.cloud.cloud import Cloud, Live, Refused, fresh
from tests.cloud.contracts import Properties
from tests.cloud.kinds.base import Kind, behaves, encoded

_LINK = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
_SERVICE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"
_CONTAINER = "mongodbatlas:index/networkContainer:NetworkContainer"
_PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"
_CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


def in_aws(region: str) -> str:
    """Atlas's `AP_NORTHEAST_2` is AWS's `ap-northeast-2`."""
    return region.lower().replace("_", "-")


@behaves(_LINK)
class PrivateLinkEndpoint(Kind):
    already_exists = "PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION"
    unique = (("projectId", "providerName", "region"),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return encoded(
            private_link_id=fresh(24),
            project_id=str(inputs["projectId"]),
            provider_name=str(inputs["providerName"]),
            region=str(inputs["region"]),
        )

    def import_ids(self, live: Live) -> list[str]:
        parts = (live.inputs["projectId"], live.extra["link"], live.inputs["providerName"], live.inputs["region"])
        return ["-".join(parts)]

    def remember(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {"link": fresh(24), "service": fresh(17)}

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        services = cloud.find(_SERVICE, privateLinkId=live.extra["link"], projectId=live.inputs["projectId"])
        region = in_aws(str(live.inputs["region"]))
        return {
            **super().outputs(cloud, live),
            "privateLinkId": live.extra["link"],
            "endpointServiceName": f"com.amazonaws.vpce.{region}.vpce-svc-{live.extra['service']}",
            "interfaceEndpoints": [service.inputs["endpointServiceId"] for service in services],
            "status": "AVAILABLE",
            "errorMessage": "",
            "regionName": str(live.inputs["region"]),
        }


@behaves(_SERVICE)
class PrivateLinkEndpointService(Kind):
    already_exists = "PRIVATE_ENDPOINT_ALREADY_EXISTS"
    unique = (("projectId", "privateLinkId", "endpointServiceId"),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return encoded(
            endpoint_service_id=str(inputs["endpointServiceId"]),
            private_link_id=str(inputs["privateLinkId"]),
            project_id=str(inputs["projectId"]),
            provider_name=str(inputs["providerName"]),
        )

    def import_ids(self, live: Live) -> list[str]:
        names = ("projectId", "privateLinkId", "endpointServiceId", "providerName")
        return ["--".join(str(live.inputs[name]) for name in names)]

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        link = next((live for live in cloud.all(_LINK) if live.extra["link"] == inputs["privateLinkId"]), None)
        endpoint = cloud.get(_ENDPOINT, inputs["endpointServiceId"])
        if link and endpoint:
            name = cloud.kind(_LINK).outputs(cloud, link)["endpointServiceName"]
            if endpoint.inputs.get("serviceName") != name:
                raise Refused("INVALID_ENDPOINT: the interface endpoint belongs to another endpoint service")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {
            **super().outputs(cloud, live),
            "awsConnectionStatus": "AVAILABLE",
            "interfaceEndpointId": live.inputs["endpointServiceId"],
            "deleteRequested": False,
            "errorMessage": "",
        }


@behaves(_CONTAINER)
class NetworkContainer(Kind):
    """A container must come before the first cluster of its region: with the cluster Atlas makes one of its own."""

    already_exists = "CONTAINER_ALREADY_EXISTS"
    unique = (("projectId", "providerName", "regionName"),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return encoded(container_id=fresh(24), project_id=str(inputs["projectId"]))

    def import_ids(self, live: Live) -> list[str]:
        return [f"{live.inputs['projectId']}-{live.extra['container']}"]

    def remember(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {"container": fresh(24), "vpc": fresh(17)}

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        for cluster in cloud.find(_CLUSTER, projectId=inputs["projectId"]):
            if inputs.get("regionName") in regions(cluster):
                raise Refused("CONTAINER_ALREADY_EXISTS: a cluster of this region came first, and with it a container")

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        provisioned = any(live.inputs.get("regionName") in regions(cluster) for cluster in self._clusters(cloud, live))
        if provisioned and inputs.get("atlasCidrBlock") != live.inputs.get("atlasCidrBlock"):
            raise Refused("CONTAINERS_IN_USE: Cannot modify in use containers.")

    def refuse_delete(self, cloud: Cloud, live: Live) -> None:
        super().refuse_delete(cloud, live)
        if any(live.inputs.get("regionName") in regions(cluster) for cluster in self._clusters(cloud, live)):
            raise Refused("CONTAINERS_IN_USE: Cannot modify in use containers.")

    def _clusters(self, cloud: Cloud, live: Live) -> list[Live]:
        return cloud.find(_CLUSTER, projectId=live.inputs["projectId"])

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        provisioned = any(live.inputs.get("regionName") in regions(cluster) for cluster in self._clusters(cloud, live))
        return {
            **super().outputs(cloud, live),
            "containerId": live.extra["container"],
            "provisioned": provisioned,
            "vpcId": f"vpc-{live.extra['vpc']}" if provisioned else "",
        }


def regions(cluster: Live) -> set[str]:
    return regions_of(cluster.inputs)


def regions_of(cluster: Properties) -> set[str]:
    return {
        str(region.get("regionName"))
        for spec in cluster.get("replicationSpecs", [])
        for region in spec.get("regionConfigs", [])
    }


@dataclass(frozen=True)
class Container:
    """A network container, whoever made it."""

    id: str
    project: str
    region: str
    cidr: str


def containers(cloud: Cloud) -> Iterator[Container]:
    """Those that programs made, and those that Atlas made with a cluster that came first."""
    for live in cloud.all(_CONTAINER):
        yield Container(
            live.extra["container"],
            str(live.inputs["projectId"]),
            str(live.inputs["regionName"]),
            str(live.inputs["atlasCidrBlock"]),
        )
    for cluster in cloud.all(_CLUSTER):
        for region, identity in cluster.extra.get("containers", {}).items():
            yield Container(identity, str(cluster.inputs["projectId"]), region, ATLAS_CIDR)


def missing_containers(cloud: Cloud, cluster: Properties) -> dict[str, str]:
    """Region → id of each container that Atlas makes for a cluster, where there is none."""
    standing = {one.region for one in containers(cloud) if one.project == str(cluster["projectId"])}
    return {region: fresh(24) for region in sorted(regions_of(cluster) - standing)}


ATLAS_CIDR = "192.168.240.0/21"
"""The range of a container that Atlas makes by itself."""


@behaves(_PEERING)
class NetworkPeering(Kind):
    already_exists = "PEER_ALREADY_EXISTS"
    unique = (("projectId", "containerId", "vpcId"),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return encoded(
            peer_id=fresh(24), project_id=str(inputs["projectId"]), provider_name=str(inputs["providerName"])
        )

    def import_ids(self, live: Live) -> list[str]:
        return [f"{live.inputs['projectId']}-{live.extra['peer']}-{live.inputs['providerName']}"]

    def remember(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {"peer": fresh(24), "connection": f"pcx-{fresh(17)}"}

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        found = [one for one in containers(cloud) if one.id == inputs["containerId"]]
        if not any(one.project == str(inputs["projectId"]) for one in found):
            raise Refused(f"CLOUD_PROVIDER_CONTAINER_NOT_FOUND: the project has no container {inputs['containerId']}")
        ours = ipaddress.ip_network(str(inputs["routeTableCidrBlock"]))
        if any(ours.overlaps(ipaddress.ip_network(one.cidr)) for one in found):
            raise Refused("OVERLAPPING_ATLAS_CIDR_BLOCK: the VPC's CIDR overlaps the container's")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        accepter = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
        accepted = cloud.find(accepter, vpcPeeringConnectionId=live.extra["connection"])
        return {
            **super().outputs(cloud, live),
            "connectionId": live.extra["connection"],
            "peerId": live.extra["peer"],
            "statusName": "AVAILABLE" if accepted else "PENDING_ACCEPTANCE",
        }
