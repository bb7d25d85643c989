"""Arguments of components: what is wrong with them, all of it at once, before anything is registered."""

import difflib
import typing
from collections.abc import Awaitable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import pulumi

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """What an argument breaks, and what to write instead."""

    argument: tuple[str | int, ...]
    """Where it stands among the arguments: `("instance_size",)`, `("parameters", "maxmemory-policy")`."""
    rule: str
    remedy: str

    @property
    def place(self) -> str:
        """`alerts[0].threshold`."""
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.argument).lstrip(".")


class ArgumentsError(ValueError):
    """Arguments that cannot be followed; lists every problem."""

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        lines = (f"  {problem.place}: {problem.rule} {problem.remedy}" for problem in self.problems)
        super().__init__("\n".join([f"{subject} cannot be made as asked:", *lines]))


class Unknown:
    """Stands for what is not known while arguments are checked before anything is made.

    Whatever is asked of it is unknown, too: a key, an item, an attribute, a call."""

    def __getattr__(self, name: str) -> "Unknown":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> "Unknown":
        return self

    def __call__(self, *_given: object, **_named: object) -> "Unknown":
        return self

    def __iter__(self) -> Iterator["Unknown"]:
        return iter(())

    def __len__(self) -> int:
        return 0


def unknown(kind: type[T]) -> T:
    """An `Unknown` in the place of a value of this type, such as an id that AWS has not given yet."""
    value: Any = Unknown()
    del kind
    return value


def known(value: "pulumi.Input[T] | None") -> T | None:
    """The value where it is plain; `None` where it is an output, absent, or unknown."""
    return None if isinstance(value, pulumi.Output | Awaitable | Unknown) else value


def check(name: str, args: Mapping[str, object], shape: type, problems: Iterable[Problem] = ()) -> None:
    """Refuses arguments of a component, before it is registered.

    `shape` is the TypedDict of the arguments: a key that it does not have, and a required one that is missing, are
    problems; so are those that the component knows (`problems`, asked once all required keys are there).

    Raises `ArgumentsError`, a `ValueError`, with all of them."""
    unknown_keys, missing = list(_unknown_keys(args, shape, ())), list(_missing_keys(args, shape))
    found = [*unknown_keys, *missing, *(() if missing else problems)]
    if found:
        raise ArgumentsError(name, found)


def _missing_keys(args: Mapping[str, object], shape: type) -> Iterator[Problem]:
    required: frozenset[str] = getattr(shape, "__required_keys__", frozenset())
    for key in sorted(required - args.keys()):
        yield Problem((key,), "This argument is required.", "Give it.")


def _unknown_keys(args: Mapping[str, object], shape: type, place: tuple[str | int, ...]) -> Iterator[Problem]:
    fields = _fields(shape)
    for key, value in args.items():
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1, cutoff=0.6)
            remedy = f"Did you mean {near[0]}?" if near else f"The arguments are {', '.join(fields)}."
            yield Problem((*place, key), "There is no such argument.", remedy)
        elif (inner := fields[key]) is not None:
            for step, item in _items(value):
                yield from _unknown_keys(item, inner, (*place, key, *step))


def _items(value: object) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, object]]]:
    """The mappings of a shape that a value holds: itself, the items of a list, or the values of a mapping of them."""
    if isinstance(value, Mapping):
        if value and all(isinstance(item, Mapping) for item in value.values()):
            yield from (((str(key),), item) for key, item in value.items())
        else:
            yield (), value
    elif isinstance(value, list | tuple):
        yield from (((index,), item) for index, item in enumerate(value) if isinstance(item, Mapping))


@cache
def _fields(shape: type) -> dict[str, type | None]:
    """The keys of a TypedDict, each with the TypedDict that its values have, if any."""
    return {
        key: _shape_in(hint)
        for key, hint in typing.get_type_hints(shape, localns={"Output": pulumi.Output, "T": T}).items()
    }


def _shape_in(hint: Any) -> type | None:
    if typing.is_typeddict(hint):
        return hint
    if typing.get_origin(hint) in (pulumi.Output, Awaitable, type):
        return None
    return next((found for argument in typing.get_args(hint) if (found := _shape_in(argument)) is not None), None)
