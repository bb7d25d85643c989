"""Which parameters a parameter group may set, and to what: as the tables of each family say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from ..arguments import Problem
from . import tables
from .tables import older
from .topology import Topology


def parameter_problems(given: Mapping[str, str], topology: Topology) -> Iterator[Problem]:
    """Nothing is said of an engine version that does not exist: `topology_problems` does."""
    engine, version, node = topology.engine, topology.version, topology.node
    if engine is None or version is None or not topology.version_exists:
        return
    family = tables.parameter_family(engine, version)
    for name, value in given.items():
        place = ("parameters", name)
        parameter = tables.parameters(family).get(name)
        if parameter is None:
            yield Problem(place, *_unknown_parameter(name, family))
        elif (since := parameter.get("since")) and older(version, since):
            yield Problem(place, f"{name} exists from version {since} on.", "Remove it, or raise the version.")
        else:
            wrong = _value_problem(name, parameter, value, data_tiering=node is not None and node.data_tiering)
            if wrong:
                yield Problem(place, *wrong)


def _unknown_parameter(name: str, family: str) -> tuple[str, str]:
    if name in tables.unchangeable_parameters():
        remedy = tables.unchangeable_parameters()[name]
        return f"ElastiCache lets nobody set {name}.", f"{remedy[0].upper()}{remedy[1:]}."
    if name in tables.renamed_parameters():
        new = tables.renamed_parameters()[name]
        return f"{family} calls {name} by another name.", f"Write {new}."
    if name in tables.removed_parameters(family):
        return f"{family} no longer has {name}.", "Remove it: the engine does this by itself."
    near = get_close_matches(name.lower(), tables.parameters(family), 2, 0.75)
    hint = f"Did you mean {' or '.join(near)}?" if near else "See docs/components/cache.md for the parameters it has."
    return f"{family} has no parameter {name} that a parameter group may set.", hint


def _value_problem(name: str, parameter: tables.Parameter, value: str, *, data_tiering: bool) -> tuple[str, str] | None:
    if parameter["type"] == "integer":
        return _integer_problem(name, parameter, value)
    if parameter["type"] == "enum":
        values, tiering = parameter.get("values", []), parameter.get("dataTieringValues")
        if value not in values:
            return f"{name} is one of {', '.join(values)}.", _one_of(value, values)
        if data_tiering and tiering and value not in tiering:
            return f"With data tiering (r6gd), {name} is one of {', '.join(tiering)}.", "Choose one of these."
        return None
    if not re.fullmatch(parameter.get("pattern", ""), value):
        return f"{name} holds {parameter.get('hint')}.", "Remove the other characters."
    if name == "notify-keyspace-events" and value and not set(value) & {"K", "E"}:
        return (
            "Without K or E no notification is sent, and ElastiCache says nothing about it.",
            f"Write K{value} or E{value}.",
        )
    return None


def _integer_problem(name: str, parameter: tables.Parameter, value: str) -> tuple[str, str] | None:
    if not re.fullmatch(r"0|-?[1-9]\d{0,18}", value):
        return f"{name} is a whole number.", "Write it in digits, without a unit."
    number = int(value)
    low, high = parameter.get("minimum"), parameter.get("maximum")
    if (low is not None and number < low) or (high is not None and number > high):
        if low is None or high is None:
            span = f"{low} or more" if low is not None else f"at most {high}"
        else:
            span = f"{low} to {high}"
        return f"{name} is {span}.", f"Write {span}."
    if forbidden := parameter.get("forbidden"):
        first, last = forbidden
        if first <= number <= last:
            return f"ElastiCache refuses {first} to {last} for {name}.", f"Write 0 (never) or {last + 1} and more."
    return None


def _one_of(value: str, values: Sequence[str]) -> str:
    if value in ("true", "false") and set(values) == {"yes", "no"}:
        return f'Write "{"yes" if value == "true" else "no"}", in quotes.'
    near = get_close_matches(value.lower(), values, 1, 0.6)
    return f"Did you mean {near[0]}?" if near else "Choose one of these."
