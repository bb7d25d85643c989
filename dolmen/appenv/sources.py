"""What the platform gives one application: plain values, and secrets by name or ARN.

It comes from the stack output `dolmen` (`pulumi stack output --json`). Without a stack there are the definition's own
examples.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.appenv.definition import Definition, Part
from dolmen.outputs import StackOutputError, read_stack_output


@dataclass(frozen=True, slots=True)
class SecretReference:
    secret: str
    """The secret's ARN, or its name where no ARN is known yet."""
    key: str


@dataclass(frozen=True, slots=True)
class Given:
    application: str
    plain: Mapping[str, str]
    secrets: Mapping[str, SecretReference]


def template(
    definition: Definition,
    *,
    mongo_pool_size: int,
    cache_login_with_iam: bool,
    parts: Collection[Part] = tuple(Part),
) -> dict[str, dict[str, str]]:
    """The definition as the platform's components take it, for one application that uses these parts.

    Each variable is `{"value": …}`, `{"platform": …}` (a fact that the platform knows by this name) or `{"secret": …,
    "key": …}`."""
    variables: dict[str, dict[str, str]] = {}
    for variable in definition.variables:
        if not variable.belongs_to(parts) or (variable.absent_with_iam and cache_login_with_iam):
            continue
        if variable.secret:
            variables[variable.name] = {"secret": variable.secret.secret, "key": variable.secret.key}
        elif variable.platform == "mongo_pool_size":
            variables[variable.name] = {"value": str(mongo_pool_size)}
        elif variable.platform:
            variables[variable.name] = {"platform": variable.platform}
        else:
            variables[variable.name] = {"value": variable.default or ""}
    return variables


EXAMPLE_PLATFORM = "chat-prod"


def examples(definition: Definition, application: str) -> Given:
    """Values that stand for what a platform would give."""
    plain = {
        variable.name: variable.example.replace("<platform>", EXAMPLE_PLATFORM).replace("<application>", application)
        for variable in definition.variables
        if variable.secret is None
    }
    secrets = {
        variable.name: SecretReference(
            f"{EXAMPLE_PLATFORM}/{application}/{variable.secret.secret}", variable.secret.key
        )
        for variable in definition.variables
        if variable.secret is not None
    }
    return Given(application, plain, secrets)


def from_outputs(text: str, application: str | None) -> Given:
    """One application's environment in the text of `pulumi stack output --json`, or of its `dolmen` output alone.

    Raises `StackOutputError`."""
    applications = read_stack_output(text)["applications"]
    if not applications:
        raise StackOutputError("The stack has no applications.")
    names = sorted(str(name) for name in applications)
    if application is None and len(names) > 1:
        raise StackOutputError(f"The stack has several applications: choose --application {' or '.join(names)}.")
    name = application or names[0]
    if name not in applications:
        raise StackOutputError(f"The stack has no application {name}: it has {', '.join(names)}.")
    written: Any = applications[name]  # foreign input: its parts are checked here
    environment = written.get("environment") if isinstance(written, dict) else None
    if not isinstance(environment, dict):
        raise StackOutputError(
            f"The output says nothing about the environment of {name}. Run `pulumi up` with this version."
        )
    return _given(name, environment)


def _given(name: str, environment: Mapping[str, Any]) -> Given:
    plain, secrets = environment.get("plain", {}), environment.get("secrets", {})
    try:
        return Given(
            name,
            {str(key): _text(value) for key, value in plain.items()},
            {str(key): SecretReference(_text(value["arn"]), _text(value["key"])) for key, value in secrets.items()},
        )
    except (AttributeError, KeyError, TypeError):
        raise StackOutputError(f"The environment of {name} is not in the form that this version reads.") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
