"""Arguments of components: what is wrong with them, all of it at once, before anything is registered."""

import difflib
import re
import types
import typing
from collections.abc import Awaitable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, TypeVar

import pulumi

T = TypeVar("T")
Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What an argument breaks, and what to write instead."""

    argument: Place
    """Where it stands among the arguments: `("instance_size",)`, `("alerts", "cpu", "above")`; `()` for all of them."""
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
        lines = (
            f"  {f'{problem.place}: ' if problem.argument else ''}{problem.rule} {problem.remedy}"
            for problem in self.problems
        )
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


def plain(argument: str, given: "Mapping[str, pulumi.Input[T]] | None") -> dict[str, T]:
    """The items of a mapping of nested arguments, each of which makes resources and so has to be known.

    They are declared as inputs all the same: Pulumi's generators for other languages write types for nothing else.
    Raises `ArgumentsError` where an item is an output."""
    items = {key: known(item) for key, item in (given or {}).items()}
    outputs = [key for key, item in (given or {}).items() if isinstance(item, pulumi.Output | Awaitable)]
    if outputs:
        rule, remedy = "An output decides too late what is made.", "Give a plain value; outputs may stand inside it."
        raise ArgumentsError(argument, [Problem((argument, key), rule, remedy) for key in outputs])
    return {key: item for key, item in items.items() if item is not None}


def plain_list(argument: str, given: "Sequence[pulumi.Input[T]] | None") -> list[T]:
    """The same for a list."""
    return list(plain(argument, {str(index): item for index, item in enumerate(given or ())}).values())


def given_or(value: T | None, default: T) -> T:
    """The value of an optional argument; `None` is the same as leaving it out."""
    return default if value is None else value


# ---- what problems have in common


def between(
    argument: Place, value: float | None, smallest: float, largest: float | None = None, remedy: str = ""
) -> Iterator[Problem]:
    """Judges a number that has limits; both are allowed themselves."""
    limits = f"Write {smallest} or more." if largest is None else f"Write {smallest} to {largest}."
    if value is not None and value < smallest:
        yield Problem(argument, f"At least {smallest} is allowed here.", remedy or limits)
    elif value is not None and largest is not None and value > largest:
        yield Problem(argument, f"At most {largest} is allowed here.", remedy or limits)


def one_of(argument: Place, value: str | None, allowed: Collection[str]) -> Iterator[Problem]:
    """Judges a word of a closed list."""
    if value is not None and value not in allowed:
        *others, last = allowed
        meant = closest(value, allowed)
        yield Problem(
            argument,
            f"One of {', '.join(others)} or {last} is expected here.",
            f"Did you mean {meant}?" if meant else f"Write {next(iter(allowed))}.",
        )


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant, whatever its case and separators."""
    by_shape = {re.sub(r"[^a-z0-9]", "", candidate.lower()): candidate for candidate in candidates}
    shape = re.sub(r"[^a-z0-9]", "", word.lower())
    if shape in by_shape:
        return by_shape[shape]
    longer = [whole for whole in by_shape if len(shape) >= 3 and whole.startswith(shape)]
    if len(longer) == 1:
        return by_shape[longer[0]]
    found = difflib.get_close_matches(shape, by_shape, n=1, cutoff=0.6)
    return by_shape[found[0]] if found else None


# ---- keys and types


def check(name: str, args: Mapping[str, object], shape: type, problems: Iterable[Problem] = ()) -> None:
    """Refuses arguments of a component, before it is registered.

    `shape` is the TypedDict of the arguments. Keys that it does not have, required ones that are missing and values of
    another type are problems, in nested mappings too. So are those that the component knows: `problems`, asked unless
    something is missing or of another type.

    Raises `ArgumentsError`, a `ValueError`, with all of them."""
    found = list(_shape_problems(shape, args, ()))
    if all(problem.rule == _NO_SUCH_ARGUMENT for problem in found) and not _missing(shape, args):
        found += problems
    if found:
        raise ArgumentsError(name, found)


def _shape_problems(hint: object, value: object, place: Place) -> Iterator[Problem]:
    """What a value has that its type does not. Nothing is said of what is unknown, nor of types of somebody else's."""
    hint = _plain(hint)
    origin = typing.get_origin(hint) or hint
    inner = typing.get_args(hint)
    if hint is None or known(value) is None:
        return
    if isinstance(hint, type) and typing.is_typeddict(hint):
        yield from _key_problems(hint, value, place)
    elif origin in _TYPES:
        word, accepted = _TYPES[origin]
        if not isinstance(value, accepted) or (isinstance(value, bool) and bool not in accepted):
            yield Problem(place, f"{word} is expected here.", "Give it as such.")
        elif origin is int and isinstance(value, float) and not value.is_integer():
            yield Problem(place, f"{word} is expected here.", "Give it without a fraction.")
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            yield Problem(place, "A mapping is expected here.", "Give it as such.")
        else:
            for key, item in value.items():
                yield from _shape_problems(inner[-1], item, (*place, str(key)))
    elif isinstance(origin, type) and issubclass(origin, Sequence):
        if not isinstance(value, list | tuple):
            yield Problem(place, "A list is expected here.", "Give it as such.")
        else:
            for index, item in enumerate(value):
                yield from _shape_problems(inner[0], item, (*place, index))


_TYPES: Mapping[object, tuple[str, tuple[type, ...]]] = {
    str: ("Text", (str,)),
    bool: ("true or false", (bool,)),
    int: ("A whole number", (int, float)),
    float: ("A number", (int, float)),
}
"""Type → what it is called, and what is taken for it: other languages know one kind of number only."""


def _key_problems(shape: type, value: object, place: Place) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(place, "A mapping is expected here.", "Give it as such.")
        return
    fields, missing = _fields(shape), _missing(shape, value)
    for key, item in value.items():
        if key in fields:
            yield from _shape_problems(fields[key], item, (*place, key))
        else:
            meant = closest(str(key), fields)
            missing.discard(meant or "")
            remedy = f"Did you mean {meant}?" if meant else f"The arguments are {', '.join(fields)}."
            yield Problem((*place, str(key)), _NO_SUCH_ARGUMENT, remedy)
    for key in sorted(missing):
        yield Problem((*place, key), "This argument is required.", "Give it.")


_NO_SUCH_ARGUMENT = "There is no such argument."


def _missing(shape: type, value: Mapping[str, object]) -> set[str]:
    required: frozenset[str] = getattr(shape, "__required_keys__", frozenset())
    return {key for key in required if value.get(key) is None}


@cache
def _fields(shape: type) -> dict[str, object]:
    """The keys of a TypedDict, each with its type."""
    return typing.get_type_hints(shape, localns={"Output": pulumi.Output, "T": T})


def _plain(hint: object) -> object:
    """The type of the plain value of an input; `None` where there is none, or several."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        inner = [_plain(part) for part in typing.get_args(hint) if part is not type(None)]
        plain = [part for part in inner if part is not None]
        return plain[0] if len(plain) == 1 else None
    origin = typing.get_origin(hint) or hint
    return None if isinstance(origin, type) and issubclass(origin, pulumi.Output | Awaitable) else hint
