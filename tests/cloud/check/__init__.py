"""The simulated providers' Check: what the real ones refuse before they ask a service.

`check(token, inputs)` and `preview_problems(token, inputs)` are the entry points, in process and without gRPC.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.cloud.check import framework, preview, sdk
from tests.cloud.check.conversion import NotConverted, for_framework, for_sdk
from tests.cloud.check.failures import CheckFailure, FailureKind
from tests.cloud.check.loading import type_rules
from tests.cloud.check.preview import PreviewProblem

__all__ = [
    "CheckFailure",
    "FailureKind",
    "PreviewProblem",
    "check",
    "converted",
    "excluded",
    "known",
    "members",
    "preview_problems",
]


def known(token: str) -> bool:
    """Whether the constraint files have the type."""
    return token in type_rules()


def check(token: str, inputs: Mapping[str, object]) -> tuple[CheckFailure, ...]:
    """Everything that the provider's Check refuses of a program's plain inputs; `KeyError` for an unknown type.

    Names that the bridge fills in, and schema defaults, need not be in `inputs`. What is not known is the marker
    `tests.cloud.wire.UNKNOWN`. Failures come once each, in the order of the schema.
    """
    rules = type_rules()[token]
    found = (framework if rules.schema == "framework" else sdk).failures(rules, inputs)
    return tuple({(failure.property, failure.kind): failure for failure in found}.values())


def preview_problems(token: str, inputs: Mapping[str, object]) -> tuple[PreviewProblem, ...]:
    """Everything for which the preview's Create of inputs that Check accepted fails; `KeyError` for an unknown type."""
    return tuple(preview.problems(type_rules()[token], converted(token, inputs)))


def converted(token: str, inputs: Mapping[str, object]) -> dict[str, object]:
    """Inputs with every value in the type that the provider wants; as they are where one cannot be converted."""
    rules = type_rules()[token]
    try:
        made = for_framework(rules.whole, inputs, "") if rules.schema == "framework" else for_sdk(rules.whole, inputs)
    except NotConverted:
        return dict(inputs)
    assert isinstance(made, dict)
    return {**inputs, **made}


def excluded(token: str, name: str, inputs: Mapping[str, object]) -> bool:
    """Whether something given conflicts with a property, so that the bridge doesn't fill it in."""
    rules = type_rules()[token].properties[name]
    return any(inputs.get(partner) is not None for partner in rules.conflicts_with)


def members(token: str, path: str) -> tuple[object, ...]:
    """The values that a property may have, by its path without indices; none where the provider takes any."""
    found = type_rules()[token].whole if known(token) else None
    for name in path.split("."):
        found = found.items if found and found.items else found
        found = found.properties.get(name) if found else None
    found = found.items if found and found.items else found
    return found.value.members if found else ()
