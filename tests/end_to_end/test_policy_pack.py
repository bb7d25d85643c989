"""The policy pack under the real CLI: what is mandatory stops a preview, and a plan says the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from dolmen.engine import evaluate
from dolmen.policies.framework.resources import PLATFORM
from dolmen.review import policies
from tests.end_to_end.engine import Engine, Result, write_program
from tests.end_to_end.project import ROOT, SECRETS, stack_engine

pytestmark = pytest.mark.engine
PACK = str(ROOT / "policies")
PASSWORD = "hunter2"

PROGRAM = f"""
import pulumi
import pulumi_aws as aws
import pulumi_random as random

class Platform(pulumi.ComponentResource):
    def __init__(self, name, tier):
        super().__init__("{PLATFORM}", name, {{"tier": tier, "region": "ap-northeast-2"}})

platform = Platform("platform", pulumi.Config().require("tier"))
child = pulumi.ResourceOptions(parent=platform)
password = random.RandomPassword("password", length=40, keepers={{"generation": "1"}}, opts=child)
aws.elasticache.User("app", user_id="app", user_name="app", engine="valkey", passwords=[password.result],
    access_string="on ~app:* resetchannels &app:* +@all -@dangerous +info", opts=child)
aws.elasticache.User("mighty", user_id="mighty", user_name="mighty", engine="valkey", passwords=[password.result],
    access_string="on ~* +@all", opts=child)
secret = aws.secretsmanager.Secret("written", name="written", kms_key_id="alias/chat/secrets", opts=child)
aws.secretsmanager.SecretVersion("written", secret_id=secret.id, secret_string="{PASSWORD}", opts=child)
topic = aws.sns.Topic("alarms", name="alarms", kms_master_key_id="alias/chat/sns", opts=child)
aws.sns.TopicPolicy("alarms", arn=topic.arn, policy=topic.arn.apply(lambda arn: arn), opts=child)
aws.cloudwatch.LogGroup("log", name="log", opts=child)
"""


def preview(folder: Path, tier: str, warm: str, *flags: str, pack: str = PACK) -> Result:
    project = write_program(folder / "project", PROGRAM)
    with Engine(project, folder, warm=warm) as engine:
        engine.environment["PYTHONPATH"] = str(ROOT)  # as if Dolmen were installed
        engine.configure({"aws:region": "ap-northeast-2", "tier": tier})
        return engine.preview("--policy-pack", pack, *flags, ok=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("production")


@pytest.fixture(scope="module")
def production(folder: Path, warm: str) -> Result:
    """The preview of the program in production; its project lies in `folder`."""
    return preview(folder, "production", warm)


def reported(text: str) -> dict[str, set[str]]:
    """Level → policies, as the CLI shows violations: `- [mandatory] [severity: high]  sns-encrypted  (type: name)`."""
    found: dict[str, set[str]] = {"mandatory": set(), "advisory": set()}
    for level, rule in re.findall(r"- \[(mandatory|advisory)\] \[severity: \w+\]\s+([a-z0-9-]+)\s+\(", text):
        found[level].add(rule.removesuffix("-advice"))
    return found


def test_a_mandatory_violation_stops_a_preview(production: Result) -> None:
    found = reported(production.text)
    assert production.code != 0, f"the deployment would go on\n{production.text}"
    assert {"secret-not-in-program", "elasticache-user-rights", "logs-retention"} <= found["mandatory"], production.text
    assert PASSWORD not in production.text, "a message shows a secret"


def test_the_tier_decides_what_stops(tmp_path: Path, warm: str) -> None:
    found = reported(preview(tmp_path, "development", warm).text)
    assert "logs-retention" in found["advisory"] - found["mandatory"], "development is held to production's policies"
    assert "secret-not-in-program" in found["mandatory"], "a password in a program is wrong anywhere"


def test_what_is_not_known_before_the_deployment_is_said_and_stops_nothing(production: Result) -> None:
    text = production.text
    assert "not-judged" in text and "sns-no-public-policy" in text, "silence would look like agreement"
    assert "sns-no-public-policy" not in reported(text)["mandatory"], "an unknown value is no violation"


def test_pulumis_own_policy_configuration_counts(tmp_path: Path, warm: str) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text('{"elasticache-user-rights": "disabled", "logs-retention": {"enforcementLevel": "advisory"}}')
    found = reported(preview(tmp_path / "a", "production", warm, "--policy-pack-config", str(settings)).text)
    assert "elasticache-user-rights" not in found["mandatory"], "the configuration is not asked"
    assert "logs-retention" in found["advisory"] - found["mandatory"], "a level cannot be configured"


def accepted(project: Path, entries: Mapping[str, str], days: int = 30) -> None:
    """The project's register, which lies beside its stack file. Policy → resource."""
    until = (date.today() + timedelta(days=days)).isoformat()
    rows = [
        {"what": what, "stack": "test", "resource": name, "reason": "Agreed for a test.", "until": until}
        for what, name in entries.items()
    ]
    project.mkdir()
    (project / "accepted.yaml").write_text(json.dumps({"accepted": rows}))


