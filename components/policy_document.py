"""JSON policy documents of AWS, typed.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import json
from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

OneOrMany = str | list[str]


class Statement(TypedDict):
    """One statement of a policy."""

    Sid: NotRequired[str]
    Effect: Literal["Allow", "Deny"]
    Principal: NotRequired[str | Mapping[str, OneOrMany]]
    Action: OneOrMany
    Resource: NotRequired[OneOrMany]
    Condition: NotRequired[Mapping[str, Mapping[str, OneOrMany]]]


def policy_document(*statements: Statement) -> str:
    """Writes the statements as AWS stores them."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, separators=(",", ":"))


def one_or_many(values: Sequence[str]) -> OneOrMany:
    """A list of one as AWS reads it back, so that a plan shows no difference where there is none."""
    return values[0] if len(values) == 1 else list(values)
