"""What providers refuse before they ask their clouds stands in the plan, with its line, and shows no secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as atlas
import pulumi_random as random
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dolmen.engine import evaluate
from dolmen.engine.evaluation import evaluate_program
from dolmen.engine.plan import Asset, Placeholder, Plan, Secret, Unknown
from dolmen.engine.project import read_project, stack_names
from dolmen.knowledge.provider_schema import known_types, type_schema
from dolmen.review import REFUSALS
from dolmen.review.fail_on import FailOn, of_plans, reasons
from dolmen.review.formats import load, names, text
from dolmen.review.refusals import (
    Moment,
    RefusalKind,
    ignored,
    refusals,
    refusals_at_apply,
    refusals_at_creation,
)
from dolmen.review.refusals.observe import RefusalReport, reported
from dolmen.review.refusals.values import Hidden
from dolmen.review.report import words
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.model import Review, Side
from dolmen.review.report.plans import PlannedStack, Plans
from dolmen.review.report.refused import refused_inputs
from tests.review.plans import CACHE, CLUSTER, SECRET_VERSION, USER
from tests.review.test_formats import schema

ROOT = Path(__file__).parents[2]
CANARY = "canary-4f1c9e7b2d"
GROUP: dict[str, Any] = {"description": "d", "engine": "valkey"}


def planned(program: Callable[[], Any], **more: Any) -> Plan:
    plan = evaluate_program(program, observers=REFUSALS, folder=ROOT, **more)
    assert plan.failure is None, plan.failure
    return plan


def said(plan: Plan) -> list[tuple[str, str]]:
    """(path, reason) of each refusal."""
    return [(finding.path, finding.reason) for finding in refused_inputs(plan, None).findings]


def only(type: str, inputs: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return [(one.path, one.kind.value) for one in refusals(type, inputs, **more)]


# ---- the plan of a program


def test_an_object_where_text_is_expected_is_refused_with_property_and_line() -> None:
    def program() -> None:
        login = pulumi.Config().require_secret_object("db")
        aws.secretsmanager.SecretVersion("uri", secret_id="shop", secret_string=login)

    plan = planned(program, secret_config={"db": json.dumps({"user": "shop", "password": CANARY})})
    (finding,) = refused_inputs(plan, None).findings
    assert (finding.path, finding.reason) == ("secretString", "wrong-type"), "the preview would fail, unannounced"
    assert finding.position is not None and finding.position.file == "tests/review/test_refusals.py"
    assert "text" in finding.message and "JSON" in finding.remedy, "the reader learns neither the rule nor the way out"


def test_what_is_not_known_yet_waits() -> None:
    def program() -> None:
        password = random.RandomPassword("password", length=24)
        user: dict[str, Any] = {"auth_database_name": "admin", "project_id": "5f00", "username": "shop"}
        roles: Any = [{"role_name": "read", "database_name": "shop"}]
        atlas.DatabaseUser("user", **user, roles=roles, password=password.result, oidc_auth_type="NONE")
        aws.cloudwatch.LogGroup("logs", retention_in_days=pulumi.Config().require_int("days"))
        aws.ec2.Vpc("vpc", cidr_block=pulumi.Config().require("network"))

    assert said(planned(program)) == [], "a valid program would be called refused"


def test_a_known_password_beside_another_way_to_log_in_is_refused() -> None:
    user = {"authDatabaseName": "admin", "projectId": "5f00", "username": "shop"}
    inputs = {**user, "roles": [{"roleName": "read", "databaseName": "shop"}], "password": Hidden(CANARY)}
    found = refusals(USER, {**inputs, "x509Type": "NONE"})
    assert [(one.path, one.kind) for one in found] == [("password", RefusalKind.CONFLICTS)]
    assert "x509Type" in found[0].message and CANARY not in repr(found)
    assert only(USER, {**inputs, "oidcAuthType": "NONE"}) == [], "this one is allowed"


def _text_of_an_output(place: str) -> Callable[[], None]:
    def program() -> None:
        password = random.RandomPassword("password", length=24).result
        wrong: str = f"mongodb+srv://shop:{password}@shop.example.net"
        if place == "secretString":
            aws.secretsmanager.SecretVersion("it", secret_id="shop", secret_string=wrong)
        elif place == "tags.uri":
            aws.ec2.Vpc("it", cidr_block="10.0.0.0/16", tags={"uri": wrong})
        elif place == "keepers.uri":
            random.RandomId("it", byte_length=8, keepers={"uri": base64.b64encode(wrong.encode()).decode()})
        else:
            written = json.dumps({"environment": [{"value": wrong}]})
            aws.ecs.TaskDefinition("it", family="shop", container_definitions=written)

    return program


@pytest.mark.parametrize("place", ["secretString", "tags.uri", "keepers.uri", "containerDefinitions"])
def test_the_text_of_an_output_is_an_error_at_any_depth_of_any_type(place: str) -> None:
    plan = planned(_text_of_an_output(place))
    (finding,) = refused_inputs(plan, None).findings
    assert (finding.id, finding.path) == ("output-as-text", place), "the SDK's warning would be deployed as a password"
    assert finding.position is not None and finding.stops


def test_it_is_said_how_much_was_checked() -> None:
    def program() -> None:
        random.RandomId("id", byte_length=8)
        aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        aws.ec2.Vpc.get("other", "vpc-0a")

    plan = planned(program)
    assert reported(plan.findings) == RefusalReport((), 1, (("random:index/randomId:RandomId", 1),))
    line = words.checked_text(refused_inputs(plan, None))
    assert "1 of 2 resources" in line and "RandomId" in line, "silence would look like agreement"


# ---- versions of the SDK


def test_what_a_newer_sdk_may_know_is_not_refused() -> None:
    newest = type_schema(CACHE)
    assert newest is not None
    inputs = {**GROUP, "logDeliveryConfigurations": [{"isNew": True}]}
    assert ("logDeliveryConfigurations[0].isNew", "unknown-property") in only(CACHE, inputs, sdk=newest.sdk)
    later = only(CACHE, inputs, sdk="7.999.0")
    assert not [one for one in later if one[1] == "unknown-property"], "a program on a newer SDK would be called wrong"
    assert not newest.describes("6.83.0"), "another major version has other properties"


def test_what_the_installed_sdk_added_is_not_refused() -> None:
    alarm = {
        "comparisonOperator": "GreaterThanThreshold",
        "evaluationPeriods": 1,
        "metricName": "m",
        "region": "eu-west-1",
    }
    alarm |= {"evaluationWindow": 5, "warmUpConfiguration": {"anything": 1}}
    assert only("aws:cloudwatch/metricAlarm:MetricAlarm", alarm) == []
    window = {"projectId": "5f00", "waveAssignment": 1}
    assert only("mongodbatlas:index/maintenanceWindow:MaintenanceWindow", window, sdk="4.18.0") == []


def test_a_policy_document_may_be_an_object_for_pulumi() -> None:
    policy = {"policy": {"Version": "2012-10-17", "Statement": []}}
    assert only("aws:iam/policy:Policy", policy, sdk="7.51.1") == []
    assert only(SECRET_VERSION, {"secretId": "s", "secretString": {"a": 1}}, sdk="7.51.1") != []


# ---- secrets


@pytest.mark.parametrize(
    ("type", "inputs"),
    [
        (CACHE, {**GROUP, "authToken": Hidden(f"{CANARY}@")}),
        (CACHE, {**GROUP, "authToken": f"{CANARY}@"}),
        (CACHE, {**GROUP, "engine": Hidden(CANARY), "snapshotRetentionLimit": Hidden(4711)}),
        (CACHE, {**GROUP, "logDeliveryConfigurations": Hidden([{"destinationType": CANARY, CANARY: CANARY}])}),
        (CACHE, {**GROUP, "snapshotArns": Hidden(CANARY), "tags": Hidden({CANARY: {"a": CANARY}})}),
        (CLUSTER, {"labels": Hidden({CANARY: [CANARY]}), "replicationSpecs": Hidden(CANARY)}),
        ("aws:iam/rolePolicy:RolePolicy", {"role": "r", "policy": Hidden(CANARY)}),
    ],
)
def test_a_refusal_shows_nothing_of_a_secret(type: str, inputs: dict[str, Any]) -> None:
    found = refusals(type, inputs)
    assert found, "the secret was not judged at all"
    assert CANARY not in repr(found) and "4711" not in repr(found), "a report would hold the secret"


def test_no_format_shows_the_secret_that_is_refused() -> None:
    def program() -> None:
        token = pulumi.Config().require_secret("token")
        aws.elasticache.ReplicationGroup("cache", description="d", engine="valkey", auth_token=token)

    plan = planned(program, secret_config={"token": f"{CANARY}@/x"})
    assert said(plan) == [("authToken", "bad-format")], "a secret's format is not judged"
    for name in names():
        for made in (of_one(plan, name), text(reviewed(Pair(None, plan)), name)):
            assert "authToken" in made and CANARY not in made, f"--format {name} leaks, or is silent"


# ---- the documents


def wrong_vpc() -> None:
    aws.ec2.Vpc("vpc", cidr_block="10.0.0.1/16")


def right_vpc() -> None:
    aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")


def of_one(plan: Plan, name: str) -> str:
    stream = StringIO()
    load(name).plans(Plans((PlannedStack(plan, None, refused=refused_inputs(plan, None)),)), stream)
    return stream.getvalue()


def reviewed(*pairs: Pair) -> Review:
    return review([stack_review(pair) for pair in pairs], Side("9d01e77"), Side("3f2c1ab"))


@pytest.mark.parametrize("name", names())
def test_every_format_says_what_is_refused_and_where(name: str) -> None:
    plan = planned(wrong_vpc)
    for made in (of_one(plan, name), text(reviewed(Pair(planned(right_vpc), plan)), name)):
        flat = " ".join(made.split())
        assert "cidrBlock" in flat and "10.0.0.1/16" in flat, f"--format {name} is silent about what fails the preview"
        assert "test_refusals.py" in flat, f"--format {name} does not say where"


def test_json_of_both_documents_is_what_the_schemas_say() -> None:
    plan = planned(wrong_vpc)
    of_plan = json.loads(of_one(plan, "json"))
    of_review = json.loads(text(reviewed(Pair(planned(right_vpc), plan)), "json"))
    schema("plan").validate(of_plan)
    schema("review").validate(of_review)
    (one,) = of_plan["plans"][0]["refused"]
    assert (one["property"], one["reason"], one["kind"]) == ("cidrBlock", "bad-format", "provider")
    assert of_plan["plans"][0]["providerSchemas"] == {"known": 1, "unknown": {}}
    assert [found["inBase"] for found in of_review["stacks"][0]["findings"]] == [False]


def test_the_first_line_of_a_review_is_that_the_preview_fails() -> None:
    made = reviewed(Pair(planned(right_vpc), planned(wrong_vpc)))
    assert "the preview fails, providers refuse 1 input" in words.verdict(made)
    assert words.is_harmful(made.stacks[0]) and "fails at preview" in words.worst_cell(made.stacks[0])


def test_what_the_base_has_already_is_said_so() -> None:
    plan = planned(wrong_vpc)
    made = reviewed(Pair(plan, plan))
    assert "1 in the base already" in words.verdict(made)
    results = json.loads(text(made, "sarif"))["runs"][0]["results"]
    assert [one["baselineState"] for one in results] == ["unchanged"], "the author would be blamed for it"
    new = json.loads(text(reviewed(Pair(planned(right_vpc), plan)), "sarif"))["runs"][0]["results"]
    assert [(one["ruleId"], one["level"], one["baselineState"]) for one in new] == [
        ("provider-refuses", "error", "new")
    ]


@pytest.mark.parametrize("asked", list(FailOn))
def test_every_gate_stops_for_what_a_provider_refuses(asked: FailOn) -> None:
    plan = planned(wrong_vpc)
    stopped = reasons(reviewed(Pair(planned(right_vpc), plan)), {asked})
    assert any("cidrBlock" in reason for reason in stopped), f"--fail-on {asked} lets a failing preview pass"
    assert reasons(reviewed(Pair(planned(right_vpc), plan)), set()) == []


def test_a_plan_that_policies_may_stop_is_stopped_by_a_provider_too() -> None:
    plan = planned(wrong_vpc)
    document = Plans((PlannedStack(plan, None, refused=refused_inputs(plan, None)),))
    assert any("cidrBlock" in reason for reason in of_plans(document, {FailOn.POLICY}))
    assert of_plans(document, set()) == [], "nobody asked"


# ---- valid programs, and any input

OURS = [file.parent for file in sorted([*ROOT.glob("examples/*/Pulumi.yaml"), ROOT / "Pulumi.yaml"])]
FOREIGN = (
    "aliases", "defaults", "get_and_import", "missing_config", "no_environment", "options", "output_lookups",
    "plain_lookups", "policy_objects", "public_eks", "public_website", "remote_component", "stack_reference",
    "touches_the_machine", "transforms", "unknown_provider", "values",
)  # fmt: skip


@pytest.mark.parametrize(
    "folder",
    [*OURS, *(ROOT / "tests/programs" / name for name in FOREIGN)],
    ids=lambda folder: "stacks" if folder == ROOT else folder.name,
)
def test_a_valid_program_is_not_refused(folder: Path) -> None:
    stacks = stack_names(read_project(folder)) or ("dev",)
    for plan in evaluate(folder, stacks, observers=REFUSALS):
        assert plan.failure is None, plan.failure
        found = refused_inputs(plan, None)
        assert (*found.findings, *found.ignored) == (), "a plan that cries wolf is read by nobody"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.sampled_from([Unknown(), Secret(None), Secret("f"), Placeholder("p"), Asset("file", "a"), Hidden("x")]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3) | inner.map(Hidden),
    max_leaves=6,
)  # fmt: skip


@given(st.data())
def test_the_judge_has_an_answer_to_any_input(data: st.DataObject) -> None:
    token = data.draw(st.sampled_from(known_types()))
    known = type_schema(token)
    assert known is not None
    given_names = st.sampled_from(sorted(known.children[""])) | st.text(min_size=1, max_size=8)
    inputs = data.draw(st.dictionaries(given_names, VALUES, max_size=6))
    for sdk in (None, known.sdk, "999"):
        for one in refusals(token, inputs, sdk):
            assert one.path and one.rule, "a refusal without a place or a reason"


# ---- at apply, at a creation, and never


def user(**more: Any) -> dict[str, Any]:
    return {
        "authDatabaseName": "admin",
        "projectId": "5f00",
        "username": "shop",
        "roles": [{"roleName": "read", "databaseName": "shop"}],
        **more,
    }


def generated_password() -> None:
    password = random.RandomPassword("password", length=24)
    roles: Any = [{"role_name": "read", "database_name": "shop"}]
    more: dict[str, Any] = {"auth_database_name": "admin", "project_id": "5f00", "username": "shop", "roles": roles}
    atlas.DatabaseUser("user", **more, password=password.result, x509_type="NONE")


def chosen_login() -> None:
    password = random.RandomPassword("password", length=24)
    roles: Any = [{"role_name": "read", "database_name": "shop"}]
    more: dict[str, Any] = {"auth_database_name": "admin", "project_id": "5f00", "username": "shop", "roles": roles}
    atlas.DatabaseUser("user", **more, password=password.result)


def test_a_conflict_with_an_output_is_announced_for_the_apply() -> None:
    (finding,) = refused_inputs(planned(generated_password), None).findings
    assert (finding.id, finding.path, finding.reason) == ("provider-refuses-later", "password", "conflicts")
    assert "x509Type" in finding.message and finding.title.startswith("Fails at apply"), (
        "the plan passes, nobody is told"
    )
    assert finding.position is not None and finding.stops
    assert "null" not in finding.message, "the output of a resource is there"


@pytest.mark.parametrize("name", names())
def test_every_format_says_what_fails_at_apply(name: str) -> None:
    plan = planned(generated_password)
    for made in (of_one(plan, name), text(reviewed(Pair(planned(chosen_login), plan)), name)):
        flat = " ".join(made.split()).lower()
        assert "password: it must not stand beside x509type" in flat.replace("\\u0060", "").replace("`", "")
        assert "fails at apply" in flat or "provider-refuses-later" in flat, f"--format {name} says the preview fails"


def test_the_first_line_of_a_review_is_that_the_apply_fails() -> None:
    made = reviewed(Pair(planned(chosen_login), planned(generated_password)))
    assert "the apply fails, providers refuse 1 input once it is known" in words.verdict(made)
    assert words.is_harmful(made.stacks[0]) and words.worst_cell(made.stacks[0]).startswith("fails at apply")
    assert any("password" in one for one in reasons(made, {FailOn.DATA_LOSS})), "--fail-on lets a failing apply pass"


AT_APPLY = {
    "too many of a group": (
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {"metricName": Unknown(), "metricQueries": [{"id": "a"}], "comparisonOperator": "GreaterThanThreshold"},
        ("metricName", "too-many-of"),
    ),
    "an item of a list that is known beside one that is not": (
        CACHE,
        {**GROUP, "logDeliveryConfigurations": [{"destination": Unknown(), "destinationType": "s3", "logType": "x"}]},
        ("logDeliveryConfigurations[0].destinationType", "not-in-enum"),
    ),
    "a partner that is missing": (USER, user(passwordWo=Unknown()), ("passwordWo", "requires-other")),
    "an order that is wrong already": (
        CLUSTER,
        {"replicationSpecs": [{"regionConfigs": [{"priority": one} for one in (5, Unknown(), 7)]}]},
        ("replicationSpecs[0].regionConfigs", "bad-format"),
    ),
    "what only FIFO topics have": (
        "aws:sns/topic:Topic",
        {"archivePolicy": Unknown()},
        ("archivePolicy", "combination"),
    ),
}


@pytest.mark.parametrize("case", AT_APPLY)
def test_what_is_decided_whatever_the_value_is_does_not_wait(case: str) -> None:
    token, inputs, expected = AT_APPLY[case]
    found = (*refusals_at_apply(token, inputs), *refusals_at_creation(token, inputs, at_apply=True))
    assert expected in [(one.path, one.kind.value) for one in found], (
        "the preview passes and the apply fails unannounced"
    )
    assert {one.moment for one in found} == {Moment.APPLY}
    assert expected not in only(token, inputs), "Check waits for this one"


def test_a_value_that_the_plan_made_up_may_turn_out_to_be_null() -> None:
    (found,) = refusals_at_apply(USER, user(password=Placeholder("db.password"), x509Type="NONE"))
    assert "unless password turns out to be null" in found.rule, "what nobody knows is said as if it were known"
    (partly,) = refusals_at_apply(USER, user(password="‹db.user›-1", x509Type="NONE"))
    assert "null" not in partly.rule, "a text of which a part is made up is there"


@pytest.mark.parametrize(
    "inputs",
    [user(password=Unknown()), user(x509Type=Unknown()), user(password=Unknown(), oidcAuthType="NONE")],
)
def test_what_an_output_may_turn_out_to_be_is_not_foreseen(inputs: dict[str, Any]) -> None:
    assert refusals_at_apply(USER, inputs) == (), "a valid program would be called wrong"


GROUP_ALONE = {**GROUP, "multiAzEnabled": True}


def high_availability(failover: bool | None) -> Callable[[], None]:
    def program() -> None:
        group: dict[str, Any] = {"description": "d", "engine": "valkey", "multi_az_enabled": True}
        aws.elasticache.ReplicationGroup("cache", **group, automatic_failover_enabled=failover)

    return program


def test_a_combination_for_which_the_preview_fails_is_refused() -> None:
    (finding,) = refused_inputs(planned(high_availability(None)), None).findings
    assert (finding.id, finding.path, finding.reason) == ("provider-refuses", "multiAzEnabled", "combination")
    assert said(planned(high_availability(True))) == [], "the usual way to write it"
    assert refusals_at_creation(CACHE, {**GROUP_ALONE, "automaticFailoverEnabled": Placeholder("on")}) == ()
    assert refusals_at_creation(CACHE, {**GROUP_ALONE, "automaticFailoverEnabled": Unknown()}), "the preview needs it"


def service_account(roles: list[str]) -> Callable[[], None]:
    def program() -> None:
        atlas.ServiceAccount("robot", org_id="5f00", name="robot", description="d", roles=roles)

    return program


def test_what_only_a_creation_demands_is_not_said_of_what_exists() -> None:
    was, now = planned(service_account(["ORG_OWNER"])), planned(service_account(["ORG_MEMBER"]))
    assert said(now) == [("secretExpiresAfterHours", "missing-at-creation")], "creating it would fail"
    (created,) = reviewed(Pair(planned(right_vpc), now)).stacks
    assert [one.path for one in created.refused.findings] == ["secretExpiresAfterHours"]
    (updated,) = reviewed(Pair(was, now)).stacks
    assert updated.refused.findings == (), "an update that works would be stopped"


def misspelt() -> None:
    atlas.AdvancedCluster(
        "shop",
        project_id="5f00",
        cluster_type="REPLICASET",
        replication_specs=[
            {  # pyright: ignore[reportArgumentType]
                "region_configs": [
                    {"provider_name": "AWS", "region_name": "EU_WEST_1", "priority": 7, "autoscaling": {}}
                ]
            }
        ],
        advanced_configuration={"javascript_enabld": False},  # pyright: ignore[reportArgumentType]
    )


def test_a_name_that_the_provider_reads_over_is_a_warning_that_stops_nothing() -> None:
    found = refused_inputs(planned(misspelt), None)
    assert found.findings == (), "the preview passes"
    said_of = {one.path: one.remedy for one in found.ignored}
    place = "replicationSpecs[0].regionConfigs[0].autoscaling"
    assert said_of == {
        "advancedConfiguration.javascript_enabld": "Did you mean javascriptEnabled?",
        place: "Did you mean autoScaling?",
    }, "a setting is lost without a word"
    assert {one.id for one in found.ignored} == {"provider-ignores"} and not any(one.stops for one in found.ignored)


@pytest.mark.parametrize("name", names())
def test_every_format_says_what_is_ignored(name: str) -> None:
    plan = planned(misspelt)
    for made in (of_one(plan, name), text(reviewed(Pair(planned(right_vpc), plan)), name)):
        assert "javascriptEnabled" in made, f"--format {name} keeps it to itself"
        assert "the preview fails" not in made and "fails at preview" not in made


def test_names_are_read_over_by_frameworks_alone_and_secret_ones_are_not_shown() -> None:
    sdk = type_schema(CLUSTER)
    assert sdk is not None
    assert ignored(CLUSTER, {"replicationSpecs": [{"zone": "a"}]}, sdk.sdk)
    assert ignored(CLUSTER, {"pinnedFcv": Unknown(), "timeouts": {"create": "1h"}}, sdk.sdk) == ()
    assert ignored(CLUSTER, {"tags": {"anything": "a"}}, sdk.sdk) == (), "the keys of a map are free"
    assert ignored(CLUSTER, {"backupShedule": True}, "999.0.0") == (), "a newer SDK may know it"
    assert ignored(CACHE, {"descripton": "d"}, "7.51.1") == (), "this kit refuses it"
    hidden = ignored(CLUSTER, {"advancedConfiguration": Hidden({CANARY: CANARY})}, sdk.sdk)
    assert hidden and CANARY not in repr(hidden), "a report would hold the secret"
