"""Every way to an Atlas cluster through the real engine, on simulated clouds: up, settled, changed, replaced, gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cloud.cloud import Fault
from tests.end_to_end.engine import Engine, write_program
from tests.end_to_end.project import ROOT

pytestmark = pytest.mark.engine

PROGRAM = f"""
import json, sys
from pathlib import Path

import pulumi
import pulumi_aws

sys.path.insert(0, {str(ROOT)!r})  # this checkout, whatever is installed

from components.atlas import (
    AtlasAlerts,
    AtlasAuditing,
    AtlasBackupSchedule,
    AtlasCluster,
    AtlasDatabaseAccess,
    AtlasEncryptionKey,
    AtlasIpAccessList,
    AtlasLogExport,
    AtlasNetworkContainer,
    AtlasPeering,
    AtlasPrivateLink,
    AtlasProject,
    AtlasPrometheus,
)
from components.keys import EncryptionKey

wanted = json.loads((Path(__file__).parent / "wanted.json").read_text())
project = AtlasProject("shop", wanted["project"])
within = {{"project_id": project.project_id}}
first = {{}}
if "key" in wanted:
    key = {{"region": wanted["region"], "kms_key_arn": EncryptionKey("shop-key", wanted["key"]).key_arn}}
    first["encryption_key_ready"] = AtlasEncryptionKey("shop-key", {{**key, **within}}).ready
if "container" in wanted:
    container = AtlasNetworkContainer("shop-net", {{**wanted["container"], **within}})
    first["network_container_id"] = container.container_id
cluster = AtlasCluster("shop", {{**wanted["cluster"], **within, **first}})
of_cluster = {{**within, "cluster_name": cluster.cluster_name}}
zone = {{"zone_id": cluster.zone_id}}
string = cluster.srv_connection_string
if "private_link" in wanted:
    others = []
    for region, door in wanted.get("other_doors", {{}}).items():
        opts = pulumi.ResourceOptions(providers=[pulumi_aws.Provider(f"shop-{{region}}", region=region)])
        link = AtlasPrivateLink(f"shop-link-{{region}}", {{**door, **within, "region": region}}, opts)
        others.append(link.connected_endpoint_id)
    args = {{**wanted["private_link"], **of_cluster, "other_endpoints": others}}
    string = AtlasPrivateLink("shop-link", args).srv_connection_string
if "peering" in wanted:
    network = {{"container_id": container.container_id, "atlas_cidr": container.atlas_cidr}}
    string = AtlasPeering("shop-peer", {{**wanted["peering"], **of_cluster, **network}}).srv_connection_string
if "access_list" in wanted:
    AtlasIpAccessList("shop-gates", {{**wanted["access_list"], **within}})
AtlasBackupSchedule("shop-backup", {{**wanted["backup"], **of_cluster, **zone}})
AtlasAlerts("shop-alerts", {{**wanted["alerts"], **within}})
AtlasAuditing("shop-audit", {{**wanted["auditing"], **within}})
AtlasPrometheus("shop-metrics", {{**wanted["prometheus"], **within}})
if "log_export" in wanted:
    AtlasLogExport("shop-logs", {{**wanted["log_export"], **within}})
for application, access in wanted["access"].items():
    users = AtlasDatabaseAccess(f"shop-{{application}}", {{**access, **of_cluster, "connection_string": string}})
    pulumi.export(application, users.uri)
