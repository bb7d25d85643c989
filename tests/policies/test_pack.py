"""The pack as a whole: tiers, acceptances, unknown values, secrets, any input, and other people's packs."""

from __future__ import annotations

import contextlib
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pulumi
import pulumi_random as random
import pytest
import yaml
from google.protobuf import json_format, struct_pb2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi_policy import deserialize

from dolmen.engine import evaluate, evaluate_program, values
from dolmen.policies.framework.pack import registered
from dolmen.review import policies
from dolmen.review.policies.pack import CONFIGURATION, Pack, load
from dolmen.review.policies.shown import properties
from dolmen.review.report.findings import AcceptanceNote, Enforcement
from tests.policies.cases import atlas, aws_data, aws_network
from tests.policies.programs import PACK, ROOT, Program, broken, declared, judge, our_pack

TOPIC = aws_data.TOPIC
LOGS = aws_data.LOGS
SOON = (date.today() + timedelta(days=30)).isoformat()
PAST = (date.today() - timedelta(days=1)).isoformat()


def configured(folder: Path, acceptances: list[dict[str, str]], config: str | None = None) -> Pack:
    """Our pack as a consumer of the wheel has it: a project with a register, and a program of three lines."""
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "Pulumi.test.yaml").write_text("config: {}\n")
    (folder / "accepted.yaml").write_text(yaml.safe_dump({"accepted": acceptances}))
    (folder / "policies").mkdir()
    (folder / "policies" / "PulumiPolicy.yaml").write_text("runtime: python\n")
    program = "from dolmen.policies import pack\n\npack()\n"
    (folder / "policies" / "__main__.py").write_text(program)
    if config:
        (folder / "policies" / CONFIGURATION).write_text(config)
    with contextlib.chdir(folder):
        return load(folder / "policies")


def log(p: Program) -> Any:
    return p.add(LOGS, "log", name="log", kmsKeyId=aws_data.KEY_ARN)


def acceptance(**over: str) -> dict[str, str]:
    entry = {"what": "logs-retention", "stack": "test", "resource": "log", "reason": "A test keeps no logs."}
    return {**entry, "until": SOON, **over}


# ---- tiers


@pytest.mark.parametrize(
    ("tier", "level"),
    [
        ("development", Enforcement.ADVISORY),
        ("staging", Enforcement.ADVISORY),
        ("production", Enforcement.MANDATORY),
        (None, Enforcement.ADVISORY),
    ],
)
def test_a_policy_stops_where_its_tier_says_so(tier: str | None, level: Enforcement) -> None:
    found = [one for one in judge(log, tier).findings if one.id == "logs-retention"]
    assert [one.enforcement for one in found] == [level], "one violation is one finding, of its tier's level"


def test_what_is_wrong_anywhere_stops_a_program_without_a_platform() -> None:
    found = [one for one in judge(aws_network.CASES["iam-no-admin"].breaks, None).findings if one.id == "iam-no-admin"]
    assert found and found[0].stops, "single components in foreign programs would be held to nothing"


def test_a_platform_without_a_known_tier_is_itself_a_finding() -> None:
    assert "platform-tier" in broken(judge(lambda p: p.add(TOPIC), "prod")), (
        "a misspelled tier would switch policies off"
    )


def test_beside_a_platform_its_tier_counts() -> None:
    def program(p: Program) -> None:
        p.options = {}
        log(p)

    assert [one.enforcement for one in judge(program, "production").findings if one.id == "logs-retention"] == [
        Enforcement.MANDATORY
    ], "a resource outside of the component would escape its tier"


# ---- acceptances


def test_an_accepted_violation_is_shown_and_stops_nothing(tmp_path: Path) -> None:
    found = [
        one for one in judge(log, pack=configured(tmp_path, [acceptance()])).findings if one.id == "logs-retention"
    ]
    assert len(found) == 1 and not found[0].stops, "what is accepted on record would stop a deployment"
    assert found[0].acceptance == AcceptanceNote("A test keeps no logs.", SOON)
    assert "accepted until" not in found[0].message, "the reason would be shown twice"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"reason": "short"}, "at least 10 characters"),
        ({"until": "someday"}, "is a date"),
        ({"until": "2999-01-01"}, "at most a year ahead"),
        ({"what": "logs-retentoin"}, "Did you mean logs-retention?"),
        ({"resource": ""}, "Every entry has `resource`"),
        ({"stack": "tset"}, "Did you mean test?"),
    ],
)
def test_a_register_with_a_mistake_counts_for_nothing_and_names_its_place(
    tmp_path: Path, wrong: dict[str, str], why: str
) -> None:
    report = judge(log, pack=configured(tmp_path, [acceptance(**wrong)]))
    assert any(one.id == "logs-retention" and one.stops for one in report.findings), "it was taken all the same"
    told = [one.message for one in report.findings if one.id == "acceptance-current"]
    assert len(told) == 1 and why in told[0], "nobody is told"
    assert re.search(r"accepted\.yaml:\d+:\d+", told[0]), "a person could not find the line"


