"""A replica set over several regions: who may become primary, and what survives the loss of a zone and of a region."""

from __future__ import annotations

from typing import Any

import pytest

from components.atlas.cluster_regions import Nodes, majority_region, survival
from tests.components.atlas.programs import cluster_arguments, only, outputs, plan_of

SEOUL, TOKYO, SINGAPORE = "ap-northeast-2", "ap-northeast-1", "ap-southeast-1"


def configs(*regions: dict[str, Any], **changes: Any) -> list[Any]:
    cluster = only(plan_of(lambda: _cluster(*regions, **changes)), "AdvancedCluster")
    (spec,) = cluster.inputs["replicationSpecs"]  # type: ignore[misc]
    return spec["regionConfigs"]  # type: ignore[index, return-value]


def _cluster(*regions: dict[str, Any], **changes: Any) -> None:
    from components.atlas import AtlasCluster

    arguments = cluster_arguments(region=None, electable_nodes=None, regions=list(regions), **changes)
    AtlasCluster("chat", arguments)


THREE = (
    {"region": SEOUL, "electable_nodes": 2, "analytics_nodes": 1},
    {"region": TOKYO, "electable_nodes": 2},
    {"region": SINGAPORE, "electable_nodes": 1, "read_only_nodes": 1},
)


def test_the_primary_lives_in_the_first_region_and_moves_in_order() -> None:
    found = configs(*THREE)
    assert [(one["regionName"], one["priority"]) for one in found] == [
        ("AP_NORTHEAST_2", 7),
        ("AP_NORTHEAST_1", 6),
        ("AP_SOUTHEAST_1", 5),
    ]
    assert [one["electableSpecs"]["nodeCount"] for one in found] == [2, 2, 1]


def test_every_kind_of_node_is_said_in_every_region() -> None:
    for one in configs(*THREE):
        for kind in ("electableSpecs", "readOnlySpecs", "analyticsSpecs"):
            assert one[kind]["nodeCount"] is not None, (
                "nodes that were taken out of the file would stay, and be paid for"
            )


def test_a_region_without_electable_nodes_comes_last_and_never_has_the_primary() -> None:
    found = configs({"region": TOKYO, "read_only_nodes": 2}, {"region": SEOUL, "electable_nodes": 3})
    assert [(one["regionName"], one["priority"]) for one in found] == [("AP_NORTHEAST_2", 7), ("AP_NORTHEAST_1", 0)]


def test_analytics_nodes_have_a_size_of_their_own_that_autoscaling_leaves_alone() -> None:
    compute = {"compute": {"minimum": "M20", "maximum": "M40"}}
    (seoul, *_) = configs(*THREE, analytics_instance_size="M30", autoscaling=compute)
    assert seoul["electableSpecs"]["instanceSize"] == seoul["readOnlySpecs"]["instanceSize"] == "M20"
    assert seoul["analyticsSpecs"]["instanceSize"] == "M30"
    assert seoul["autoScaling"]["computeEnabled"] is True
    assert seoul["analyticsAutoScaling"]["computeEnabled"] is False, "autoscaling would put the size back"
    assert seoul["analyticsSpecs"]["diskSizeGb"] == seoul["electableSpecs"]["diskSizeGb"], "Atlas has one size of disks"


@pytest.mark.parametrize(
    ("nodes", "says", "needed"),
    [
        ([(SEOUL, 3)], ["Without one of 3 zones writes go on, with 2 of 3", f"Without {SEOUL} nothing goes on"], SEOUL),
        (
            [(SEOUL, 2), (TOKYO, 1)],
            [f"Without {SEOUL} reads alone go on: 1 of 3", f"Without {TOKYO} writes go on in {SEOUL}, with 2 of 3"],
            SEOUL,
        ),
        (
            [(SEOUL, 2), (TOKYO, 2), (SINGAPORE, 1)],
            [
                f"Without {SEOUL} writes go on in {TOKYO}, with 3 of 5",
                f"Without {TOKYO} writes go on in {SEOUL}, with 3 of 5",
                f"Without {SINGAPORE} writes go on in {SEOUL}, with 4 of 5",
            ],
            None,
        ),
        ([(SEOUL, 5)], ["zones writes go on, with 3 of 5"], SEOUL),
    ],
)  # fmt: skip
def test_what_survives_is_said_for_a_zone_and_for_each_region(
    nodes: list[tuple[str, int]], says: list[str], needed: str | None
) -> None:
    regions = [Nodes(region, count, 0, 0) for region, count in nodes]
    for words in says:
        assert words in survival(regions), "a person would trust a cluster that stops, or distrust one that goes on"
    assert majority_region(regions) == needed


def test_the_component_says_what_survives() -> None:
    plan = plan_of(lambda: _cluster(*THREE))
    assert f"Without {SEOUL} writes go on in {TOKYO}" in str(outputs(plan, "chat")["survives"])
