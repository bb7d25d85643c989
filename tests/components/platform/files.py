"""Stack files for tests: a right one, and what a mistake in it would read like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from components.platform.loader import NAMESPACE, validated
from components.platform.model.stack import StackConfig
from components.platform.parts import CachePart, cache_part
from dolmen.stackfile import Problem, StackFileError, read_text

FOLDER = Path(__file__).parents[3] / "stacks"
STACKS = ("development", "staging", "production")


ENCRYPTED = """  dolmen:slackToken: {secure: "v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
  dolmen:pagerDutyServiceKey: {secure: "v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
"""
"""Keys of third parties, as `pulumi config set --secret` leaves them at the end of a stack file."""


def text_of(stack: str) -> str:
    return (FOLDER / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")


def values_of(stack: str) -> dict[str, Any]:
    """The settings of one of the project's own stacks, to change in a test."""
    return yaml.safe_load(text_of(stack))["config"]


def load_text(text: str) -> StackConfig:
    document = read_text(text, "Pulumi.test.yaml")
    return validated(document.config(NAMESPACE), "Pulumi.test.yaml", document)


def load_values(values: dict[str, Any]) -> StackConfig:
    return load_text(yaml.safe_dump({"config": values}, sort_keys=False))


def cache_of(values: dict[str, Any]) -> CachePart:
    """The cache of a stack that has one."""
    part = cache_part(load_values(values))
    assert part is not None, "a stack file with a cache was read as one without it"
    return part


def problems_of(values: dict[str, Any]) -> tuple[Problem, ...]:
    """What a person would be told; empty when the settings are right."""
    try:
        load_values(values)
    except StackFileError as error:
        return error.problems
    return ()
