"""Lists what a program asked and nobody answered, in the form of a lookups file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from dolmen.engine.plan import Placeholder, Plan

_OPEN = ("assumed", "unanswered")
_RESULTS: Mapping[str, Mapping[str, Any]] = {
    "command": {"stdout": "", "stderr": "", "returncode": 0},
    "http": {"status": 200, "body": ""},
}
"""What is to be filled in, where it is the same for all of a kind."""


def asked(plan: Plan) -> str:
    """YAML for `--lookups`: each question once, with a result to fill in. What is secret is left out of arguments."""
    found: dict[str, list[dict[str, Any]]] = {}
    for invoke in plan.invokes:
        if invoke.outcome not in _OPEN:
            continue
        arguments = {name: _bare(value) for name, value in invoke.arguments.items() if _tells(value)}
        answer: dict[str, Any] = {"arguments": arguments} if arguments else {}
        answer["result"] = dict(_RESULTS.get(invoke.token.partition(":")[0], {}))
        answers = found.setdefault(invoke.token, [])
        if answer not in answers:
            answers.append(answer)
    return (
        yaml.safe_dump(found, sort_keys=True, allow_unicode=True, default_flow_style=None, width=100) if found else ""
    )


def _tells(value: Any) -> bool:
    """Whether an argument can be written down: all of it is known, and none of it secret."""
    if isinstance(value, Mapping):
        return all(_tells(item) for item in value.values())
    if isinstance(value, list):
        return all(_tells(item) for item in value)
    return isinstance(value, str | int | float | bool | Placeholder | None)


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _bare(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_bare(item) for item in value]
    return str(value) if isinstance(value, Placeholder) else value
