"""The cluster: every setting explicit, and nothing waited for that the clouds do not impose."""

from __future__ import annotations

from typing import Any

import pytest

from dolmen.engine.plan import Plan, Resource
from tests.components.atlas.programs import PROJECT, REGION, cluster_arguments, failure_of, names, only, plan_of


def cluster_with(**changes: Any) -> Resource:
    def program() -> None:
        from components.atlas import AtlasCluster

        AtlasCluster("chat", cluster_arguments(**changes))

    return only(plan_of(program), "AdvancedCluster")


def region_of(cluster: Resource) -> Any:
    return cluster.inputs["replicationSpecs"][0]["regionConfigs"][0]  # type: ignore[index]


def test_everything_that_a_guide_asks_for_is_said_explicitly() -> None:
    inputs = cluster_with().inputs
    expected = {
        "name": "chat",
        "clusterType": "REPLICASET",
        "backupEnabled": True,
        "pitEnabled": True,
        "retainBackupsEnabled": True,
        "redactClientLogData": True,
        "terminationProtectionEnabled": True,
        "useEffectiveFields": True,
        "encryptionAtRestProvider": "NONE",
        "versionReleaseSystem": "LTS",
        "paused": False,
    }
    assert {key: inputs.get(key) for key in expected} == expected, "what is left out is Atlas's choice, not ours"
    advanced: Any = inputs["advancedConfiguration"]
    assert advanced["minimumEnabledTlsProtocol"] == "TLS1_2"
    assert advanced["javascriptEnabled"] is False
    assert advanced["defaultWriteConcern"] == "majority", "an acknowledged write could be lost in an election"
    assert None not in inputs.values()


def test_kinds_of_nodes_that_are_not_wanted_are_said_to_be_none() -> None:
    region = region_of(cluster_with())
    assert region["electableSpecs"]["nodeCount"] == 3
    assert region["readOnlySpecs"]["nodeCount"] == 0, "nodes that exist would stay, and be paid for"
    assert region["analyticsSpecs"]["nodeCount"] == 0


@pytest.mark.parametrize("kind", ["electableSpecs", "readOnlySpecs", "analyticsSpecs"])
def test_all_nodes_have_one_size_and_one_disk(kind: str) -> None:
    region = region_of(cluster_with(read_only_nodes=1, analytics_nodes=2))
    assert (region[kind]["instanceSize"], region[kind]["diskSizeGb"]) == ("M20", 40), (
        "Atlas refuses a mixed replica set"
    )


def test_compute_autoscaling_has_a_range_or_is_off() -> None:
    off = region_of(cluster_with())["autoScaling"]
    assert off == {"diskGbEnabled": True, "computeEnabled": False, "computeScaleDownEnabled": False}
    on = region_of(cluster_with(autoscaling={"compute": {"minimum": "M20", "maximum": "M50"}}))["autoScaling"]
    assert on["computeMinInstanceSize"] == "M20"
    assert on["computeMaxInstanceSize"] == "M50", "the bill could grow without a limit"


def test_half_a_range_is_refused() -> None:
    def program() -> None:
        from components.atlas import AtlasCluster

        AtlasCluster("chat", cluster_arguments(autoscaling={"compute": {"maximum": "M50"}}))

    assert "autoscaling.compute.minimum: This argument is required" in failure_of(program), (
        "it would scale without a limit"
    )


def test_local_disks_have_no_size_of_their_own() -> None:
    def program() -> None:
        from components.atlas import AtlasCluster

        arguments = cluster_arguments(instance_size="M40_NVME")
        del arguments["storage_gb"]
        AtlasCluster("chat", arguments)

    region = region_of(only(plan_of(program), "AdvancedCluster"))
    assert "diskSizeGb" not in region["electableSpecs"]
    assert region["electableSpecs"]["ebsVolumeType"] == "PROVISIONED", "NVMe sizes take nothing else"
    assert region["autoScaling"]["diskGbEnabled"] is False, "local disks cannot grow, and Atlas refuses to try"


def test_a_development_cluster_can_be_removed() -> None:
    cluster = cluster_with(protect_data=False)
    assert not cluster.options.protect
    assert cluster.inputs["terminationProtectionEnabled"] is False


def behind_a_container() -> Plan:
    def program() -> None:
        from components.atlas import AtlasCluster, AtlasNetworkContainer

        container = AtlasNetworkContainer(
            "net", {"project_id": PROJECT, "region": REGION, "atlas_cidr": "192.168.248.0/21"}
        )
        AtlasCluster("chat", cluster_arguments(network_container_id=container.container_id))

    return plan_of(program)


def test_the_cluster_waits_for_its_network_container() -> None:
    cluster = only(behind_a_container(), "AdvancedCluster")
    assert names(cluster.dependencies) == {"net"}, "Atlas would make a container with a range of its own"


def test_waiting_does_not_make_the_project_unknown() -> None:
    cluster = only(behind_a_container(), "AdvancedCluster")
    assert cluster.inputs["projectId"] == PROJECT, "an unknown project id previews as a replacement of the cluster"