"""
NETWORK = {"vpc_id": "vpc-0a1b2c3d4e5f60718"}
REGION = {"region": "ap-northeast-2"}
DOOR = {
    **NETWORK,
    "subnet_ids": ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"],
    "client_security_group_ids": ["sg-0ccccccccccccccc1"],
}
LINK = {**DOOR, **REGION}
WAYS: dict[str, dict[str, Any]] = {
    "private-link": {"private_link": LINK},
    "peering": {
        "container": {**REGION, "atlas_cidr": "192.168.248.0/21"},
        "peering": {
            **NETWORK,
            **REGION,
            "vpc_cidrs": ["10.20.0.0/16", "10.21.0.0/16"],
            "route_table_ids": {"a": "rtb-0bbbbbbbbbbbbbbb1", "b": "rtb-0bbbbbbbbbbbbbbb2"},
        },
    },
    "regions": {
        "cluster": {
            "regions": [
                {"region": "ap-northeast-2", "electable_nodes": 2, "analytics_nodes": 1},
                {"region": "ap-northeast-1", "electable_nodes": 2},
                {"region": "ap-southeast-1", "electable_nodes": 1, "read_only_nodes": 1},
            ],
            "analytics_instance_size": "M30",
        },
        "private_link": LINK,
        "other_doors": {"ap-northeast-1": DOOR, "ap-southeast-1": DOOR},
    },
    "access-list": {"access_list": {"entries": ["203.0.113.10", "198.51.100.0/28"]}},
    "own-key": {
        **REGION,
        "key": {"alias": "alias/shop/atlas", "description": "Disks and snapshots of shop", "protect_data": False},
        "access_list": {"entries": ["203.0.113.10"]},
    },
}
ONE_OF_THEM = [way if way == "private-link" else pytest.param(way, marks=pytest.mark.long) for way in WAYS]
"""The way that production takes each time, the others with the long tests."""


def access(application: str, generation: int = 1, active: int = 1) -> dict[str, Any]:
    return {
        "platform": "shop",
        "application": application,
        "database": application,
        "generation": generation,
        "active": active,
    }


def base(way: str) -> dict[str, Any]:
    return {
        "project": {
            "organization_id": "5f0000000000000000000001",
            "project_name": "shop",
            "maintenance": {"day": "sunday", "hour": 18, "protected_hours": {"start": 22, "end": 12}},
            "protect_data": False,
        },
        "cluster": {
            **WAYS[way].get("cluster", {**REGION, "electable_nodes": 3}),
            "cluster_name": "shop",
            "instance_size": "M20",
            "mongodb_version": "8.0",
            "storage_gb": 20,
            "protect_data": False,
        },
        "backup": {"hourly": {"every": 6}, "daily": {"keep_days": 7}, "copies": [{"region": "ap-northeast-1"}]},
        "alerts": {
            "alerts": {"host-down": {"severity": "CRITICAL", "event": "HOST_DOWN"}},
            "email": ["ops@company.com"],
            "pager_duty_service_key": "simulated-key",
            "pager_duty_region": "EU",
            "opsgenie_api_key": "simulated-key",
            "datadog_api_key": "simulated-key",
            "microsoft_teams_webhook_url": "https://simulated.webhook.office.com",
            "webhook_url": "https://hooks.company.com",
        },
        "auditing": {},
        "prometheus": {"user_name": "shop"},
        "log_export": {
            "datadog_api_key": "simulated-key",
            "splunk_token": "simulated-key",
            "splunk_url": "https://splunk.company.com",
            "otel_endpoint": "https://otel.company.com",
            "otel_headers": {"Authorization": "simulated-key"},
        },
        "access": {"web": access("web")},
        **{part: made for part, made in WAYS[way].items() if part != "cluster"},
    }


def want(engine: Engine, wanted: dict[str, Any]) -> None:
    (engine.project / "wanted.json").write_text(json.dumps(wanted))


@pytest.fixture
def engine(tmp_path: Path, warm: str) -> Iterator[Engine]:
    project = write_program(tmp_path / "project", PROGRAM, name="shop")
    with Engine(project, tmp_path, warm=warm) as running:
        running.configure({"aws:region": "ap-northeast-2"})
        yield running


def calls(engine: Engine, since: int, kind: str) -> list[str]:
    """What was asked of the cloud for resources of one type."""
    return [call.operation for call in engine.cloud.log[since:] if call.type.endswith(f":{kind}")]


@pytest.mark.parametrize("way", ONE_OF_THEM)
def test_every_way_to_a_cluster_lives_its_whole_life(engine: Engine, way: str) -> None:
    wanted = base(way)
    want(engine, wanted)
    engine.up()
    engine.settled()
    uri = str(engine.outputs()["web"])
    assert uri.startswith("mongodb+srv://shop_web_a:"), "clients got another user"
    assert ("pl-" in uri.split("@")[1]) == ("private_link" in wanted), "clients got the string of another network"

    # A change of everything that may change in place.
    since = len(engine.cloud.log)
    wanted["cluster"] |= {"instance_size": "M30", "storage_gb": 60, "tags": {"team": "web"}}
    wanted["backup"] |= {"daily": {"keep_days": 9}, "weekly": {"keep_weeks": 4}}
    wanted["backup"]["copies"].append({"region": "ap-southeast-1", "kinds": ["daily"]})
    wanted["project"]["maintenance"] |= {"hour": 19, "protected_hours": {"start": 23, "end": 13}}
    wanted["project"] |= {"limits": {"atlas.project.deployment.clusters": 2}}
    wanted["alerts"]["email"].append("night@company.com")
    wanted["alerts"]["pager_duty_service_key"] = "another-simulated-key"
    wanted["auditing"] = {"machine_users": "^shop_"}
    wanted["prometheus"]["generation"] = 2
    wanted["log_export"]["logs"] = ["MONGOD_AUDIT"]
    wanted["access"] = {"web": access("web", 2, 1), "search": access("search")}
    want(engine, wanted)
    engine.up()
    engine.settled()
    alert = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
    generated = "random:index/randomPassword:RandomPassword"  # another generation of a password is another one
    others = {call.operation for call in engine.cloud.log[since:] if call.type not in (alert, generated)}
    assert others <= {"create", "update"}, "a harmless change replaces"
    # The provider doesn't say that an address came and no kind changed, so each alert is made anew, the new one first.
    alerts = calls(engine, since, "AlertConfiguration")
    assert alerts == sorted(alerts), "nobody would watch between the old alert and the new one"
    assert calls(engine, since, "AdvancedCluster") == ["update"]
    assert calls(engine, since, "ThirdPartyIntegration") == ["update"] * 2, "nobody is paged while the key changes"
    assert calls(engine, since, "LogIntegration") == ["update"] * 3, "logs are lost between the old export and the new"
    assert calls(engine, since, "Auditing") == ["update"], "for a moment nothing is recorded"
    assert sorted(calls(engine, since, "DatabaseUser")) == ["create"] * 3, "a user that clients use was touched"
    assert str(engine.outputs()["web"]) == uri, "a second generation changed what clients read"

    # Another name: another cluster, and with it another schedule.
    since = len(engine.cloud.log)
    wanted["cluster"]["cluster_name"] = "market"
    want(engine, wanted)
    engine.up()
    engine.settled()
    assert sorted(calls(engine, since, "AdvancedCluster")) == ["create", "delete"]
    assert sorted(calls(engine, since, "CloudBackupSchedule")) == ["create", "delete"], (
        "the schedule of the new cluster was written to the old one"
    )
    assert set(calls(engine, since, "DatabaseUser")) == {"update"}, "users are confined to the new cluster in place"

    engine.destroy()
    left = [live.id for live in engine.cloud.everything()]
    assert not left, "a destroyed platform leaves something behind"


@pytest.mark.parametrize("way", ONE_OF_THEM)
def test_another_organization_gets_another_project_with_everything_in_it(engine: Engine, way: str) -> None:
    wanted = base(way)
    del wanted["log_export"]  # the provider refuses to move it: it goes first, and comes again
    want(engine, wanted)
    engine.up()
    since = len(engine.cloud.log)
    wanted["project"]["organization_id"] = "5f00000000000000000000ff"
    want(engine, wanted)
    engine.up()
    engine.settled()
    for kind in (
        "Project",
        "MaintenanceWindow",
        "Auditing",
        "AdvancedCluster",
        "CloudBackupSchedule",
        "CustomDbRole",
        "AlertConfiguration",
        "ThirdPartyIntegration",
    ):
        assert set(calls(engine, since, kind)) == {"create", "delete"}, f"{kind} was written into the old project"
    engine.destroy()
    assert not [live.id for live in engine.cloud.everything()]


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_whatever_create_fails_the_next_up_goes_on_from_there(engine: Engine, way: str) -> None:
    want(engine, base(way))
    kinds = {resource["type"] for resource in planned(engine)}
    faults = [Fault(kind, "refused") for kind in kinds]
    engine.cloud.faults.extend(faults)
    for _ in range(len(kinds) + 1):  # each may fail an `up` of its own
        if engine.up(ok=None).code == 0:
            break
    assert not [fault.type for fault in faults if fault.hits != 1], "these never failed: the test shows nothing of them"
    engine.settled()
    engine.destroy()
    assert not [live.id for live in engine.cloud.everything()], "a failed create left something behind"


def planned(engine: Engine) -> list[dict[str, Any]]:
    steps = engine.preview("--json").json()["steps"]
    states = [step["newState"] for step in steps if step["op"] == "create"]
    return [state for state in states if state["type"].split(":")[0] in ("aws", "mongodbatlas")]


def test_an_access_list_changes_one_entry_at_a_time(engine: Engine) -> None:
    wanted = base("access-list")
    want(engine, wanted)
    engine.up()
    wanted["access_list"]["entries"] = ["198.51.100.0/28", "203.0.113.11/32"]
    want(engine, wanted)
    assert engine.steps() == {
        "create": ["shop-gates-203.0.113.11_32"],
        "delete": ["shop-gates-203.0.113.10_32"],
    }, "clients of an entry that stays are locked out for a moment"


def test_from_an_access_list_to_a_private_endpoint_no_door_stays_open(engine: Engine) -> None:
    wanted = base("access-list")
    want(engine, wanted)
    engine.up()
    del wanted["access_list"]
    want(engine, {**wanted, **WAYS["private-link"]})
    engine.up()
    engine.settled()
    assert not engine.cloud.all("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList")
    assert "pl-" in str(engine.outputs()["web"])
