"""What holds for Atlas whatever a right stack file chooses. Each choice is built as a whole platform, offline."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pulumi_aws  # noqa: F401  imported once here, so that the evaluated child has it already
import pulumi_mongodbatlas  # noqa: F401
import pulumi_random  # noqa: F401
import pytest

from dolmen.engine import evaluate_program
from dolmen.engine.plan import Plan, Resource, Secret
from tests.components.platform.atlas_files import ABSENT, configuration

CANARY = "canary-key-of-a-third-party"
ROUTES = {"network.routeTableIds": ["rtb-0bbbbbbbbbbbbbbb1", "rtb-0bbbbbbbbbbbbbbb2"]}
KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ELSEWHERE = {
    "vpcId": "vpc-0a1b2c3d4e5f60719",
    "subnetIds": ["subnet-0aaaaaaaaaaaaaaa9"],
    "clientSecurityGroupIds": ["sg-0ccccccccccccccc9"],
}
CONTAINER = {"atlasCidr": "192.168.248.0/21"}
SERVICE, ROLE = "5f00000000000000000000aa", "arn:aws:iam::444455556666:role/network"
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "private-link": {},
    "peering": {
        **ROUTES,
        "atlas.connectivity": {"peering": {}},
        "atlas.networkContainer": {"atlasCidr": "192.168.248.0/21"},
    },
    "peering-groups": {
        **ROUTES,
        "tier": "staging",
        "network.vpcCidrs": ["10.20.0.0/16", "10.21.0.0/16"],
        "atlas.connectivity": {"peering": {"access": "securityGroups", "awsAccountId": "012345678901"}},
        "atlas.networkContainer": {"atlasCidr": "172.31.248.0/24"},
    },
    "access-list": {
        "tier": "development",
        "atlas.cluster.instanceSize": "M10",
        "atlas.connectivity": {"ipAccessList": ["203.0.113.10", "198.51.100.0/28", "2001:db8:1::/64"]},
        "atlas.alerts": ABSENT,
        "atlas.backup": {"enabled": False},
        "atlas.credentials": "environment",
    },
    "access-list-accepted": {"atlas.connectivity": {"ipAccessList": ["203.0.113.10/32"]}},
    "adopted": {"atlas.project": {"adopt": "5f0000000000000000000009"}, "atlas.cluster.name": "chat"},
    "regions": {
        "atlas.cluster.electableNodes": ABSENT,
        "atlas.cluster.analyticsInstanceSize": "M30",
        "atlas.cluster.regions": [
            {"region": "ap-southeast-1", "readOnlyNodes": 1},
            {"region": "ap-northeast-2", "electableNodes": 2, "analyticsNodes": 1},
            {"region": "ap-northeast-1", "electableNodes": 1},
        ],
        "atlas.connectivity": {
            "privateLink": {"regions": dict.fromkeys(("ap-southeast-1", "ap-northeast-1"), ELSEWHERE)}
        },
    },
    "peering-beside-private-link": {
        **ROUTES,
        "atlas.networkContainer": CONTAINER,
        "atlas.connectivity": {"privateLink": {}, "peering": {}, "use": "privateLink"},
    },
    "private-link-beside-peering-adopted": {
        **ROUTES,
        "atlas.networkContainer": {**CONTAINER, "adopt": "5f00000000000000000000bb"},
        "atlas.connectivity": {"privateLink": {}, "peering": {"awsRole": ROLE}, "use": "peering"},
    },
    "container-kept": {"atlas.networkContainer": CONTAINER},
    "endpoint-exists": {
        "atlas.connectivity": {"privateLink": {"serviceId": SERVICE, "endpointId": "vpce-0a1b2c3d4e5f60718"}}
    },
    "other-account": {"atlas.connectivity": {"privateLink": {"awsRole": ROLE, **ELSEWHERE}}},
    "further": {
        "atlas.connectivity": {
            "privateLink": {
                "securityGroupIds": ["sg-0ddddddddddddddd1"],
                "further": {"analytics": ELSEWHERE, "hub": {"endpointId": "vpce-0a1b2c3d4e5f60718"}},
            }
        }
    },
    "own-key": {"atlas.encryptionKey": {"create": True}},
    "adopted-key-peering": {
        **ROUTES,
        "atlas.encryptionKey": {"adopt": KEY},
        "atlas.connectivity": {"peering": {}},
        "atlas.networkContainer": {"atlasCidr": "192.168.0.0/24"},
    },
    "autoscaling": {
        "atlas.cluster.autoscaling": {"storage": True, "compute": {"minimum": "M20", "maximum": "M60"}},
        "atlas.cluster.oplogHours": 48,
    },
    "nvme": {
        "atlas.cluster.instanceSize": "M40_NVME",
        "atlas.cluster.storageGb": ABSENT,
        "atlas.backup": {"hourly": {"every": 12}},
    },
    "large": {
        "atlas.cluster.instanceSize": "R60",
        "atlas.cluster.electableNodes": 5,
        "atlas.cluster.readOnlyNodes": 2,
        "atlas.cluster.analyticsNodes": 1,
        "atlas.cluster.provisionedIops": 3000,
        "atlas.cluster.storageGb": 500,
        "atlas.cluster.minimumTls": "TLS1_3",
    },
    "snapshots-only": {
        "tier": "staging",
        "atlas.backup": {"continuous": False, "hourly": None, "monthly": {"day": "last"}, "yearly": {"keepYears": 3}},
    },
    "users": {
        "applications.chat-app.credentials": {"generation": 4, "active": 3},
        "applications.search": {"database": "search", "cacheKeys": "search:*"},
        "atlas.users": {
            "operations": False,
            "readOnly": True,
            "iam": {"search": ["arn:aws:iam::123456789012:role/search", "arn:aws:iam::123456789012:user/jin"]},
        },
    },
    "own-alerts": {
        "atlas.alerts": {
            "email": ["ops@company.com"],
            "custom": {
                "queues": {"metric": "GLOBAL_LOCK_CURRENT_QUEUE_TOTAL", "above": 100, "severity": "ERROR"},
                "elections": {"event": "TOO_MANY_ELECTIONS", "above": 3},
                "memory": {
                    "metric": "SYSTEM_MEMORY_AVAILABLE",
                    "below": 1,
                    "matchers": [{"field": "TYPE_NAME", "value": "PRIMARY"}],
                },
                "restored": {"event": "CPS_RESTORE_SUCCESSFUL", "severity": "INFO"},
            },
        },
        "pagerDutyServiceKey": ABSENT,
        "slackToken": ABSENT,
    },
}
ACCEPTED = {"access-list-accepted": {"atlas-private-connectivity": "chat-prod-cluster"}}
"""What the register holds for a choice: policy → resource."""
CHANGES: Any = json.loads((Path(__file__).parents[1] / "atlas" / "changes.json").read_text())


@pytest.fixture(scope="module")
def plans() -> Mapping[str, Plan]:
    """The plan of each choice. All are called alike, so that two of them can be compared."""
    stacks = {choice: configuration(change, ACCEPTED.get(choice)) for choice, change in CHOICES.items()}
    found: dict[str, Plan] = {}
    for choice, stack in stacks.items():

        def program(stack: Any = stack) -> None:
            import pulumi

            from components.platform.platform import Platform

            def secret(key: str) -> pulumi.Output[str]:
                return pulumi.Output.secret(f"{CANARY}-{key}")

            pulumi.export("dolmen", Platform(stack.name, {"stack": stack, "secret": secret}).stack_output)

        plan = evaluate_program(program, stack=choice)
        assert plan.failure is None, f"{choice}: {plan.failure}"
        found[choice] = plan
    return found


def atlas(plans: Mapping[str, Plan], *suffixes: str) -> Iterator[tuple[str, Resource]]:
    for choice, plan in plans.items():
        for resource in plan:
            kind = resource.type.rsplit(":", 1)[-1]
            if resource.package == "mongodbatlas" and (not suffixes or kind in suffixes):
                yield choice, resource


def kind_of(resource: Resource) -> str:
    return resource.type.rsplit(":", 1)[-1]


def paths(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every property that is set, lists passed through: `replicationSpecs.regionConfigs.priority`."""
    if isinstance(value, list):
        for item in value:
            yield from paths(item, path)
    elif isinstance(value, Mapping):
        if path:
            yield path, value
        for key, item in value.items():
            yield from paths(item, f"{path}.{key}" if path else key)
    else:
        yield path, value


