"""The stack output: what a platform exports is what its model and its schema say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NotRequired, get_args, get_origin, get_type_hints

import pytest
from jsonschema import Draft202012Validator
from typing_extensions import is_typeddict

from dolmen.outputs.model import StackOutput
from dolmen.outputs.schema import FILE, schema
from tests.components.platform.names import plans


def differences(shape: Any, value: Any, place: str = "dolmen") -> Iterator[str]:
    """Keys that a value has and its TypedDict does not, and the other way round; nothing of what is not known yet."""
    shape = get_args(shape)[0] if get_origin(shape) is NotRequired else shape
    if not isinstance(value, Mapping):
        return
    if is_typeddict(shape):
        hints = get_type_hints(shape)
        yield from (f"{place}.{key} is exported and not in the model" for key in value.keys() - hints.keys())
        yield from (f"{place}.{key} is promised and not exported" for key in shape.__required_keys__ - value.keys())
        for key in value.keys() & hints.keys():
            yield from differences(hints[key], value[key], f"{place}.{key}")
    elif get_origin(shape) is dict:
        for key, item in value.items():
            yield from differences(get_args(shape)[1], item, f"{place}.{key}")


@pytest.mark.parametrize("stack", sorted(plans()))
def test_what_a_stack_exports_is_what_the_model_promises(stack: str) -> None:
    found = list(differences(StackOutput, plans()[stack].outputs["dolmen"]))
    assert not found, "a program that relies on the output would fail, or miss what it could have"


def test_the_schema_in_the_package_is_the_model_s() -> None:
    written = json.loads(FILE.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(written)
    assert written == schema(), "readers would check by an old schema: run `make schema`"
