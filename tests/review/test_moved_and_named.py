"""One object under two URNs, a new object with the old one's name, and two resources for one object."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dolmen.review.diff.changes import Operation
from dolmen.review.effects.model import EffectKind
from dolmen.review.fail_on import FailOn
from dolmen.review.formats.parts.review_json import review_json
from dolmen.review.gate import compare
from dolmen.review.report import words
from tests.review.small_programs import FAILS, IMPORTS, WRONG_OBJECT, change, reviewed, stops, told, worst

COMPONENT = (
    IMPORTS
    + """
class Shop(pulumi.ComponentResource):
    def __init__(self, name, type="acme:index:Shop", opts=None):
        super().__init__(type, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        random.RandomPassword(name + "-password", length=24, opts=child)
        aws.secretsmanager.Secret(name + "-secret", name="shop/uri", opts=child)

def user(name, opts=None):
    aws.elasticache.User(name, user_id="shop", user_name="shop", engine="valkey", access_string="on ~* +@all",
        passwords=["abcdefghijklmnop1"], opts=opts)

class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("acme:index:Group", name, None, opts)
"""
)
MOVES = [
    ('Shop("shop")', 'Shop("store")', "store-secret", FAILS, 'name="shop"', "ResourceExistsException"),
    (
        'Shop("shop")',
        'Shop("shop", type="acme:index:Store")',
        "shop-secret",
        FAILS,
        'type_="acme:index:Shop"',
        "ResourceExistsException",
    ),
    (
        'Shop("shop")',
        'Shop("store")',
        "store-password",
        EffectKind.REPLACE_CREATE_FIRST,
        'name="shop"',
        "makes it anew",
    ),
    ('user("u")', 'user("user")', "user", FAILS, 'name="u"', "UserAlreadyExists"),
    (
        'user("u")',
        'user("u", pulumi.ResourceOptions(parent=Group("g")))',
        "u",
        FAILS,
        "parent=pulumi.ROOT_STACK_RESOURCE",
        "UserAlreadyExists",
    ),
    (
        'user("u", pulumi.ResourceOptions(parent=Group("g")))',
        'Group("g")\nuser("v")',
        "v",
        FAILS,
        'name="u", parent="urn:pulumi:dev::small::acme:index:Group::g"',
        "UserAlreadyExists",
    ),
    (
        'aws.iam.RolePolicyAttachment("a", role="shop", policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess")',
        'aws.iam.RolePolicyAttachment("b", role="shop", policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess")',
        "b",
        WRONG_OBJECT,
        'name="a"',
        "takes the one object away",
    ),
    ('aws.sqs.Queue("a", name="jobs")', 'aws.sqs.Queue("b", name="jobs")', "b", WRONG_OBJECT, 'name="a"', "overwrites"),
    (
        'aws.dynamodb.Table("a", name="t", hash_key="id", attributes=[{"name": "id", "type": "S"}])',
        'aws.dynamodb.Table("b", name="t", hash_key="id", attributes=[{"name": "id", "type": "S"}])',
        "b",
        FAILS,
        'name="a"',
        "ResourceInUseException",
    ),
]


@pytest.mark.parametrize(("base", "head", "name", "kind", "alias", "word"), MOVES)
def test_what_moves_without_an_alias_is_one_finding_with_the_alias_to_write(
    tmp_path: Path, base: str, head: str, name: str, kind: EffectKind, alias: str, word: str
) -> None:
    report = reviewed(tmp_path, COMPONENT + base, COMPONENT + head)
    found = change(report, name)
    assert found.moved and found.old is not None and worst(report, name).kind is kind
    assert f"aliases=[pulumi.Alias({alias})]" in told(report, name) and word in told(report, name)
    old = [one for one in report.stacks[0].managed if one.operation is Operation.DELETE]
    assert not old, "one thing is told as two"


@pytest.mark.parametrize(
    ("base", "head", "at"),
    [
        ('Shop("shop")', 'Shop("store"{})', ", opts=pulumi.ResourceOptions({})"),
        ('Shop("shop")', 'Shop("shop", type="acme:index:Store"{})', ", opts=pulumi.ResourceOptions({})"),
        ('user("u")', 'user("user"{})', ", pulumi.ResourceOptions({})"),
        ('user("u")', 'user("u", pulumi.ResourceOptions(parent=Group("g"){}))', ", {}"),
        (
            'user("u", pulumi.ResourceOptions(parent=Group("g")))',
            'Group("g")\nuser("v"{})',
            ", pulumi.ResourceOptions({})",
        ),
    ],
)
def test_with_the_alias_that_the_report_spells_out_nothing_changes(
    tmp_path: Path, base: str, head: str, at: str
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    report = reviewed(tmp_path / "a", COMPONENT + base, COMPONENT + head.format(""))
    safe = next(one.worst.safe_path for one in report.stacks[0].managed if one.moved and one.worst)
    alias = re.search(r"aliases=\[.*\]\)?(?=\))", safe)
    assert alias is not None, safe
    again = reviewed(tmp_path / "b", COMPONENT + base, COMPONENT + head.format(at.format(alias.group())))
    changed = [(one.name, one.operation) for one in again.stacks[0].managed]
    assert changed == [], "whoever follows the report loses what it promised to keep"


def test_a_gate_lets_the_creation_and_the_deletion_of_a_reviewed_move_through(tmp_path: Path) -> None:
    report = reviewed(tmp_path, f'{COMPONENT}user("u")', f'{COMPONENT}user("user")')
    written = json.loads(json.dumps(review_json(report)))
    moved = change(report, "user")
    assert moved.old is not None and moved.new is not None
    inputs = dict(moved.new.inputs)
    steps = [
        {"op": "create", "urn": moved.urn, "newState": {"inputs": inputs}},
        {"op": "delete", "urn": moved.old.urn, "oldState": {"inputs": inputs}},
    ]
    assert compare(written, {"steps": steps}).more == ()
    assert compare(written, {"steps": [{"op": "delete", "urn": moved.urn}]}).more, "another deletion went through"


@pytest.mark.parametrize(
    ("base", "head"),
    [
        # Other names are other objects.
        (
            'aws.sqs.Queue("a", name="jobs")',
            'aws.sqs.Queue("b", name="mails")',
        ),
        # Two that read alike: nobody knows which is which.
        (
            'random.RandomPassword("a", length=24)',
            'random.RandomPassword("b", length=24)\nrandom.RandomPassword("c", length=24)',
        ),
    ],
)
def test_what_is_another_object_is_not_taken_for_a_move(tmp_path: Path, base: str, head: str) -> None:
    found = reviewed(tmp_path, IMPORTS + base, IMPORTS + head).stacks[0].managed
    assert not any(one.moved for one in found)


PROJECT = "64b0f0f0f0f0f0f0f0f0f0f0"


@pytest.mark.parametrize(
    ("resource", "before", "after", "kind", "word"),
    [
        (
            'aws.eks.PodIdentityAssociation("it", cluster_name="c", namespace="n", service_account="s", role_arn="arn:aws:iam::123456789012:role/{}", opts=pulumi.ResourceOptions(replace_on_changes=["roleArn"]))',
            "a",
            "b",
            FAILS,
            "ResourceInUseException",
        ),
        (
            f'atlas.DatabaseUser("it", project_id="{PROJECT}", username="u", auth_database_name="admin", password="p", description="{{}}", roles=[dict(role_name="read", database_name="d")], opts=pulumi.ResourceOptions(replace_on_changes=["description"]))',
            "a",
            "b",
            FAILS,
            "409",
        ),
        (
            'aws.secretsmanager.Secret("it", name="s", description="{}", opts=pulumi.ResourceOptions(replace_on_changes=["description"]))',
            "a",
            "b",
            FAILS,
            "recovery window",
        ),
        (
            'aws.kms.Alias("it", name="alias/a", target_key_id="{}", opts=pulumi.ResourceOptions(replace_on_changes=["targetKeyId"], delete_before_replace=False))',
            "11111111-1111-1111-1111-111111111111",
            "22222222-2222-2222-2222-222222222222",
            FAILS,
            "AlreadyExistsException",
        ),
        (
            'aws.cloudwatch.Dashboard("it", dashboard_name="d", dashboard_body=\'{{"start": "-P{}D"}}\', opts=pulumi.ResourceOptions(replace_on_changes=["dashboardBody"]))',
            "1",
            "2",
            WRONG_OBJECT,
            "takes both away",
        ),
    ],
)
def test_a_replacement_that_keeps_the_name_runs_into_the_old_object(
    tmp_path: Path, resource: str, before: str, after: str, kind: EffectKind, word: str
) -> None:
    report = reviewed(tmp_path, IMPORTS + resource.format(before), IMPORTS + resource.format(after))
    kinds = [one.kind for one in change(report, "it").effects]
    assert kind in kinds and word in told(report, "it"), kinds
    assert stops(report, FailOn.DATA_LOSS)


def test_a_replacement_that_deletes_first_finds_the_name_free(tmp_path: Path) -> None:
    program = 'aws.elasticache.User("it", user_id="u", user_name="{}", engine="valkey", access_string="on ~* +@all", passwords=["abcdefghijklmnop1"], opts=pulumi.ResourceOptions(delete_before_replace=True))'
    report = reviewed(tmp_path, IMPORTS + program.format("a"), IMPORTS + program.format("b"))
    assert worst(report, "it").kind is EffectKind.REPLACE_DELETE_FIRST


def test_a_second_resource_for_one_object_is_refused_or_fights_with_the_first(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    user = 'aws.elasticache.User("{}", user_id="u", user_name="u", engine="valkey", access_string="on ~* +@all", passwords=["abcdefghijklmnop1"])\n'
    report = reviewed(tmp_path / "a", IMPORTS + user.format("a"), IMPORTS + user.format("a") + user.format("b"))
    assert worst(report, "b").kind is FAILS and "`a`" in told(report, "b")
    (tmp_path / "b").mkdir()
    alarm = 'aws.cloudwatch.LogResourcePolicy("{}", policy_name="p", policy_document="{{}}")\n'
    report = reviewed(tmp_path / "b", IMPORTS + alarm.format("a"), IMPORTS + alarm.format("a") + alarm.format("b"))
    assert worst(report, "b").kind is WRONG_OBJECT and "`a`" in told(report, "b")
    assert "wrong object" in words.verdict(report)
