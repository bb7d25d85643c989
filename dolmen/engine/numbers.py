"""Makes numbers that stand in for what a plan cannot know.

A program can count and reckon with them. Written into a text they are their stand-in, and so is what is reckoned from
them: `‹config shop:count›` in the plan instead of a number that nobody chose.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, ClassVar, Self

from dolmen.engine.stand_ins import stand_in


class AssumedNumber:
    """What made-up numbers have in common."""

    label: str
    plain: ClassVar[type[Any]]
    made: ClassVar[bool] = False
    """Whether there is any in this process."""

    @classmethod
    def of(cls, value: float, label: str) -> Self:
        made: Any = cls.__new__(cls, value)  # pyright: ignore[reportCallIssue]  # the number's own
        made.label = label
        AssumedNumber.made = True
        return made

    def __str__(self) -> str:
        return stand_in(self.label)

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return stand_in(self.label)

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
    if isinstance(value, tuple):
        return tuple(reckoned(part, label) for part in value)
    return AssumedFloat.of(value, label) if isinstance(value, float) else value


def _reckoning(function: Callable[[Any, Any], Any], *, reflected: bool) -> Callable[..., Any]:
    def method(self: Any, other: Any) -> Any:
        if not isinstance(other, int | float):
            return NotImplemented
        mine, other = self.plain(self), other.plain(other) if isinstance(other, AssumedNumber) else other
        return reckoned(function(other, mine) if reflected else function(mine, other), self.label)

    return method


def _alone(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, *digits: reckoned(function(self.plain(self), *digits), self.label)


_BOTH = {name: getattr(operator, name) for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")}
_BOTH["divmod"] = divmod
_WHOLE = {name: getattr(operator, f"__{name}__") for name in ("lshift", "rshift", "xor", "and", "or")}
_ALONE: dict[str, Callable[..., Any]] = {
    "neg": operator.neg,
    "pos": operator.pos,
    "abs": abs,
    "round": round,
    "floor": math.floor,
    "ceil": math.ceil,
}
for _kind, _functions in ((AssumedInteger, _BOTH | _WHOLE), (AssumedFloat, _BOTH)):
    for _name, _function in _functions.items():
        setattr(_kind, f"__{_name}__", _reckoning(_function, reflected=False))
        setattr(_kind, f"__r{_name}__", _reckoning(_function, reflected=True))
    for _name, _function in _ALONE.items():
        setattr(_kind, f"__{_name}__", _alone(_function))

__all__ = ["AssumedFloat", "AssumedInteger", "AssumedNumber", "reckoned"]
