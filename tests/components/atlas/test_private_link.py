"""The private endpoint: its order, its doors, and whose connection string is handed on."""

from __future__ import annotations

from typing import Any

import pytest

from dolmen.engine.plan import Plan
from tests.components.atlas.programs import PROJECT, REGION, cluster_arguments, only, outputs, plan_of, waits_for


@pytest.fixture(scope="module")
def plan() -> Plan:
    def program() -> None:
        from components.atlas import AtlasCluster, AtlasPrivateLink

        cluster = AtlasCluster("chat", cluster_arguments())
        AtlasPrivateLink(
            "link",
            {
                "project_id": PROJECT,
                "cluster_name": cluster.cluster_name,
                "region": REGION,
                "vpc_id": "vpc-0a1b2c3d4e5f60718",
                "subnet_ids": ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"],
                "client_security_group_ids": ["sg-0ccccccccccccccc1"],
            },
        )

    return plan_of(program)


def test_the_endpoint_is_made_beside_the_cluster_not_after_it(plan: Plan) -> None:
    for suffix in ("PrivateLinkEndpoint", "VpcEndpoint", "PrivateLinkEndpointService"):
        assert "AdvancedCluster chat" not in waits_for(plan, only(plan, suffix)), (
            f"{suffix} would wait ten minutes for a cluster that it does not need"
        )


def test_atlas_offers_then_aws_connects_then_atlas_accepts(plan: Plan) -> None:
    assert "PrivateLinkEndpoint link" in waits_for(plan, only(plan, "VpcEndpoint"))
    assert "VpcEndpoint link" in waits_for(plan, only(plan, "PrivateLinkEndpointService"))


def test_the_connection_strings_are_read_after_the_endpoint_works(plan: Plan) -> None:
    given = outputs(plan, "link")
    assert str(given["srvConnectionString"]) == "known after apply", (
        "a connection string known before the endpoint exists is the public one"
    )


def test_only_the_clients_come_in_and_only_to_atlas_s_ports(plan: Plan) -> None:
    group = only(plan, "SecurityGroup")
    rules: Any = group.inputs["ingress"]
    assert len(rules) == 1
    assert rules[0]["securityGroups"] == ["sg-0ccccccccccccccc1"]
    assert "cidrBlocks" not in rules[0], "addresses let in more than the clients"
    assert (rules[0]["fromPort"], rules[0]["toPort"]) == (1024, 65535)
    assert group.inputs["egress"] == [], "an endpoint answers and never calls"


def test_aws_s_private_dns_stays_off(plan: Plan) -> None:
    assert only(plan, "VpcEndpoint").inputs["privateDnsEnabled"] is False, (
        "AWS refuses private DNS for Atlas's service, half an hour into an `up`"
    )


def test_no_public_entry_exists(plan: Plan) -> None:
    assert not [resource for resource in plan if resource.type.endswith(":ProjectIpAccessList")]


# ---- an endpoint, or a service, that exists


MINE = {"project_id": PROJECT, "region": REGION, "cluster_name": "chat"}
SERVICE, ENDPOINT = "5f00000000000000000000aa", "vpce-0a1b2c3d4e5f60718"
IN_A_VPC = {"vpc_id": "vpc-0a1b2c3d4e5f60718", "subnet_ids": ["subnet-0aaaaaaaaaaaaaaa1"]}


def linked(**args: Any) -> Plan:
    def program() -> None:
        from components.atlas import AtlasPrivateLink

        AtlasPrivateLink("link", {**MINE, **args})  # type: ignore[typeddict-item]

    return plan_of(program)


def test_of_an_endpoint_that_exists_nothing_is_made_in_aws() -> None:
    plan = linked(private_link_id=SERVICE, endpoint_id=ENDPOINT)
    assert not [resource for resource in plan if resource.package == "aws"], "somebody else's network was touched"
    connection = only(plan, "PrivateLinkEndpointService")
    assert (connection.inputs["privateLinkId"], connection.inputs["endpointServiceId"]) == (SERVICE, ENDPOINT)
    assert not [one for one in plan if one.type.endswith(":PrivateLinkEndpoint")], "Atlas takes one service per region"


def test_a_service_that_exists_is_asked_for_its_name() -> None:
    plan = linked(private_link_id=SERVICE, client_security_group_ids=["sg-1"], **IN_A_VPC)
    assert not [one for one in plan if one.type.endswith(":PrivateLinkEndpoint")]
    assert any(one.token.endswith(":getPrivateLinkEndpoint") for one in plan.invokes)
    assert "getPrivateLinkEndpoint" in str(only(plan, "VpcEndpoint").inputs["serviceName"])


def test_groups_of_ones_own_are_taken_as_they_are() -> None:
    plan = linked(security_group_ids=["sg-0ddddddddddddddd1"], **IN_A_VPC)
    assert not [one for one in plan if one.type.endswith(":SecurityGroup")]
    assert only(plan, "VpcEndpoint").inputs["securityGroupIds"] == ["sg-0ddddddddddddddd1"]


def test_without_a_cluster_no_connection_string_is_read() -> None:
    plan = linked(cluster_name=None, security_group_ids=["sg-1"], **IN_A_VPC)
    assert not [one for one in plan.invokes if one.token.endswith(":getAdvancedCluster")]
    assert outputs(plan, "link")["srvConnectionString"] == ""
