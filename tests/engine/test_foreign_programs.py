"""Any Pulumi Python program plans, and what cannot be known is said."""

from __future__ import annotations

import functools
import os
import re
from pathlib import Path

import pytest

from dolmen.engine import Plan, evaluate
from dolmen.engine.plan import FailureKind, Placeholder, Resource, Secret, Severity, Unknown
from tests.time_limits import growing, until

PROGRAMS = Path(__file__).parent.parent / "programs"

PLANNED = (
    "aliases", "asynchronous", "brittle_lookup", "calls_boto", "defaults", "dynamic_provider", "exits_well", "get_and_import", "hooks",
    "main_file", "main_folder", "method_call", "missing_config", "no_environment", "options", "output_lookups",
    "plain_lookups", "policy_objects", "unknown_provider", "providers", "public_eks", "public_website", "remote_component", "stack_reference", "talkative",
    "touches_the_machine", "transformations", "transforms", "values",
)  # fmt: skip


@functools.cache
def plan_of(name: str) -> Plan:
    return evaluate(PROGRAMS / name, ["dev"])[0]


def resource(plan: Plan, name: str) -> Resource:
    (found,) = [one for one in plan if one.name == name]
    return found


def failure(name: str) -> tuple[FailureKind, str]:
    found = plan_of(name).failure
    assert found is not None, f"{name} was expected to fail"
    return found.kind, found.message


def noted(plan: Plan, kind: str) -> set[str]:
    return {note.subject for note in plan.notes if note.kind == kind}


@pytest.mark.parametrize("name", PLANNED)
def test_the_program_plans(name: str) -> None:
    plan = plan_of(name)
    assert plan.failure is None, f"{name} should plan: {plan.failure}"
    assert plan.resources[0].type == "pulumi:pulumi:Stack"


def test_missing_config_is_made_up_and_listed() -> None:
    plan = plan_of("missing_config")
    assert noted(plan, "assumed") == {
        f"config missing-config:{key}"
        for key in ("count", "ratio", "enabled", "network", "password", "settings", "zones", "name")
    }
    vpc = resource(plan, "vpc")
    assert vpc.inputs["cidrBlock"] == Placeholder("config missing-config:network.cidr")
    assert vpc.inputs["tags"] == {"Name": "‹config missing-config:name›-vpc"}
    assert set(vpc.assumed) == {"cidrBlock", "tags.Name"}
    assert isinstance(resource(plan, "password").inputs["value"], Secret), "a required secret is secret, set or not"


def test_a_plain_lookup_gives_marked_values_of_the_declared_types() -> None:
    plan = plan_of("plain_lookups")
    assert [one.name for one in plan if one.type.endswith(":Subnet")] == [f"subnet-{index}" for index in range(5)]
    web = resource(plan, "web")
    ami = web.inputs["ami"]
    assert isinstance(ami, Placeholder) and re.fullmatch(r"aws:ec2/getAmi:getAmi\(\w{6}\)\.id", ami.label)
    assert "tags.Team" in web.assumed
    assert {invoke.outcome for invoke in plan.invokes} == {"assumed"}
    assert all(invoke.source is not None and invoke.source.file == "__main__.py" for invoke in plan.invokes)


def test_a_lookup_that_depends_on_what_is_not_created_yet_is_deferred() -> None:
    plan = plan_of("output_lookups")
    outcomes = {invoke.token.rsplit(":", 1)[-1]: invoke.outcome for invoke in plan.invokes}
    assert outcomes == {"getRouteTable": "deferred", "getRegion": "assumed", "getSecretVersion": "assumed"}
    assert resource(plan, "route").inputs["routeTableId"] == Unknown()


def test_a_lookup_whose_placeholder_breaks_the_program_stays_unknown() -> None:
    plan = plan_of("brittle_lookup")
    assert resource(plan, "bucket").inputs["tags"] == {"environment": Unknown()}
    assert "aws:index/getCallerIdentity:getCallerIdentity" in noted(plan, "assumed")


