"""EC2: networks, endpoints, groups, routes, peering."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, ClassVar

from tests.cloud.cloud import ACCOUNT, Cloud, Live, Refused, arn, fresh, region_of
from tests.cloud.contracts import Properties
from tests.cloud.kinds.base import Kind, behaves

_PEER = "mongodbatlas:index/networkPeering:NetworkPeering"


class InEc2(Kind):
    """An EC2 resource: `prefix-` and 17 hexadecimal digits, an ARN with the same."""

    path = ""

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return f"{self.id_prefix}-{fresh(17)}"

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        made = super().outputs(cloud, live)
        if "arn" in made:
            made["arn"] = arn("ec2", f"{self.path}/{live.id}", live.inputs)
        if "ownerId" in made:
            made["ownerId"] = ACCOUNT
        return made


@behaves("aws:ec2/vpc:Vpc")
class Vpc(InEc2):
    id_prefix, path = "vpc", "vpc"


@behaves("aws:ec2/subnet:Subnet")
class Subnet(InEc2):
    id_prefix, path = "subnet", "subnet"


@behaves("aws:ec2/routeTable:RouteTable")
class RouteTable(InEc2):
    id_prefix, path = "rtb", "route-table"


@behaves("aws:ec2/vpcPeeringConnection:VpcPeeringConnection")
class VpcPeeringConnection(InEc2):
    id_prefix, path = "pcx", "vpc-peering-connection"


@behaves("aws:ec2/securityGroup:SecurityGroup")
class SecurityGroup(InEc2):
    id_prefix, path = "sg", "security-group"
    already_exists = "InvalidGroup.Duplicate"
    unique = (("name", "vpcId"),)
    defaults: ClassVar = {"description": "Managed by Pulumi"}

    def refuse_values(self, inputs: Properties) -> None:
        super().refuse_values(inputs)
        if str(inputs.get("name")).startswith("sg-"):
            raise Refused(f"InvalidParameterValue: a group's name must not begin with sg-: {inputs['name']}")

    def deleted(self, cloud: Cloud, live: Live) -> None:
        """Its rules go with it."""
        for token in _RULES:
            for rule in cloud.find(token, securityGroupId=live.id):
                del cloud.live[token][rule.id]


_RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)
_SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")


@behaves(*_RULES)
class SecurityGroupRule(InEc2):
    id_prefix, path = "sgr", "security-group-rule"

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        if sum(inputs.get(source) is not None for source in _SOURCES) != 1:
            yield "cidrIpv4", f"exactly one of {', '.join(_SOURCES)} must be given"

    def rule(self, path: str, old: Properties, new: Properties) -> str:
        if path in _SOURCES:  # another kind of source replaces; another value of the same kind does not
            return "update" if old.get(path) is not None and new.get(path) is not None else "replace"
        return super().rule(path, old, new)

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        names = ("securityGroupId", "ipProtocol", "fromPort", "toPort", *_SOURCES)
        if cloud.find(self.token, **{name: inputs.get(name) for name in names}):
            raise Refused("InvalidPermission.Duplicate: the specified rule already exists")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {**super().outputs(cloud, live), "securityGroupRuleId": live.id}


@behaves("aws:ec2/vpcEndpoint:VpcEndpoint")
class VpcEndpoint(InEc2):
    id_prefix, path = "vpce", "vpc-endpoint"

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        service = str(inputs.get("serviceName"))
        if service.startswith("com.amazonaws.vpce.") and f".{region_of(inputs)}." not in service:
            raise Refused(f"InvalidServiceName: {service} is no service of {region_of(inputs)}")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        made = super().outputs(cloud, live)
        region, unique = region_of(live.inputs), live.extra["unique"]
        interfaces = live.inputs.get("subnetIds") or []
        name = f"{live.id}-{unique[:8]}.vpce-svc-{unique[:17]}.{region}.vpce.amazonaws.com"
        return {
            **made,
            "state": "available",
            "requesterManaged": False,
            "networkInterfaceIds": [f"eni-{_digest(live.id + subnet, 17)}" for subnet in interfaces],
            "dnsEntries": [{"dnsName": name, "hostedZoneId": "Z7HUB22UULQXV"}] if interfaces else [],
        }


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


@behaves("aws:ec2/route:Route")
class Route(Kind):
    already_exists = "RouteAlreadyExists"

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        to = inputs.get("destinationCidrBlock") or inputs.get("destinationIpv6CidrBlock")
        return f"r-{inputs['routeTableId']}{int(_digest(str(to or inputs.get('destinationPrefixListId')), 8), 16)}"

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {**super().outputs(cloud, live), "state": "active", "origin": "CreateRoute"}


@behaves("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter")
class VpcPeeringConnectionAccepter(Kind):
    """Adopts a connection and accepts it; deleting the resource leaves the connection as it is."""

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return str(inputs["vpcPeeringConnectionId"])

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        cloud.live.get(self.token, {}).pop(self.identify(cloud, inputs), None)

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        made = super().outputs(cloud, live)
        accepted = bool(live.inputs.get("autoAccept"))
        return {**made, "acceptStatus": "active" if accepted else "pending-acceptance"}


@behaves("aws:ec2/peeringConnectionOptions:PeeringConnectionOptions")
class PeeringConnectionOptions(Kind):
    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return str(inputs["vpcPeeringConnectionId"])

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        cloud.live.get(self.token, {}).pop(self.identify(cloud, inputs), None)
