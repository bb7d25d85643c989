"""Secrets that exist in AWS Secrets Manager already: read by the deployment, secret from end to end."""

import json
import re
from collections.abc import Iterator

import pulumi
import pulumi_aws as aws

from .arguments import Place, Problem


def looked_up(secret: str, field: str | None = None, parent: pulumi.Resource | None = None) -> pulumi.Output[str]:
    """Reads the current value of a secret, or one field of the JSON that it holds.

    The deploying role reads it whenever the program runs; neither the plan nor the state records the lookup's result,
    and what is made of it is a secret. A value of another form ends the program with a message that holds nothing of it.

    `parent` is the component that asks: its AWS provider reads."""
    version = aws.secretsmanager.get_secret_version_output(
        secret_id=secret, opts=pulumi.InvokeOutputOptions(parent=parent)
    )
    return pulumi.Output.secret(version.secret_string).apply(lambda text: _value(secret, text, field))


def _value(secret: str, text: str, field: str | None) -> str:
    """Raises without a word of the value, also not as the cause of what it raises."""
    if field is None:
        if not text.strip():
            raise pulumi.RunError(f"The AWS secret {secret} holds no text: it is empty, or binary.")
        return text
    try:
        held = json.loads(text)
    except ValueError:
        held = None
    value = held.get(field) if isinstance(held, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise pulumi.RunError(
            f'The AWS secret {secret} has no text in its field {field}: it is read as JSON, such as {{"{field}": "…"}}.'
        )
    return value


_SECRET = re.compile(r"(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[A-Za-z0-9/_+=.@-]{1,512}")


def secret_name_problems(secret: str | None, argument: Place) -> Iterator[Problem]:
    """What is no name and no ARN of a secret.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html"""
    if secret is not None and not _SECRET.fullmatch(secret):
        yield Problem(
            argument,
            "A secret's name has 1 to 512 letters, digits and / _ + = . @ -",
            "Write the name or the ARN of the secret, such as dolmen/atlas-api.",
        )


def field_problems(field: str | None, argument: Place) -> Iterator[Problem]:
    """What is no key of a secret's JSON."""
    if field is not None and not re.fullmatch(r"[^\s\"\\]{1,128}", field):
        yield Problem(
            argument,
            "A field is the key of a value in the secret's JSON, without spaces and quotes.",
            "Write a key such as routingKey.",
        )