# ---- doors


def test_a_public_entry_exists_only_where_the_file_lists_one(plans: Mapping[str, Plan]) -> None:
    for choice, entry in atlas(plans, "ProjectIpAccessList"):
        group = entry.inputs.get("awsSecurityGroup")
        network = None if group else ip_network(str(entry.inputs["cidrBlock"]))
        if "ipAccessList" in str(CHOICES[choice].get("atlas.connectivity")):
            assert network is not None
            assert network.prefixlen >= 24, f"{choice}: an entry lets half the world in"
        else:
            assert "peering" in choice, f"{choice}: a private platform has an entry in the project's access list"
            assert group or (network is not None and network.is_private), f"{choice}: {network} is public"


def test_no_entry_is_the_whole_internet(plans: Mapping[str, Plan]) -> None:
    for choice, entry in atlas(plans, "ProjectIpAccessList"):
        if (cidr := entry.inputs.get("cidrBlock")) is not None:
            assert ip_network(str(cidr)).prefixlen > 0, f"{choice}: the database is open to the world"


def test_the_expected_entries_are_those_that_are_made(plans: Mapping[str, Plan]) -> None:
    for choice, plan in plans.items():
        said: list[str] = [
            str(entry)
            for component in plan
            if kind_of(component) in ("AtlasPeering", "AtlasIpAccessList")
            for entry in (component.outputs or {})["expectedEntries"]  # type: ignore[union-attr]
        ]
        made = [
            str(entry.inputs.get("awsSecurityGroup") or entry.inputs["cidrBlock"])
            for other, entry in atlas(plans, "ProjectIpAccessList")
            if other == choice
        ]
        assert sorted(said) == sorted(made), f"{choice}: a later check of the access list would report what is right"


