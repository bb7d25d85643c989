"""A section of its own says who may do what, before and after; what only reads otherwise is not in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dolmen.engine import evaluate
from dolmen.knowledge.access import access_inputs
from dolmen.review import formats
from dolmen.review.access.grants import Grant, covers
from dolmen.review.access.lines import AccessLine, AccessState
from dolmen.review.effects.harm import harms
from dolmen.review.report import words
from dolmen.review.report.build import Pair, stack_review
from dolmen.review.report.model import Review
from tests.review.small_programs import IMPORTS, STACK, reviewed

START = IMPORTS + "def doc(*s): return json.dumps(dict(Version='2012-10-17', Statement=list(s)))\n"
ROOT = Path(__file__).parents[2]
ACCOUNT = "arn:aws:iam::123456789012"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a"
WIDER, NARROWER, UNKNOWN = AccessState.WIDER, AccessState.NARROWER, AccessState.UNKNOWN


def lines(report: Review) -> list[AccessLine]:
    assert report.stacks[0].failure is None, report.stacks[0].failure
    return [line for one in report.stacks[0].access for line in one.lines]


def told(folder: Path, before: str, after: str) -> list[tuple[AccessState, str]]:
    return [(one.state, one.text) for one in lines(reviewed(folder, START + before, START + after))]


def role_policy(*statements: str) -> str:
    return f'aws.iam.RolePolicy("p", role="chat-app", policy=doc({", ".join(statements)}))\n'


def allow(action: str, resource: str, more: str = "") -> str:
    return f"dict(Effect='Allow', Action={action}, Resource={resource}{more})"


READS = allow("'secretsmanager:GetSecretValue'", f"'{SECRET}'")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            role_policy(READS),
            role_policy(READS, allow("'s3:*'", "'*'")),
            [(WIDER, "role chat-app may call s3:* on everything: new")],
        ),
        (
            role_policy(READS, allow("'sns:Publish'", "'arn:aws:sns:eu-west-1:123456789012:t'")),
            role_policy(READS),
            [(NARROWER, "role chat-app may no longer call sns:Publish on arn:aws:sns:eu-west-1:123456789012:t")],
        ),
        (
            role_policy(allow("'s3:*'", "'*'")),
            role_policy(allow("'s3:GetObject'", "'arn:aws:s3:::b/*'")),
            [(NARROWER, "role chat-app may no longer call s3:* on everything")],
        ),
        (
            role_policy(READS, "dict(Effect='Deny', Action='kms:*', Resource='*')"),
            role_policy(READS),
            [(WIDER, "role chat-app is no longer denied to call kms:* on everything")],
        ),
        (
            role_policy(READS),
            role_policy(READS, "dict(Effect='Allow', NotAction=['iam:*', 'kms:*'], Resource='*')"),
            [(WIDER, "role chat-app may call all but iam:*, kms:* on everything: new")],
        ),
        (
            role_policy(allow("'s3:GetObject'", "'*'", ", Condition=dict(StringEquals={'aws:SourceVpc': 'vpc-1'})")),
            role_policy(allow("'s3:GetObject'", "'*'")),
            [
                (
                    WIDER,
                    "role chat-app may call s3:GetObject on everything: new (before only if aws:SourceVpc StringEquals vpc-1)",
                )
            ],
        ),
    ],
)
def test_a_changed_policy_says_who_gains_and_who_loses(
    tmp_path: Path, before: str, after: str, expected: list[tuple[AccessState, str]]
) -> None:
    assert told(tmp_path, before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (READS, allow("['secretsmanager:GetSecretValue']", f"['{SECRET}']")),
        (f"{READS}, {allow(repr('a:B'), repr('*'))}", f"{allow(repr('a:B'), repr('*'))}, {READS}"),
        (READS, f"dict(Sid='Reads', Effect='Allow', Resource='{SECRET}', Action='SecretsManager:getSecretValue')"),
        (allow("['a:B', 'c:D']", "'*'"), f"{allow(repr('a:B'), repr('*'))}, {allow(repr('c:D'), repr('*'))}"),
        (
            allow("'a:B'", "'*'", ", Condition=dict(StringEquals={'x:y': 'z'})"),
            allow("'a:B'", "'*'", ", Condition=dict(StringEquals={'x:y': ['z']})"),
        ),
    ],
)
def test_another_spelling_of_the_same_is_no_change_of_rights(tmp_path: Path, before: str, after: str) -> None:
    assert told(tmp_path, role_policy(before), role_policy(after)) == [], (
        "a reviewer reads of rights that nobody gained"
    )


def test_an_account_is_its_root(tmp_path: Path) -> None:
    key = "aws.kms.KeyPolicy('k', key_id='k', policy=doc(dict(Effect='Allow', Action='kms:*', Resource='*', Principal={}))) \n"
    number, root = "{'AWS': '123456789012'}", f"{{'AWS': ['{ACCOUNT}:root']}}"
    assert told(tmp_path, key.replace("{}", number), key.replace("{}", root)) == []


ROLE = (
    'aws.iam.Role("r", name="r", assume_role_policy=doc(dict(Effect="Allow", Action="sts:AssumeRole", Principal={})))\n'
)
GROUP = 'g = aws.ec2.SecurityGroup("g", name="g", vpc_id="vpc-1", ingress=[dict(protocol="tcp", from_port=6379, to_port=6379, {})])\n'
RULE = 'aws.vpc.SecurityGroupIngressRule("i", security_group_id="sg-1", ip_protocol="tcp", from_port={}, to_port=6379, cidr_ipv4="10.0.0.0/16")\n'
USER = 'atlas.DatabaseUser("u", username="app", project_id="p", auth_database_name="admin", roles=[dict(role_name="{}", database_name="chat")], scopes={})\n'
CACHE = 'aws.elasticache.User("c", user_id="c", user_name="chat", engine="valkey", access_string="{}", passwords=["x" * 20])\n'
LIST = 'atlas.ProjectIpAccessList("l", project_id="p", cidr_block="{}")\n'
SERVICE = 'aws.ec2.VpcEndpointService("s", acceptance_required=True, network_load_balancer_arns=["a"], allowed_principals=[{}])\n'
BUCKET = "aws.s3.BucketPolicy('b', bucket='files', policy=doc(dict(Effect='Allow', Action='s3:GetObject', Resource='arn:aws:s3:::files/*', Principal={})))\n"


@pytest.mark.parametrize(
    ("program", "before", "after", "expected"),
    [
        (ROLE, ("dict(Service='ecs.amazonaws.com')",), ("'*'",), ["everybody may call sts:AssumeRole on role r: new"]),
        (
            GROUP,
            ('cidr_blocks=["10.0.0.0/16"]',),
            ('cidr_blocks=["0.0.0.0/0"]',),
            ["0.0.0.0/0 (the whole internet) may reach security group g on tcp port 6379: new"],
        ),
        (
            GROUP,
            ('cidr_blocks=["10.0.0.0/16"]',),
            ('security_groups=["sg-2"]',),
            [
                "security group sg-2 may reach security group g on tcp port 6379: new",
                "10.0.0.0/16 may no longer reach security group g on tcp port 6379",
            ],
        ),
        (RULE, ("6379",), ("1",), ["10.0.0.0/16 may reach security group sg-1 on tcp ports 1-6379: new"]),
        (
            USER,
            ("read", '[dict(name="c1", type="CLUSTER")]'),
            ("readWriteAnyDatabase", "[]"),
            [
                "database user app may use role readWriteAnyDatabase on database chat: new",
                "database user app may no longer use role read on database chat on c1",
            ],
        ),
        (CACHE, ("on ~chat:* +@read",), ("on ~* +@read +@write",), ["cache user chat may use keys *: new"]),
        (
            CACHE,
            ("on ~a +@all -@dangerous",),
            ("on ~a +@all",),
            ["cache user chat is no longer denied to run @dangerous"],
        ),
        (
            CACHE,
            ("on ~a",),
            ("on nopass ~a",),
            ["everybody may log in as cache user chat without a password: new"],
        ),
        (
            LIST,
            ("10.0.0.0/8",),
            ("0.0.0.0/0",),
            ["0.0.0.0/0 (the whole internet) may reach every cluster of the project: new"],
        ),
        (SERVICE, ("",), (f"'{ACCOUNT}:root'",), [f"{ACCOUNT}:root may connect to the endpoint service: new"]),
        (
            BUCKET,
            ("dict(AWS='123456789012')",),
            ("'*'",),
            ["everybody may call s3:GetObject on arn:aws:s3:::files/*: new"],
        ),
    ],
)
def test_every_kind_of_right_is_told(
    tmp_path: Path, program: str, before: tuple[str, ...], after: tuple[str, ...], expected: list[str]
) -> None:
    def filled(parts: tuple[str, ...]) -> str:
        text = program
        for part in parts:
            text = text.replace("{}", part, 1)
        return text

    texts = [text for _, text in told(tmp_path, filled(before), filled(after))]
    assert set(expected) <= set(texts), f"nobody is told that; the section says {texts}"


@pytest.mark.parametrize(
    "rules", ["off nopass ~a", "on nopass resetpass ~a", "nopass reset on ~a", "on nopass >word ~a"]
)
def test_a_user_who_needs_a_password_after_all_lets_nobody_in(tmp_path: Path, rules: str) -> None:
    texts = [text for _, text in told(tmp_path, CACHE.replace("{}", "on ~b", 1), CACHE.replace("{}", rules, 1))]
    assert not any("everybody" in text for text in texts), "a report that cries wolf is not read"


def test_what_lets_most_in_stands_first(tmp_path: Path) -> None:
    before = GROUP.replace("{}", 'cidr_blocks=["10.0.0.0/16"]') + role_policy(READS)
    after = role_policy(allow("'sns:Publish'", "'t'")) + GROUP.replace("{}", 'cidr_blocks=["::/0"]').replace(
        "cidr_b", "ipv6_cidr_b"
    )
    found = lines(reviewed(tmp_path, START + before, START + after))
    assert found[0].wildcard and "::/0" in found[0].text, "the whole internet stands somewhere below"


@pytest.mark.parametrize("form", ["terminal", "markdown", "html", "json", "sarif", "junit"])
def test_every_format_has_the_section(tmp_path: Path, form: str) -> None:
    before, after = (GROUP.replace("{}", f'cidr_blocks=["{one}"]') for one in ("10.0.0.0/16", "0.0.0.0/0"))
    text = " ".join(formats.text(reviewed(tmp_path, START + before, START + after), form).split())
    assert "0.0.0.0/0 (the whole internet) may reach security group g" in text, "whoever reads this format sees nothing"


def test_the_first_line_says_that_everybody_is_let_in(tmp_path: Path) -> None:
    before, after = (LIST.replace("{}", one) for one in ("10.0.0.0/8", "0.0.0.0/0"))
    report = reviewed(tmp_path, START + before, START + after)
    assert "0.0.0.0/0 (the whole internet) may reach every cluster of the project from now on" in words.verdict(report)


def test_the_first_line_is_silent_about_rights_of_one_thing(tmp_path: Path) -> None:
    more = allow("'sns:Publish'", "'arn:aws:sns:eu-west-1:123456789012:t'")
    report = reviewed(tmp_path, START + role_policy(READS), START + role_policy(READS, more))
    assert "sns:Publish" not in words.verdict(report)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("'*'", "'arn:aws:s3:::b'"), True),
        (allow("'s3:*'", "'*'"), True),
        ("dict(Effect='Allow', NotAction='iam:*', Resource='*')", True),
        (allow("'s3:*'", "'arn:aws:s3:::b/*'"), False),
        (allow("'ecr:GetAuthorizationToken'", "'*'"), False),
    ],
)
def test_what_counts_as_everything(tmp_path: Path, statement: str, expected: bool) -> None:
    (line,) = lines(reviewed(tmp_path, START + role_policy(READS), START + role_policy(READS, statement)))
    assert line.wildcard is expected, "an alarm about what is usual is read by nobody"


@pytest.mark.parametrize("stack", ["development", "production", "staging"])
def test_the_shipped_stacks_let_nobody_do_everything(stack: str) -> None:
    (plan,) = evaluate(ROOT, [stack])
    added = stack_review(Pair(None, plan))
    assert not added.access, [line.text for one in added.access for line in one.lines]
    assert not [one.name for one in added.changes if one.type.startswith("pulumi:providers:") and harms(one.effects)]


def test_a_right_that_moves_to_another_resource_is_no_news(tmp_path: Path) -> None:
    other = role_policy(READS).replace('"p"', '"q"')
    assert told(tmp_path, role_policy(READS), other) == []


def test_what_is_known_after_apply_is_not_called_unchanged(tmp_path: Path) -> None:
    policy = 'aws.iam.RolePolicy("p", role="chat-app", policy=t.arn.apply(lambda arn: doc(dict(Effect="Allow", Action="*", Resource=arn))))\n'
    topic = 't = aws.sns.Topic("t")\n'
    found = told(tmp_path, role_policy(READS), topic + policy)
    assert found == [(UNKNOWN, "who may do what by `policy` of p is known after apply")]


def test_a_deleted_user_is_one_line(tmp_path: Path) -> None:
    user = USER.replace("{}", "read", 1).replace("{}", "[]")
    assert told(tmp_path, user, "") == [(NARROWER, "database user app goes with all its rights")]


def test_a_new_user_is_one_line(tmp_path: Path) -> None:
    found = told(tmp_path, "", CACHE.replace("{}", "on ~chat:* +@all -@dangerous"))
    assert len(found) == 1 and "but not run @dangerous" in found[0][1], "a new application would fill a page"


FROM_A_GROUP = "{'protocol': 'tcp', 'from_port': 1, 'to_port': 2, 'security_groups': ['sg-1']}"
FROM_EVERYWHERE = "{'protocol': 'tcp', 'from_port': 1, 'to_port': 2, 'cidr_blocks': ['0.0.0.0/0']}"
OTHER = "other = aws.ec2.SecurityGroup('other', vpc_id='vpc-1')\n"


def many(rules: str) -> str:
    return f"for n in range(3):\n    aws.ec2.SecurityGroup(f'new-{{n}}', vpc_id='vpc-1', ingress={rules})\n"


@pytest.mark.parametrize(
    ("before", "after", "folded"),
    [
        ("", many(f"[{FROM_A_GROUP}]"), True),
        (many(f"[{FROM_A_GROUP}]"), "", True),
        (many("[]"), many(f"[{FROM_A_GROUP}]"), False),
        ("", many(f"[{FROM_EVERYWHERE}]"), False),
        (many(f"[{FROM_A_GROUP}]"), many(f"[{FROM_EVERYWHERE}]"), False),
    ],
    ids=["new groups", "groups that go", "groups that exist", "new groups open to everybody", "groups that open"],
)
def test_a_terminal_folds_only_rights_that_come_or_go_with_their_resource(
    tmp_path: Path, before: str, after: str, folded: bool
) -> None:
    report = reviewed(tmp_path, IMPORTS + OTHER + before, IMPORTS + OTHER + after)
    text = " ".join(formats.text(report, "terminal").split())
    assert bool(re.search(r"3 rights (come|go) with new-\d and 2 more", text)) == folded
    if not folded:
        assert text.count("may reach security group new-") >= 3, "who may reach what is folded away"


def test_rights_that_nobody_knows_are_not_counted_as_given(tmp_path: Path) -> None:
    rules = "other.id.apply(lambda text: [{'protocol': text}])"
    report = reviewed(tmp_path, IMPORTS + OTHER, IMPORTS + OTHER + many(rules))
    text = " ".join(formats.text(report, "terminal").split())
    assert "rights come with" not in text and text.count("is known after apply") >= 3


def test_a_secret_value_is_in_no_line(tmp_path: Path) -> None:
    after = CACHE.replace("{}", "on ~* +@all").replace('"x" * 20', '"hunter2" * 3')
    report = reviewed(tmp_path, START + CACHE.replace("{}", "on ~a +@read"), START + after)
    assert "hunter2" not in formats.text(report, "json"), "a password is shown to everybody who may read the report"


def test_a_hostile_name_cannot_write_markup(tmp_path: Path) -> None:
    name = "x`</li><script>alert(1)</script>\\u001b[31m"
    after = f'aws.iam.RolePolicy("p", role="{name}", policy=doc({READS}))\n'
    report = reviewed(tmp_path, START, START + after)
    assert lines(report), "there is nothing to escape"
    assert "<script>" not in formats.text(report, "html") and "\x1b" not in formats.text(report, "terminal")


def test_a_name_cannot_go_on_with_the_sentence(tmp_path: Path) -> None:
    name = "chat-app may no longer call iam:* on everything"
    found = told(
        tmp_path, "", f'aws.iam.RolePolicy("p", role="{name}", policy=doc({allow(repr("iam:*"), repr("*"))}))\n'
    )
    assert [text for _, text in found] == [f"role `{name}` may call iam:* on everything: new"], (
        "a name speaks for Dolmen"
    )


def test_what_is_ignored_changes_no_rights(tmp_path: Path) -> None:
    ignoring = ', opts=pulumi.ResourceOptions(ignore_changes=["policy"]))\n'
    before, after = (role_policy(one).replace(")\n", ignoring) for one in (READS, allow("'*'", "'*'")))
    assert told(tmp_path, before, after) == [], "the engine leaves the policy as it is"


def test_the_json_gives_both_sides(tmp_path: Path) -> None:
    report = reviewed(tmp_path, START + role_policy(READS), START + role_policy(READS, allow("'s3:*'", "'*'")))
    (found,) = json.loads(formats.text(report, "json"))["stacks"][0]["access"]
    assert len(found["before"]) == 1 and len(found["after"]) == 2 and found["lines"][0]["wildcard"]


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        (Grant("a", "s3:*", "*"), Grant("a", "s3:GetObject", "b"), True),
        (Grant("a", "s3:GetObject", "*"), Grant("a", "s3:*", "b"), False),
        (
            Grant("10.0.0.0/8", "every port", "g", "", "reach"),
            Grant("10.1.0.0/16", "tcp port 1", "g", "", "reach"),
            True,
        ),
        (
            Grant("10.1.0.0/16", "tcp port 1", "g", "", "reach"),
            Grant("10.0.0.0/8", "tcp port 1", "g", "", "reach"),
            False,
        ),
        (Grant("a", "tcp ports 1-10", "g", "", "reach"), Grant("a", "tcp port 5", "g", "", "reach"), True),
        (Grant("a", "udp ports 1-10", "g", "", "reach"), Grant("a", "tcp port 5", "g", "", "reach"), False),
        (Grant("a", "x", "y", "if c"), Grant("a", "x", "y"), False),
        (Grant("a", "x", "y"), Grant("a", "x", "y", "if c"), True),
        (Grant("a", "x", "y", allows=False), Grant("a", "x", "y"), False),
        (Grant("a", "all but x", "y"), Grant("a", "all but x, z", "y"), False),
        (Grant("*", "x", "y"), Grant("a", "x", "y"), True),
        (Grant("a", "[x]*", "y"), Grant("a", "[x]1", "y"), True),
    ],
)
def test_a_right_takes_in_what_is_part_of_it(outer: Grant, inner: Grant, expected: bool) -> None:
    assert covers(outer, inner) is expected


def test_an_added_stack_is_told_of_what_it_opens_to_everybody_alone(tmp_path: Path) -> None:
    from dolmen.engine.project import read_project
    from dolmen.review.command import review
    from dolmen.review.sides.base import base_commit
    from tests.review.test_base import commit, run

    (tmp_path / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(START + role_policy(READS) + LIST.replace("{}", "0.0.0.0/0"))
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    run(tmp_path, "git", "init", "-q", "-b", "main")
    commit(tmp_path, "base")
    (tmp_path / "Pulumi.new.yaml").write_text(STACK)
    report = review(read_project(tmp_path), ["new"], base_commit(tmp_path, "HEAD"))
    assert [one.text.split()[0] for one in lines(report)] == ["0.0.0.0/0"]


def test_every_type_of_the_components_that_gives_rights_is_read() -> None:
    for token in (
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/role:Role",
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "aws:elasticache/user:User",
        "mongodbatlas:index/databaseUser:DatabaseUser",
        "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList",
    ):
        assert access_inputs(token) is not None, f"a change of {token} would not be in the section"