def test_answers_from_the_lookups_file_are_used_and_what_they_leave_out_is_marked(tmp_path: Path) -> None:
    answers = tmp_path / "lookups.yaml"
    answers.write_text(
        "aws:ec2/getAmi:getAmi:\n"
        "  - arguments: {mostRecent: false}\n"
        "    result: {id: ami-old}\n"
        "  - arguments: {mostRecent: true}\n"
        "    result: {id: ami-new}\n"
        "aws:ec2/getVpc:getVpc:\n"
        "  result: {id: vpc-1, cidrBlock: 172.31.0.0/16}\n"
    )
    plan = evaluate(PROGRAMS / "plain_lookups", ["dev"], lookups=answers)[0]
    assert plan.failure is None, plan.failure
    assert resource(plan, "web").inputs["ami"] == "ami-new"
    assert resource(plan, "subnet-4").inputs["vpcId"] == "vpc-1"
    assert resource(plan, "subnet-4").inputs["cidrBlock"] == "172.31.0.0/16"
    assert resource(plan, "subnet-0").assumed == ("availabilityZone",)
    given = {invoke.token for invoke in plan.invokes if invoke.outcome == "given"}
    assert given == {"aws:ec2/getAmi:getAmi", "aws:ec2/getVpc:getVpc"}


def test_a_malformed_lookups_file_is_refused_with_its_reason(tmp_path: Path) -> None:
    answers = tmp_path / "lookups.yaml"
    answers.write_text("aws:ec2/getAmi:getAmi: ami-1\n")
    plan = evaluate(PROGRAMS / "values", ["dev"], lookups=answers)[0]
    assert plan.failure is not None and plan.failure.kind is FailureKind.REFUSED
    assert "lookups.yaml" in plan.failure.message and "result" in plan.failure.message


def test_another_stacks_outputs_are_unknown_and_said_to_be() -> None:
    plan = plan_of("stack_reference")
    assert resource(plan, "group").inputs["vpcId"] == Unknown()
    assert resource(plan, "cache").inputs["subnetIds"] == Unknown()
    assert plan.outputs["first"] == Unknown()
    assert noted(plan, "assumed") == {"stack organization/network/prod"}


def test_transforms_reach_children_and_lookups() -> None:
    plan = plan_of("transforms")
    assert resource(plan, "storage-data").options.protect is True
    assert resource(plan, "storage-log").options.protect is True, "a component's transform reaches its children"
    assert resource(plan, "storage-log").options.retain_on_delete is True, "a stack's transform reaches everything"
    assert resource(plan, "storage-log").inputs["region"] == "eu-north-1"
    assert resource(plan, "storage-data").dependencies == (resource(plan, "storage-log").urn,)
    (invoke,) = plan.invokes
    assert invoke.arguments["region"] == "eu-north-1"


def test_older_transformations_are_applied() -> None:
    data = resource(plan_of("transformations"), "data")
    assert data.inputs["bucket"] == "company-data"
    assert data.options.retain_on_delete is True


def test_aliases_are_resolved_to_urns() -> None:
    plan = plan_of("aliases")
    assert resource(plan, "new").options.aliases == (
        "urn:pulumi:dev::aliases::own:index:Group::old",
        "urn:pulumi:dev::aliases::own:index:OldGroup::new",
    )
    assert "urn:pulumi:dev::aliases::aws:s3/bucket:Bucket::new-bucket" in resource(plan, "new-bucket").options.aliases
    assert resource(plan, "renamed").options.aliases[:3] == (
        "urn:pulumi:test::other::aws:s3/bucket:Bucket::first",
        "urn:pulumi:earlier::before::aws:s3/bucket:Bucket::second",
        "urn:pulumi:dev::aliases::aws:s3/bucket:Bucket::third",
    )


def test_children_of_an_aliased_component_may_be_found_under_its_old_type() -> None:
    inherited = resource(plan_of("aliases"), "new-bucket").options.inherited_aliases
    assert "urn:pulumi:dev::aliases::own:index:OldGroup$aws:s3/bucket:Bucket::new-bucket" in inherited
    assert "urn:pulumi:dev::aliases::own:index:Group$aws:s3/bucket:Bucket::old-bucket" in inherited


def test_hooks_are_listed_and_not_run() -> None:
    plan = plan_of("hooks")
    assert resource(plan, "data").options.hooks["before_create"] == ("announce",)
    assert noted(plan, "not-analysed") == {"resource hook announce"}
    assert not plan.diagnostics, "a hook must not run in an offline plan"


