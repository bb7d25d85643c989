"""Makes a strict reader of typed JSON from a type's annotations.

The dataclasses themselves say what is read: a field has one declaration. Of the libraries that do this, `cattrs` takes
a fifth of the time in which the command starts to import, converts numbers and texts into each other unless told
otherwise type by type, and `msgspec` skips fields of a dataclass that it does not know.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import types
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Annotated, Any, Union, cast, get_args, get_origin, get_type_hints

from dolmen.engine.forms import Form
from dolmen.engine.urns import is_urn
from dolmen.engine.wire.foreign import MisfitError
from dolmen.engine.wire.limits import LONGEST_NAME
from dolmen.engine.wire.values import entries, finite, items, plain, small, text, value

Reader = Callable[[Any], Any]


class OfValue:
    """Stands for `plan.Value`, a union that refers to itself, among the annotations."""


def read_dataclass(kind: type, **special: Reader) -> Reader:
    """A reader of all fields of a dataclass; `special` read theirs in place of the annotation."""
    hints = get_type_hints(kind, localns={"Value": OfValue}, include_extras=True)
    names = tuple(one.name for one in dataclasses.fields(kind))
    readers = [_field(f".{name}", hints[name], special.get(name)) for name in names]

    def read(data: Any) -> Any:
        if type(data) is not dict:
            raise MisfitError("an object is needed")
        if tuple(data) != names:
            raise MisfitError(_other_fields(names, data))
        step = ""
        found: list[Any] = []
        try:
            for (step, atom, absent, read_field), one in zip(readers, data.values(), strict=True):  # noqa: B007 (told where it went wrong)
                if type(one) is atom or (one is None and absent):
                    found.append(one)
                else:
                    found.append(read_field(one))
        except MisfitError as error:
            error.steps.append(step)
            raise
        return kind(*found)

    return read


def _field(step: str, hint: Any, special: Reader | None) -> tuple[str, Any, bool, Reader]:
    """Where a field is, the type that needs no further look, whether it may be null, and its reader."""
    if special is not None:
        return step, None, False, special
    within, absent = _without_none(hint)
    return step, within if within in (str, bool) else None, absent, reader(hint)


def _other_fields(names: tuple[str, ...], data: Mapping[str, Any]) -> str:
    missing = [name for name in names if name not in data]
    if missing:
        return f"`{missing[0]}` is missing"
    return "the fields are not in order" if len(data) == len(names) else "there is a field that is not known"


def _without_none(hint: Any) -> tuple[Any, bool]:
    """`X` of `X | None`, and whether it is one."""
    arguments = get_args(hint)
    if get_origin(hint) in (Union, types.UnionType) and len(arguments) == 2 and arguments[1] is type(None):
        return arguments[0], True
    return hint, False


@functools.cache
def reader(kind: Any) -> Reader:
    """What reads data of a type. Raises `TypeError` for a type that JSON has no strict form of."""
    if kind in _SCALARS:
        return _SCALARS[kind]
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return read_dataclass(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return functools.partial(_member, cast("Mapping[str, Enum]", {str(one.value): one for one in kind}))
    if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
        hints = get_type_hints(kind, include_extras=True)
        names: tuple[str, ...] = getattr(kind, "_fields")  # noqa: B009 (a named tuple's, of which its type says nothing)
        return functools.partial(_record, kind, [reader(hints[name]) for name in names])
    within, absent = _without_none(kind)
    if absent:
        inner = reader(within)
        return lambda data: None if data is None else inner(data)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _FORMS[arguments[1]]
    if origin is tuple and arguments[1:] == (...,):
        return functools.partial(_tuple, reader(arguments[0]))
    if origin is list:
        one = reader(arguments[0])
        return lambda data: items(_array(data), one)
    if origin is tuple and arguments:
        return functools.partial(_record, lambda *found: found, [reader(one) for one in arguments])
    if origin in (Mapping, dict) and arguments[0] is str:
        return functools.partial(_map, reader(arguments[1]))
    raise TypeError(f"{kind} is no type of data that another process may hand over.")


def _tuple(read: Reader, data: Any) -> tuple[Any, ...]:
    return tuple(items(_array(data), read)) if data != [] else ()


def _map(read: Reader, data: Any) -> dict[str, Any]:
    if type(data) is not dict:
        raise MisfitError("an object is needed")
    return entries(data, read) if data else {}


def _record(kind: Callable[..., Any], readers: list[Reader], data: Any) -> Any:
    if len(_array(data)) != len(readers):
        raise MisfitError(f"{len(readers)} items are needed")
    left = iter(readers)
    return kind(*items(data, lambda item: next(left)(item)))


def _array(data: Any) -> list[Any]:
    if type(data) is not list:
        raise MisfitError("an array is needed")
    return data


def _member(members: Mapping[str, Enum], data: Any) -> Enum:
    if text(data) not in members:
        raise MisfitError("it is none of the words that may stand here")
    return members[data]


def _none(data: Any) -> None:
    if data is not None:
        raise MisfitError("null is needed")


def _bool(data: Any) -> bool:
    if type(data) is not bool:
        raise MisfitError("true or false is needed")
    return data


def _int(data: Any) -> int:
    if type(data) is not int:
        raise MisfitError("an integer is needed")
    return small(data)


def _float(data: Any) -> float:
    if type(data) is not float:
        raise MisfitError("a number with a fraction is needed")
    return finite(data)


def _date(data: Any) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text(data))
    except ValueError:
        raise MisfitError("a date is needed") from None


def _bytes(data: Any) -> bytes:
    try:
        return bytes.fromhex(text(data))
    except ValueError:
        raise MisfitError("hexadecimal digits are needed") from None


def _name(data: Any) -> str:
    if len(text(data)) > LONGEST_NAME:
        raise MisfitError(f"it has more than {LONGEST_NAME} characters")
    return data


def _urn(data: Any) -> str:
    if not is_urn(_name(data)):
        raise MisfitError("a URN is needed")
    return data


_FORMS: Mapping[object, Reader] = {Form.NAME: _name, Form.URN: _urn}
_SCALARS: dict[object, Reader] = {
    type(None): _none,
    bool: _bool,
    int: _int,
    float: _float,
    str: text,
    bytes: _bytes,
    datetime.date: _date,
    OfValue: value,
    object: plain,
    Any: plain,
}
