"""The private endpoint: its order, its doors, and whose connection string is handed on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from components.atlas.private_link import _strings_of
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


def strings(*entries: tuple[str, list[str]]) -> Any:
    return SimpleNamespace(
        private_endpoints=[
            SimpleNamespace(
                srv_connection_string=f"mongodb+srv://{host}",
                connection_string=f"mongodb://{host}:1024",
                endpoints=[SimpleNamespace(endpoint_id=endpoint) for endpoint in ids],
            )
            for host, ids in entries
        ]
    )


def test_the_connection_string_of_our_own_endpoint_is_chosen() -> None:
    known = strings(("other.mongodb.net", ["vpce-1"]), ("ours.mongodb.net", ["vpce-3", "vpce-2"]))
    assert _strings_of("vpce-2", known) == ("mongodb+srv://ours.mongodb.net", "mongodb://ours.mongodb.net:1024")


@pytest.mark.parametrize("known", [strings(), strings(("other.mongodb.net", ["vpce-1"])), SimpleNamespace()])
def test_without_a_connection_string_of_ours_it_fails_and_says_what_to_do(known: Any) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        _strings_of("vpce-2", known)
    assert "vpce-2" in str(refused.value)
    assert "run `pulumi up` again" in str(refused.value)
