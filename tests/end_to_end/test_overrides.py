"""Overrides and the program's own transform, with the real engine: what is planned is what is made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.differential import differences, lookups, offline_view, real_view
from tests.end_to_end.engine import Engine
from tests.end_to_end.offline import plan_of
from tests.end_to_end.project import ROOT, stack_engine

pytestmark = pytest.mark.engine

CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
CANARY = "canary-of-an-override"
PROGRAM = """
import pulumi

from components.platform import deploy


def transform(args):
    if args.type_ == "aws:secretsmanager/secret:Secret":
        description = f"Of the platform's team: {args.name}"
        return pulumi.ResourceTransformResult(props={**args.props, "description": description}, opts=args.opts)
    if args.type_.endswith(":ReplicationGroup") and args.custom:
        later = pulumi.ResourceOptions(ignore_changes=["description"])
        props = {**args.props, "snapshotWindow": "01:00-02:00"}
        return pulumi.ResourceTransformResult(props=props, opts=pulumi.ResourceOptions.merge(args.opts, later))
    return None


deploy(transform)
"""
OVERRIDES: dict[str, Any] = {
    "chat-prod-cluster": {"versionReleaseSystem": "CONTINUOUS", "mongoDbMajorVersion": None},
    "chat-prod-cache/ReplicationGroup": {"snapshotWindow": "21:00-22:00"},
}


@pytest.fixture
def engine(tmp_path: Path, warm: str) -> Iterator[Engine]:
    with stack_engine(tmp_path / "stack", "production", warm=warm) as running:
        yield running


def override(engine: Engine, overrides: dict[str, Any]) -> None:
    file = engine.project / "stacks" / "Pulumi.production.yaml"
    kept = [line for line in file.read_text().splitlines() if "dolmen:overrides" not in line]
    place = kept.index("config:") + 1
    kept.insert(place, f"  dolmen:overrides: {json.dumps(overrides)}")
    file.write_text("\n".join(kept) + "\n")


def made(engine: Engine, kind: str) -> dict[str, Any]:
    return next(live.inputs for live in engine.cloud.all(kind))


def test_the_plan_of_a_transformed_and_overridden_platform_is_what_the_engine_previews(
    engine: Engine, tmp_path: Path
) -> None:
    (engine.project / "__main__.py").write_text(PROGRAM)
    override(engine, OVERRIDES)
    real = real_view(engine, tmp_path)
    plan = plan_of(engine.project, "production", tmp_path, lookups(engine))
    assert plan.failure is None, plan.failure
    found = differences(real, offline_view(plan))
    assert not found, "a reviewer would read something that the engine does not do:\n" + "\n".join(found)
    (group,) = [one for one in plan if one.type == GROUP]
    assert group.inputs["snapshotWindow"] == "21:00-22:00", "the transform undid what the stack file says"
    assert "description" in group.options.ignore_changes, "the transform's own option got lost"
    assert all(str(one.inputs["description"]).startswith("Of the ") for one in plan if one.type.endswith(":Secret"))


@pytest.mark.long
def test_an_override_is_made_changed_and_taken_back_in_place(engine: Engine) -> None:
    override(engine, OVERRIDES)
    engine.up()
    engine.settled()
    assert made(engine, CLUSTER)["versionReleaseSystem"] == "CONTINUOUS"
    assert made(engine, GROUP)["snapshotWindow"] == "21:00-22:00"
    override(engine, {"chat-prod-cache/ReplicationGroup": {"snapshotWindow": "20:00-21:00"}})
    assert engine.steps()["update"] == ["chat-prod", "chat-prod-cache", "chat-prod-cluster"]
    engine.up()
    engine.settled()
    assert made(engine, GROUP)["snapshotWindow"] == "20:00-21:00"


@pytest.mark.long
def test_an_encrypted_override_reaches_the_cloud_and_nothing_that_people_read(engine: Engine) -> None:
    key = 'dolmen:overrides["chat-prod-chat-app-secrets-database/SecretVersion"].secretString'
    engine.pulumi("config", "set", "--stack", "production", "--secret", "--path", key, CANARY)
    previewed = engine.preview("--json")
    result = engine.up()
    values = [live.inputs.get("secretString") for live in engine.cloud.all(VERSION)]
    assert CANARY in values, "the secret has another value than the one that was set"
    file = (engine.project / "stacks" / "Pulumi.production.yaml").read_text()
    for where, text in (
        ("preview", previewed.text),
        ("up", result.text),
        ("state", engine.state_file.read_text()),
        ("stack file", file),
    ):
        assert CANARY not in text, f"the {where} shows a secret"
    engine.settled()


def test_an_override_cannot_silence_a_policy(engine: Engine) -> None:
    override(engine, {"chat-prod-cache/ReplicationGroup": {"multiAzEnabled": False}})
    result = engine.preview("--policy-pack", str(ROOT / "policies"), ok=None)
    text = " ".join(result.text.split())
    assert result.code != 0, f"the deployment would go on\n{result.text}"
    assert "elasticache-multi-az" in text and "Overridden in the stack file: multiAzEnabled." in text


def test_a_wrong_override_makes_nothing(engine: Engine) -> None:
    override(engine, {"chat-prod-cluster": {"pausd": True}, "chat-prod-cahce": {"port": 1}})
    result = engine.pulumi("up", "--yes", "--stack", "production", ok=False)
    assert "Did you mean paused?" in result.text and "Did you mean chat-prod-cache?" in result.text, result.text
    assert "Traceback" not in result.text
    assert not engine.cloud.all(GROUP) and not engine.cloud.all(CLUSTER), "half a platform stands"