# ---- order


def longest_wait(plan: Plan, resource: Resource) -> set[str]:
    known, found, open_ = plan.by_urn(), set[str](), list(resource.dependencies)
    while open_:
        urn = open_.pop()
        if urn not in found:
            found.add(urn)
            open_ += known[urn].dependencies
    return {kind_of(known[urn]) for urn in found}


NEEDS_THE_CLUSTER = {"CloudBackupSchedule", "DatabaseUser"}
BEFORE_THE_CLUSTER = {
    "Project",
    "NetworkContainer",
    "Key",
    "CloudProviderAccessSetup",
    "Role",
    "RolePolicy",
    "CloudProviderAccessAuthorization",
    "EncryptionAtRest",
}


def test_only_what_atlas_imposes_waits_for_the_cluster(plans: Mapping[str, Plan]) -> None:
    for choice, resource in atlas(plans):
        if kind_of(resource) not in NEEDS_THE_CLUSTER:
            assert "AdvancedCluster" not in longest_wait(plans[choice], resource), (
                f"{choice}: {resource.name} waits for a cluster that it does not need, and an `up` takes longer"
            )


def test_the_cluster_waits_only_for_what_atlas_imposes(plans: Mapping[str, Plan]) -> None:
    for choice, cluster in atlas(plans, "AdvancedCluster"):
        waits = longest_wait(plans[choice], cluster)
        assert waits <= BEFORE_THE_CLUSTER, f"{choice}: the cluster waits for {waits - BEFORE_THE_CLUSTER}"
        made = any(kind_of(resource) == "NetworkContainer" for resource in plans[choice])
        assert ("NetworkContainer" in waits) == made, f"{choice}: Atlas would choose the range itself"
        assert ("EncryptionAtRest" in waits) == ("key" in choice), f"{choice}: the cluster would be made unencrypted"


CLOUDS = Path(__file__).parents[2] / "cloud" / "data"
IMPOSED_BY_ATLAS = {("AdvancedCluster", "NetworkContainer"), ("AdvancedCluster", "EncryptionAtRest")}
"""Edges that no property carries: a container cannot be placed under a cluster, nor a key."""


def imposed_edges() -> set[tuple[str, str]]:
    """(type, type that must exist before it), from the simulated clouds' own rules."""
    edges = json.loads((CLOUDS / "order.json").read_text())["edges"]
    return {(edge["type"], to) for edge in edges for to in edge["to"]}


