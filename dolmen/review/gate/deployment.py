"""A preview against its review: stack, configuration, and every resource of every step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dolmen.review.diff.values import MISSING
from dolmen.review.gate.preview import Preview, Step
from dolmen.review.gate.providers import of_default_provider
from dolmen.review.gate.reading import of_preview
from dolmen.review.gate.reviewed import Reviewed
from dolmen.review.gate.steps import NOTHING, beyond
from dolmen.review.gate.values import Match, matches
from dolmen.review.gate.verdict import Findings

_FLAGS = "preview with --show-sames --show-replacement-steps to compare their options, too."


def of_deployment(reviewed: Reviewed, preview: Preview) -> tuple[Findings, int]:
    """What was found, and how many resources change."""
    found = Findings(list(preview.problems))
    if len(preview.stacks) > 1:
        names = ", ".join(sorted(f"{stack} of {project}" for stack, project in preview.stacks))
        found.more.append(f"The preview is of several stacks ({names}): gate each of them by itself.")
        return found, 0
    if not preview.stacks:
        found.notes.append("The preview has no step: nothing would be done.")
        return found, 0
    ((name, project),) = preview.stacks
    stack = reviewed.stacks.get(name)
    if stack is None:
        found.more.append(f"{name}: this stack was not reviewed.")
        return found, 0
    if stack.project and stack.project != project:
        found.more.append(f"{name}: it is of the project {project}; the review is of {stack.project}.")
    if not stack.compared:
        found.more.append(f"{name}: it could not be reviewed (status {stack.written['status']}).")
    if preview.config is not None:
        actual = {key: of_preview(value) for key, value in preview.config.items()}
        found.more += [f"{name}: {text}" for text in configuration(stack.config, actual)]
    grouped = _grouped(preview.steps)
    for urn, steps in grouped.items():
        if steps[0].is_default_provider and urn not in stack.changes:
            told = of_default_provider(steps, stack, preview.steps)
        else:
            told = beyond(steps, stack.changes.get(urn))
        found.under(f"{name}: {steps[0].called}", told)
    if preview.not_shown:
        word = "resource that stays as it is is" if preview.not_shown == 1 else "resources that stay as they are are"
        found.notes.append(f"{preview.not_shown} {word} not shown: {_FLAGS}")
    changing = sum(1 for steps in grouped.values() if any(_changes(step) for step in steps))
    return found, changing


def _changes(step: Step) -> bool:
    return step.op not in NOTHING and not step.is_default_provider


def _grouped(steps: Sequence[Step]) -> Mapping[str, Sequence[Step]]:
    """The steps of each resource. The stack itself holds nothing, unless it is deleted."""
    grouped: dict[str, list[Step]] = {}
    for step in steps:
        if not (step.is_stack and step.op in ("same", "create", "update", "refresh")):
            grouped.setdefault(step.urn, []).append(step)
    return grouped


def configuration(reviewed: Mapping[str, Any], actual: Mapping[str, Any]) -> Iterator[str]:
    """What default providers and the program are given otherwise.

    Encrypted values are bound by the tree.
    """
    for key in sorted({*reviewed, *actual}):
        pair = reviewed.get(key, MISSING), actual.get(key, MISSING)
        if any(match is Match.DIFFERENT for _, match in matches("", (key,), *pair)):
            what = "is set, which was not reviewed" if key not in reviewed else "is another one than the reviewed one"
            yield f"the configuration {key} {what}."