def test_an_expired_acceptance_stops_again_and_says_so(tmp_path: Path) -> None:
    report = judge(log, pack=configured(tmp_path, [acceptance(until=PAST)]))
    found = [one for one in report.findings if one.id == "logs-retention"]
    assert found[0].stops and PAST in found[0].message, "an acceptance would count for ever"


def test_an_acceptance_that_fits_nothing_any_more_is_a_finding(tmp_path: Path) -> None:
    report = judge(log, pack=configured(tmp_path, [acceptance(resource="gone"), acceptance(what="data-loss")]))
    told = [one.message for one in report.findings if one.id == "acceptance-current"]
    assert len(told) == 1 and "fits nothing" in told[0] and "gone" in told[0], "an effect is the review's to judge"


def test_an_acceptance_fits_its_own_resource_and_stack_only(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.another.yaml").write_text("config: {}\n")
    entries = [acceptance(stack="another"), acceptance(resource="lo"), acceptance(what="sns-encrypted")]
    report = judge(log, pack=configured(tmp_path, entries))
    assert any(one.id == "logs-retention" and one.stops for one in report.findings), "it fits what it does not name"


def test_a_resource_is_accepted_by_its_urn_or_a_pattern_too(tmp_path: Path) -> None:
    for number, resource in enumerate(("urn:pulumi:test::*::log", "l*")):
        (folder := tmp_path / str(number)).mkdir()
        report = judge(log, pack=configured(folder, [acceptance(resource=resource)]))
        assert not any(one.id == "logs-retention" and one.stops for one in report.findings), resource


@pytest.mark.parametrize(
    ("program", "says", "silent"),
    [
        (
            lambda p: atlas.cluster(p, backupEnabled=False, pitEnabled=False),
            "atlas-backup",
            {"atlas-continuous-backup", "atlas-backup-schedule"},
        ),
        (
            lambda p: (atlas.cluster(p), atlas.entry(p, ipAddress="203.0.113.10")),
            "atlas-private-connectivity",
            {"atlas-no-public-entry"},
        ),
        (
            lambda p: atlas.cluster(p, projectId=atlas.project(p, withDefaultAlertsSettings=False).id),
            "atlas-default-alerts",
            {"atlas-alert-coverage"},
        ),
    ],
)
def test_one_decision_is_one_finding_and_needs_one_acceptance(program: Any, says: str, silent: set[str]) -> None:
    found = broken(judge(program))
    assert says in found, "nobody is told"
    assert not found & silent, "one decision would need several entries in the register"


# ---- configuration


def test_pulumis_policy_configuration_sets_levels_and_settings(tmp_path: Path) -> None:
    config = '{"logs-retention": {"enforcementLevel": "advisory", "minimumDays": 400}, "sns-encrypted": "disabled"}'
    pack = configured(tmp_path, [], config)
    report = judge(lambda p: (p.add(LOGS, retentionInDays=365), p.add(TOPIC, "topic")), pack=pack)
    found = [one for one in report.findings if one.id == "logs-retention"]
    assert [one.enforcement for one in found] == [Enforcement.ADVISORY] and "400" in found[0].message
    assert not any(one.id == "sns-encrypted" and one.stops for one in report.findings)


def test_a_tier_can_be_set_for_programs_without_a_platform(tmp_path: Path) -> None:
    pack = configured(tmp_path, [], '{"platform-tier": {"tier": "production"}}')
    assert any(one.id == "logs-retention" and one.stops for one in judge(log, None, pack).findings)


# ---- values


def test_an_unknown_value_is_no_violation_and_is_said() -> None:
    def program(p: Program) -> None:
        unknown = p.add(TOPIC, "topic", kmsMasterKeyId="k").id
        p.add("aws:iam/rolePolicy:RolePolicy", "policy", role="r", policy=unknown)
        aws_data.cache(p, transitEncryptionEnabled=unknown, snapshotRetentionLimit=unknown)

    report = judge(program)
    assert not broken(report) & {"iam-no-admin", "elasticache-tls", "elasticache-backup"}, "unknown is not wrong"
    said = "\n".join(one.detail for one in report.not_judged)
    for expected in ("iam-no-admin", "elasticache-tls", "elasticache-backup"):
        assert expected in said, f"{expected} was silent about what it could not see"


SECRET = "kX9vQ2mB7zRt4WsLp8Yd"


def test_no_message_holds_a_secret() -> None:
    def program(p: Program) -> None:
        aws_data.user(p, passwords=[SECRET])
        aws_data.secret(p, tags={"password": SECRET}, description=f"mongodb://app:{SECRET}@host/")
        aws_data.cache(p, authToken=SECRET)
        p.add(aws_data.VERSION, "version", secretId="s", secretString=f'{{"password": "{SECRET}"}}')

    report = judge(program)
    assert {"secret-not-in-program", "secret-not-in-plain-property"} <= broken(report)
    assert SECRET not in str(report), "a report would publish what it warns of"


def test_a_secret_that_is_part_of_a_longer_value_is_known_as_secret() -> None:
    def program(p: Program) -> None:
        password = random.RandomPassword("password", length=40, keepers={"generation": "1"})
        p.add(
            aws_data.VERSION, "version", secretId="s", secretString=pulumi.Output.concat("redis://:", password.result)
        )

    assert "secret-kept-secret" not in broken(judge(program)), "a secret output is kept secret by what it flows into"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.just(values.UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3),
    max_leaves=8,
)


