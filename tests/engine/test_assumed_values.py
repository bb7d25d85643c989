"""What is made up keeps its mark through JSON, as a number and as a boolean, so nothing compares it as a value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine import Plan, evaluate_program
from dolmen.engine.lookups import read_lookups
from dolmen.engine.plan import FailureKind, Placeholder, Secret
from tests.engine.test_assumed_paths import planned
from tests.review.small_programs import STACK, reviewed

ACCOUNT = "aws:index/getCallerIdentity:getCallerIdentity.accountId"
POLICY = 'aws.iam.Policy("p", policy={})\n'
PROGRAM = """import json, pulumi, pulumi_aws as aws
me = aws.get_caller_identity()
config = pulumi.Config()
aws.iam.Policy("dumps", policy=json.dumps({"Resource": f"arn:aws:s3:::x-{me.account_id}"}))
aws.iam.Policy("format", policy=f'{{"Resource":"arn:aws:s3:::x-{me.account_id}"}}')
password = config.require_secret("pw")
aws.ssm.Parameter("secret", type="String", value=password.apply(lambda text: json.dumps({"password": text})))
aws.ssm.Parameter("both", type="String", value=pulumi.Output.json_dumps({"k": password, "acc": me.account_id}))
aws.iam.Policy("output", policy=pulumi.Output.json_dumps({"acc": me.account_id, "é": 1}))
aws.iam.Policy("nested", policy=json.dumps({"in": json.dumps({"acc": me.account_id})}))
aws.iam.Policy("indented", policy=json.dumps({"acc": [me.account_id]}, indent=1))
aws.iam.Policy("key", policy=json.dumps({me.account_id: "é"}))
"""


def inputs(plan: Plan, name: str) -> Any:
    (found,) = (one for one in plan if one.name == name)
    return found.inputs


def assumed(plan: Plan, name: str) -> tuple[str, ...]:
    (found,) = (one for one in plan if one.name == name)
    return found.assumed


def test_marks_survive_json(tmp_path: Path) -> None:
    plan = planned(tmp_path, PROGRAM)
    assert plan.failure is None, plan.failure
    for name in ("dumps", "format", "output", "nested", "indented", "key"):
        assert assumed(plan, name) == ("policy",), f"{name}: a made-up account would be compared as a real one."
        assert f"‹{ACCOUNT}›" in inputs(plan, name)["policy"]
    for name in ("secret", "both"):
        assert assumed(plan, name) == ("value",) and isinstance(inputs(plan, name)["value"], Secret)
    assert json.loads(inputs(plan, "nested")["policy"])["in"], "A mark must leave the JSON valid."
    assert "\\u00e9" in inputs(plan, "output")["policy"], "Everything but a mark is written as without the plan."


def test_a_mistake_of_the_program_keeps_everything_before_it(tmp_path: Path) -> None:
    plan = planned(tmp_path, f'{PROGRAM}n = config.require_int("count", max=3)\n')
    assert plan.failure is not None and plan.failure.kind is FailureKind.PROGRAM
    assert str(plan.failure.position) == f"__main__.py:{len(PROGRAM.splitlines()) + 1}"
    assert "unexpected keyword argument 'max'" in plan.failure.message
    assert assumed(plan, "dumps") == ("policy",) and len(plan.resources) >= 3


def test_made_up_numbers_and_booleans_are_marked() -> None:
    def program() -> None:
        import pulumi
        import pulumi_aws as aws

        config = pulumi.Config()
        count, on, ratio = config.require_int("count"), config.require_bool("on"), config.require_float("ratio")
        assert [1 for _ in range(count)] == [1] and not on and 10 // count == 10, "a program can work with them"
        aws.cloudwatch.LogGroup("logs", name=f"logs-{count}-{ratio:.2f}", retention_in_days=count, skip_destroy=on)
        aws.iam.Policy("p", policy=json.dumps({"count": count, "on": [on, {"ratio": ratio, "more": count + 2}]}))
        pulumi.export("n", {"count": count, "twice": 2 * count, "half": ratio / 2})

    plan = evaluate_program(program)
    assert plan.failure is None, plan.failure
    count, on, ratio = (Placeholder(f"config test:{name}") for name in ("count", "on", "ratio"))
    logs = inputs(plan, "logs")
    assert (logs["retentionInDays"], logs["skipDestroy"]) == (count, on), "1 would be compared as if it were meant"
    assert logs["name"] == f"logs-{count}-{ratio}" and set(assumed(plan, "logs")) == {
        "name",
        "retentionInDays",
        "skipDestroy",
    }
    assert json.loads(inputs(plan, "p")["policy"]) == {
        "count": str(count),
        "on": [str(on), {"ratio": str(ratio), "more": str(count)}],
    }
    assert plan.outputs["n"] == {"count": count, "twice": count, "half": ratio}


@pytest.mark.parametrize("kind", ["int", "bool", "float"])
def test_a_value_that_is_set_is_no_placeholder(kind: str, tmp_path: Path) -> None:
    written = {"int": "3", "bool": "true", "float": "0.5"}[kind]
    program = f'import pulumi\npulumi.export("it", pulumi.Config().require_{kind}("it"))\n'
    plan = planned(tmp_path, program, f'config:\n  t:it: "{written}"\n')
    assert plan.outputs == {"it": json.loads(written)}


def test_a_made_up_number_is_a_change_of_the_number_that_stood_there(tmp_path: Path) -> None:
    program = 'import pulumi, pulumi_aws as aws\naws.cloudwatch.LogGroup("logs", retention_in_days={})\n'
    encrypted = f"{STACK}  small:days:\n    secure: v1:AAAA:BBBB\n"
    head = program.format('pulumi.Config().require_int("days")')
    report = reviewed(tmp_path, program.format(1), head, head_stack=encrypted)
    (stack,) = report.stacks
    found = [str(change.path[0]) for one in stack.changes for change in one.properties]
    assert "retentionInDays" in found, "A made-up 1 was taken for the 1 that was deployed."


LOOKED_UP = """import base64, json, pulumi, pulumi_aws as aws
kind = aws.ec2.get_instance_type(instance_type="t3.micro")
also = aws.ec2.get_instance_type_output(instance_type="t3.micro")
for name, one in (("now", kind), ("later", also)):
    aws.cloudwatch.LogGroup(name, retention_in_days=one.default_vcpus, skip_destroy=one.bare_metal)
