"""Which parameters a parameter group may set, and to what: pure rules over the tables of each family."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from . import catalog
from .rules import Finding, older


def parameter_findings(
    given: Mapping[str, str], *, engine: str, engine_version: str, node_type: str
) -> Iterator[Finding]:
    """Nothing is said of an engine version that does not exist: `version_findings` does."""
    if engine not in ("valkey", "redis") or engine_version not in catalog.engine_versions(engine):
        return
    family = catalog.parameter_family(engine, engine_version)
    node = catalog.node_types().get(node_type)
    for name, value in given.items():
        place = f"parameters.{name}"
        parameter = catalog.parameters(family).get(name)
        if parameter is None:
            yield Finding(place, *_unknown_parameter(name, family))
        elif parameter.since and older(engine_version, parameter.since):
            yield Finding(
                place, f"{name} exists from version {parameter.since} on.", "Remove it, or raise the version."
            )
        else:
            wrong = _value_problem(parameter, value, data_tiering=node is not None and node.data_tiering)
            if wrong:
                yield Finding(place, *wrong)


def _unknown_parameter(name: str, family: str) -> tuple[str, str]:
    if name in catalog.unchangeable_parameters():
        remedy = catalog.unchangeable_parameters()[name]
        return f"ElastiCache lets nobody set {name}.", f"{remedy[0].upper()}{remedy[1:]}."
    if name in catalog.renamed_parameters():
        new = catalog.renamed_parameters()[name]
        return f"{family} calls {name} by another name.", f"Write {new}."
    if name in catalog.removed_parameters(family):
        return f"{family} no longer has {name}.", "Remove it: the engine does this by itself."
    near = get_close_matches(name, catalog.parameters(family), 2, 0.75)
    hint = f"Did you mean {' or '.join(near)}?" if near else "See docs/components/cache.md for the parameters it has."
    return f"{family} has no parameter {name} that a parameter group may set.", hint


def _value_problem(parameter: catalog.Parameter, value: str, *, data_tiering: bool) -> tuple[str, str] | None:
    if parameter.type == "integer":
        return _integer_problem(parameter, value)
    if parameter.type == "enum":
        if value not in parameter.values:
            return f"{parameter.name} is one of {', '.join(parameter.values)}.", _one_of(value, parameter.values)
        if data_tiering and parameter.data_tiering_values and value not in parameter.data_tiering_values:
            allowed = ", ".join(parameter.data_tiering_values)
            return f"With data tiering (r6gd), {parameter.name} is one of {allowed}.", "Choose one of these."
        return None
    if not re.fullmatch(parameter.pattern, value):
        return f"{parameter.name} holds {parameter.hint}.", "Remove the other characters."
    if parameter.name == "notify-keyspace-events" and value and not set(value) & {"K", "E"}:
        return (
            "Without K or E no notification is sent, and ElastiCache says nothing about it.",
            f"Write K{value} or E{value}.",
        )
    return None


def _integer_problem(parameter: catalog.Parameter, value: str) -> tuple[str, str] | None:
    if not re.fullmatch(r"0|-?[1-9]\d{0,18}", value):
        return f"{parameter.name} is a whole number.", "Write it in digits, without a unit."
    number = int(value)
    low, high = parameter.minimum, parameter.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        if low is None or high is None:
            span = f"{low} or more" if low is not None else f"at most {high}"
        else:
            span = f"{low} to {high}"
        return f"{parameter.name} is {span}.", f"Write {span}."
    if parameter.forbidden and parameter.forbidden[0] <= number <= parameter.forbidden[1]:
        first, last = parameter.forbidden
        return (
            f"ElastiCache refuses {first} to {last} for {parameter.name}.",
            f"Write 0 (never) or {last + 1} and more.",
        )
    return None


def _one_of(value: str, values: tuple[str, ...]) -> str:
    if value in ("true", "false") and set(values) == {"yes", "no"}:
        return f'Write "{"yes" if value == "true" else "no"}", in quotes.'
    near = get_close_matches(value, values, 1, 0.6)
    return f"Did you mean {near[0]}?" if near else "Choose one of these."
