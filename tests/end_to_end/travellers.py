"""Clients that travel: whether a network path leads from them to the cluster that a connection string names."""

from __future__ import annotations

from dataclasses import dataclass, field

from pymongo.uri_parser import parse_uri

from tests.cloud.cloud import Call, Cloud, Live
from tests.cloud.kinds.atlas_network import containers
from tests.cloud.kinds.atlas_strings import connection_strings
from tests.end_to_end.clients import DATABASE_USER, Value, published

CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
ENTRY = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList"
PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"
ACCEPTER = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
ROUTE = "aws:ec2/route:Route"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
GROUP = "aws:ec2/securityGroup:SecurityGroup"


def unreachable(cloud: Cloud, uri: str) -> str | None:
    """Why a client in the VPC does not reach the cluster with this string; nothing when it does."""
    # mongodb+srv:// would make the parser ask DNS for hosts that are simulated.
    ((host, _),) = parse_uri(uri.replace("mongodb+srv://", "mongodb://", 1))["nodelist"]
    for cluster in cloud.all(CLUSTER):
        strings = connection_strings(cloud, cluster)
        if strings["standardSrv"].endswith(f"//{host}"):
            return None if _peered(cloud) or _public(cloud) else f"no peering and no entry lets a client to {host}"
        for entry in strings["privateEndpoints"]:
            if entry["srvConnectionString"].endswith(f"//{host}"):
                closed = [reason for one in entry["endpoints"] if (reason := _closed(cloud, one["endpointId"]))]
                return closed[0] if closed else None
    return f"nobody answers at {host}"


def _closed(cloud: Cloud, endpoint_id: str) -> str | None:
    endpoint = cloud.get(ENDPOINT, endpoint_id)
    if endpoint is None and (ENDPOINT, endpoint_id) not in cloud.gone:
        return None  # it exists outside of the program
    if endpoint is None or endpoint.status != "available":
        return f"the interface endpoint {endpoint_id} is not there"
    # Those that the cloud never issued exist outside of the program.
    groups = [cloud.get(GROUP, one) or (GROUP, one) not in cloud.gone for one in endpoint.inputs["securityGroupIds"]]
    return None if all(groups) else f"the security group of {endpoint_id} is not there"


def _public(cloud: Cloud) -> bool:
    ranges = [live.inputs.get("cidrBlock") for live in cloud.all(ENTRY)]
    return any(one and not _private(one) for one in ranges)


def _private(cidr: str) -> bool:
    """Whether it is a VPC's own; the addresses of documentation stand for public ones here."""
    return cidr.startswith("10.")


def _peered(cloud: Cloud) -> bool:
    """A peering that is accepted, a route over it in every route table that has one, and an entry for the VPC."""
    private = any(_private(live.inputs.get("cidrBlock") or "10.0.0.0/8") for live in cloud.all(ENTRY))
    return private and any(_leads(cloud, peering) for peering in cloud.all(PEERING))


def _leads(cloud: Cloud, peering: Live) -> bool:
    connection = peering.extra["connection"]
    accepted = cloud.find(ACCEPTER, vpcPeeringConnectionId=connection)
    cidrs = {one.cidr for one in containers(cloud) if one.id == peering.inputs["containerId"]}
    routes = cloud.find(ROUTE, vpcPeeringConnectionId=connection)
    return bool(accepted) and {route.inputs["destinationCidrBlock"] for route in routes} == cidrs


@dataclass
class Travellers:
    """After every operation of the clouds a new client reads the secret and connects, and so does an old one, which read
    it before the deployment began and reads it no more."""

    cloud: Cloud
    secret: str
    old: Value | None = None
    journeys: int = 0
    failures: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """A deployment begins: the old clients are those that have just read the secret."""
        self.old = published(self.cloud, self.secret)

    def look(self, after: Call) -> None:
        for age, value in (("new", published(self.cloud, self.secret)), ("old", self.old)):
            if value is None or not self.cloud.all(DATABASE_USER):
                continue
            self.journeys += 1
            if reason := unreachable(self.cloud, value["mongo_uri"]):
                self.failures.append(f"after {after.operation} of {after.name}, the {age} client: {reason}")
