"""Makes values that stand in for what a plan cannot know.

A program can work with them. They are real strings, lists and mappings, so they pass through formatting, JSON and the
SDK. Whatever text they end up in keeps its stand-in, by which the plan finds what rests on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self, SupportsIndex

from pulumi import _types  # pyright: ignore[reportPrivateUsage]  # no public way to its types

from dolmen.engine import stand_ins
from dolmen.engine.numbers import AssumedFloat, AssumedInteger, AssumedNumber
from dolmen.engine.stand_ins import LEFT, RIGHT, stand_in

ONE = 1
"""What a placeholder is as a number: neither an empty range nor a division by zero."""


class AssumedText(str):
    """A text that holds a stand-in.

    Parts of it, where it has none, are placeholders too. No part of it is ever without its mark.
    """

    __slots__ = ()

    @classmethod
    def of(cls, label: str) -> Self:
        return cls(stand_in(label))

    @property
    def label(self) -> str:
        return stand_ins.shown(str(self)).replace(LEFT, "").replace(RIGHT, "")

    def __int__(self) -> int:
        return ONE

    def __float__(self) -> float:
        return float(ONE)

    def __format__(self, spec: str) -> str:
        return str(self) if "." in spec else super().__format__(spec)  # a precision would cut it

    def __getitem__(self, key: SupportsIndex | slice | str) -> str:  # type: ignore[override]
        if isinstance(key, str):
            return type(self).of(f"{self.label}.{key}")
        if stand_ins.stands(self):
            part = f"{_end(key.start)}:{_end(key.stop)}" if isinstance(key, slice) else str(int(key))
            return type(self).of(f"{self.label}[{part}]")
        if not isinstance(key, slice):
            places = range(len(self))
            if not -len(self) <= int(key) < len(self):
                return self
            key = slice(places[key], places[key] + 1)
        start, stop, step = key.indices(len(self))
        for first, last in stand_ins.spans(self):  # a stand-in is taken whole
            start, stop = (first if first < start < last else start), (last if first < stop < last else stop)
        return _text(super().__getitem__(slice(start, stop, step)))

    def __iter__(self) -> Iterator[str]:
        """It may stand for a list: one element, and never single letters of a stand-in."""
        return iter((self[0],)) if stand_ins.stands(self) else super().__iter__()

    def get(self, key: str, default: Any = None) -> Any:
        """The text may stand for a mapping."""
        return like(default, f"{self.label}.{key}")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> Any:
        return (str, (str(self),))  # another process does not know it


def _end(index: SupportsIndex | None) -> str:
    return "" if index is None else str(int(index))


def _text(text: str) -> str:
    return AssumedText(text) if stand_ins.holds(text) else text


def _keeping(name: str) -> Callable[..., Any]:
    """A method of texts whose result, or each part of it, is a placeholder where it holds a stand-in."""
    original = getattr(str, name)

    def method(self: AssumedText, *args: Any, **kwargs: Any) -> Any:
        found = original(self, *args, **kwargs)
        if isinstance(found, list):
            return AssumedList((_text(part) for part in found), self)
        if isinstance(found, tuple):
            return (self, found[1], self) if stand_ins.stands(self) else tuple(_text(part) for part in found)
        return self if stand_ins.stands(self) and not stand_ins.holds(found) else _text(found)

    method.__name__ = name
    return method


for _name in (
    "capitalize", "casefold", "center", "expandtabs", "format", "ljust", "lower", "lstrip", "partition", "removeprefix",
    "removesuffix", "replace", "rjust", "rpartition", "rsplit", "rstrip", "split", "splitlines", "strip", "swapcase",
    "title", "translate", "upper", "zfill", "__add__", "__mod__",
):  # fmt: skip
    setattr(AssumedText, _name, _keeping(_name))


class AssumedList(list[Any]):
    """A made-up list: beyond its end lies another placeholder."""

    def __init__(self, items: Iterable[Any] = (), last: Any = None) -> None:
        super().__init__(items)
        self.last = last if last is not None else (self[0] if self else AssumedText.of("element"))

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except IndexError:
            return self.last

    def __reduce__(self) -> Any:
        return (list, (list(self),))


class AssumedObject(dict[Any, Any]):
    """A made-up mapping: every key is there.

    Its one visible entry carries the mark into the plan.
    """

    def __init__(self, label: str) -> None:
        super().__init__({AssumedText.of(label): AssumedText.of(label)})
        self._label = label

    @property
    def label(self) -> str:
        return self._label

    def __missing__(self, key: Any) -> Any:
        if key == "result":  # how invokes wrap lists, such as decoded manifests
            return AssumedList()
        return AssumedText.of(f"{self._label}[{key}]" if isinstance(key, int) else f"{self._label}.{key}")

    def get(self, key: Any, default: Any = None) -> Any:
        return self[key] if default is None else like(default, f"{self._label}.{key}")

    def __copy__(self) -> AssumedObject:
        return AssumedObject(self._label)

    def __deepcopy__(self, memo: object) -> AssumedObject:
        return AssumedObject(self._label)

    def __reduce__(self) -> Any:
        return (dict, (dict(self),))


def like(default: Any, label: str) -> Any:
    """A placeholder of the kind that a program's own default has."""
    if isinstance(default, bool):
        return AssumedInteger.of(0, label)
    if isinstance(default, int):
        return AssumedInteger.of(ONE, label)
    if isinstance(default, float):
        return AssumedFloat.of(ONE, label)
    if isinstance(default, dict):
        return AssumedObject(label)
    return AssumedList([AssumedText.of(f"{label}[0]")]) if isinstance(default, list) else AssumedText.of(label)


def soften(value: Any) -> Any:
    """Make placeholders inside data workable; other data stays as it is."""
    if isinstance(value, str):
        return _text(value) if type(value) is str else value
    if isinstance(value, list):
        items = [soften(item) for item in value]
        return AssumedList(items) if any(_assumed(item) for item in items) else items
    if isinstance(value, dict):
        if type(value) is dict and len(value) == 1:
            (key, item), *_ = value.items()
            if isinstance(key, str) and key == item and stand_ins.stands(key):
                return AssumedObject(AssumedText(key).label)
        for key in value:
            dict.__setitem__(value, key, soften(dict.__getitem__(value, key)))
        return value
    if _types.is_output_type(type(value)) and hasattr(value, "__dict__"):
        for key, item in list(value.__dict__.items()):
            value.__dict__[key] = soften(item)
    return value


def _assumed(value: Any) -> bool:
    if isinstance(value, AssumedText | AssumedList | AssumedObject | AssumedNumber):
        return True
    if isinstance(value, dict):
        return any(_assumed(dict.__getitem__(value, key)) for key in value)
    return _types.is_output_type(type(value)) and any(_assumed(item) for item in vars(value).values())
