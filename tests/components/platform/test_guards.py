"""A guard of the stack file and the policy on the resource are one: one id, one text, one acceptance."""

from __future__ import annotations

import copy
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.platform.checks import guards
from components.platform.loader import load_file
from dolmen.engine import evaluate
from dolmen.policies.framework.pack import registered
from dolmen.review import policies
from dolmen.stackfile import StackFileError
from tests.components.platform.atlas_files import acceptance
from tests.components.platform.files import values_of
from tests.end_to_end.project import ROOT

ADOPTED = {"adopt": "5f0000000000000000000009"}
BREACHES: Mapping[str, Mapping[str, Any]] = {
    "atlas-tier": {"atlas.cluster": {"instanceSize": "M10", "storageGb": 10}},
    "atlas-javascript": {"atlas.cluster": {"serverSideJavascript": True}},
    "atlas-private-connectivity": {"atlas": {"connectivity": {"ipAccessList": ["203.0.113.10/32"]}}},
    "atlas-backup": {"atlas.backup": {"enabled": False}},
    "atlas-continuous-backup": {"atlas.backup": {"continuous": False}},
    "atlas-retain-backups": {"atlas.backup": {"retainBackups": False}},
    "atlas-default-alerts": {"atlas": {"alerts": None}},
    "atlas-alert-coverage": {"atlas": {"alerts": None, "auditing": None, "project": ADOPTED}},
    "atlas-data-explorer": {"atlas.project.create": {"dataExplorer": True}},
    "elasticache-multi-az": {"cache": {"multiAz": False, "durability": "snapshots"}},
    "elasticache-backup": {"cache": {"snapshots": {"retentionDays": 1}}},
    "elasticache-final-snapshot": {"cache": {"snapshots": {"final": False}}},
    "elasticache-burstable-nodes": {"cache": {"nodeType": "cache.t4g.medium", "durability": "snapshots"}},
    "elasticache-reserved-memory": {"cache": {"parameters": {"reserved-memory-percent": 40}}},
    "elasticache-alarms": {"cache": {"alarms": None}},
    "elasticache-logs": {"cache": {"logs": {"engineLog": False}}},
    "elasticache-node-quota": {"cache": {"clusterMode": {"shards": 46, "replicasPerShard": 1}}},
    "secretsmanager-recovery": {"applications.chat-app": {"secrets": {"recoveryWindowDays": 0}}},
    "secretsmanager-full-recovery": {"applications.chat-app": {"secrets": {"recoveryWindowDays": 7}}},
}
"""Policy → what breaks it in the stack file of production; `None` takes a key away."""
RESOURCES = {
    "atlas": "chat-prod-cluster*",
    "atlas-default-alerts": "chat-prod-project*",
    "atlas-data-explorer": "chat-prod-project*",
    "elasticache": "chat-prod-cache*",
    "secretsmanager": "chat-prod-chat-app-*",
}
"""Policy, or all policies of a service → the resource that is accepted."""


def accepted(policy: str, stack: str = "test") -> dict[str, str]:
    return acceptance(policy, RESOURCES.get(policy) or RESOURCES[policy.partition("-")[0]], stack)


def broken(*breaches: str, tier: str = "production") -> dict[str, Any]:
    values = copy.deepcopy(values_of("production"))
    values["dolmen:tier"] = tier
    for path, change in (entry for policy in breaches for entry in BREACHES[policy].items()):
        *above, last = path.split(".")
        holder = values
        for step in above:
            holder = holder[step if holder is not values else f"dolmen:{step}"]
        key = last if above else f"dolmen:{last}"
        if isinstance(change, Mapping):
            holder[key] = {k: v for k, v in {**holder.get(key, {}), **change}.items() if v is not None}
        else:
            del holder[key]
    return values


def written(folder: Path, *breaches: str, tier: str = "production", stack: str = "test") -> Path:
    file = folder / f"Pulumi.{stack}.yaml"
    # An account of its own each: stacks of one account may not share the platform's name.
    account = f"1{zlib.crc32(stack.encode()):011}"
    file.write_text(
        yaml.safe_dump(
            {"config": {**broken(*breaches, tier=tier), "aws:allowedAccountIds": [account]}}, sort_keys=False
        )
    )
    return file


def register(folder: Path, *entries: dict[str, str]) -> None:
    (folder / "accepted.yaml").write_text(json.dumps({"accepted": entries}))


def refusal(file: Path) -> StackFileError:
    with pytest.raises(StackFileError) as refused:
        load_file(file)
    return refused.value


def test_every_guard_is_tried_here() -> None:
    assert set(BREACHES) == set(guards.POLICIES), "a guard that nobody has seen at work"


