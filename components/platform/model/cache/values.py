"""Values of the cache section that are more than text."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from ..base import broken


def _parameter_text(value: Any) -> Any:
    """Numbers may stand without quotes; `true` has no meaning that the engine knows."""
    if isinstance(value, bool):
        raise broken("The engine's switches are yes and no, not true and false.", 'Write "yes" or "no", in quotes.')
    return str(value) if isinstance(value, int) else value


ParameterValue = Annotated[
    str,
    BeforeValidator(_parameter_text),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]