def test_resources_that_exist_have_their_ids() -> None:
    plan = plan_of("get_and_import")
    existing, adopted = resource(plan, "existing"), resource(plan, "adopted")
    assert existing.read and existing.id == "sg-0123456789abcdef0"
    assert not adopted.read and adopted.options.import_id == adopted.id == "adopted"
    assert plan.outputs["vpc"] == Unknown()


def test_providers_are_inherited_as_the_engine_does() -> None:
    plan = plan_of("providers")
    seoul, tokyo = (f"{resource(plan, name).urn}::" for name in ("seoul", "tokyo"))

    def provider(name: str) -> str:
        return str(resource(plan, name).options.provider)

    assert provider("one-bucket").startswith(seoul)
    assert provider("one-versioning").startswith(seoul), "a child of a custom resource uses its parent's provider"
    assert provider("one-suffix").startswith("default:random@")
    assert provider("two-bucket").startswith(tokyo)
    assert provider("three-bucket").startswith(seoul)
    assert provider("plain").startswith("default:aws@")
    assert provider("chosen").startswith(tokyo)
    assert resource(plan, "one-bucket").options.protect is True


def test_a_dynamic_provider_needs_no_network_and_its_results_are_unknown() -> None:
    plan = plan_of("dynamic_provider")
    assert resource(plan, "first").type == "pulumi-python:dynamic:Resource"
    assert resource(plan, "second").inputs["prefix"] == Unknown()


def test_a_remote_component_is_opaque_and_said_to_be() -> None:
    plan = plan_of("remote_component")
    network = resource(plan, "network")
    assert network.remote and not network.custom
    assert noted(plan, "not-analysed") == {network.urn}
    assert resource(plan, "group").inputs["vpcId"] == Unknown()
    assert resource(plan, "group").dependencies == (network.urn,)


def test_a_method_of_a_resource_gives_unknown_results() -> None:
    plan = plan_of("method_call")
    assert resource(plan, "kubeconfig").inputs["value"] == Secret(None), "an SSM parameter's value is secret"
    assert "method eks:index:Cluster/getKubeconfig" in noted(plan, "not-analysed")


def test_a_program_that_drives_pulumi_itself_is_out_of_reach_and_starts_nothing() -> None:
    kind, message = failure("automation")
    assert kind is FailureKind.PROGRAM and "Automation API" in message
    assert "Automation API" in noted(plan_of("automation"), "not-analysed")


def test_an_asynchronous_main_is_awaited() -> None:
    plan = plan_of("asynchronous")
    assert {one.name for one in plan} >= {"bucket-a", "bucket-b", "early"}
    assert resource(plan, "early").inputs["tags"] == {"zones": "a,b"}
    assert plan.outputs["buckets"] == [Unknown(), Unknown()]


def test_what_the_program_prints_and_logs_is_kept() -> None:
    plan = plan_of("talkative")
    assert "to the terminal\n" in plan.output and "to the error stream\n" in plan.output
    assert [(found.severity, found.message) for found in plan.diagnostics] == [
        (Severity.INFO, "an information"),
        (Severity.WARNING, "a warning"),
    ]
    assert plan.diagnostics[1].urn == resource(plan, "bucket").urn


def test_an_exit_with_success_is_a_plan_and_another_is_a_failure() -> None:
    assert resource(plan_of("exits_well"), "bucket")
    kind, message = failure("exits_badly")
    assert kind is FailureKind.PROGRAM and message == "Program exited with non-zero exit code: 3"
    assert resource(plan_of("exits_badly"), "bucket"), "what was registered before is still shown"


def test_an_error_shows_the_programs_own_frames_only() -> None:
    kind, message = failure("raises")
    assert kind is FailureKind.PROGRAM
    assert message.splitlines()[-1] == "LookupError: no such size: 3"
    files = [line.split('"')[1] for line in message.splitlines() if line.lstrip().startswith("File")]
    assert files == ["__main__.py", "parts/storage.py"], "frames of the SDK or of the engine do not help an author"
    position = plan_of("raises").failure.position  # pyright: ignore[reportOptionalMemberAccess]
    assert str(position) == "parts/storage.py:2"