def seconds(plan: Plan, *, imposed_only: bool) -> float:
    """How long until all of Atlas exists, if everything is made as early as its dependencies allow. (Of the whole
    platform the cache takes longest, and would hide a needless wait here.)"""
    takes = json.loads((CLOUDS / "latencies.json").read_text())["types"]
    edges, known = imposed_edges(), plan.by_urn()
    ends: dict[str, float] = {}

    def end(resource: Resource) -> float:
        if resource.urn not in ends:
            before = [known[urn] for urn in resource.dependencies]
            if imposed_only:
                before = [
                    other
                    for other in before
                    if {(resource.type, other.type), (f"{resource.package}:*", other.type)} & edges
                    or (kind_of(resource), kind_of(other)) in IMPOSED_BY_ATLAS
                ]
            own = takes.get(resource.type, {}).get("create", 1) if resource.custom else 0
            ends[resource.urn] = max(map(end, before), default=0.0) + own
        return ends[resource.urn]

    return max(end(resource) for resource in plan if resource.package == "mongodbatlas")


def test_an_up_takes_no_longer_than_the_chain_that_the_clouds_impose(plans: Mapping[str, Plan]) -> None:
    for choice in ("private-link", "peering", "access-list"):
        ours, imposed = (seconds(plans[choice], imposed_only=only) for only in (False, True))
        assert imposed > 500, f"{choice}: the chain does not even hold the cluster, so this test shows nothing"
        assert ours <= 1.02 * imposed, f"{choice}: {ours:.0f} s in place of {imposed:.0f} s"


# ---- where it is made, and whose string is used


def providers(plan: Plan) -> dict[str, Mapping[str, Any]]:
    """Name → settings of each provider of AWS that the platform has beside the default one."""
    return {
        one.name: one.inputs for one in plan if one.type == "pulumi:providers:aws" and one.name.startswith("chat-prod")
    }


def made_with(plan: Plan, kind: str) -> dict[str, str]:
    """Name of each resource of a type → name of its provider."""
    known = plan.by_urn()
    return {
        one.name: known[one.options.provider_urn].name if one.options.provider_urn in known else "default"
        for one in plan
        if kind_of(one) == kind
    }


def test_a_door_in_another_region_or_account_is_made_there(plans: Mapping[str, Plan]) -> None:
    regions = plans["regions"]
    assert {name: one["region"] for name, one in providers(regions).items()} == {
        "chat-prod-private-link-ap-southeast-1": "ap-southeast-1",
        "chat-prod-private-link-ap-northeast-1": "ap-northeast-1",
    }
    for name, used in made_with(regions, "VpcEndpoint").items():
        own = name != "chat-prod-private-link"
        assert (used == name) == own, f"{name} is made with the provider {used}"
    (role,) = providers(plans["other-account"]).values()
    assert json.loads(str(role["assumeRoles"])) == [{"roleArn": ROLE}]
    assert json.loads(str(role["allowedAccountIds"])) == ["444455556666"], (
        "a role that leads elsewhere makes an endpoint in a stranger's VPC"
    )
    for kind in ("VpcEndpoint", "SecurityGroup"):
        assert made_with(plans["other-account"], kind)["chat-prod-private-link"] == "chat-prod-private-link"
    for kind in ("VpcPeeringConnectionAccepter", "Route", "PeeringConnectionOptions"):
        used = made_with(plans["private-link-beside-peering-adopted"], kind)
        assert set(used.values()) == {"chat-prod-peering"}, "only the owner of a VPC accepts its peering"
    assert not providers(plans["private-link"]), "a platform in one account needs no further provider"


def test_the_accepter_is_the_account_of_the_role(plans: Mapping[str, Plan]) -> None:
    (peering,) = (one for one in plans["private-link-beside-peering-adopted"] if kind_of(one) == "NetworkPeering")
    assert peering.inputs["awsAccountId"] == "444455556666"