def installed(project: Path) -> str:
    """A pack as a project has it that installed Dolmen: a program of three lines."""
    folder = project / "policies"
    folder.mkdir()
    (folder / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 1.0.0\n")
    (folder / "__main__.py").write_text("from dolmen.policies import pack\n\npack()\n")
    return str(folder)


def test_what_the_register_accepts_is_advice_in_a_preview(tmp_path: Path, warm: str) -> None:
    accepted(tmp_path / "project", {"logs-retention": "log", "elasticache-user-rights": "mig*"})
    text = preview(tmp_path, "production", warm, pack=installed(tmp_path / "project")).text
    found = reported(text)
    assert {"logs-retention", "elasticache-user-rights"} <= found["advisory"] - found["mandatory"], text
    assert "secret-not-in-program" in found["mandatory"], "what nobody accepted passes"
    assert "Agreed for a test." in text, "a preview does not say why it is let through"


@pytest.mark.parametrize(("entries", "days", "said"), [
    ({"logs-retention": "log"}, -1, "It was accepted until"),
    ({"logs-retention": "gone"}, 30, "logs-retention of gone fits nothing any more"),
    ({"logs-retentoin": "log"}, 30, "Did you mean logs-retention?"),
], ids=["expired", "unmatched", "unknown"])  # fmt: skip
def test_an_acceptance_that_does_not_count_is_said_in_a_preview(
    tmp_path: Path, warm: str, entries: dict[str, str], days: int, said: str
) -> None:
    accepted(tmp_path / "project", entries, days)
    text = preview(tmp_path, "production", warm, pack=installed(tmp_path / "project")).text
    assert "logs-retention" in reported(text)["mandatory"], "it counts"
    assert said in " ".join(text.split()), text


def test_a_plan_says_what_the_cli_says(production: Result, folder: Path) -> None:
    shown = reported(production.text)
    (folder / "project" / "policies").symlink_to(PACK)
    plan = evaluate(folder / "project", ["test"], observers={policies.NAME: policies.OBSERVER})[0]
    report = policies.reports(plan.findings)
    ours = {level: {one.id for one in report.findings if one.enforcement.value == level} for level in shown}
    shown["advisory"] -= {"not-judged"}
    assert ours == shown, "the review and the deployment would disagree"


@pytest.mark.long
def test_the_production_stack_breaks_nothing_under_the_real_cli(tmp_path: Path, warm: str) -> None:
    with stack_engine(tmp_path, "production", warm=warm) as engine:
        result = engine.preview("--policy-pack", PACK, ok=None)
    assert result.code == 0, result.text
    assert reported(result.text)["mandatory"] == set()
    assert not any(secret in result.text for secret in SECRETS), "a message shows a secret"
