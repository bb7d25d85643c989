"""Makes numbers that stand in for what a plan cannot know.

A program can count and reckon with them. Written into a text they are their mark, and so is what is reckoned from them:
`‹config shop:count›` instead of a number that nobody chose.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self

from dolmen.engine.values import mark


class AssumedNumber:
    """What made-up numbers have in common."""

    label: str

    @classmethod
    def of(cls, value: float, label: str) -> Self:
        made: Any = cls.__new__(cls, value)  # pyright: ignore[reportCallIssue]  # the number's own
        made.label = label
        return made

    def __str__(self) -> str:
        return mark(self.label)

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return mark(self.label)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


class AssumedInteger(AssumedNumber, int):
    plain: ClassVar[type[int]] = int

    def __reduce__(self) -> Any:
        return (int, (int(self),))

    def __int__(self) -> int:
        return int.__int__(self)


class AssumedFloat(AssumedNumber, float):
    plain: ClassVar[type[float]] = float

    def __reduce__(self) -> Any:
        return (float, (float(self),))


def reckoned(value: object, label: str) -> Any:
    """What was reckoned from a made-up number: one as well."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return AssumedInteger.of(value, label)
    return AssumedFloat.of(value, label) if isinstance(value, float) else value


def _reckoning(name: str) -> Callable[..., Any]:
    def method(self: Any, *others: Any) -> Any:
        return reckoned(getattr(type(self).plain, name)(self, *others), self.label)

    method.__name__ = name
    return method


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
    for _kind in (AssumedInteger, AssumedFloat):
        for _method in (f"__{_name}__", f"__r{_name}__"):
            setattr(_kind, _method, _reckoning(_method))
for _kind in (AssumedInteger, AssumedFloat):
    for _method in ("__neg__", "__abs__", "__round__"):
        setattr(_kind, _method, _reckoning(_method))

__all__ = ["AssumedFloat", "AssumedInteger", "AssumedNumber", "reckoned"]