def test_of_two_open_ways_the_output_says_which_is_used(plans: Mapping[str, Plan]) -> None:
    for choice, used, other in (
        ("peering-beside-private-link", "privateLink", "peering"),
        ("private-link-beside-peering-adopted", "peering", "privateLink"),
    ):
        said: Any = plans[choice].outputs["dolmen"]
        assert (said["atlas"]["connectivity"], said["atlas"]["alsoOpen"]) == (used, [other])
    alone: Any = plans["private-link"].outputs["dolmen"]
    assert "alsoOpen" not in alone["atlas"]


def test_the_output_says_what_survives(plans: Mapping[str, Plan]) -> None:
    said: Any = plans["regions"].outputs["dolmen"]
    assert "Without ap-northeast-2 reads alone go on: 1 of 3" in said["atlas"]["survives"]


# ---- what a change does


def test_every_property_that_is_set_is_one_whose_change_is_known(plans: Mapping[str, Plan]) -> None:
    for choice, resource in atlas(plans):
        rules = CHANGES["resources"][kind_of(resource)]
        known = {path for listed in rules.values() for path in listed}
        free = {"limits", "tags", "timeouts"}
        for path, _ in paths(resource.inputs):
            assert path in known or path.split(".")[0] in free, (
                f"{choice}: nobody knows what a change of {kind_of(resource)}.{path} does"
            )


def test_what_cannot_be_changed_is_the_same_in_every_choice(plans: Mapping[str, Plan]) -> None:
    seen: dict[str, set[str]] = {}
    for _, resource in atlas(plans):
        rules = CHANGES["resources"][kind_of(resource)]
        never = {*rules.get("plan-error", ()), *rules.get("apply-error", ()), "deleteOnCreateTimeout"}
        for path, value in paths(resource.inputs):
            if path in never:
                seen.setdefault(f"{kind_of(resource)}.{path}", set()).add(repr(value))
    assert seen, "the table of changes names nothing that the components set"
    varying = {path: values for path, values in seen.items() if len(values) > 1}
    assert not varying, f"an edit of a stack file could change {varying}: the preview or the apply would fail"


def test_an_update_that_would_reach_another_object_is_a_replacement(plans: Mapping[str, Plan]) -> None:
    for choice, resource in atlas(plans):
        for path in CHANGES["elsewhere"].get(kind_of(resource), ()):
            if kind_of(resource) == "DatabaseUser":
                wanted = "$external" if str(resource.inputs["username"]).startswith("arn:") else "admin"
                assert resource.inputs[path] == wanted, "it follows from the user's name, whose change replaces"
            else:
                assert path in resource.options.replace_on_changes, (
                    f"{choice}: {resource.name} would write to the object that it was made for"
                )


def test_nothing_is_named_by_pulumi(plans: Mapping[str, Plan]) -> None:
    for choice, resource in atlas(plans, *CHANGES["autonamed"]):
        assert resource.inputs.get("name"), f"{choice}: {resource.name} gets a random name, and a lost answer leaks it"


def test_nothing_is_left_to_a_null(plans: Mapping[str, Plan]) -> None:
    for choice, resource in atlas(plans):
        for path, value in paths(resource.inputs):
            assert value is not None, f"{choice}: {resource.name}.{path} is null, which means whatever it was before"


# ---- secrets


def test_nothing_secret_stands_in_a_plan(plans: Mapping[str, Plan]) -> None:
    for choice, plan in plans.items():
        assert CANARY not in repr(plan), f"{choice}: a third-party key stands in the plan"
        for provider in (r for r in plan if r.type == "pulumi:providers:mongodbatlas"):
            assert isinstance(provider.inputs.get("clientSecret", Secret()), Secret), (
                f"{choice}: Atlas's key is not secret"
            )
    for choice, user in atlas(plans, "DatabaseUser"):
        assert isinstance(user.inputs.get("password", Secret()), Secret), f"{choice}: a password is not secret"


def test_every_login_beside_the_application_s_lies_in_a_secret_of_its_own(plans: Mapping[str, Plan]) -> None:
    for choice, plan in plans.items():
        secrets = {str(r.inputs["name"]) for r in plan if r.type == "aws:secretsmanager/secret:Secret"}
        for _, user in ((c, u) for c, u in atlas(plans, "DatabaseUser") if c == choice):
            for purpose in ("operations", "read-only"):
                if str(user.inputs["username"]).endswith(f"_{purpose}"):
                    application = "search" if "_search_" in str(user.inputs["username"]) else "chat-app"
                    assert f"chat-prod/{application}/database-{purpose}" in secrets, (
                        f"{choice}: nobody can log in as {purpose}"
                    )


