"""`dolmen env render`: what is made from the definition holds its variables and no secret value."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from dolmen.appenv.check import problems
from dolmen.appenv.definition import Tier, definition
from dolmen.appenv.dotenv import Entry, parse
from dolmen.appenv.render import RENDERINGS
from dolmen.appenv.sources import StackOutputError, from_outputs, template
from dolmen.cli.app import app
from dolmen.cli.env_render import Rendering

ROOT = Path(__file__).parents[2]
COMMITTED = {
    "dotenv": ".env.example",
    "ecs": "docs/reference/environment/ecs-task-definition.json",
    "external-secrets": "docs/reference/environment/external-secrets.yaml",
    "json-schema": "docs/reference/environment/schema.json",
    "markdown": "docs/reference/environment.md",
}
PROMISED = {
    "MONGO_URI": None,
    "MONGO_POOL_SIZE": "10",
    "MONGO_CONNECT_TIMEOUT_MS": "10000",
    "MONGO_SOCKET_TIMEOUT_MS": "45000",
    "MONGO_USE_TLS": "true",
    "MONGO_RETRY_WRITES": "true",
    "MONGO_RETRY_READS": "true",
    "REDIS_HOST": None,
    "REDIS_PORT": None,
    "REDIS_USERNAME": None,
    "REDIS_PASSWORD": None,
    "REDIS_TLS": None,
    "REDIS_CLUSTER_MODE": None,
    "USE_AWS_SECRETS": "true",
    "AWS_REGION": None,
    "AWS_SECRET_NAME": None,
    "AWS_SECRETS_FAIL_OPEN": "false",
}
DATABASE_ARN = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:chat-prod/chat-app/database-AbCdEf"
FACTS = {
    "redis_host": "clustercfg.chat.abcdef.apn2.cache.amazonaws.com",
    "redis_port": "6379",
    "redis_user": "chat-app",
    "redis_tls": "true",
    "redis_cluster_mode": "true",
    "aws_region": "ap-northeast-2",
    "jwt_secret_name": "chat-prod/chat-app/jwt-secrets",
}


def outputs(*, iam: bool = False, applications: tuple[str, ...] = ("chat-app",)) -> str:
    sources = template(definition(), mongo_pool_size=25, cache_login_with_iam=iam)
    plain = {n: s.get("value") or FACTS[s["platform"]] for n, s in sources.items() if "secret" not in s}
    secrets = {n: {"arn": DATABASE_ARN, "key": s["key"]} for n, s in sources.items() if "secret" in s}
    environment = {"plain": plain, "secrets": secrets}
    return json.dumps(
        {"dolmen": {"version": 1, "applications": {a: {"environment": environment} for a in applications}}}
    )


def render(format: str, *options: str, given: str | None = None) -> str:
    source = ["--outputs", "-"] if given else []
    result = CliRunner().invoke(app, ["env", "render", "--format", format, *source, *options], input=given)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_contract_has_the_promised_variables_in_order_with_their_defaults() -> None:
    assert {variable.name: variable.default for variable in definition().variables} == PROMISED, (
        "An application written against the contract would miss a variable or get another default."
    )
    assert [variable.name for variable in definition().variables] == list(PROMISED)


def test_the_example_file_holds_every_variable_and_breaks_no_rule_but_the_blanks() -> None:
    entries, wrong = parse(render("dotenv", "--application", "chat-app"))
    assert not wrong
    assert list(entries) == list(PROMISED)
    assert entries["AWS_SECRET_NAME"].value == "chat-prod/chat-app/jwt-secrets"
    blanks = {name for name, entry in entries.items() if "<" in entry.value}
    refused = {problem.path[0] for problem in problems(entries, definition(), tier=Tier.PRODUCTION)}
    assert refused <= blanks, f"The example itself breaks the contract at {refused - blanks}."
    assert "MONGO_URI" in blanks, "An example must not look like a working login."


def test_a_stack_output_gives_a_container_all_it_needs_and_no_secret_value() -> None:
    fragment = json.loads(render("ecs", given=outputs()))
    plain = {item["name"]: item["value"] for item in fragment["environment"]}
    secret = {item["name"]: item["valueFrom"] for item in fragment["secrets"]}
    assert set(plain | secret) == set(PROMISED)
    assert secret == {
        "MONGO_URI": f"{DATABASE_ARN}:mongo_uri::",
        "REDIS_PASSWORD": f"{DATABASE_ARN}:redis_password::",
    }, "ECS reads one key of a secret as <ARN>:<key>:<stage>:<version>."
    assert plain["MONGO_POOL_SIZE"] == "25"
    assert all(isinstance(value, str) for value in plain.values()), "ECS takes strings only."


def test_external_secrets_reads_the_same_keys_of_the_same_secrets() -> None:
    config_map, external = yaml.safe_load_all(render("external-secrets", given=outputs()))
    assert (external["apiVersion"], external["kind"]) == ("external-secrets.io/v1", "ExternalSecret")
    references = {item["secretKey"]: item["remoteRef"] for item in external["spec"]["data"]}
    assert references == {
        "MONGO_URI": {"key": DATABASE_ARN, "property": "mongo_uri"},
        "REDIS_PASSWORD": {"key": DATABASE_ARN, "property": "redis_password"},
    }
    assert set(config_map["data"]) | set(references) == set(PROMISED)
    assert all(isinstance(value, str) for value in config_map["data"].values()), "A ConfigMap takes strings only."


def test_without_a_stack_the_fragment_says_what_is_missing() -> None:
    fragment = json.loads(render("ecs", "--application", "chat-app"))
    assert fragment["secrets"][0]["valueFrom"] == "<ARN of chat-prod/chat-app/database>:mongo_uri::"


@pytest.mark.parametrize("tier", Tier)
def test_the_schema_and_the_check_agree(tier: Tier) -> None:
    schema = json.loads(render("json-schema", "--tier", tier.value, given=outputs()))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    right: dict[str, Any] = {
        **{name: default for name, default in PROMISED.items() if default},
        **{v.name: FACTS[v.platform] for v in definition().variables if v.platform in FACTS},
        "MONGO_URI": "mongodb+srv://u:p@chat.abcde.mongodb.net/d?retryWrites=true&w=majority",
        "REDIS_PASSWORD": "0123456789abcdef",
        "OTHER": "x",
    }
    for name, wrong in [
        ("OTHER", "x"),
        ("REDIS_PASSWORD", "a/b0123456789abcdef"),
        ("REDIS_PASSWORD", '0123456789abcde"'),
        ("REDIS_PASSWORD", "0123456789-+.#%&"),
        ("REDIS_TLS", "false"),
        ("REDIS_CLUSTER_MODE", "yes"),
        ("AWS_SECRETS_FAIL_OPEN", "true"),
        ("MONGO_RETRY_WRITES", "false"),
        ("AWS_REGION", "Seoul"),
        ("AWS_SECRET_NAME", "chat-app"),
        ("REDIS_PORT", "port"),
        ("MONGO_URI", "http://h"),
    ]:
        environment = {**right, name: wrong}
        entries = {key: Entry(value, 1, 1) for key, value in environment.items()}
        checked = not list(problems(entries, definition(), tier=tier))
        assert validator.is_valid(environment) == checked, f"Schema and check disagree on {name} in {tier}."
    assert not validator.is_valid({k: v for k, v in right.items() if k != "MONGO_URI"})


def test_the_command_offers_every_rendering() -> None:
    assert tuple(RENDERINGS) == tuple(Rendering), "A format exists that nobody can ask for, or the other way round."


def test_with_iam_no_artefact_asks_for_a_password() -> None:
    given = outputs(iam=True)
    for format in ("dotenv", "ecs", "external-secrets", "json-schema"):
        assert "REDIS_PASSWORD" not in render(format, given=given), f"{format} asks for a password that does not exist."


@pytest.mark.parametrize(("format", "file"), COMMITTED.items())
def test_what_is_committed_is_current(format: str, file: str) -> None:
    options = () if format == "markdown" else ("--application", "chat-app")
    assert (ROOT / file).read_text(encoding="utf-8") == render(format, *options), (
        f"Write it again: dolmen env render --format {format} {' '.join(options)} > {file}"
    )


def test_the_reference_page_says_every_variable() -> None:
    text = (ROOT / COMMITTED["markdown"]).read_text(encoding="utf-8")
    assert set(re.findall(r"^## (\w+)$", text, re.MULTILINE)) == set(PROMISED)


@pytest.mark.parametrize(
    ("text", "application", "said"),
    [
        ("no", None, "not JSON"),
        ("[]", None, "no output `dolmen`"),
        ('{"dolmen": {"version": 1, "applications": {}}}', None, "no applications"),
        ('{"dolmen": {"version": 1}}', None, "no output `dolmen`"),
        ('{"dolmen": {"version": 2, "applications": {"a": {}}}}', None, "this Dolmen reads version 1"),
        (outputs(applications=("a", "b")), None, "choose --application a or b"),
        (outputs(), "chat", "no application chat"),
        ('{"dolmen": {"version": 1, "applications": {"a": {}}}}', None, "says nothing"),
        (
            '{"dolmen": {"version": 1, "applications": {"a": {"environment": {"plain": {"X": 1}}}}}}',
            None,
            "not in the form",
        ),
    ],
)
def test_an_output_that_does_not_fit_is_a_clear_error(text: str, application: str | None, said: str) -> None:
    with pytest.raises(StackOutputError, match=said):
        from_outputs(text, application)
