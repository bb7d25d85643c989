"""Two stacks of one repository never claim the same name, range or route."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine import evaluate
from dolmen.engine.project import read_project
from dolmen.review import formats
from dolmen.review.across.findings import claimed_twice
from dolmen.review.command import review
from dolmen.review.report.findings import Finding
from dolmen.review.report.plans import plans
from dolmen.review.sides.base import base_commit
from tests.review.small_programs import IMPORTS
from tests.review.test_base import commit, run

ROOT = Path(__file__).parents[2]
START = IMPORTS + "config = pulumi.Config()\n"
SECRET = START + 'aws.secretsmanager.Secret("s", name=config.require("name"))\n'
ROLE = START + 'aws.iam.Role("r", name=config.require("name"), assume_role_policy="{}")\n'
BUCKET = START + 'aws.s3.Bucket("b", bucket=config.require("name"))\n'
PROJECT = START + 'atlas.Project("p", name=config.require("name"), org_id="5f0000000000000000000001")\n'
ROUTE = (
    START
    + 'aws.ec2.Route("r", route_table_id="rtb-1", destination_cidr_block=config.require("name"), vpc_peering_connection_id="pcx-1")\n'
)
SUBNET = START + 'aws.ec2.Subnet("n", vpc_id="vpc-1", cidr_block=config.require("name"))\n'
VPC = START + 'aws.ec2.Vpc("v", cidr_block=config.require("name"))\n'
PEERING = (
    START
    + 'c = atlas.NetworkContainer("c", project_id=atlas.Project("p", name=pulumi.get_stack(), org_id="o").id, atlas_cidr_block=config.require("name"), provider_name="AWS", region_name="EU_WEST_1")\n'
    + 'atlas.NetworkPeering("p", project_id=c.project_id, container_id=c.container_id, provider_name="AWS", accepter_region_name="eu-west-1", aws_account_id="111122223333", vpc_id="vpc-1", route_table_cidr_block="10.0.0.0/16")\n'
)


def project(folder: Path, program: str, *stacks: dict[str, Any]) -> Path:
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (folder / "__main__.py").write_text(program)
    for number, settings in enumerate(stacks):
        written = {"aws:region": "eu-west-1", "small:name": "one", **settings}
        text = "config:\n" + "".join(f"  {key}: {value}\n" for key, value in written.items() if value)
        (folder / f"Pulumi.s{number}.yaml").write_text(text)
    return folder


def found(folder: Path) -> tuple[Finding, ...]:
    names = sorted(file.name.split(".")[1] for file in folder.glob("Pulumi.s*.yaml"))
    planned = evaluate(folder, names)
    assert all(plan.failure is None for plan in planned), [plan.failure for plan in planned]
    return claimed_twice(planned)


def account(*numbers: str) -> dict[str, str]:
    return {"aws:allowedAccountIds": "[" + ", ".join(f'"{one}"' for one in numbers) + "]"}


def role(number: str) -> dict[str, str]:
    return {"aws:assumeRoles": f'[{{ roleArn: "arn:aws:iam::{number}:role/r" }}]'}


A, B = "111122223333", "444455556666"
ELSEWHERE = {"aws:region": "us-east-1"}


@pytest.mark.parametrize(
    ("program", "one", "other"),
    [
        (SECRET, {}, {}),
        (SECRET, account(A), {}),
        (SECRET, account(A), account(A, B)),
        (SECRET, {"aws:profile": "a"}, {"aws:profile": "b"}),
        (SECRET, {"aws:region": ""}, {}),
        (ROLE, {}, ELSEWHERE),
        (BUCKET, account(A), {**account(B), **ELSEWHERE}),
        (PROJECT, account(A), account(B)),
        (ROUTE, {"small:name": "10.0.0.0/16"}, {"small:name": "10.0.0.0/16"}),
        (SUBNET, {"small:name": "10.0.0.0/20"}, {"small:name": "10.0.8.0/24"}),
        (VPC, {"small:name": "10.0.0.0/16"}, {"small:name": "10.0.0.0/16"}),
        (PEERING, {"small:name": "192.168.0.0/21"}, {"small:name": "192.168.4.0/22"}),
    ],
)
def test_the_same_claimed_by_two_stacks_is_an_error(tmp_path: Path, program: str, one: Any, other: Any) -> None:
    (finding,) = found(project(tmp_path, program, one, other))
    assert finding.stops and "s0" in finding.title and "s1" in finding.title, "the second deployment finds it out"
    assert "aws:allowedAccountIds" in finding.remedy and finding.position is not None


@pytest.mark.parametrize(
    ("program", "one", "other"),
    [
        (SECRET, {}, {"small:name": "two"}),
        (SECRET, account(A), account(B)),
        (SECRET, role(A), role(B)),
        (SECRET, role(A), account(B)),
        (SECRET, {}, ELSEWHERE),
        (SECRET, {"aws:endpoints": "[{ sts: 'http://localhost:4566' }]"}, {}),
        (ROLE, account(A), account(B)),
        (ROUTE, {"small:name": "10.0.0.0/16"}, {"small:name": "10.0.0.0/17"}),
        (SUBNET, {"small:name": "10.0.0.0/20"}, {"small:name": "10.0.16.0/20"}),
        (VPC, {"small:name": "10.0.0.0/16", **account(A)}, {"small:name": "10.0.0.0/16", **account(B)}),
        (PEERING, {"small:name": "192.168.0.0/21"}, {"small:name": "192.168.8.0/21"}),
    ],
)
def test_what_is_apart_is_no_error(tmp_path: Path, program: str, one: Any, other: Any) -> None:
    assert found(project(tmp_path, program, one, other)) == (), "a plan stops for nothing"


def test_what_is_made_up_or_known_later_collides_with_nothing(tmp_path: Path) -> None:
    program = START + (
        'aws.secretsmanager.Secret("s", name=pulumi.Output.concat("x-", random.RandomPet("p").id))\n'
        'aws.s3.Bucket("b", bucket=f"logs-{aws.get_caller_identity().account_id}")\n'
        'aws.secretsmanager.Secret("t")\n'
    )
    assert found(project(tmp_path, program, {}, {})) == ()


def test_each_pair_of_stacks_is_told_once(tmp_path: Path) -> None:
    program = SECRET + "".join(f'aws.sns.Topic("t{n}", name="t{n}")\n' for n in range(9))
    (finding,) = found(project(tmp_path, program, {}, {}))
    assert "and 5 more" in finding.message, "forty lines say what one does"


def planned(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dolmen", "plan", "-C", str(folder), *more],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_a_plan_ends_with_an_error(tmp_path: Path) -> None:
    folder = project(tmp_path, SECRET, {}, {})
    ran = planned(folder)
    assert ran.returncode == 1, "a pipeline goes on to deploy the second stack"
    assert "Secret one" in ran.stderr and "claim the same" in ran.stdout
    assert planned(folder, "s0").returncode == 0, "a run of one stack can only judge that one"


@pytest.mark.parametrize("form", ["terminal", "markdown", "html", "json", "sarif", "junit"])
def test_every_format_of_a_plan_says_it(tmp_path: Path, form: str) -> None:
    from io import StringIO

    folder, stream = project(tmp_path, SECRET, {}, {}), StringIO()
    document = plans(read_project(folder), evaluate(folder, ["s0", "s1"]), 0.0)
    formats.load(form).plans(document, stream)
    assert "claim" in stream.getvalue() and "Secret one" in " ".join(stream.getvalue().split())


@pytest.mark.parametrize("form", ["terminal", "markdown", "html", "json", "sarif", "junit"])
def test_a_review_says_whether_the_change_brings_it(tmp_path: Path, form: str) -> None:
    folder = project(tmp_path, SECRET, {}, {"small:name": "two"})
    run(folder, "git", "init", "-q", "-b", "main")
    commit(folder, "base")
    project(folder, SECRET, {}, {})
    document = review(read_project(folder), None, base_commit(folder, "HEAD"))
    (finding,) = (one for one in document.findings if one.id == "claimed-twice")
    assert finding.in_base is False and "Secret one" in " ".join(formats.text(document, form).split())
    assert planned(folder, "--base", "HEAD").returncode == 1 if form == "json" else True


def test_the_shipped_stacks_and_the_template_claim_nothing_twice() -> None:
    assert claimed_twice(evaluate(ROOT, ["development", "production", "staging"])) == ()