def test_an_error_inside_apply_shows_where_it_was_raised() -> None:
    kind, message = failure("fails_in_apply")
    assert kind is FailureKind.PROGRAM
    assert "in parse" in message and "ValueError" in message


@pytest.mark.parametrize("name", ["duplicate", "swallows"])
def test_a_duplicate_name_is_refused_even_when_the_program_catches_it(name: str) -> None:
    kind, message = failure(name)
    assert kind is FailureKind.PROGRAM and message.startswith("Duplicate resource URN")


@pytest.mark.parametrize(
    ("name", "text"), [("refuses", "Set `confirmed` to true"), ("wrong_type", "not a valid 'int'")]
)
def test_what_a_program_refuses_is_told_in_its_own_words(name: str, text: str) -> None:
    kind, message = failure(name)
    assert kind is FailureKind.REFUSED
    assert text in message and "Traceback" not in message


def stopped(name: str, printed: str = "") -> Plan:
    """The plan of a program that does not end, under a limit that let it get as far as to print something."""
    for limit in growing():
        plan = evaluate(PROGRAMS / name, ["dev"], timeout=limit)[0]
        assert plan.failure is not None and plan.failure.kind is FailureKind.TIMEOUT, plan.failure
        assert f"{limit:g} seconds" in plan.failure.message
        if plan.failure.position is not None and printed in plan.output:
            return plan
    raise AssertionError("the author needs to know where it hangs")


def test_a_program_that_spins_is_stopped_and_its_line_is_named() -> None:
    assert "It was at __main__.py:" in str(stopped("spins").failure)


def test_a_program_that_hangs_is_stopped_with_all_it_started() -> None:
    plan = stopped("hangs", "started")
    assert "It was at __main__.py:" in str(plan.failure)
    (started,) = [line.split()[1] for line in plan.output.splitlines() if line.startswith("started")]
    until(lambda: not runs(int(started)))


def runs(process: int) -> bool:
    """Whether a process runs; one that ended, and whose end nobody has asked about, does not."""
    try:
        os.kill(process, 0)
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def test_a_process_that_dies_is_reported_with_its_signal() -> None:
    kind, message = failure("dies")
    assert kind is FailureKind.CRASH and "SIGKILL" in message


def test_what_a_program_does_to_the_machine_is_reported_and_the_network_refused() -> None:
    plan = plan_of("touches_the_machine")
    assert noted(plan, "warning") == {"generated.json", "git"}
    assert noted(plan, "not-analysed") == {"checkip.amazonaws.com", "169.254.169.254"}
    assert [found.message for found in plan.diagnostics if "offline plan uses no network" in found.message], (
        "a connection that is not refused at once waits for an answer"
    )


def test_a_cloud_library_needs_no_credentials_and_its_answers_are_assumed() -> None:
    plan = plan_of("calls_boto")
    assert "boto3:sts.get_caller_identity" in noted(plan, "assumed")
    assert not noted(plan, "not-analysed"), "it waited for credentials from a server"


def test_main_may_be_a_folder_or_a_file() -> None:
    assert resource(plan_of("main_folder"), "beside").inputs["tags"] == {"folder": "infra", "root": "main_folder"}
    assert resource(plan_of("main_file"), "beside")


def test_configuration_merges_as_the_cli_merges_it() -> None:
    plan = plan_of("defaults")
    assert resource(plan, "bucket").inputs["tags"] == {
        "plain": "text",
        "number": "7",
        "declared": "by default",
        "overridden": "stack",
        "object": "value",
        "region": "eu-west-1",
        "project": "defaults",
        "stack": "dev",
        "organization": "organization",
        "preview": "True",
    }
    assert plan.stack_file == "settings/Pulumi.dev.yaml"
    assert isinstance(plan.outputs["token"], Secret)
    assert isinstance(plan.config["defaults:token"], Secret)
    assert plan.outputs["in the environment"] is True


def test_a_stack_without_a_file_has_the_projects_defaults() -> None:
    plan = evaluate(PROGRAMS / "defaults", ["elsewhere"])[0]
    assert plan.stack_file is None
    assert plan.failure is None, plan.failure
    assert "config defaults:object" in noted(plan, "assumed")


