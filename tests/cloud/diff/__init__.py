"""What the providers answer to Diff: a plan from inputs and state, compared as each provider compares."""

from collections.abc import Mapping
from typing import Any

from tests.cloud.diff.answer import DiffAnswer, diff, top
from tests.cloud.diff.by_contract import changes, without_indices
from tests.cloud.diff.plan import kept
from tests.cloud.diff.schema import schemas
from tests.cloud.diff.state import state_with, synthetic_state

__all__ = [
    "DiffAnswer",
    "changes",
    "diff",
    "kept_values",
    "schemas",
    "state_with",
    "synthetic_state",
    "top",
    "without_indices",
]


def kept_values(token: str, news: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of an update, with the values that a program left out and the provider keeps."""
    schema = schemas().get(token)
    return kept(schema.properties, news, before) if schema else dict(news)
