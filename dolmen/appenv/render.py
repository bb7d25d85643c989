"""What is made from the definition: files for people, containers and clusters. None of them ever holds a secret value."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import yaml

from dolmen.appenv.definition import Definition, Tier, Type, Variable
from dolmen.appenv.sources import Given

WIDTH = 100
T = TypeVar("T")


def dotenv(definition: Definition, given: Given, tier: Tier) -> str:
    """`.env.example`: each variable with what it means. Secret ones name their source instead of a value."""
    lines = [
        f"# Environment of {given.application}. Made by `dolmen env render`.",
        "# Copy it to .env, which git ignores, and fill in what stands in <>.",
    ]
    for variable in definition.variables:
        if variable.name not in given.plain and variable.name not in given.secrets:
            continue
        lines += ["", *(f"# {line}" for line in textwrap.wrap(variable.description, WIDTH - 2))]
        demand = variable.demanded(tier)
        if demand:
            lines += [f"# {line}" for line in textwrap.wrap(f"In {tier} it is {demand.equals}.", WIDTH - 2)]
        if variable.name in given.secrets:
            reference = given.secrets[variable.name]
            lines += [f"# Secret: `{reference.key}` in {reference.secret}", f"{variable.name}={variable.example}"]
        else:
            lines.append(f"{variable.name}={given.plain[variable.name]}")
    return "\n".join(lines) + "\n"


def ecs(definition: Definition, given: Given, tier: Tier) -> str:
    """The part of an ECS container definition that gives the container its environment.

    The task's execution role reads the secrets. Injecting one key of a secret needs Fargate platform 1.4.0 or agent
    1.37.0. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
    """
    del tier
    fragment = {
        "environment": [{"name": name, "value": value} for name, value in _in_order(definition, given.plain)],
        "secrets": [
            {"name": name, "valueFrom": f"{_arn(reference.secret)}:{reference.key}::"}
            for name, reference in _in_order(definition, given.secrets)
        ],
    }
    return json.dumps(fragment, indent=2) + "\n"


def external_secrets(definition: Definition, given: Given, tier: Tier) -> str:
    """A Kubernetes ConfigMap with the plain variables, and an ExternalSecret that keeps the secret ones current.

    Source: https://external-secrets.io/latest/provider/aws-secrets-manager/
    """
    del tier
    name = f"{given.application}-environment"
    plain = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name},
        "data": dict(_in_order(definition, given.plain)),
    }
    secret = {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": {"name": name},
        "spec": {
            "refreshInterval": "5m",
            "secretStoreRef": {"kind": "SecretStore", "name": "aws-secrets-manager"},
            "target": {"name": name, "creationPolicy": "Owner"},
            "data": [
                {"secretKey": variable, "remoteRef": {"key": reference.secret, "property": reference.key}}
                for variable, reference in _in_order(definition, given.secrets)
            ],
        },
    }
    return yaml.safe_dump_all([plain, secret], sort_keys=False, width=WIDTH)


def json_schema(definition: Definition, given: Given, tier: Tier) -> str:
    """A JSON schema of the environment as an object of strings, as strict as `tier` demands.

    A schema says less than `dolmen env check`: what stands inside a MongoDB URI is checked there alone.
    """
    present = [v for v in definition.variables if v.name in given.plain or v.name in given.secrets]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Environment, {tier}",
        "type": "object",
        "properties": {variable.name: _property(variable, tier) for variable in present},
        "required": [variable.name for variable in present if variable.default is None],
        "additionalProperties": {"type": "string"},
    }
    return json.dumps(schema, indent=2) + "\n"


def markdown(definition: Definition, given: Given, tier: Tier) -> str:
    """The reference page."""
    del given, tier
    lines = [
        "# The application's environment",
        "",
        "Made from `dolmen/appenv/variables.json` by `dolmen env render --format markdown`; a test keeps it current.",
        "",
        "The platform publishes these values in its stack output `dolmen`, under `applications.<name>.environment`: plain",
        "values as they are, secret ones as the ARN of a secret and a key in it. `dolmen env check` checks a running",
        "environment or a file against them, and prints no value.",
        "",
        "The same as files, for an application `chat-app`: [`.env.example`](../../.env.example), a part of an",
        "[ECS container definition](environment/ecs-task-definition.json), a manifest for Kubernetes with",
        "[External Secrets](environment/external-secrets.yaml), and a [JSON schema](environment/schema.json). With",
        "`dolmen env render --outputs`, the values of a stack stand in the places of the examples.",
        "",
        "| variable | type | default | from |",
        "|---|---|---|---|",
    ]
    for variable in definition.variables:
        default = f"`{variable.default}`" if variable.default is not None else "required"
        lines.append(
            f"| [`{variable.name}`](#{variable.name.lower()}) | {_type_text(variable)} | {default} | {_from(variable)} |"
        )
    for variable in definition.variables:
        lines += ["", f"## {variable.name}", "", *textwrap.wrap(variable.description, 120)]
        for demand in variable.demands:
            tiers = ", ".join(tier.value for tier in Tier if tier in demand.tiers)
            lines += ["", *textwrap.wrap(f"**`{demand.equals}` in {tiers}.** {demand.rule}", 120)]
        if variable.type is Type.MONGODB_URI:
            lines += ["", *textwrap.wrap(_URI_RULES, 120)]
    return "\n".join(lines) + "\n"


RENDERINGS: Mapping[str, Callable[[Definition, Given, Tier], str]] = {
    "dotenv": dotenv,
    "ecs": ecs,
    "external-secrets": external_secrets,
    "json-schema": json_schema,
    "markdown": markdown,
}

_URI_RULES = (
    "User, password and database are percent-encoded, once; the connection is encrypted and the server's certificate "
    "checked, whatever a driver calls the opposite; `retryWrites=true` and `w=majority` are written out. A user with a "
    "password is looked for in `admin`, and every other login in `$external`: `authSource` says so where Atlas's DNS does "
    "not. Each option is one that PyMongo knows, stands there once, and has a value that it takes. Nothing is a placeholder "
    "such as `<password>`. In development, a server on the developer's own machine may do without a login and TLS."
)
_TYPE_TEXT = {
    Type.TEXT: "text",
    Type.BOOLEAN: "`true` or `false`",
    Type.INTEGER: "whole number",
    Type.HOST: "host name",
    Type.REGION: "AWS region",
    Type.SECRET_NAME: "name of a secret",
    Type.CACHE_PASSWORD: "password",
    Type.MONGODB_URI: "MongoDB URI",
}
_PATTERN = {
    Type.INTEGER: "^(0|[1-9][0-9]{0,9})$",
    Type.HOST: "^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$",
    Type.REGION: "^[a-z]{2}(-[a-z]+)+-[0-9]$",
    Type.SECRET_NAME: "^[A-Za-z0-9/_+=.@-]+/jwt-secrets$",
    Type.CACHE_PASSWORD: "^[!#-+\\-.0-?A-~]{16,128}$",
    Type.MONGODB_URI: "^mongodb(\\+srv)?://\\S+$",
}


def _property(variable: Variable, tier: Tier) -> dict[str, Any]:
    schema: dict[str, Any] = {"description": variable.description, "type": "string"}
    demand = variable.demanded(tier)
    if demand:
        schema["const"] = demand.equals
    elif variable.type is Type.BOOLEAN:
        schema["enum"] = ["true", "false"]
    if variable.type in _PATTERN:
        schema["pattern"] = _PATTERN[variable.type]
    if variable.default is not None:
        schema["default"] = variable.default
    if variable.secret is not None:
        schema["writeOnly"] = True
    return schema


def _type_text(variable: Variable) -> str:
    if variable.type is Type.INTEGER:
        return f"{variable.minimum} to {variable.maximum}"
    return _TYPE_TEXT[variable.type]


def _from(variable: Variable) -> str:
    if variable.secret:
        return f"secret `<platform>/<application>/{variable.secret.secret}`, key `{variable.secret.key}`"
    return "the platform" if variable.platform else "this definition"


def _in_order(definition: Definition, given: Mapping[str, T]) -> list[tuple[str, T]]:
    """The definition's variables in its order, then what only the platform knows (a newer one may give more)."""
    known = [variable.name for variable in definition.variables if variable.name in given]
    return [(name, given[name]) for name in [*known, *(name for name in given if name not in known)]]


def _arn(secret: str) -> str:
    return secret if secret.startswith("arn:") else f"<ARN of {secret}>"
