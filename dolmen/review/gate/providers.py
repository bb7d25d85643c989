"""Default providers, which no program registers: their settings come from the stack's configuration alone.

Pulumi v3.259.0 shows no steps of them; where another version does, they are held to what was reviewed, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dolmen.engine.urns import package_of
from dolmen.review.diff.values import MISSING
from dolmen.review.gate.inputs import beyond_update
from dolmen.review.gate.options import beyond_options
from dolmen.review.gate.preview import Step
from dolmen.review.gate.reviewed import Change, Stack
from dolmen.review.gate.steps import beyond
from dolmen.review.gate.values import matches
from dolmen.review.gate.verdict import Findings


def of_default_provider(steps: Sequence[Step], stack: Stack, everything: Sequence[Step]) -> Findings:
    """Judges the steps of a default provider by its settings.

    One of another version of its plugin stands beside its predecessor: what counts is how their settings differ.
    """
    step, change = steps[0], _reviewed(stack, steps[0])
    if step.op == "delete":
        return Findings()
    if len(steps) > 1 or step.op not in ("create", "update"):
        return beyond(steps, change)
    before = next((one.old for one in everything if _predecessor(one, step)), step.old)
    if before is not None:
        step = Step("update", step.urn, before, step.new, {}, ())
    found = beyond_update(step, change) if before is not None else _first(step, stack.config)
    found.more += beyond_options(step, change)
    return found


def _reviewed(stack: Stack, step: Step) -> Change | None:
    return next((one for one in stack.changes.values() if one.urn.endswith(f"::{step.type}::default")), None)


def _predecessor(one: Step, step: Step) -> bool:
    return one.op == "delete" and one.is_default_provider and one.type == step.type


def _first(step: Step, config: Mapping[str, Any]) -> Findings:
    found, package = Findings(), package_of(step.type)
    for name, value in (step.inputs("new")).items():
        reviewed = config.get(f"{package}:{name}", MISSING)
        if any(match.stops for _, match in matches("", (name,), reviewed, value)):
            found.more.append(f"{name} would be set for every {package} resource, which was not reviewed.")
    return found