aws.cloudwatch.LogGroup("twice", retention_in_days=kind.default_vcpus * 2)
aws.iam.Policy("p", policy=json.dumps({"n": kind.default_vcpus, "on": kind.bare_metal, "gpu": kind.gpuses[0].count}))
me = aws.get_caller_identity()
text = f"#!/bin/sh\\nexport ACCOUNT={me.account_id} PLACE={{}}"
for number in range(3):
    code = base64.b64encode(text.format("x" * number).encode()).decode()
    aws.ec2.Instance(f"machine-{number}", user_data_base64=code)
aws.ec2.Instance("safe", user_data_base64=base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))
aws.ec2.Instance("plain", user_data_base64=base64.b64encode(b"#!/bin/sh\\nexport PLACE=here").decode())
"""


def test_numbers_booleans_and_encoded_texts_of_lookups_are_marked(tmp_path: Path) -> None:
    plan = planned(tmp_path, LOOKED_UP)
    assert plan.failure is None, plan.failure
    token = "aws:ec2/getInstanceType:getInstanceType(instanceType: t3.micro)"
    count, metal, gpus = (Placeholder(f"{token}.{name}") for name in ("defaultVcpus", "bareMetal", "gpuses[0].count"))
    for name in ("now", "later"):
        assert inputs(plan, name)["retentionInDays"] == count, "a made-up 1 would be compared as if it were meant"
        assert inputs(plan, name)["skipDestroy"] == metal, "a made-up no would be compared as if it were meant"
    assert inputs(plan, "twice")["retentionInDays"] == count, "what is reckoned from it is made up as well"
    assert json.loads(inputs(plan, "p")["policy"]) == {"n": str(count), "on": str(metal), "gpu": str(gpus)}
    for name in ("machine-0", "machine-1", "machine-2", "safe"):
        assert assumed(plan, name) == ("userDataBase64",), "a made-up account hides in base64"
    assert assumed(plan, "plain") == (), "a text that rests on nothing is compared as it stands"


def test_what_the_lookups_file_says_is_no_placeholder(tmp_path: Path) -> None:
    answer = {"arguments": {}, "result": {"defaultVcpus": 7, "bareMetal": True}}
    path = tmp_path / "lookups.json"
    path.write_text(json.dumps({"aws:ec2/getInstanceType:getInstanceType": [answer]}))
    plan = planned(tmp_path, LOOKED_UP, lookups=read_lookups(path))
    assert inputs(plan, "now") == {"retentionInDays": 7, "skipDestroy": True}
    assert '"n": 7' in inputs(plan, "p")["policy"] and "gpuses[0].count›" in inputs(plan, "p")["policy"]
