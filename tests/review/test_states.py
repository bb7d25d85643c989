"""States as Pulumi writes them, of any version of the provider and from any backend, against a program."""

from __future__ import annotations

import copy
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from dolmen.review import json_files
from dolmen.review.diff.changes import Operation
from dolmen.review.report.model import Status
from dolmen.review.sides import state
from tests.review.small_programs import IMPORTS, against_state, change

STACK = "urn:pulumi:dev::small::"
DEFAULT = f"{STACK}pulumi:providers:aws::default_7_39_0"
SECRET = "4dabf18193072939515e22adb298388d"
PROGRAM = (
    IMPORTS
    + """
aws.ssm.Parameter("p", name="/shop/flag", type="String", value="on")
s = aws.secretsmanager.Secret("s", name="shop/uri", opts=pulumi.ResourceOptions(ignore_changes=["description"]))
aws.secretsmanager.SecretVersion("v", secret_id=s.id, secret_string=pulumi.Output.secret("x"))
"""
)


def custom(type: str, name: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    urn = f"{STACK}{type}::{name}"
    provider = more.pop("provider", f"{DEFAULT}::1111")
    return {"urn": urn, "custom": True, "id": name, "type": type, "inputs": inputs, "provider": provider, **more}


def resources(region: str | None = "eu-west-1", of_provider: str | None = "eu-west-1") -> list[dict[str, Any]]:
    with_region = {"region": region} if region else {}
    settings = {"region": of_provider} if of_provider else {}
    secret = f"{STACK}aws:secretsmanager/secret:Secret::s"
    return [
        {"urn": f"{STACK}pulumi:pulumi:Stack::small-dev", "custom": False, "type": "pulumi:pulumi:Stack"},
        {
            "urn": DEFAULT,
            "custom": True,
            "id": "1111",
            "type": "pulumi:providers:aws",
            "inputs": {**settings, "version": "7.39.0", "skipCredentialsValidation": "false"},
        },
        custom(
            "aws:ssm/parameter:Parameter", "p", {**with_region, "name": "/shop/flag", "type": "String", "value": "on"}
        ),
        custom("aws:secretsmanager/secret:Secret", "s", {"__defaults": [], **with_region, "name": "shop/uri"}),
        custom(
            "aws:secretsmanager/secretVersion:SecretVersion",
            "v",
            {
                **with_region,
                "secretId": "arn:s",
                "secretString": {SECRET: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"},
            },
            propertyDependencies={"secretId": [secret], "secretString": None},
        ),
    ]


def exported(some: list[dict[str, Any]], **more: Any) -> str:
    return json.dumps({"version": 3, "deployment": {"manifest": {"version": "v3"}, "resources": some, **more}})


def checkpoint(some: list[dict[str, Any]]) -> str:
    latest = {"manifest": {}, "secrets_providers": {"type": "passphrase", "state": {"salt": "v1:x"}}, "resources": some}
    return json.dumps({"version": 3, "checkpoint": {"stack": "organization/small/dev", "latest": latest}})


BARE = [
    {k: v for k, v in one.items() if k not in ("provider", "propertyDependencies", "type")}
    for one in resources(region=None, of_provider=None)
    if "Version" not in one["urn"]
]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(exported(resources()), id="version 7"),
        pytest.param(exported(resources(region=None)), id="version 6"),
        pytest.param(exported(resources(region=None, of_provider=None)), id="a region from the environment"),
        pytest.param(exported(resources()).replace('"version": 3,', '"version": 4,', 1), id="version 4"),
        pytest.param(checkpoint(resources()), id="a backend's file"),
        pytest.param(
            exported([*resources(), {**resources()[2], "delete": True, "id": "old"}]), id="a resource that waits to go"
        ),
        pytest.param(exported([{**one, "parent": ""} for one in resources()]), id="empty parents"),
        pytest.param(exported(resources(), pending_operations=[{"type": "creating"}]), id="an interrupted update"),
        pytest.param(
            exported([*resources(), {**resources()[1], "urn": DEFAULT.replace("39", "1")}]), id="two defaults"
        ),
    ],
)
def test_what_is_deployed_already_changes_nothing(tmp_path: Path, written: str) -> None:
    report = against_state(tmp_path, written, PROGRAM)
    assert report.stacks[0].changes == () and report.stacks[0].status is Status.SAME


def test_a_state_without_optional_fields_is_read(tmp_path: Path) -> None:
    report = against_state(tmp_path, exported(BARE), PROGRAM)
    assert [(one.name, one.operation) for one in report.stacks[0].changes] == [("v", Operation.CREATE)]


def test_what_a_state_and_a_program_hold_alike_costs_the_same(tmp_path: Path) -> None:
    stack = "config:\n  aws:region: eu-west-1\n  small:usage: {secretReads: 1000000}\n"
    cost = against_state(tmp_path, exported(resources()), PROGRAM, stack).stacks[0].cost
    assert cost.before is not None and cost.before.total.low == 0.40 + 5, "a state would seem to cost nothing"
    assert cost.changed == () and cost.difference is not None, "nothing changes, and a bill would"