def names() -> list[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in PACK.glob("*.py"))

    return sorted(set(re.findall(r'"([a-z][A-Za-z0-9]{3,40})"', text)))


TYPES = sorted({kind for policy in declared().values() for kind in policy.types if kind != "*"})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    st.lists(
        st.tuples(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(names()), JSON, max_size=6)),
        min_size=1,
        max_size=6,
    )
)
def test_no_policy_fails_whatever_a_program_holds(given_resources: list[tuple[str, dict[str, Any]]]) -> None:
    from pulumi_policy import (
        PolicyCustomTimeouts,
        PolicyResource,
        PolicyResourceOptions,
        ResourceValidationArgs,
        StackValidationArgs,
    )
    from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy

    options = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [], None)
    resources: list[PolicyResource] = []
    said: list[str] = []
    for index, (kind, props) in enumerate(given_resources):
        urn = f"urn:pulumi:test::test::{kind}::r{index}"
        proxy = unknown_checking_proxy(props)
        previous = resources[-1:]
        resources.append(
            PolicyResource(kind, proxy, urn, f"r{index}", options, None, None, previous, dict.fromkeys(props, previous))
        )
        for policy in our_pack().policies:
            if hasattr(policy, "has_validation") and policy.has_validation():
                policy.validate(
                    ResourceValidationArgs(kind, proxy, urn, f"r{index}", options, None),
                    lambda text, _=None: said.append(text),
                )
    for policy in our_pack().policies:
        if not hasattr(policy, "has_validation"):
            try:
                policy.validate(StackValidationArgs(resources), lambda text, _=None: said.append(text))
            except UnknownValueError as error:  # pragma: no cover
                raise AssertionError(f"{policy.name} trips over what is not known") from error
    assert values.UNKNOWN not in "".join(said), "a message shows the engine's own mark for an unknown value"


# ---- the runner


def test_properties_reach_policies_as_under_the_engine() -> None:
    struct = struct_pb2.Struct()
    struct.update({"a": 3, "b": [1.5, {"c": None, "d": True}], "e": "x", "__internal": 1})
    struct.fields["s"].CopyFrom(values.secret_value(struct.fields["e"]))
    ours = deserialize.deserialize_properties(properties(struct))
    del struct.fields["__internal"]
    theirs = deserialize.deserialize_properties(json_format.MessageToDict(struct))
    assert ours == theirs, "a policy would behave differently in a plan and in a preview"


