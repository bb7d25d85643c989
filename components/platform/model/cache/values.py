"""Values of the cache section that are more than text: ARNs, addresses, windows, parameters."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from ....cache.catalog import node_types
from ....cache.rules import unknown_node_type
from ....cache.windows import maintenance_window, snapshot_window
from ..base import broken

Engine = Literal["valkey", "redis"]
Durability = Literal["sync", "async", "snapshots"]


def _key_arn(value: str) -> str:
    if not re.fullmatch(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+", value):
        raise broken(
            "A key is named by its ARN (an alias may point elsewhere tomorrow).",
            "Write arn:aws:kms:<region>:<account>:key/<id>.",
        )
    return value


def _topic_arn(value: str) -> str:
    if not re.fullmatch(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}", value):
        raise broken("A topic is named by its ARN.", "Write arn:aws:sns:<region>:<account>:<name>.")
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", value):
        raise broken("This is not an e-mail address.", "Write an address such as ops@example.com.")
    return value


def _window(parse: Any, example: str) -> AfterValidator:
    def check(value: str) -> str:
        if parse(value) is None:
            raise broken("A window is two times in UTC, in lower case.", f"Write it as in {example}.")
        return value

    return AfterValidator(check)


def _parameter_text(value: Any) -> Any:
    """Numbers may stand without quotes; `true` has no meaning that the engine knows."""
    if isinstance(value, bool):
        raise broken("The engine's switches are yes and no, not true and false.", 'Write "yes" or "no", in quotes.')
    return str(value) if isinstance(value, int) else value


def _node_type(value: str) -> str:
    """Judged by itself, so that another mistake in the section does not hide it."""
    if value not in node_types():
        finding = unknown_node_type(value)
        raise broken(finding.rule, finding.remedy)
    return value


NodeType = Annotated[str, AfterValidator(_node_type)]
KmsKeyArn = Annotated[str, AfterValidator(_key_arn)]
TopicArn = Annotated[str, AfterValidator(_topic_arn)]
Email = Annotated[str, AfterValidator(_email)]
MaintenanceWindow = Annotated[str, _window(maintenance_window, "sun:18:00-sun:19:00")]
SnapshotWindow = Annotated[str, _window(snapshot_window, "19:00-20:00")]
ParameterValue = Annotated[
    str,
    BeforeValidator(_parameter_text),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]
LogRetention = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