def test_another_region_is_a_change(tmp_path: Path) -> None:
    report = against_state(tmp_path, exported(resources("us-east-1", "us-east-1")), PROGRAM)
    assert (
        change(report, "s").operation is Operation.REPLACE and change(report, "default").operation is Operation.UPDATE
    )


def test_each_resource_has_the_region_of_its_own_default_provider(tmp_path: Path) -> None:
    old = DEFAULT.replace("39", "1")
    written = resources(region=None)
    left = {**written[1], "urn": old, "inputs": {"region": "us-east-1", "version": "7.1.0"}}
    written[3]["provider"] = f"{old}::2222"
    report = against_state(tmp_path, exported([*written, left]), PROGRAM)
    assert change(report, "s").operation is Operation.REPLACE, "a resource that moves to another region stays, it says"
    assert "p" not in [one.name for one in report.stacks[0].changes], "what is in the region already is moved, it says"


def test_a_packed_file_of_a_backend_is_read(tmp_path: Path) -> None:
    file = tmp_path / "dev.json.gz"
    file.write_bytes(gzip.compress(checkpoint(resources()).encode()))
    assert [one.name for one in state.read_state(file)] == ["small-dev", "p", "s", "v"]


PACKED = gzip.compress(b"x" * 99, mtime=0)  # one name in every process that collects tests


@pytest.mark.parametrize(
    "content", [PACKED[:-9], PACKED, PACKED[:2], PACKED[:2] + b"xxxx"], ids=["cut", "text", "head", "other"]
)
def test_a_broken_packed_file_gives_one_clear_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "dev.json.gz"
    file.write_bytes(content)
    with pytest.raises(state.StateError, match=r"dev\.json\.gz is (broken|not JSON)"):
        state.read_state(file)


def test_a_packed_file_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_files, "LARGEST", 1000)
    file = tmp_path / "dev.json.gz"
    file.write_bytes(gzip.compress(b" " * 100_000))
    with pytest.raises(state.StateError, match="holds more than"):
        state.read_state(file)


def test_an_explicit_provider_gives_its_region(tmp_path: Path) -> None:
    urn = f"{STACK}pulumi:providers:aws::eu"
    provider = custom(
        "pulumi:providers:aws", "eu", {"region": "eu-central-1"}, aliases=[f"{STACK}pulumi:providers:aws::old"]
    )
    of_it = custom(
        "aws:secretsmanager/secret:Secret", "s", {"region": "eu-central-1", "name": "s"}, provider=f"{urn}::2222"
    )
    program = (
        IMPORTS
        + 'p = aws.Provider("eu", region="eu-central-1")\n'
        + 'aws.secretsmanager.Secret("s", name="s", opts=pulumi.ResourceOptions(provider=p))\n'
    )
    report = against_state(tmp_path, exported([resources()[0], provider, of_it]), program)
    assert "s" not in [one.name for one in report.stacks[0].changes]


def test_an_external_resource_is_only_read(tmp_path: Path) -> None:
    read = custom("aws:ssm/parameter:Parameter", "q", {}, external=True)
    report = against_state(tmp_path, exported([*resources(), read]), PROGRAM)
    assert "q" not in [one.name for one in report.stacks[0].changes], "what Pulumi only read would seem to be deleted"


@pytest.mark.parametrize(
    "content", ['{"version": 3, "deployment": {"manifest": {}}}', '{"version": 3, "deployment": null}']
)
def test_an_empty_stack_has_everything_created(tmp_path: Path, content: str) -> None:
    report = against_state(tmp_path, content, PROGRAM)
    assert {one.operation for one in report.stacks[0].managed} == {Operation.CREATE}
    assert report.stacks[0].renamed_from == "", "an empty stack has no other name"


def test_an_interrupted_update_is_told(tmp_path: Path) -> None:
    report = against_state(tmp_path, exported(resources(), pending_operations=[{"type": "creating"}]), PROGRAM)
    assert any("interrupted" in note.subject for note in report.stacks[0].notes)


def _broken(**change: Any) -> str:
    some = copy.deepcopy(resources())
    some[2].update(change)
    return exported(some)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not JSON",
        "[]",
        "3",
        '{"version": 3}',
        '{"version": 1, "deployment": {}}',
        '{"version": 3, "deployment": []}',
        '{"version": 3, "deployment": {"resources": {}}}',
        '{"version": 3, "deployment": {"resources": [1]}}',
        _broken(urn="p"),
        _broken(urn=None),
        _broken(inputs=[]),
        _broken(inputs="x"),
        _broken(propertyDependencies=["s"]),
        _broken(propertyDependencies={"a": 1}),
        _broken(dependencies="x"),
        _broken(aliases={"a": 1}),
        _broken(parent=1),
        _broken(provider=["x"]),
    ],
)
def test_a_broken_file_gives_one_clear_error(tmp_path: Path, content: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    with pytest.raises(state.StateError) as caught:
        state.read_state(file)
    assert "state.json" in str(caught.value) and "\n" not in str(caught.value)