FOREIGN = """
from pulumi_policy import *
import helper

async def later(args, report):
    report("said later", None)

def unknown(args, report):
    args.props["id_of_another"]

def skipped(args, report):
    args.not_applicable("no")

def fails(args, report):
    raise KeyError("x")

def tag(args):
    if args.resource_type.startswith("aws:sns/topic:"):
        args.props["tags"] = {"team": "chat"}
        return args.props

def tagged(args, report):
    if args.resource_type.startswith("aws:sns/topic:") and "tags" not in args.props:
        report("not tagged", None)

def whole(args, report):
    topics = [one for one in args.resources if one.resource_type.startswith("aws:sns/topic:")]
    report(f"{len(topics)} topics, parent {topics[0].parent.name}, {helper.WORD}", topics[0].urn)

PolicyPack("foreign", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    ResourceValidationPolicy("later", "async", later, enforcement_level=EnforcementLevel.ADVISORY),
    ResourceValidationPolicy("skipped", "not applicable", skipped),
    ResourceValidationPolicy("tag", "tags", remediate=tag, enforcement_level=EnforcementLevel.REMEDIATE),
    ResourceValidationPolicy("tagged", "is tagged", tagged),
    StackValidationPolicy("whole", "whole stack", whole),
    ResourceValidationPolicy("fails", "fails", fails),
])
"""


def test_another_pack_runs_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 1.0.0\n")
    (tmp_path / "__main__.py").write_text(FOREIGN)
    (tmp_path / "helper.py").write_text('WORD = "helped"\n')
    report = judge(lambda p: p.add(TOPIC, "topic"), pack=load(tmp_path))
    said = {(one.id, one.message) for one in report.findings}
    assert ("later", "said later") in said, "asynchronous policies are awaited"
    assert ("whole", "1 topics, parent platform, helped") in said
    assert "tagged" not in {identifier for identifier, _ in said}, "a validation sees what a remediation changed"
    assert any(identifier == "policy-pack" and "KeyError" in message for identifier, message in said), (
        "a policy that fails must not pass"
    )


def test_a_pack_that_cannot_be_loaded_is_a_finding_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (tmp_path / "Pulumi.test.yaml").write_text("config: {}\n")
    (tmp_path / "__main__.py").write_text("import pulumi\n")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (tmp_path / "policies" / "__main__.py").write_text("import nothing_of_this_name\n")
    plan = evaluate(tmp_path, ["test"], observers={policies.NAME: policies.OBSERVER})[0]
    found = policies.reports(plan.findings).findings
    assert plan.failure is None and len(found) == 1 and found[0].stops, "a broken pack would look like a kept one"
    assert "nothing_of_this_name" in found[0].message


def test_a_project_without_a_pack_has_no_findings(tmp_path: Path) -> None:
    plan = evaluate_program(lambda: None, folder=tmp_path, observers={policies.NAME: policies.observe})
    assert policies.reports(plan.findings) == policies.PolicyReport()


# ---- the project's own


@pytest.fixture(scope="module")
def own() -> dict[str, policies.PolicyReport]:
    stacks = ["development", "staging", "production"]
    plans = evaluate(ROOT, stacks, observers={policies.NAME: policies.OBSERVER})
    assert all(plan.failure is None for plan in plans), [plan.failure for plan in plans]
    return {plan.stack: policies.reports(plan.findings) for plan in plans}


@pytest.mark.parametrize("stack", ["development", "staging", "production"])
def test_our_own_stacks_break_no_policy(own: dict[str, policies.PolicyReport], stack: str) -> None:
    open_ones = [f"{one.id}: {one.urn} {one.message}" for one in own[stack].findings if one.acceptance is None]
    assert not open_ones, "what we hand out breaks what we ask for:\n" + "\n".join(open_ones)


def test_the_number_of_policies_is_the_same_wherever_it_is_said(own: dict[str, policies.PolicyReport]) -> None:
    number = len(registered())
    assert {report.policies for report in own.values()} == {number}, "`dolmen plan` counts otherwise"
    assert f"a CrossGuard pack of {number} policies" in (ROOT / "docs/reference/policies.md").read_text("utf-8")
    assert f"policy pack of {number} policies" in (ROOT / "README.md").read_text("utf-8")


def test_every_check_of_a_scanner_is_mapped_once_or_refused_with_a_reason() -> None:
    refused = yaml.safe_load((PACK / "not-adopted.yaml").read_text(encoding="utf-8"))["checks"]
    for row in refused:
        assert len(row["why"]) > 20, f"{row['ids']}: nobody could tell whether it was thought of"
    taken = {identifier for one in declared().values() for ids in one.scanners.values() for identifier in ids}
    assert len(taken) > 150, "the table has shrunk"
