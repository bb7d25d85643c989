"""Keeps the marks of made-up numbers through JSON, and on the way to the engine.

Either would write a made-up number as a number like any other.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from dolmen.engine.numbers import AssumedNumber


def install() -> None:
    _install_numbers()
    _install_wire()


def _install_numbers() -> None:
    cls: Any = json.JSONEncoder
    encode, iterencode = cls.encode, cls.iterencode
    cls.encode = lambda self, value: encode(self, with_marks(value))  # pyright: ignore[reportUnknownLambdaType]
    cls.iterencode = lambda self, value, *args, **kwargs: iterencode(  # pyright: ignore[reportUnknownLambdaType]
        self, with_marks(value), *args, **kwargs
    )


def _install_wire() -> None:
    """Send the mark of a made-up number: the number itself would be compared."""
    rpc: Any = sys.modules["pulumi.runtime.rpc"]
    original = rpc.serialize_property

    def serialize_property(value: Any, *args: Any, **kwargs: Any) -> Any:
        return original(str(value) if isinstance(value, AssumedNumber) else value, *args, **kwargs)

    rpc.serialize_property = serialize_property
    stack: Any = sys.modules["pulumi.runtime.stack"]
    primitive = stack.is_primitive
    stack.is_primitive = lambda value: (  # pyright: ignore[reportUnknownLambdaType]
        isinstance(value, AssumedNumber) or primitive(value)
    )


def with_marks(value: Any) -> Any:
    """Plain data with the marks of made-up numbers in their place; what holds none stays itself."""
    if not AssumedNumber.made:
        return value
    if isinstance(value, AssumedNumber):
        return str(value)
    if isinstance(value, dict) and _has_number(value):
        return {
            (str(key) if isinstance(key, AssumedNumber) else key): with_marks(item) for key, item in dict.items(value)
        }
    if isinstance(value, list | tuple) and _has_number(value):
        return [with_marks(item) for item in value]
    return value


def _has_number(value: Any) -> bool:
    if isinstance(value, AssumedNumber):
        return True
    if isinstance(value, dict):
        return any(_has_number(part) for item in dict.items(value) for part in item)
    return isinstance(value, list | tuple) and any(_has_number(item) for item in value)
