"""A canary for every secret goes through the real engine: its console, its state, its exports and outputs, and Dolmen's
reading of the state. In clear it is in the simulated clouds and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dolmen.appenv.definition import Tier, definition
from dolmen.appenv.render import RENDERINGS
from dolmen.appenv.sources import from_outputs
from dolmen.cli.project import find_project
from tests.end_to_end.clients import SECRET, VERSION
from tests.end_to_end.engine import Engine, Result
from tests.end_to_end.project import ATLAS_CLIENT_SECRET, SECRETS, aws_value, ciphertexts, stack_engine, told
from tests.hygiene.canaries import found

pytestmark = pytest.mark.engine
SECTION = "      secrets: {"
GIVEN = f"""{SECTION}further: {{
        stripe: {{given: {{config: stripeKey}}}}, search: {{given: {{awsSecret: ops/search, field: apiKey}}}},
        webhook: {{generated: {{}}}}
        }}, """
FROM_AWS = (aws_value("ops/search", "apiKey"), aws_value("ops/slack-token"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, warm: str) -> Iterator[Engine]:
    with stack_engine(tmp_path_factory.mktemp("canaries"), "production", warm=warm) as running:
        running.edit("stacks/Pulumi.production.yaml", SECTION, GIVEN)
        tier = "  dolmen:tier: production"
        secret = f"  dolmen:stripeKey: {{ secure: {ciphertexts()[0]} }}"
        running.edit("stacks/Pulumi.production.yaml", tier, f"{tier}\n{secret}")
        told(running)
        yield running


def generated(engine: Engine) -> list[str]:
    return [live.extra["result"] for live in engine.cloud.all("random:index/randomPassword:RandomPassword")]


def secret_values(engine: Engine) -> list[str]:
    """Every secret in the clouds: generated passwords, what the versions hold, and what the tests gave."""
    if not engine.resources():
        engine.up()
    values = set(generated(engine))
    for version in engine.cloud.all(VERSION):
        values |= texts(version.inputs["secretString"])
    return sorted({*values, *SECRETS[:3], *FROM_AWS, ATLAS_CLIENT_SECRET})


def in_the_clouds(engine: Engine) -> set[str]:
    """Every text that the clouds were given."""
    return {
        one
        for live in engine.cloud.everything()
        for one in (*live.inputs.values(), *(n.get("apiToken") for n in live.inputs.get("notifications") or []))
        if isinstance(one, str)
    }


def texts(value: str) -> set[str]:
    """The whole of a secret's value, and the secret parts of it."""
    try:
        parts = json.loads(value)
    except ValueError:
        return {value}
    return {value, *(parts[key] for key in parts if key.endswith(("_uri", "_password", "current", "previous", "next")))}


def everything_written(engine: Engine) -> Iterator[tuple[str, str]]:
    for path in sorted(engine.work.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield str(path.relative_to(engine.work)), path.read_bytes().decode("utf-8", "replace")


@pytest.mark.long
def test_no_canary_is_on_the_console_in_the_state_or_in_what_is_exported(engine: Engine) -> None:
    said: dict[str, Result] = {}
    said["preview"] = engine.preview("--diff")
    said["up"] = engine.up("--diff", "--show-config", "--show-full-output")
    engine.edit("stacks/Pulumi.production.yaml", "generation: 1, active: 1", "generation: 2, active: 2")
    said["preview json"] = engine.preview("--json")
    said["verbose up"] = engine.up("--diff", "-v=3", "--logtostderr")
    said["refresh"] = engine.refresh("--diff")
    said["export"] = engine.pulumi("stack", "export", "--stack", engine.stack)
    said["output"] = engine.pulumi("stack", "output", "--json", "--stack", engine.stack)
    said["all output"] = engine.pulumi("stack", "output", "--json", "--show-secrets", "--stack", engine.stack)
    said["history"] = engine.pulumi("stack", "history", "--json", "--stack", engine.stack)
    said["config"] = engine.pulumi("config", "--json", "--stack", engine.stack)
    given = from_outputs(said["output"].out, None)
    assert {reference.secret for reference in given.secrets.values()} <= {
        live.id for live in engine.cloud.all(SECRET)
    }, "The stack's output names a secret that does not exist."
    assert set(given.plain) | set(given.secrets) == set(definition().by_name())
    for form, rendering in RENDERINGS.items():
        said[f"dolmen env render {form}"] = Result((), 0, rendering(definition(), given, Tier.PRODUCTION), "", 0.0)
    values = secret_values(engine)
    assert len(values) > 12, "There are hardly any secrets: this test shows little."
    assert set(FROM_AWS) <= in_the_clouds(engine), "What lies in AWS secrets reached nobody: this test shows little."
    leaks = {name: len(found(result.text, *values)) for name, result in said.items()}
    assert not any(leaks.values()), f"Secrets are printed in clear: {leaks}"
    written = {name: len(found(text, *values)) for name, text in everything_written(engine)}
    assert not any(written.values()), f"Secrets are written in clear: { {k: v for k, v in written.items() if v} }"
    assert any("state/.pulumi/stacks" in name for name in written), "The state was not searched."
    shown = engine.pulumi("stack", "export", "--show-secrets", "--stack", engine.stack).text
    assert all(found(shown, value) for value in generated(engine)), (
        "A generated password is not in the state at all, not even as ciphertext: the search shows nothing."
    )


def test_no_canary_is_in_an_error_of_the_real_engine(engine: Engine) -> None:
    values = secret_values(engine)
    file = "stacks/Pulumi.production.yaml"
    text = (engine.project / file).read_text()
    engine.edit(file, "electableNodes: 3", "electableNodes: 4")
    refused = engine.preview(ok=False)
    (engine.project / file).write_text(text)
    assert "electableNodes" in refused.text
    main = engine.project / "__main__.py"
    source = main.read_text()
    main.write_text(source + "\n1 / 0\n")
    raised = engine.preview(ok=False)
    main.write_text(source)
    assert "ZeroDivisionError" in raised.text
    assert found(refused.text + raised.text, *values) == []


def test_no_canary_is_in_dolmens_own_report_of_an_exported_state(engine: Engine, tmp_path: Path) -> None:
    """The state may even be one that somebody exported with its secrets shown."""
    from dolmen.review import command, formats

    values = secret_values(engine)
    project = find_project(engine.project)
    for flags in ((), ("--show-secrets",)):
        state = tmp_path / "state.json"
        state.write_text(engine.pulumi("stack", "export", "--stack", engine.stack, *flags).out)
        engine.edit("stacks/Pulumi.production.yaml", "storageGb: 40", "storageGb: 50")
        report: Any = command.review(project, ["production"], state)
        engine.edit("stacks/Pulumi.production.yaml", "storageGb: 50", "storageGb: 40")
        for form in formats.names():
            text = formats.text(report, form)
            assert form == "sarif" or "production" in text, "a report without findings in SARIF names no stack"
            assert found(text, *values) == [], f"The {form} report of a state shows a secret."
