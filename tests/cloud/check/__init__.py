"""The simulated providers' Check: what the real ones refuse before they ask a service.

`check(token, inputs)` is the entry point, in process and without gRPC; `known` says which types it knows.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.cloud.check import framework, sdk
from tests.cloud.check.failures import CheckFailure, FailureKind
from tests.cloud.check.rules import type_rules

__all__ = ["CheckFailure", "FailureKind", "check", "known"]


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
