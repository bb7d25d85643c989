"""Evaluates Pulumi Python programs offline: no CLI, no credentials, no network.

Its public functions load with the first use: whoever only reads plans does not pay for Pulumi's SDK.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dolmen.engine.evaluation import evaluate, evaluate_program
    from dolmen.engine.plan import Plan

__all__ = ["Plan", "evaluate", "evaluate_program"]


def __getattr__(name: str) -> Any:
    if name == "Plan":
        from dolmen.engine.plan import Plan

        return Plan
    if name in __all__:
        from dolmen.engine import evaluation

        return getattr(evaluation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
