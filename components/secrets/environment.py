"""What an application finds in its environment, from a contract given as data and the platform's facts."""

from collections.abc import Mapping
from typing import Any

import pulumi

Source = dict[str, str]
"""`{"value": …}`, `{"platform": …}` (the name of a fact) or `{"secret": …, "key": …}` (a key in a secret's JSON)."""


def application_environment(
    contract: Mapping[str, Source],
    *,
    facts: Mapping[str, pulumi.Input[Any]],
    secret_arns: Mapping[str, pulumi.Input[str]],
) -> dict[str, Any]:
    """The plain variables with their values as text, and the secret ones as the ARN of a secret and a key in it.

    Values of secrets are never in it, so the result can be an output that everybody reads.
    """
    plain = {
        name: source["value"]
        if "value" in source
        else pulumi.Output.from_input(facts[source["platform"]]).apply(as_text)
        for name, source in contract.items()
        if "secret" not in source
    }
    secrets = {
        name: {"arn": secret_arns[source["secret"]], "key": source["key"]}
        for name, source in contract.items()
        if "secret" in source
    }
    return {"plain": plain, "secrets": secrets}


def as_text(value: Any) -> str:
    """A fact as a variable holds it: `true`, `6379` (the engine hands whole numbers over as 6379.0)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
