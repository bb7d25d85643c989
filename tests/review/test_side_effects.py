"""What an addition or a setting does to what exists already: judged on the whole review."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dolmen.review.effects.model import EffectKind
from dolmen.review.fail_on import FailOn
from dolmen.review.report import words
from tests.review.small_programs import IMPORTS, WRONG_OBJECT, change, reviewed, stops, told, worst

SECRET = f'{IMPORTS}s = aws.secretsmanager.Secret("s", name="shop/uri")\n'
ARN = "arn:aws:iam::123456789012:role/"


def statement(effect: str, principal: str, action: str, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": {"AWS": f"{ARN}{principal}"}, "Action": action, "Resource": "*", **more}


def policy(*statements: dict[str, Any]) -> str:
    return f"json.dumps({{'Version': '2012-10-17', 'Statement': {list(statements)!r}}})"


READS = statement("Allow", "api", "secretsmanager:GetSecretValue")
READS_TOO = statement("Allow", "jobs", "secretsmanager:GetSecretValue")
DENIED = statement("Deny", "jobs", "secretsmanager:*")
TLS_ONLY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ((READS, READS_TOO), (READS,), f"{ARN}jobs"),
        ((READS, READS_TOO), (READS, READS_TOO, DENIED), "whatever else allows it"),
        (None, (READS, DENIED), "whatever else allows it"),
        ((READS, READS_TOO), (READS_TOO, READS), ""),
        ((READS,), (READS, READS_TOO), ""),
        (None, (READS, TLS_ONLY), ""),
    ],
)
def test_a_policy_that_cuts_readers_off_names_them(tmp_path: Path, before: Any, after: Any, word: str) -> None:
    def program(statements: Any) -> str:
        at = 'secret_arn="arn:aws:secretsmanager:eu-west-1:123456789012:secret:x"'
        return SECRET + (
            f'aws.secretsmanager.SecretPolicy("p", {at}, policy={policy(*statements)})' if statements else ""
        )

    report = reviewed(tmp_path, program(before), program(after))
    assert stops(report, FailOn.DOWNTIME) is bool(word)
    if word:
        assert word in told(report, "p") and "access is cut off" in words.verdict(report)


@pytest.mark.parametrize(
    ("type", "at"),
    [
        ("kms.KeyPolicy", 'key_id="11111111-1111-1111-1111-111111111111"'),
        ("sns.TopicPolicy", 'arn="arn:aws:sns:eu-west-1:123456789012:t"'),
        ("s3.BucketPolicy", 'bucket="shop-files"'),
        ("sqs.QueuePolicy", 'queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"'),
    ],
)
def test_a_denial_cuts_off_whoever_used_it(tmp_path: Path, type: str, at: str) -> None:
    head = f'{IMPORTS}aws.{type}("p", {at}, policy={policy(statement("Deny", "jobs", "*"))})'
    report = reviewed(tmp_path, IMPORTS, head)
    assert f"{ARN}jobs" in told(report, "p") and stops(report, FailOn.DOWNTIME)


def test_a_policy_that_is_not_known_yet_is_not_called_harmless(tmp_path: Path) -> None:
    made = 'aws.secretsmanager.SecretPolicy("p", secret_arn=s.arn, policy=s.arn.apply(lambda arn: json.dumps([arn])))'
    effect = worst(reviewed(tmp_path, SECRET, SECRET + made), "p")
    assert effect.downtime is None and not effect.certain, "nobody knows whom it cuts off"


def test_a_policy_about_what_is_new_cuts_nobody_off(tmp_path: Path) -> None:
    made = f'aws.secretsmanager.SecretPolicy("p", secret_arn=s.arn, policy={policy(DENIED)})'
    assert not stops(reviewed(tmp_path, IMPORTS, SECRET + made), FailOn.DOWNTIME)


ROTATION = 'aws.secretsmanager.SecretRotation("r", secret_id=s.id, rotation_lambda_arn="arn:aws:lambda:eu-west-1:123456789012:function:rotate", rotation_rules=dict(automatically_after_days={})'


def test_a_rotation_that_waits_changes_nothing_now(tmp_path: Path) -> None:
    report = reviewed(tmp_path, SECRET, SECRET + ROTATION.format(30) + ", rotate_immediately=False)")
    assert not stops(report, FailOn.DOWNTIME) and "Not rotated now" in told(report, "r")


def test_a_new_secret_has_no_reader_whom_its_rotation_could_lock_out(tmp_path: Path) -> None:
    assert not stops(reviewed(tmp_path, IMPORTS, SECRET + ROTATION.format(30) + ")"), FailOn.DOWNTIME)


def test_another_rhythm_rotates_at_once_too(tmp_path: Path) -> None:
    program = SECRET + ROTATION + ")"
    report = reviewed(tmp_path, program.format(30), program.format(7))
    assert "rotated at once" in told(report, "r") and stops(report, FailOn.DOWNTIME)


@pytest.mark.parametrize(
    ("base", "more", "name"),
    [
        (
            'aws.secretsmanager.SecretVersion("v", secret_id=s.id, secret_string="a")\n',
            'aws.secretsmanager.SecretVersion("w", secret_id=s.id, secret_string="b")\n',
            "w",
        ),
        (
            'g = aws.ec2.SecurityGroup("g", vpc_id="vpc-1", ingress=[dict(protocol="tcp", from_port=1, to_port=1, cidr_blocks=["10.0.0.0/8"])])\n',
            'aws.vpc.SecurityGroupIngressRule("w", security_group_id=g.id, ip_protocol="tcp", from_port=2, to_port=2, cidr_ipv4="10.0.0.0/8")\n',
            "w",
        ),
        (
            'g = aws.elasticache.UserGroup("g", user_group_id="g", engine="valkey", user_ids=["a"])\n',
            'aws.elasticache.UserGroupAssociation("w", user_group_id=g.user_group_id, user_id="b")\n',
            "w",
        ),
        (
            'r = aws.iam.Role("r", name="r", assume_role_policy="{}", managed_policy_arns=["arn:aws:iam::aws:policy/ReadOnlyAccess"])\n',
            'aws.iam.RolePolicyAttachment("w", role=r.name, policy_arn="arn:aws:iam::aws:policy/PowerUserAccess")\n',
            "w",
        ),
    ],
)
def test_a_second_writer_of_one_object_is_told_with_the_first(tmp_path: Path, base: str, more: str, name: str) -> None:
    report = reviewed(tmp_path, SECRET + base, SECRET + base + more)
    assert worst(report, name).kind is WRONG_OBJECT and stops(report, FailOn.DATA_LOSS)


@pytest.mark.parametrize(
    ("resource", "data_loss", "word"),
    [
        (
            'atlas.CloudBackupSnapshotRestoreJob("it", project_id="p", cluster_name="c", snapshot_id="s", delivery_type_config=dict(automated=True, target_cluster_name="c", target_project_id="p"))',
            True,
            "overwritten",
        ),
        (
            'atlas.ClusterOutageSimulation("it", project_id="p", cluster_name="c", outage_filters=[dict(cloud_provider="AWS", region_name="EU_WEST_1")])',
            False,
            "unreachable",
        ),
    ],
)
def test_what_acts_when_it_is_created_is_no_harmless_addition(
    tmp_path: Path, resource: str, data_loss: bool, word: str
) -> None:
    report = reviewed(tmp_path, IMPORTS, IMPORTS + resource)
    assert word in told(report, "it") and stops(report, FailOn.DOWNTIME)
    assert stops(report, FailOn.DATA_LOSS) is data_loss
    assert "nothing that exists is touched" not in words.verdict(report)


ALARM = 'aws.cloudwatch.MetricAlarm("a", comparison_operator="GreaterThanThreshold", evaluation_periods=1, metric_name="m", namespace="n", period=60, statistic="Sum", threshold=1{})\n'


@pytest.mark.parametrize("base", ["", ALARM.format("")])
def test_an_alarm_that_may_page_says_so(tmp_path: Path, base: str) -> None:
    report = reviewed(
        tmp_path, IMPORTS + base, IMPORTS + ALARM.format(', alarm_actions=["arn:aws:sns:eu-west-1:123456789012:pager"]')
    )
    assert "paged" in told(report, "a") or "change of state" in told(report, "a"), "somebody is woken up by surprise"
    assert not stops(report, FailOn.DOWNTIME)


def test_an_ingress_rule_that_goes_breaks_connections(tmp_path: Path) -> None:
    group = 'aws.ec2.SecurityGroup("g", vpc_id="vpc-1", ingress=[{}])\n'
    rule = 'dict(protocol="tcp", from_port=6379, to_port=6379, cidr_blocks=["{}"])'
    both, one = ", ".join(rule.format(c) for c in ("10.0.0.0/8", "10.1.0.0/16")), rule.format("10.0.0.0/8")
    report = reviewed(tmp_path, IMPORTS + group.format(both), IMPORTS + group.format(one))
    assert stops(report, FailOn.DOWNTIME)


# ---- settings of providers


def stack(**settings: Any) -> str:
    written = {"aws:region": "eu-west-1", **{f"aws:{name}": value for name, value in settings.items()}}
    return "config:\n" + "".join(f"  {key}: {json.dumps(value)}\n" for key, value in written.items())


ROLES = {who: [{"roleArn": f"arn:aws:iam::{who}:role/deploy"}] for who in ("111111111111", "222222222222")}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ({"assumeRoles": ROLES["111111111111"]}, {"assumeRoles": ROLES["222222222222"]}, WRONG_OBJECT),
        ({"allowedAccountIds": ["111111111111"]}, {"allowedAccountIds": ["222222222222"]}, WRONG_OBJECT),
        ({"profile": "a"}, {"profile": "b"}, EffectKind.UNKNOWN),
        ({}, {"defaultTags": {"tags": {"a": "b"}}}, EffectKind.IN_PLACE),
    ],
)
def test_settings_of_the_stack_file_are_judged(tmp_path: Path, before: Any, after: Any, kind: EffectKind) -> None:
    report = reviewed(tmp_path, SECRET, SECRET, stack(**before), stack(**after))
    assert worst(report, "default").kind is kind and "`s`" in told(report, "default")
    assert stops(report, FailOn.DOWNTIME) is (kind is WRONG_OBJECT)


def test_an_explicit_provider_says_which_resources_it_reaches(tmp_path: Path) -> None:
    program = (
        IMPORTS
        + 'p = aws.Provider("p", region="eu-west-1", default_tags=dict(tags=dict(a="{}")))\n'
        + 'aws.secretsmanager.Secret("s", name="s", opts=pulumi.ResourceOptions(provider=p))\n'
        + 'aws.secretsmanager.Secret("t", name="t")\n'
    )
    report = reviewed(tmp_path, program.replace("{}", "b"), program.replace("{}", "c"))
    assert "`s`" in told(report, "p") and "`t`" not in told(report, "p")


@pytest.mark.parametrize(
    ("written", "read"), [("012345670123", "1402433619"), ("0123", "83"), ("[1, 0899]", "899"), ("{ a: 007 }", "7")]
)
def test_a_number_that_loses_its_zero_is_found_with_its_line(tmp_path: Path, written: str, read: str) -> None:
    report = reviewed(tmp_path, SECRET, SECRET, stack(), f"{stack()}  small:x: {written}\n")
    (finding,) = (one for one in report.stacks[0].findings if one.id == "leading-zero")
    assert f"is read as {read}." in finding.message and finding.position is not None and finding.position.line == 3


@pytest.mark.parametrize("written", ['"0123"', "0", "0.5", "10", "1.05", "2026-01-01", "0x10"])
def test_a_value_that_keeps_its_zero_is_no_finding(tmp_path: Path, written: str) -> None:
    report = reviewed(tmp_path, SECRET, SECRET, stack(), f"{stack()}  small:x: {written}\n")
    assert not [one for one in report.stacks[0].findings if one.id == "leading-zero"]


def test_what_the_base_logs_too_is_marked(tmp_path: Path) -> None:
    log = 'pulumi.log.warn("old")\n'
    found = reviewed(tmp_path, SECRET + log, SECRET + log + 'pulumi.log.info("new")\n').stacks[0].findings
    assert {one.message: one.in_base for one in found} == {"old": True, "new": False}


def test_created_alone_is_still_harmless(tmp_path: Path) -> None:
    report = reviewed(tmp_path, IMPORTS, SECRET)
    assert worst(report, "s").kind is EffectKind.CREATED and not change(report, "s").blocked
