"""What an application finds in its environment: its variables given as data, and the platform's facts."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi

Source = Mapping[str, str]
"""`{"value": …}`, `{"platform": …}` (the name of a fact) or `{"secret": …, "key": …}` (a key in a secret's JSON)."""
Fact = str | int | float | bool


class SecretVariable(TypedDict):
    """Where the value of a secret variable is kept."""

    arn: pulumi.Input[str]
    """The secret's ARN."""
    key: str
    """The key in its JSON object."""


class ApplicationEnvironment(TypedDict):
    """The variables of one application, without any secret value."""

    plain: dict[str, pulumi.Input[str]]
    """Variables with their values as text."""
    secrets: dict[str, SecretVariable]
    """Variables whose values are secret."""


def application_environment(
    variables: Mapping[str, Source],
    *,
    facts: Mapping[str, pulumi.Input[Fact]],
    secret_arns: Mapping[str, pulumi.Input[str]],
) -> ApplicationEnvironment:
    """Gives each variable its value, known or unknown for itself: so a preview shows what is known already.

    Values of secrets are never in it, so the result can be an output that everybody reads.
    """
    plain: dict[str, pulumi.Input[str]] = {
        name: source["value"]
        if "value" in source
        else pulumi.Output.from_input(facts[source["platform"]]).apply(as_text)
        for name, source in variables.items()
        if "secret" not in source
    }
    secrets: dict[str, SecretVariable] = {
        name: {"arn": secret_arns[source["secret"]], "key": source["key"]}
        for name, source in variables.items()
        if "secret" in source
    }
    return {"plain": plain, "secrets": secrets}


def as_text(value: Fact) -> str:
    """A fact as a variable holds it: `true`, `6379` (the engine hands whole numbers over as 6379.0)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