@pytest.mark.parametrize("policy", BREACHES)
def test_a_guard_speaks_in_the_words_of_its_policy_and_says_how_to_accept(tmp_path: Path, policy: str) -> None:
    problems = refusal(written(tmp_path, policy)).problems
    assert len(problems) == 1, "one mistake gives one message, and a person reads all of them"
    words = registered()[policy]
    assert problems[0].rule == words.title and problems[0].remedy.startswith(words.remedy), "two texts for one matter"
    assert f"what: {policy}, resource: chat-prod-" in problems[0].remedy, "the way to accept it is not said"
    assert problems[0].line, "a person could not find the line"


@pytest.mark.parametrize("tier", ["development", "staging"])
@pytest.mark.parametrize("policy", BREACHES)
def test_outside_production_a_guard_holds_only_where_its_policy_stops_everywhere(
    tmp_path: Path, policy: str, tier: str
) -> None:
    file = written(tmp_path, policy, tier=tier)
    if registered()[policy].enforcement == "always":
        assert registered()[policy].title in str(refusal(file)), "AWS would refuse it in the middle of a deployment"
    else:
        load_file(file)


@pytest.mark.parametrize("policy", BREACHES)
def test_what_a_guard_refuses_its_policy_stops(policy: str) -> None:
    assert registered()[policy].level("production") == "mandatory", "the loader would refuse what a policy only advises"


@pytest.mark.parametrize("policy", BREACHES)
def test_what_is_accepted_is_silent(tmp_path: Path, policy: str) -> None:
    file = written(tmp_path, policy)
    register(tmp_path, accepted(policy))
    load_file(file)


def test_an_acceptance_counts_for_its_own_policy_stack_and_resource_alone(tmp_path: Path) -> None:
    file = written(tmp_path, "atlas-backup")
    written(tmp_path, "atlas-backup", stack="other")
    register(
        tmp_path,
        acceptance("atlas-tier", "chat-prod-cluster"),
        acceptance("atlas-backup", "chat-prod-cluster", stack="other"),
        acceptance("atlas-backup", "chat-prod-cache"),
    )
    assert "A cluster has backups." in str(refusal(file))


def test_an_expired_acceptance_counts_for_nothing_and_the_message_says_when_it_ended(tmp_path: Path) -> None:
    file = written(tmp_path, "atlas-backup")
    entry = acceptance("atlas-backup", "chat-prod-cluster", days=-1)
    register(tmp_path, entry)
    said = " ".join(str(refusal(file)).split())
    assert f"It was accepted until {entry['until']}" in said and "accepted.yaml:1)" in said


def test_a_register_with_a_mistake_is_refused_first(tmp_path: Path) -> None:
    file = written(tmp_path, "atlas-backup")
    register(tmp_path, acceptance("atlas-backup", "chat-prod-cluster", days=800))
    assert refusal(file).file.endswith("accepted.yaml"), "nobody would know why the acceptance does not count"


# ---- accepted once, it counts in the plan too


APART = {
    "atlas-continuous-backup",
    "atlas-alert-coverage",
    "elasticache-final-snapshot",
    "elasticache-reserved-memory",
    "secretsmanager-full-recovery",
}
"""Breaches that exclude one of the others in the same stack file. A plan with all policies takes seconds, so two serve."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, policies.PolicyReport]:
    """Policy → what the real pack says of the broken stack that it is accepted in; all acceptances in one register."""
    project = tmp_path_factory.mktemp("project")
    for name in ("Pulumi.yaml", "__main__.py", "components", "dolmen", "policies"):
        (project / name).symlink_to(ROOT / name)
    (project / "stacks").mkdir()
    stacks = {"broken": [one for one in BREACHES if one not in APART], "broken-too": sorted(APART)}
    for stack, some in stacks.items():
        written(project / "stacks", *some, stack=stack)
    register(project / "stacks", *(accepted(policy, stack) for stack, some in stacks.items() for policy in some))
    plans = evaluate(project, list(stacks), observers={policies.NAME: policies.OBSERVER})
    assert all(plan.failure is None for plan in plans), [plan.failure for plan in plans if plan.failure]
    reports = {plan.stack: policies.reports(plan.findings) for plan in plans}
    return {policy: reports[stack] for stack, some in stacks.items() for policy in some}


@pytest.mark.parametrize("policy", BREACHES)
def test_what_the_loader_accepts_the_policy_accepts_too(
    judged: Mapping[str, policies.PolicyReport], policy: str
) -> None:
    findings = judged[policy].findings
    assert any(one.id == policy and one.acceptance for one in findings), "guard and policy are about different things"
    stopping = [f"{one.id}: {one.message}" for one in findings if one.stops]
    assert not stopping, "accepted once is not enough:\n" + "\n".join(stopping)
