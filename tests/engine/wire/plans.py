"""Plans in which every field holds something, made up by the types of the fields."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from dolmen.engine.plan import Asset, Placeholder, Plan, Reference, Resource, Secret, Unknown
from dolmen.engine.wire.shapes import OfValue
from dolmen.review.policies.levels import Levels
from dolmen.review.policies.model import PolicyReport
from dolmen.review.refusals.observe import RefusalReport

FINDINGS: dict[str, Any] = {"policies": PolicyReport, "refusals": RefusalReport, "pack": Levels | None}
"""What the observers of a review find."""

texts = st.text(st.characters(exclude_categories=()), max_size=12)
"""Any text that Python can hold, with lone surrogates and pairs of them."""
numbers = st.integers() | st.integers(2**60, 2**70) | st.integers(-(2**2000), 2**2000)
scalars = st.none() | st.booleans() | numbers | st.floats() | st.just(-0.0) | texts
tags = st.sampled_from(["list", "unknown", "secret", "placeholder", "resource", "asset", "integer", "float", "$secret"])
special = (
    st.just(Unknown())
    | st.builds(Secret, st.none() | texts)
    | st.builds(Placeholder, texts)
    | st.builds(Reference, texts)
    | st.builds(Asset, texts, texts, st.none() | texts)
)
values: SearchStrategy[Any] = st.recursive(
    scalars | special | tags,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts | tags, inner, max_size=4),
    max_leaves=12,
)


@cache
def some(kind: Any) -> SearchStrategy[Any]:
    """Anything of a type that a plan or a finding has."""
    if kind is OfValue:
        return values
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if isinstance(kind, type) and (dataclasses.is_dataclass(kind) or hasattr(kind, "_fields")):
        hints = get_type_hints(kind, localns={"Value": OfValue}, include_extras=True)
        return st.builds(kind, **{name: some(hint) for name, hint in hints.items()})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return urns if "URN" in str(arguments[1]) else texts
    if origin in (Union, types.UnionType):
        return st.one_of(*map(some, arguments))
    if origin is tuple and arguments[1:] == (...,):
        return st.lists(some(arguments[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(some, arguments))
    if origin is Mapping:
        return st.dictionaries(texts, some(arguments[1]), max_size=3)
    raise TypeError(kind)


urns = st.builds("urn:pulumi:dev::shop::{}::{}".format, st.sampled_from(["a:b:C", "a:b:C$d:e/f:F"]), texts)
_SIMPLE: dict[Any, SearchStrategy[Any]] = {
    type(None): st.none(),
    str: texts,
    bool: st.booleans(),
    int: st.integers(-(2**63) + 1, 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    object: st.none(),
}


@st.composite
def plans(draw: DrawFn) -> Plan:
    """Any plan that an evaluation could make, with the findings of a review."""
    made: list[Resource] = []
    for number, one in enumerate(draw(st.lists(some(Resource), max_size=4))):
        parent = draw(st.sampled_from([None, *(before.urn for before in made)]))
        made.append(dataclasses.replace(one, urn=f"{one.urn}-{number}", parent=parent))
    findings = {name: draw(some(kind)) for name, kind in FINDINGS.items()}
    plan = dataclasses.replace(draw(some(Plan)), resources=tuple(made), findings=findings)
    return dataclasses.replace(plan, surroundings=None)  # no evaluated process says what it ran in