def test_a_missing_environment_is_said() -> None:
    (note,) = plan_of("no_environment").notes
    assert note.kind == "warning" and "venv is missing" in note.detail


def test_a_missing_package_is_named_with_the_requirement_that_asks_for_it() -> None:
    kind, message = failure("missing_package")
    assert kind is FailureKind.PROGRAM
    assert "pulumi_kubernetes" in message and "pulumi-kubernetes>=4,<5" in message


def test_a_project_in_another_language_is_refused() -> None:
    kind, message = failure("other_language")
    assert kind is FailureKind.REFUSED and "nodejs" in message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "no Pulumi.yaml"),
        ("", "name"),
        ("name: x\n", "runtime"),
        ("name: x\nruntime: [\n", "YAML"),
        ("name: 3\nruntime: python\n", "name"),
        ("- a\n- b\n", "mapping"),
        ("name: x\nruntime: python\nmain: gone/\n", "gone"),
    ],
)
def test_a_folder_that_is_no_project_is_refused_with_the_reason(tmp_path: Path, text: str | None, reason: str) -> None:
    if text is not None:
        (tmp_path / "Pulumi.yaml").write_text(text)
    found = evaluate(tmp_path, ["dev"])[0].failure
    assert found is not None and found.kind is FailureKind.REFUSED
    assert reason in found.message


def test_a_project_without_a_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: x\nruntime: python\n")
    found = evaluate(tmp_path, ["dev"])[0].failure
    assert found is not None and "__main__.py" in found.message


def test_options_are_those_after_inheritance() -> None:
    plan = plan_of("options")
    first, second, everything = (resource(plan, name) for name in ("group-first", "group-second", "all"))
    base = resource(plan, "base").urn
    assert (first.options.protect, first.options.retain_on_delete, first.options.deleted_with) == (True, True, base)
    assert (second.options.protect, second.options.retain_on_delete) == (False, False)
    options = everything.options
    assert options.ignore_changes == ("tags", "tags.vpc")
    assert options.replace_on_changes == ("bucket",)
    assert options.delete_before_replace is True
    assert set(options.additional_secret_outputs) >= {"arn", "bucket"}
    assert options.custom_timeouts == {"create": "5m", "update": "1h30m", "delete": "30s"}
    assert options.version == "7.0.0" and options.provider == "default:aws@7.0.0"
    assert options.replace_with == (base,) and options.hide_diffs == ("tags",)
    assert set(everything.dependencies) == {base, first.urn, second.urn}, "a component stands for its children"
    assert everything.property_dependencies == {"tags": (base,)}
    assert everything.inputs["tags"] == {
        "secret": everything.inputs["tags"]["secret"],
        "vpc": Unknown(),
        "both": Unknown(),
    }  # type: ignore[index]


def test_an_object_where_the_sdk_expects_text_is_the_text_that_the_provider_would_make() -> None:
    plan = plan_of("policy_objects")
    assert plan.outputs == {"version": "2012-10-17", "policy": Unknown()}
    assert isinstance(resource(plan, "role").inputs["assumeRolePolicy"], dict), "an input is shown as it was given"


def test_nothing_is_known_of_what_an_unconfigured_provider_manages() -> None:
    plan = plan_of("unknown_provider")
    assert resource(plan, "group").inputs["name"] == "/group"
    assert resource(plan, "pet").inputs["prefix"] == Unknown()
    assert plan.outputs["zones"] == Unknown()
    assert [invoke.outcome for invoke in plan.invokes] == ["deferred"]


def test_a_secret_output_stays_secret_downstream() -> None:
    plan = plan_of("values")
    assert resource(plan, "parameter").inputs["value"] == Secret(None)
    assert resource(plan, "role").inputs["assumeRolePolicy"] == Unknown()
    assert isinstance(resource(plan, "pet").inputs["prefix"], Secret)
    assert plan.outputs["password"] == Secret(None)
    assert plan.outputs["unsecret"] == "shown"
    assert plan.outputs["nested"] == {"list": [1, 2.5, True, None, Unknown()], "none": None}
