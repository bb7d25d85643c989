"""VPC peering: order, routes, DNS, and who comes in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from components.atlas.peering import _SRV, _first
from dolmen.engine.plan import Plan
from tests.components.atlas.programs import (
    PROJECT,
    REGION,
    cluster_arguments,
    of_type,
    only,
    outputs,
    plan_of,
    waits_for,
)


def peered(**changes: Any) -> Plan:
    def program() -> None:
        from components.atlas import AtlasCluster, AtlasNetworkContainer, AtlasPeering

        container = AtlasNetworkContainer(
            "net", {"project_id": PROJECT, "region": REGION, "atlas_cidr": "192.168.248.0/21"}
        )
        cluster = AtlasCluster("chat", cluster_arguments(network_container_id=container.container_id))
        AtlasPeering(
            "peer",
            {
                "project_id": PROJECT,
                "container_id": container.container_id,
                "atlas_cidr": container.atlas_cidr,
                "cluster_name": cluster.cluster_name,
                "region": REGION,
                "vpc_id": "vpc-0a1b2c3d4e5f60718",
                "vpc_cidrs": ["10.20.0.0/16", "10.21.0.0/16"],
                "route_table_ids": {"a": "rtb-1", "b": "rtb-2"},
                **changes,
            },
        )

    return plan_of(program)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return peered()


def test_peering_is_made_beside_the_cluster_not_after_it(plan: Plan) -> None:
    for suffix in ("NetworkPeering", "VpcPeeringConnectionAccepter", "Route", "ProjectIpAccessList"):
        for resource in of_type(plan, suffix):
            assert "AdvancedCluster chat" not in waits_for(plan, resource), f"{resource.name} needs no cluster"


def test_the_range_belongs_to_the_container_and_never_to_the_peering(plan: Plan) -> None:
    assert "atlasCidrBlock" not in only(plan, "NetworkPeering").inputs
    assert only(plan, "NetworkContainer").inputs["atlasCidrBlock"] == "192.168.248.0/21"


def test_every_named_route_table_gets_a_route_to_atlas(plan: Plan) -> None:
    routes = of_type(plan, "Route")
    assert [(route.inputs["routeTableId"], route.inputs["destinationCidrBlock"]) for route in routes] == [
        ("rtb-1", "192.168.248.0/21"),
        ("rtb-2", "192.168.248.0/21"),
    ]
    assert all("VpcPeeringConnectionAccepter peer" in waits_for(plan, route) for route in routes)


def test_names_resolve_to_private_addresses(plan: Plan) -> None:
    assert only(plan, "PeeringConnectionOptions").inputs["accepter"] == {"allowRemoteVpcDnsResolution": True}
    assert only(plan, "VpcPeeringConnectionAccepter").inputs["autoAccept"] is True


def test_every_range_of_the_vpc_comes_in(plan: Plan) -> None:
    entries = {entry.inputs["cidrBlock"] for entry in of_type(plan, "ProjectIpAccessList")}
    assert entries == {"10.20.0.0/16", "10.21.0.0/16"}, "clients in a secondary range would be refused"
    assert outputs(plan, "peer")["expectedEntries"] == ["10.20.0.0/16", "10.21.0.0/16"]


def test_or_only_the_client_groups() -> None:
    plan = peered(client_security_group_ids={"web": "sg-0ccccccccccccccc1"})
    entry = only(plan, "ProjectIpAccessList")
    assert entry.inputs["awsSecurityGroup"] == "sg-0ccccccccccccccc1"
    assert "cidrBlock" not in entry.inputs


def test_the_account_is_looked_up_unless_it_is_given(plan: Plan) -> None:
    lookup = "aws:index/getCallerIdentity:getCallerIdentity"
    assert lookup in [invoke.token for invoke in plan.invokes]
    given = peered(aws_account_id="123456789012")
    assert lookup not in [invoke.token for invoke in given.invokes], "a plan rests on an assumption that nobody needs"
    assert only(given, "NetworkPeering").inputs["awsAccountId"] == "123456789012"


def test_the_private_connection_string_comes_first() -> None:
    both = SimpleNamespace(
        private_srv="mongodb+srv://chat-pri.mongodb.net", standard_srv="mongodb+srv://chat.mongodb.net"
    )
    assert _first(both, _SRV) == "mongodb+srv://chat-pri.mongodb.net"
    public = SimpleNamespace(private_srv="", standard_srv="mongodb+srv://chat.mongodb.net")
    assert _first(public, _SRV) == "mongodb+srv://chat.mongodb.net", "those names resolve privately over the peering"


def test_no_connection_string_at_all_is_an_error() -> None:
    with pytest.raises(pulumi.RunError, match="no connection string"):
        _first(SimpleNamespace(private_srv=None, standard_srv=None), _SRV)
