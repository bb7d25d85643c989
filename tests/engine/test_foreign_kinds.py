"""What stopped or misled the plans of other people's programs, kind by kind."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine import Plan, evaluate
from dolmen.engine.plan import FailureKind, Placeholder, Secret
from tests.engine.test_assumed_paths import planned

PROGRAMS = Path(__file__).parent.parent / "programs"
ACCOUNT = "aws:index/getCallerIdentity:getCallerIdentity.accountId"


@functools.cache
def plan_of(name: str) -> Plan:
    plan = evaluate(PROGRAMS / name, ["dev"])[0]
    assert plan.failure is None, plan.failure
    return plan


def kept(name: str, resource: str) -> Any:
    """What a resource of a program keeps: its `keepers`."""
    (found,) = (one for one in plan_of(name) if one.name == resource)
    return found.inputs["keepers"]


def unmarked(keepers: Any) -> list[str]:
    return sorted(name for name, value in keepers.items() if "‹" not in str(value) and not isinstance(value, Secret))


def test_a_made_up_text_keeps_its_mark_in_every_encoding() -> None:
    keepers = kept("encodes", "texts")
    assert unmarked(keepers) == ["plain", "plain query"], "an encoded placeholder would be compared as a value"
    assert keepers["quoted"] == f"arn%3Aaws%3Aiam%3A%3A‹{ACCOUNT}›%3Arole%2Fdeploy", "a mark is read, not decoded"
    assert str(keepers["header"]).startswith("Basic ‹base64 of ") and "‹base64 of " in str(keepers["after a slash"])
    assert keepers["capitals"] != keepers["beginning"] != keepers["cut"], "what was made of a value is another value"


def test_what_is_encoded_beside_a_placeholder_is_compared(tmp_path: Path) -> None:
    program = (
        "import base64, pulumi, pulumi_aws as aws\n"
        "text = f'{aws.get_caller_identity().account_id} and '\n"
        "for end in ('this', 'that'):\n"
        "    pulumi.export(end, base64.b64encode((text + end).encode()).decode())\n"
    )
    outputs = planned(tmp_path, program).outputs
    assert outputs["this"] != outputs["that"], "a change of a script would be no change"


def test_a_placeholder_is_no_index(tmp_path: Path) -> None:
    program = "import pulumi_aws as aws\nprint([1, 2][aws.get_caller_identity().account_id])\n"
    failure = planned(tmp_path, program).failure
    assert failure is not None and "list indices must be integers" in failure.message, "a text is no number"
    assert str(failure.position) == "__main__.py:2"


def test_each_made_up_network_is_split_within_a_range_of_its_own() -> None:
    plan = plan_of("splits_networks")
    assert len([one for one in plan if one.name[0] in "ab" and one.type.endswith("Pet")]) == 6
    label = "aws:ec2/getVpc:getVpc(id: vpc-{}).cidrBlock, subnet {} of /24"
    for name in ("a", "b"):
        for index in range(3):
            keepers = kept("splits_networks", f"{name}-{index}")
            assert keepers["range"] == Placeholder(label.format(name, index)), "a range that nobody chose"
            assert unmarked(keepers) == [] and keepers["range"] == keepers["again"]
    assert kept("splits_networks", "own") == {"ranges": "10.9.0.0/17,10.9.128.0/17"}, "a program's own stay"


def test_an_ipv6_network_is_one(tmp_path: Path) -> None:
    program = (
        "import ipaddress, pulumi\n"
        "found = ipaddress.ip_network(pulumi.Config().require('ipv6Cidr'))\n"
        "pulumi.export('it', [found.version, str(next(iter(found.subnets(new_prefix=64))))])\n"
    )
    version, subnet = planned(tmp_path, program).outputs["it"]  # pyright: ignore[reportGeneralTypeIssues]
    assert version == 6 and subnet == Placeholder("config t:ipv6Cidr, subnet 0 of /64")


def test_numbers_and_booleans_and_what_is_reckoned_from_them_are_marked() -> None:
    keepers = kept("counts", "numbers")
    assert unmarked(keepers) == ["plain"], "a number that nobody chose would be compared as one"
    (password,) = (one for one in plan_of("counts") if one.name == "password")
    assert password.inputs["special"] == Placeholder("config counts:enabled"), "a no that nobody said"


def test_a_made_up_object_stays_one_through_outputs() -> None:
    keepers = kept("keeps_objects", "fields")
    cidr = Placeholder("config keeps-objects:settings.network.cidr")
    for name in ("direct", "output", "nested", "listed", "copied"):
        assert keepers[name] == cidr, f"{name}: the field of the object was lost on its way"
    assert isinstance(keepers["secret"], Secret) and unmarked(keepers) == ["plain"]


def test_arguments_of_a_lookup_come_back_in_the_types_of_its_result() -> None:
    assert kept("coerces", "types") == {"vpc": "true", "subnet": "false", "id": "vpc-a"}


def test_placeholders_are_written_as_yaml() -> None:
    assert f"account: ‹{ACCOUNT}›" in kept("writes_yaml", "values")["values"]
    assert f"account: ‹{ACCOUNT}›" in kept("writes_yaml", "dumped")["values"]


def test_resources_of_a_chart_are_placeholders() -> None:
    assert unmarked(kept("takes_from_a_chart", "answers")) == []
    (chart,) = (one for one in plan_of("takes_from_a_chart") if one.name == "web")
    (answers,) = (one for one in plan_of("takes_from_a_chart") if one.name == "answers")
    assert answers.dependencies == (chart.urn,), "what depends on a resource of a chart depends on the chart"


def test_boto3_is_answered_by_its_own_shapes_and_listed_as_assumed() -> None:
    plan = plan_of("asks_aws")
    assert unmarked(kept("asks_aws", "answers")) == ["plain"]
    assert {note.subject for note in plan.notes if note.kind == "assumed"} == {
        "boto3:sts.get_caller_identity",
        "boto3:ssm.get_parameter",
        "boto3:ssm.get_parameters_by_path",
    }
    assert [(one.token, one.outcome, dict(one.arguments)) for one in plan.invokes] == [
        ("boto3:sts.get_caller_identity", "assumed", {}),
        ("boto3:ssm.get_parameter", "assumed", {"Name": "/image"}),
        ("boto3:ssm.get_parameters_by_path", "assumed", {"Path": "/all"}),
    ]
    assert str(plan.invokes[0].source) == "__main__.py:11", "where it is asked"


def test_boto3_needs_no_credentials_region_or_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    plan = plan_of("asks_aws_without_anything")
    assert unmarked(kept("asks_aws_without_anything", "answers")) == []
    assert plan.outputs["refused"] is True, "botocore refuses wrong arguments as ever"
    warned = {note.subject for note in plan.notes if note.kind == "warning"}
    assert warned == {"boto3:events.put_events"}, "a call that would change something at every plan is said"
    assert not [note for note in plan.notes if note.kind == "not-analysed"], "something reached for the network"


def test_a_program_without_boto3_does_not_pay_for_it(tmp_path: Path) -> None:
    program = "import sys, pulumi\npulumi.export('it', [name for name in sys.modules if name.startswith('boto')])\n"
    assert planned(tmp_path, program).outputs["it"] == []


def test_a_key_that_the_stacks_file_lacks_is_a_failure_and_one_without_a_file_a_placeholder(tmp_path: Path) -> None:
    program = (PROGRAMS / "lacks_a_key" / "__main__.py").read_text()
    assert planned(tmp_path, program).failure is None, "a stack that has no file yet is planned with placeholders"
    failure = planned(tmp_path, program, "config:\n  small:length: 2\n").failure
    assert failure is not None and failure.kind is FailureKind.REFUSED
    assert failure.message.startswith("Missing required configuration variable 'small:prefix'")
    assert "pulumi config set small:prefix <value>" in failure.message and str(failure.position) == "__main__.py:7"


def test_a_key_that_an_environment_may_have_is_no_failure(tmp_path: Path) -> None:
    program = (PROGRAMS / "lacks_a_key" / "__main__.py").read_text()
    plan = planned(tmp_path, program, "environment: [shared]\nconfig:\n  small:length: 2\n")
    assert plan.failure is None, "Pulumi takes the key from the environment, which an offline plan cannot open"


def test_a_program_that_fails_while_configuration_is_missing_leads_with_that(tmp_path: Path) -> None:
    failure = evaluate(PROGRAMS / "fails_for_want_of_a_key", ["dev"])[0].failure
    assert failure is not None and str(failure.position) == "__main__.py:6"
    first, *rest = failure.message.splitlines()
    assert (
        first.startswith("The program requires configuration that the stack dev has not:")
        and "`pulumi config set fails-for-want-of-a-key:size <value>`" in first
    )
    assert "KeyError: '‹config fails-for-want-of-a-key:size›'" in rest[-1]
    program = "import pulumi\npulumi.Config().require_secret('key')\n{}['a']\n"
    failure = planned(tmp_path, program).failure
    assert failure is not None and "`pulumi config set --secret t:key <value>`" in failure.message
    program = "import pulumi\nprint(pulumi.Config().get('size').upper())\n"
    failure = planned(tmp_path, program, "config:\n  t:other: a\n").failure
    assert failure is not None and failure.message.startswith("The program asked for configuration that is not set:")
