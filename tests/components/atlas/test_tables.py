"""Our tables of what Atlas offers, by themselves and against the providers' own descriptions where these are at hand.

The descriptions are not part of the product (their licences keep them out). They are looked for in the folder that
DOLMEN_SHARED_DATA names, or beside the project in ../shared/data; without them the comparisons are skipped, and say so.
"""

from __future__ import annotations

import gzip
import json
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from components.atlas import tables

PROJECT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("DOLMEN_SHARED_DATA") or PROJECT.parent / "shared" / "data")
DATA = PROJECT / "components" / "atlas" / "data"


def shared(name: str) -> Any:
    file = SHARED / name
    if not file.is_file():
        pytest.skip(f"not compared: {name} is not at hand (set DOLMEN_SHARED_DATA to its folder)")
    return json.loads(gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes())


def schemas() -> Any:
    return shared("atlas-openapi.json.gz")["components"]["schemas"]


def test_every_table_says_where_it_comes_from_and_when() -> None:
    for file in sorted(DATA.glob("*.json")):
        table = json.loads(file.read_text())
        assert table.get("source"), f"{file.name}: nobody can correct a table without a source"
        assert table.get("date"), f"{file.name}: nobody knows how old this is"


def test_sizes_grow_within_their_class() -> None:
    families: dict[str, list[tables.InstanceSize]] = {}
    for size in tables.instance_sizes().values():
        families.setdefault(size.family, []).append(size)
    for family, sizes in families.items():
        for smaller, larger in pairwise(sizes):
            assert smaller.ram_gb < larger.ram_gb, f"{family}: autoscaling would compare {smaller.name} wrongly"
            assert smaller.connections <= larger.connections, larger.name
            assert smaller.maximum_storage_gb <= larger.maximum_storage_gb, larger.name
        for size in sizes:
            assert size.minimum_storage_gb <= size.default_storage_gb <= size.maximum_storage_gb, size.name


def test_a_region_s_name_in_atlas_follows_from_its_name_in_aws() -> None:
    for aws, atlas in tables.atlas_regions().items():
        assert atlas == aws.upper().replace("-", "_")


def test_the_sizes_are_those_that_atlas_names() -> None:
    named = set(schemas()["AWSHardwareSpec20240805"]["properties"]["instanceSize"]["enum"])
    ours = set(tables.instance_sizes())
    assert ours <= named, f"Atlas has no {ours - named}"
    assert named - ours == {"M100"}, "a size of Atlas's is refused (M100 is no longer offered on AWS)"


def test_the_regions_are_those_that_atlas_names() -> None:
    named: set[str] = set(schemas()["AWSCloudProviderContainer"]["allOf"][1]["properties"]["regionName"]["enum"])
    served = {name for name in named if name != "GLOBAL" and not name.startswith(("CN_", "US_GOV_"))}
    assert set(tables.atlas_regions().values()) == served


def test_the_metrics_are_those_that_atlas_takes() -> None:
    metrics = shared("atlas-alerts.json")["hostMetrics"]
    assert set(tables.alert_metrics()) == set(metrics), (
        "a withdrawn metric fails in Atlas, a missing one is refused here"
    )
    for name, metric in tables.alert_metrics().items():
        assert list(metric.units) == metrics[name]["units"], name
        assert metrics[name]["mode"] == ["AVERAGE"], name
        assert metric.default_unit in metric.units, name


def test_the_events_are_those_that_atlas_takes() -> None:
    events = shared("atlas-alerts.json")["eventTypes"]
    for name, event in tables.alert_events().items():
        assert name in events, f"Atlas has no event {name}"
        assert list(event.matcher_fields) == events[name]["matcherFields"], f"{name}: Atlas refuses other matchers"
        if event.operator is not None:
            assert events[name]["threshold"], f"{name} takes no threshold"


def test_a_metric_s_matchers_know_no_cluster() -> None:
    event = shared("atlas-alerts.json")["eventTypes"]["OUTSIDE_METRIC_THRESHOLD"]
    for metric in tables.alert_metrics().values():
        assert list(metric.matcher_fields) == event["matcherFields"]
        assert "CLUSTER_NAME" not in metric.matcher_fields


def test_thresholds_compare_in_the_direction_that_atlas_takes() -> None:
    known = schemas()
    upwards = known["CpsBackupThresholdAlertConfigViewForNdsGroup"]["properties"]["threshold"]["$ref"]
    assert upwards.endswith("GreaterThanTimeThreshold")
    mapping = known["ReplicaSetThresholdAlertConfigViewForNdsGroup"]["discriminator"]["mapping"]
    for name, view in mapping.items():
        wanted = "LESS_THAN" if "LessThan" in view else "GREATER_THAN"
        assert tables.alert_events()[name].operator == wanted, name


def test_severities_and_matcher_operators_are_those_that_atlas_names() -> None:
    assert list(tables.severities()) == schemas()["EventSeverity"]["enum"]
    assert list(tables.matcher_operators()) == schemas()["AlertMatcher"]["properties"]["operator"]["enum"]


def test_hourly_intervals_are_among_those_that_atlas_takes() -> None:
    allowed = set(schemas()["DiskBackupApiPolicyItem"]["properties"]["frequencyInterval"]["enum"])
    for size in tables.instance_sizes().values():
        assert set(size.hourly_intervals) <= allowed


def test_what_a_change_does_is_what_the_provider_says() -> None:
    contract = shared("atlas-contract.json")
    table = json.loads((Path(__file__).parent / "changes.json").read_text())
    words = {"update": "updateInPlace", "replace": "replace", "plan-error": "planError", "apply-error": "applyError"}
    for name, rules in table["resources"].items():
        resource = next(r for r in contract["resources"].values() if r["token"].endswith(f":{name}"))
        for rule, paths in rules.items():
            for path in paths:
                properties, found = resource["properties"], None
                for step in path.split("."):
                    found = properties[step]
                    properties = found.get("properties") or {}
                assert found is not None
                assert found["onChange"] == words[rule], f"{name}.{path}"
        wrong = resource.get("updateFacts") or {}
        strayed = {*wrong.get("oldTarget", ()), *wrong.get("newTarget", ())}
        assert strayed <= set(table["elsewhere"].get(name, ())), f"{name}: an update reaches another object"
        assert (name in table["autonamed"]) == bool(resource.get("autonamed")), name
