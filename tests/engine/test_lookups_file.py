"""The lookups file answers boto3, commands and HTTP too, and says what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine import evaluate
from dolmen.engine.lookups import Lookups, make_lookups, read_lookups
from dolmen.engine.project import RefusedError
from dolmen.review.report.asked import asked
from tests.engine.test_assumed_paths import planned

PROGRAMS = Path(__file__).parent.parent / "programs"
AROUND = {
    "command:echo": [{"arguments": {"args": ["v1.2.3"]}, "result": {"stdout": "v9.9.9\n"}}],
    "http:GET": [
        {"arguments": {"url": "https://world.example/address"}, "result": {"body": "192.0.2.1"}},
        {"arguments": {"url": "https://world.example/versions?of=it"}, "result": {"json": {"count": 4, "latest": "2"}}},
        {"arguments": {"url": "https://world.example/nothing"}, "result": {"status": 404}},
    ],
}


def test_commands_and_pages_are_answered() -> None:
    plan = evaluate(PROGRAMS / "asks_around", ["dev"], lookups=AROUND)[0]
    assert plan.failure is None, plan.failure
    (found,) = (one for one in plan if one.name == "answers")
    assert found.inputs["length"] == 4
    assert found.inputs["keepers"] == {
        "run": "v9.9.9",
        "output": "v9.9.9",
        "lines": "v9.9.9",
        "address": "192.0.2.1",
        "missing": "404",
        "version": "2",
    }
    assert not plan.notes, "nothing was started, and nothing reached for the network"
    assert {one.outcome for one in plan.invokes} == {"given"}


def test_boto3_is_answered_and_what_the_answer_leaves_out_is_marked(tmp_path: Path) -> None:
    program = (
        "import boto3, pulumi\n"
        "ssm = boto3.client('ssm', region_name='eu-west-1')\n"
        "one = ssm.get_parameter(Name='/one')\n"
        "pulumi.export('one', [one['Parameter']['Value'], one['Parameter']['LastModifiedDate'].year])\n"
        "try:\n"
        "    ssm.get_parameter(Name='/two')\n"
        "except ssm.exceptions.ParameterNotFound as error:\n"
        "    pulumi.export('two', error.response['Error']['Message'])\n"
        "pulumi.export('me', boto3.client('sts').get_caller_identity()['Arn'])\n"
    )
    given = {
        "boto3:ssm.get_parameter": [
            {
                "arguments": {"Name": "/one"},
                "result": {"Parameter": {"Value": "1", "LastModifiedDate": "2020-01-01T00:00:00Z"}},
            },
            {"error": {"code": "ParameterNotFound", "message": "there is none"}},
        ],
        "boto3:sts.get_caller_identity": {"result": {"Account": "123456789012"}},
    }
    plan = planned(tmp_path, program, lookups=make_lookups(given))
    assert plan.failure is None, plan.failure
    assert plan.outputs["one"] == ["1", 2020], "texts of the file have the types of botocore's model"
    assert plan.outputs["two"] == "there is none", "an error is raised as the service's own"
    assert "‹boto3:sts.get_caller_identity.Arn›" in str(plan.outputs["me"])


def test_what_is_not_answered_is_listed_as_a_lookups_file(tmp_path: Path) -> None:
    program = (
        "import subprocess, boto3, pulumi, pulumi_aws as aws\n"
        "me = aws.get_caller_identity()\n"
        "aws.ec2.get_vpc(id='vpc-1')\n"
        "boto3.client('ssm').get_parameter(Name=f'/{me.account_id}/x')\n"
        "subprocess.run(['true', '-x'])\n"
    )
    text = asked(planned(tmp_path, program))
    path = tmp_path / "lookups.yaml"
    path.write_text(text)
    lookups = read_lookups(path)
    assert set(lookups.answers) == {
        "aws:index/getCallerIdentity:getCallerIdentity",
        "aws:ec2/getVpc:getVpc",
        "boto3:ssm.get_parameter",
        "command:true",
    }
    again = planned(tmp_path, program, lookups=lookups)
    assert again.failure is None and {one.outcome for one in again.invokes} == {"given"}, "its arguments do not match"
    assert asked(again) == ""


def test_a_command_that_nobody_answers_runs_as_ever(tmp_path: Path) -> None:
    program = (
        "import subprocess, pulumi\n"
        "pulumi.export('it', subprocess.run(['echo', 'it'], capture_output=True, text=True).stdout)\n"
    )
    plan = planned(tmp_path, program, lookups=Lookups())
    assert plan.outputs["it"] == "it\n"
    assert [note.subject for note in plan.notes] == ["echo"] and plan.invokes[0].outcome == "unanswered"


def test_a_given_command_fails_as_a_command_does(tmp_path: Path) -> None:
    program = (
        "import subprocess, pulumi\n"
        "try:\n"
        "    subprocess.check_output(['git', 'describe'], stderr=subprocess.STDOUT, text=True)\n"
        "except subprocess.CalledProcessError as error:\n"
        "    pulumi.export('it', [error.returncode, error.output])\n"
        "pulumi.export('code', subprocess.call(['git', 'describe']))\n"
    )
    given = {"command:git": {"result": {"stderr": "no names", "returncode": 128}}}
    plan = planned(tmp_path, program, lookups=make_lookups(given))
    assert plan.outputs == {"it": [128, "no names"], "code": 128}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("command:git: {result: {out: x}}", ["1:29", "has no `out`", "stdout: text"]),
        ("command:git: {result: {stdout: 3}}", ["`stdout` is text", "= 3"]),
        ("http:GET:\n  - result: {status: '200'}\n", ["2:22", "http:GET[0].result.status", "a whole number"]),
        ("boto3:sts.get_caller_identity:\n  result: 3\n", ["2:11", "needs a `result` mapping", "Account"]),
        ("boto3:s3.get_object: {error: NoSuchKey}", ["`code`", "ResourceNotFoundException"]),
        ("boto3:s3.get_object: {error: {code: A}, result: {}}", ["not both"]),
        (
            "aws:ec2/getAmi:getAmi: {results: {id: a}}",
            ["`arguments` and `result`, and nothing else", "Remove `results`"],
        ),
        ("a:b:c:\n  - result: {}\n    arguments: 3\n", ["3:16", "`arguments` is a mapping"]),
    ],
)
def test_a_wrong_lookups_file_is_refused_with_place_rule_and_remedy(text: str, told: list[str], tmp_path: Path) -> None:
    path = tmp_path / "lookups.yaml"
    path.write_text(text)
    with pytest.raises(RefusedError) as refused:
        read_lookups(path)
    for part in ("lookups.yaml has", *told):
        assert part in str(refused.value), f"the author is not told {part!r}:\n{refused.value}"


def test_every_problem_is_told_at_once() -> None:
    given: dict[str, Any] = json.loads('{"command:a": {"result": {"x": 1}}, "http:GET": {"result": {"y": 1}}}')
    with pytest.raises(RefusedError, match="2 problems"):
        make_lookups(given)
