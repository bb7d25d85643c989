"""What a stack file or a program sets up of a provider reaches everything, and a reviewer is told what it means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine.project import read_project
from dolmen.knowledge.provider_settings import rules_by_words
from dolmen.review import formats
from dolmen.review.command import review
from dolmen.review.effects.model import EffectKind
from dolmen.review.fail_on import FailOn
from dolmen.review.report import words
from dolmen.review.report.model import Review, Status
from dolmen.review.sides.base import base_commit
from tests.review.small_programs import (
    FAILS_AT_PREVIEW,
    IMPORTS,
    STACK,
    WRONG_OBJECT,
    change,
    reviewed,
    stops,
    told,
    worst,
)
from tests.review.test_base import commit, run

SECRET = f'{IMPORTS}s = aws.secretsmanager.Secret("s", name="shop/uri")\n'
PROJECT = f'{IMPORTS}s = atlas.Project("s", name="shop", org_id="5f0000000000000000000001")\n'
PASSWORD = "hunter2" * 2
UNKNOWN, IN_PLACE, LOST = EffectKind.UNKNOWN, EffectKind.IN_PLACE, EffectKind.PROTECTION_REMOVED


def stack(package: str = "aws", **settings: Any) -> str:
    written = {"aws:region": "eu-west-1", **{f"{package}:{name}": value for name, value in settings.items()}}
    return "config:\n" + "".join(f"  {key}: {json.dumps(value)}\n" for key, value in written.items())


def role(account: str) -> list[dict[str, str]]:
    return [{"roleArn": f"arn:aws:iam::{account}:role/deploy"}]


@pytest.mark.parametrize(
    ("before", "after", "kind", "said"),
    [
        ({}, {"endpoints": [{"s3": "https://store.example"}]}, WRONG_OBJECT, "https://store.example sees"),
        ({"endpoints": [{"s3": "https://store.example"}]}, {}, WRONG_OBJECT, "AWS's own address"),
        ({}, {"insecure": True}, LOST, "Certificates are no longer checked"),
        ({"insecure": True}, {}, IN_PLACE, "Certificates are checked"),
        ({"insecure": True}, {"insecure": False}, IN_PLACE, "Certificates are checked"),
        ({}, {"skipCredentialsValidation": True}, LOST, "no longer checked before the update"),
        ({}, {"skipRequestingAccountId": True}, LOST, "`forbiddenAccountIds` guards nothing"),
        ({}, {"customCaBundle": "/etc/other.pem"}, UNKNOWN, "another authority"),
        ({}, {"httpsProxy": "http://proxy.example:3128"}, UNKNOWN, "http://proxy.example:3128"),
        ({}, {"pluginDownloadURL": "https://plugins.example"}, WRONG_OBJECT, "https://plugins.example"),
        ({}, {"version": "7.1.0"}, UNKNOWN, "Another version of the provider"),
        ({}, {"defaultTags": {"tags": {"owner": "shop"}}}, IN_PLACE, "Every AWS resource gets this tag"),
        ({"defaultTags": {"tags": {"owner": "shop"}}}, {}, IN_PLACE, "Every AWS resource loses this tag"),
        ({}, {"ignoreTags": {"keys": ["owner"]}}, IN_PLACE, "no longer managed"),
        ({}, {"s3UsePathStyle": True}, IN_PLACE, "path"),
        ({"profile": "a"}, {"profile": "b"}, UNKNOWN, "other credentials"),
        ({}, {"allowedAccountIds": ["111122223333"]}, IN_PLACE, "fails in every account but"),
        ({"allowedAccountIds": ["111122223333"]}, {}, LOST, "guard against the wrong account goes"),
        ({"forbiddenAccountIds": ["111122223333"]}, {}, LOST, "guard against the wrong account goes"),
        ({"assumeRoles": role("111122223333")}, {"assumeRoles": role("444455556666")}, WRONG_OBJECT, "444455556666"),
        ({}, {"somethingNew": "x"}, UNKNOWN, "does not know what this setting does"),
    ],
)
def test_a_setting_of_the_stack_file_says_what_it_means(
    tmp_path: Path, before: Any, after: Any, kind: EffectKind, said: str
) -> None:
    report = reviewed(tmp_path, SECRET, SECRET, stack(**before), stack(**after))
    assert worst(report, "default").kind is kind, "a gate would judge it as something else"
    assert said in told(report, "default") and "`s`" in told(report, "default"), (
        "nobody sees what it means, and for whom"
    )
    assert stops(report, FailOn.UNKNOWN) is (kind is not IN_PLACE), "the gate passes what nobody can vouch for"
    assert stops(report, FailOn.PROTECTION) is (kind in (LOST, WRONG_OBJECT)), "a check goes, and its gate stays open"


def test_atlas_s_own_address_is_no_other_one(tmp_path: Path) -> None:
    own: dict[str, Any] = {"baseUrl": "https://cloud.mongodb.com/"}
    report = reviewed(tmp_path, PROJECT, PROJECT, STACK, stack("mongodbatlas", **own))
    assert worst(report, "default").kind is IN_PLACE
    program = IMPORTS + 'p = atlas.Provider("p", base_url="{}")\n'
    for number, (url, kind) in enumerate(
        [("https://cloud.mongodb.com/", EffectKind.CREATED), ("https://cloud.mongodb.com.example/", UNKNOWN)]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert worst(reviewed(folder, IMPORTS, program.replace("{}", url)), "p").kind is kind


@pytest.mark.parametrize(
    ("setting", "value", "kind"),
    [
        ("baseUrl", "https://atlas.example", WRONG_OBJECT),
        ("realmBaseUrl", "https://atlas.example", WRONG_OBJECT),
        ("isMongodbgovCloud", True, WRONG_OBJECT),
        ("stsEndpoint", "https://atlas.example", UNKNOWN),
        ("clientId", "mdb_sa_id_1", IN_PLACE),
        ("pluginDownloadURL", "https://atlas.example", WRONG_OBJECT),
    ],
)
def test_settings_of_atlas_are_judged(tmp_path: Path, setting: str, value: Any, kind: EffectKind) -> None:
    report = reviewed(tmp_path, PROJECT, PROJECT, STACK, stack("mongodbatlas", **{setting: value}))
    found = worst(report, "default")
    assert found.kind is kind
    assert kind is IN_PLACE or "atlas" in words.verdict(report).lower(), "the first line says less than the body"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("apiUrl", "another address"),
        ("base_url", "another address"),
        ("host", "another address"),
        ("skipTlsVerify", "no longer checked"),
        ("sslInsecure", "no longer checked"),
        ("skipProviderRegistration", "no longer takes place"),
        ("httpsProxy", "which sees where they go"),
        ("subscriptionId", "Another place is meant"),
        ("project", "Another place is meant"),
        ("location", "names no place of its own"),
        ("apiToken", "other credentials"),
        ("clientCertificatePassword", "other credentials"),
        ("defaultLabels", "label"),
        ("maxRetries", "Only how"),
    ],
)
def test_any_provider_s_settings_are_known_by_their_words(name: str, word: str) -> None:
    assert word in " ".join(rule.why for rule in rules_by_words([name])), f"{name} would only be called unknown"


def test_a_guard_that_stays_makes_other_credentials_harmless(tmp_path: Path) -> None:
    guard: dict[str, Any] = {"allowedAccountIds": ["111122223333"]}
    report = reviewed(tmp_path, SECRET, SECRET, stack(profile="a", **guard), stack(profile="b", **guard))
    assert worst(report, "default").kind is IN_PLACE, "an alarm about what cannot happen"


def test_a_role_of_an_account_that_is_not_allowed_fails_at_preview(tmp_path: Path) -> None:
    guard: dict[str, Any] = {"allowedAccountIds": ["111122223333"]}
    report = reviewed(tmp_path, SECRET, SECRET, stack(**guard), stack(assumeRoles=role("444455556666"), **guard))
    assert FAILS_AT_PREVIEW in {one.kind for one in change(report, "default").effects}


def test_an_address_shows_no_password(tmp_path: Path) -> None:
    proxy: dict[str, Any] = {"httpsProxy": f"http://ops:{PASSWORD}@proxy.example:3128"}
    report = reviewed(tmp_path, SECRET, SECRET, STACK, stack(**proxy))
    assert PASSWORD not in told(report, "default") + words.verdict(report), "a proxy's password is shown to everybody"


EXPLICIT = (
    IMPORTS
    + 'p = aws.Provider("p", region="eu-west-1"{})\n'
    + 's = aws.secretsmanager.Secret("s", name="s", opts=pulumi.ResourceOptions(provider=p))\n'
)


@pytest.mark.parametrize(
    ("argument", "kind"),
    [
        (", insecure=True", LOST),
        (", skip_credentials_validation=True", LOST),
        (', endpoints=[dict(s3="https://store.example")]', WRONG_OBJECT),
        (', allowed_account_ids=["111122223333"]', IN_PLACE),
        (', assume_roles=[dict(role_arn="arn:aws:iam::444455556666:role/r")]', WRONG_OBJECT),
    ],
)
def test_an_explicit_provider_is_judged_alike(tmp_path: Path, argument: str, kind: EffectKind) -> None:
    report = reviewed(tmp_path, EXPLICIT.replace("{}", ""), EXPLICIT.replace("{}", argument))
    assert worst(report, "p").kind is kind and "`s`" in told(report, "p")


@pytest.mark.parametrize(
    ("argument", "kind"),
    [
        ("", EffectKind.CREATED),
        (', assume_roles=[dict(role_arn="arn:aws:iam::444455556666:role/r")]', EffectKind.CREATED),
        (", insecure=True", LOST),
        (', endpoints=[dict(s3="https://store.example")]', UNKNOWN),
        (', baseUrl="https://store.example"', None),
    ],
)
def test_a_new_explicit_provider_is_judged_by_what_is_unusual(
    tmp_path: Path, argument: str, kind: EffectKind | None
) -> None:
    program = EXPLICIT.replace("{}", argument)
    if kind is None:
        program = IMPORTS + 'p = atlas.Provider("p", base_url="https://store.example")\n'
    assert worst(reviewed(tmp_path, IMPORTS, program), "p").kind is (kind or UNKNOWN)


MOVES = (
    IMPORTS
    + 'a = aws.Provider("a", region="eu-west-1", assume_roles=[dict(role_arn="arn:aws:iam::111122223333:role/r")])\n'
    + 'b = aws.Provider("b", region="eu-west-1", assume_roles=[dict(role_arn="arn:aws:iam::444455556666:role/r")])\n'
    + 'c = aws.Provider("c", region="eu-west-1", assume_roles=[dict(role_arn="arn:aws:iam::111122223333:role/r")])\n'
    + 's = aws.secretsmanager.Secret("s", name="s", opts=pulumi.ResourceOptions({}))\n'
)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("provider=a", "provider=b", WRONG_OBJECT),
        ("", "provider=b", WRONG_OBJECT),
        ("provider=a", "", UNKNOWN),
        ("provider=a", "provider=c", IN_PLACE),
    ],
)
def test_a_resource_that_moves_to_another_provider_is_seen(
    tmp_path: Path, before: str, after: str, kind: EffectKind
) -> None:
    report = reviewed(tmp_path, MOVES.replace("{}", before), MOVES.replace("{}", after))
    assert worst(report, "s").kind is kind, "the object is looked for elsewhere, and the report says nothing"
    assert "provider" in {one.label for one in change(report, "s").options}


def test_resources_without_a_provider_are_named_where_default_ones_are_disabled(tmp_path: Path) -> None:
    head = f'{STACK}  pulumi:disable-default-providers: ["aws"]\n'
    assert worst(reviewed(tmp_path, SECRET, SECRET, STACK, head), "default").kind is FAILS_AT_PREVIEW


@pytest.mark.parametrize(
    "section",
    [
        "plugins:\n  providers:\n    - name: aws\n      path: ./bin\n",
        "packages:\n  aws: github.com/somebody/aws@1.0.0\n",
    ],
)
@pytest.mark.parametrize("program", [SECRET, EXPLICIT.replace("{}", "")])
def test_another_program_in_the_providers_place_closes_every_gate(tmp_path: Path, section: str, program: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(program)
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    run(tmp_path, "git", "init", "-q", "-b", "main")
    commit(tmp_path, "base")
    (tmp_path / "Pulumi.yaml").write_text(f"name: small\nruntime: python\n{section}")
    report = review(read_project(tmp_path), None, base_commit(tmp_path, "HEAD"))
    assert worst(report, "default").kind is WRONG_OBJECT and "`s`" in told(report, "default")
    assert stops(report, FailOn.DOWNTIME), "a program of the change's own gets the credentials"


def added(tmp_path: Path, settings: str) -> Review:
    (tmp_path / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(SECRET)
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    run(tmp_path, "git", "init", "-q", "-b", "main")
    commit(tmp_path, "base")
    (tmp_path / "Pulumi.new.yaml").write_text(settings)
    return review(read_project(tmp_path), ["new"], base_commit(tmp_path, "HEAD"))


@pytest.mark.parametrize("setting", [{"insecure": True}, {"endpoints": [{"sts": "https://store.example"}]}])
def test_an_added_stack_that_talks_to_something_else_than_aws_is_seen(tmp_path: Path, setting: Any) -> None:
    report = added(tmp_path, stack(**setting))
    assert report.stacks[0].status is Status.ADDED and stops(report, FailOn.UNKNOWN), "a new stack passes every gate"
    assert next(iter(setting)) in formats.text(report, "markdown")


def test_an_added_stack_s_own_account_and_tags_are_no_news(tmp_path: Path) -> None:
    own: dict[str, Any] = {"assumeRoles": role("111122223333"), "defaultTags": {"tags": {"a": "b"}}, "profile": "ci"}
    assert [one.name for one in added(tmp_path, stack(**own)).stacks[0].managed] == ["s"]


@pytest.mark.parametrize("form", ["terminal", "markdown", "html", "json"])
def test_every_format_says_where_requests_go(tmp_path: Path, form: str) -> None:
    report = reviewed(tmp_path, SECRET, SECRET, STACK, stack(endpoints=[{"s3": "https://store.example"}]))
    assert "store.example" in formats.text(report, form)


ROLES = 'p = aws.Provider("eu", region="eu-west-1", assume_roles=[{roles}])\n'


def test_another_spelling_of_the_same_settings_does_nothing(tmp_path: Path) -> None:
    one, other = ('{"role_arn": "r", "session_name": "x"}', '{"session_name": "x", "role_arn": "r"}')
    report = reviewed(tmp_path, IMPORTS + ROLES.replace("{roles}", one), IMPORTS + ROLES.replace("{roles}", other))
    assert {effect.kind for _, one in report.changes() for effect in one.effects} <= {EffectKind.DOES_NOTHING}


TWO = """eu = aws.Provider("default-eu", region="{region}")
us = aws.Provider("default-us", region="us-east-1")
aws.sns.Topic("t", name="t", opts=pulumi.ResourceOptions(provider={which}))
"""


@pytest.mark.parametrize(("region", "which"), [("eu-west-2", "eu"), ("eu-west-1", "us")], ids=["region", "provider"])
def test_a_provider_of_the_program_is_no_default_one_whatever_it_is_called(
    tmp_path: Path, region: str, which: str
) -> None:
    report = reviewed(
        tmp_path,
        IMPORTS + TWO.format(region="eu-west-1", which="eu"),
        IMPORTS + TWO.format(region=region, which=which),
    )
    assert change(report, "t").effects[0].replaces, "a topic in another region is another topic"