def test_the_contract_holds_no_secret(plans: Mapping[str, Plan]) -> None:
    for choice, plan in plans.items():
        for path, value in paths(plan.outputs["dolmen"]):
            assert not isinstance(value, Secret), f"{choice}: {path} makes the whole contract secret"


# ---- alerts and backups


def test_the_guide_s_alerts_are_there_by_default(plans: Mapping[str, Plan]) -> None:
    found: dict[str, Any] = {
        (config.inputs.get("metricThresholdConfig") or {}).get("metricName") or config.inputs["eventType"]: config  # type: ignore[union-attr]
        for choice, config in atlas(plans, "AlertConfiguration")
        if choice == "private-link"
    }
    for metric, threshold, units in (
        ("NORMALIZED_SYSTEM_CPU_USER", 80, "RAW"),
        ("CONNECTIONS_PERCENT", 80, "RAW"),
        ("DISK_PARTITION_SPACE_USED_DATA", 80, "RAW"),
        ("OPLOG_SLAVE_LAG_MASTER_TIME", 10, "SECONDS"),
    ):
        config = found[metric].inputs["metricThresholdConfig"]
        assert (config["threshold"], config["units"], config["operator"]) == (threshold, units, "GREATER_THAN"), metric
    production = {"NO_PRIMARY", "REPLICATION_OPLOG_WINDOW_RUNNING_OUT", "HOST_DOWN", "CPS_SNAPSHOT_BEHIND"}
    assert {"CPS_SNAPSHOT_FAILED", *production} <= found.keys(), "production fails and nobody hears of it"


def test_staging_is_spared_the_alerts_that_wake_people(plans: Mapping[str, Plan]) -> None:
    events = {
        config.inputs["eventType"]
        for choice, config in atlas(plans, "AlertConfiguration")
        if choice == "snapshots-only"
    }
    assert "CPS_SNAPSHOT_FAILED" in events
    assert "NO_PRIMARY" not in events


def test_no_alert_restricts_a_metric_to_a_cluster(plans: Mapping[str, Plan]) -> None:
    for choice, config in atlas(plans, "AlertConfiguration"):
        fields = {matcher["fieldName"] for matcher in config.inputs["matchers"]}  # type: ignore[union-attr,index]
        if config.inputs["eventType"] == "OUTSIDE_METRIC_THRESHOLD":
            assert "CLUSTER_NAME" not in fields, f"{choice}: Atlas has no such matcher on metrics"


def test_continuous_backup_has_its_hourly_item(plans: Mapping[str, Plan]) -> None:
    for choice, schedule in atlas(plans, "CloudBackupSchedule"):
        continuous = next(c.inputs["pitEnabled"] for other, c in atlas(plans, "AdvancedCluster") if other == choice)
        assert ("restoreWindowDays" in schedule.inputs) == continuous, (
            f"{choice}: Atlas refuses the one without the other"
        )
        if continuous:
            assert "policyItemHourly" in schedule.inputs, f"{choice}: Atlas drops continuous backup without it"
    assert not [choice for choice, _ in atlas(plans, "CloudBackupSchedule") if choice == "access-list"]


def test_production_is_protected_and_nothing_else_is(plans: Mapping[str, Plan]) -> None:
    for choice, cluster in atlas(plans, "AdvancedCluster"):
        production = CHOICES[choice].get("tier", "production") == "production"
        assert bool(cluster.options.protect) is production, choice
        assert cluster.inputs["terminationProtectionEnabled"] is production, choice


def test_tags_are_wherever_atlas_takes_them() -> None:
    from components.platform import atlas

    stack, first = (
        configuration({"tags": {"team": "chat"}}),
        {"network_container_id": None, "encryption_key_ready": None},
    )
    assert atlas.project_args(stack).get("tags") == {"team": "chat"}
    assert atlas.cluster_args(stack, project_id="p", **first).get("tags") == {"team": "chat"}
