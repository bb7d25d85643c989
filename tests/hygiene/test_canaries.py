"""No secret is in anything that Dolmen prints or hands on without an account: plans, reports, errors, logs, JSON."""

from __future__ import annotations

import copy
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from typer.testing import CliRunner

from dolmen.cli.app import app
from dolmen.engine import Plan, evaluate_program
from dolmen.engine.wire.encode import plan_json
from dolmen.review import formats
from dolmen.review.formats.parts.plan_json import plans_json
from dolmen.review.formats.terminal import write_plans
from dolmen.review.report import build
from dolmen.review.report.findings import Finding
from dolmen.review.report.model import WORK_TREE
from dolmen.review.report.plans import PlannedStack, Plans
from tests.components.platform.files import load_values, problems_of, values_of
from tests.hygiene.canaries import canary, found, spellings
from tests.review.test_renderings import LISTS_OF_FINDINGS

KEYS = ("slackToken", "pagerDutyServiceKey", "stripeKey")
CONFIG = {key: canary(key) for key in KEYS}
LOGINS = [canary(purpose) for purpose in ("plain", "nested", "listed", "joined", "dumped", "exported", "component")]
EVERY = [*CONFIG.values(), *LOGINS]


def platform() -> None:
    """The project's own program with a secret behind every key."""
    from components.platform.platform import Platform

    values = copy.deepcopy(values_of("production"))
    values["dolmen:applications"]["chat-app"]["secrets"] = {"further": {"stripe": {"given": {"config": "stripeKey"}}}}
    values["dolmen:stripeKey"] = {"secure": "v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
    stack = load_values(values)
    secret = pulumi.Config("dolmen").require_secret
    pulumi.export("dolmen", Platform(stack.name, {"stack": stack, "secret": secret}).stack_output)


def shapes(generation: int = 1) -> Callable[[], None]:
    """A program of somebody else's that hands secrets on in every shape."""

    def program() -> None:
        import pulumi_aws as aws

        from components.secrets.given import GivenSecret

        plain, nested, listed, joined, dumped, exported, component = map(pulumi.Output.secret, LOGINS)
        aws.ssm.Parameter("plain", type="SecureString", value=plain, tags={"generation": str(generation)})
        aws.lambda_.Function(
            "nested", role="r", environment={"variables": {"PASSWORD": nested, "GENERATION": str(generation)}}
        )
        aws.elasticache.User(
            "listed", user_id="u", user_name="u", engine="valkey", access_string="on", passwords=[listed]
        )
        aws.ssm.Parameter(
            "joined", type="String", value=pulumi.Output.concat("mongodb://u:", joined, f"@h/{generation}")
        )
        aws.ssm.Parameter(
            "dumped", type="String", value=pulumi.Output.json_dumps({"password": dumped, "n": generation})
        )
        GivenSecret(
            "component",
            {"platform": "p", "application": "a", "label": "l", "value": component, "protect_data": False},
        )
        pulumi.export("exported", exported)
        pulumi.export("mixed", {"password": exported, "generation": generation})
        aws.secretsmanager.get_secret_output(name=plain)

    return program


def evaluated(program: Callable[[], Any]) -> Plan:
    return evaluate_program(program, project="dolmen", config={"aws:region": "ap-northeast-2"}, secret_config=CONFIG)


def test_no_secret_leaves_the_process_that_evaluated_the_program() -> None:
    for program in (platform, shapes()):
        plan = evaluated(program)
        assert plan.failure is None, plan.failure
        crossing = plan_json(plan)
        assert found(repr(plan), *EVERY) == [], "A plan, which everything else reads, holds a secret."
        assert not [v for v in EVERY for s in spellings(v) if s.encode() in crossing], "It crosses between processes."
        secrets = repr(plan).count("Secret(fingerprint=")
        assert secrets > 5, "The canaries were never in the program: this test shows nothing."


def test_a_secret_in_a_name_is_not_in_what_lies_below() -> None:
    class Part(pulumi.ComponentResource):
        def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
            super().__init__("pkg:index:Part", name, {}, opts)

    def program() -> None:
        Part("below", pulumi.ResourceOptions(parent=Part(f"of-{pulumi.Config('dolmen').require('slackToken')}")))

    plan = evaluated(program)
    assert plan.failure is None, plan.failure
    assert plan.resources[2].parent == plan.resources[1].urn, "The parent has one name, and its child another for it."
    assert found(repr(plan), *EVERY) == [], "A child names its parent with the secret in it."


def test_no_secret_is_in_a_plan_as_text_or_json(capsys: pytest.CaptureFixture[str]) -> None:
    plan = evaluated(shapes())
    write_plans(Plans((PlannedStack(plan),)), sys.stdout, details=True)
    text = (
        capsys.readouterr().out
        + json.dumps(plans_json([PlannedStack(plan)]))
        + json.dumps(plans_json([PlannedStack(plan)]), ensure_ascii=False)
    )
    assert "[secret]" in text
    assert found(text, *EVERY) == []


@pytest.mark.parametrize("form", formats.names())
def test_no_secret_is_in_a_report(form: str) -> None:
    finding = Finding("a-policy", "A finding.", "It is broken.")
    pair = build.Pair(evaluated(shapes(1)), evaluated(shapes(2)), findings=(finding,))
    report = formats.text(build.review([build.stack_review(pair)], WORK_TREE, None), form)
    shown = "a-policy" if form in LISTS_OF_FINDINGS else "plain"
    assert shown in report, "The report does not show the change: this test shows nothing."
    assert found(report, *EVERY) == []


def test_what_a_program_prints_logs_and_raises_is_masked() -> None:
    def program() -> None:
        token = pulumi.Config().require("slackToken")
        print("printed", token, repr(token), json.dumps(token))
        pulumi.log.warn(f"logged {token}")
        raise ValueError(f"raised {token}")

    def inside_apply() -> None:
        def raises(value: str) -> str:
            raise ValueError(f"cannot use {value}")

        pulumi.export("x", pulumi.Output.secret(pulumi.Config().require("stripeKey")).apply(raises))

    for one in (program, inside_apply):
        plan = evaluated(one)
        assert plan.failure is not None and "ValueError" in plan.failure.message
        assert "[secret]" in plan.failure.message
        text = "\n".join(
            [plan.output, plan.failure.message, repr(plan.diagnostics), json.dumps(plans_json([PlannedStack(plan)]))]
        )
        assert found(text, *EVERY) == [], "An exception of the program prints a secret."
    assert "printed [secret]" in evaluated(program).output


WRONG: list[dict[str, Any]] = [
    {"dolmen:slackToken": "{}"},
    {"dolmen:slackTokn": "{}"},
    {"dolmen:notes": "{}"},
    {"dolmen:tags": {"secure": "{}"}},
    {"dolmen:atlas": {"credentials": {"privateKey": "{}"}}},
    {"dolmen:atlas": {"credentials": {"environment": "{}"}}},
    {"dolmen:applications": {"chat-app": {"database": "d", "cacheKeys": "c:*", "password": "{}"}}},
    {"dolmen:applications": {"chat-app": {"secrets": {"further": {"stripe": {"given": "{}"}}}}}},
    *(
        {"dolmen:applications": {"chat-app": {"secrets": {"further": {"stripe": {"given": {place: "{}"}}}}}}}
        for place in ("config", "awsSecret", "field", "value")
    ),
    {"dolmen:atlas": {"alerts": {"pagerDuty": {"key": "{}"}}}},
    {"dolmen:cache": {"alarms": {"pagerDuty": {"key": {"config": "{}"}}}}},
    {"dolmen:applications": {"chat-app": {"secrets": {"further": {"stripe": "{}"}}}}},
]


@pytest.mark.parametrize("change", WRONG)
def test_a_secret_in_the_wrong_place_of_a_stack_file_is_refused_and_not_shown(change: dict[str, Any]) -> None:
    value = canary("stack-file")
    filled = json.loads(json.dumps(change).replace('"{}"', json.dumps(value)))
    problems = problems_of({**values_of("production"), **filled})
    assert problems, "A secret in clear stands in a file that is committed, and nobody says so."
    assert found(repr(problems), value) == [], "The error shows the secret that it complains about."


def test_no_secret_is_in_what_dolmen_env_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        name: canary(name) for name in ("MONGO_URI", "REDIS_PASSWORD", "REDIS_PORT", "MONGO_USE_TLS", "AWS_REGION")
    }
    values |= {"MONGO_POOLSIZE": canary("misspelt")}
    file = tmp_path / ".env"
    file.write_text("".join(f"{k}={v}\n" for k, v in values.items()) + f"{canary('line')} is no variable\n")
    monkeypatch.setattr(os, "environ", {**os.environ, **values})
    for arguments in (["--file", str(file)], ["--process"]):
        result = CliRunner().invoke(app, ["env", "check", *arguments])
        assert result.exit_code == 2
        assert found(result.output, *values.values(), canary("line")) == []


def test_the_search_finds_a_canary_in_every_spelling() -> None:
    value = canary("any")
    for spelling in spellings(value):
        assert found(f"text {spelling} text", value) == [value]
