"""What each component would refuse of a stack file, said at the file's own place.

A component's `problems(args)` is the one place of its limits. Here it is asked before anything is made: the arguments
are built as in a deployment, with `unknown` in place of what other components give. Where parts of a file are wrong in
themselves, the others are still judged: the wrong parts are unknown, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from pydantic.alias_generators import to_camel

from dolmen.stackfile import Problem
from dolmen.stackfile.problems import KeyPath

from .. import arguments
from .messages import is_mapping, is_sequence, known_keys, models_in
from .model.applications import Application
from .model.base import Section
from .model.stack import StackConfig

Args = TypeVar("Args", bound=Mapping[str, object])
Part = TypeVar("Part")
REGION: KeyPath = ("/", "aws:region")
OTHERS = arguments.unknown(str)
"""In place of what other components give."""


@dataclass(frozen=True)
class ComponentCheck(Generic[Args]):
    """How a component is asked what it would refuse."""

    arguments: Callable[[StackConfig], Iterable[tuple[KeyPath, Args]]]
    """The arguments of each component of this kind that the stack has, with the section's path in the file."""
    problems: Callable[[Args], Iterable[arguments.Problem]]
    """The component's own."""
    places: Mapping[str, KeyPath] | Callable[[arguments.Place], KeyPath] = field(default_factory=dict[str, KeyPath])
    """Argument → its path in the section, or from the top where it begins with `/`; otherwise its own name there. A
    function places an argument whose path depends on what stands below it."""

    def found(self, stack: StackConfig) -> Iterator[Problem]:
        for section, args in self.arguments(stack):
            for problem in self.problems(args):
                yield Problem(self._path(section, problem.argument), problem.rule, problem.remedy)

    def _path(self, section: KeyPath, argument: arguments.Place) -> KeyPath:
        if not argument:
            return section
        if callable(self.places):
            return (*section, *self.places(argument))
        first, *rest = argument
        place = self.places.get(str(first), (to_camel(str(first)),))
        path = place[1:] if place[:1] == ("/",) else (*section, *place)
        for step in rest:
            # The model's own keys are in camel case; those of a person's mapping stay as they are.
            own = to_camel(step) if isinstance(step, str) else step
            path = (*path, own if own in known_keys(StackConfig, path) else step)
        return path


def section(
    part: Callable[[StackConfig], Part | None], *path: str, args: Callable[[Part], Args | None]
) -> Callable[[StackConfig], Iterable[tuple[KeyPath, Args]]]:
    """For a component that a part of a stack has once at most, asked for in the section at `path`."""

    def found(stack: StackConfig) -> Iterable[tuple[KeyPath, Args]]:
        there = part(stack)
        asked = None if there is None else args(there)
        return [] if asked is None else [(path, asked)]

    return found


class _HasApplications(Protocol):
    @property
    def applications(self) -> Mapping[str, Application]: ...


Users = TypeVar("Users", bound=_HasApplications)


def each_application(
    part: Callable[[StackConfig], Users | None], *below: str, args: Callable[[Users, str], Args | None]
) -> Callable[[StackConfig], Iterable[tuple[KeyPath, Args]]]:
    """For a component that each application of a part has, asked for in the section `below` the application's."""

    def found(stack: StackConfig) -> Iterable[tuple[KeyPath, Args]]:
        there = part(stack)
        if there is None:
            return
        for name in there.applications:
            if (asked := args(there, name)) is not None:
                yield ("applications", name, *below), asked

    return found


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def named(stack: _Named, name: Callable[..., str], *parts: str) -> str:
    """A name that is made of the platform's; unknown where that one is."""
    return OTHERS if arguments.known(stack.name) is None else name(stack.name, *parts)


def refused(checks: Iterable[ComponentCheck[Any]], stack: StackConfig, *, complete: bool) -> Iterator[Problem]:
    """What components refuse of a stack. One that is not `complete` has unknown parts, and is judged as far as it goes."""
    for check in checks:
        try:
            yield from check.found(stack)
        except (TypeError, LookupError, ValueError, ArithmeticError):
            if complete:
                raise  # nothing is unknown here: it is a mistake of ours


def partial(model: type[Section], valid: Mapping[KeyPath, Any], path: KeyPath) -> Any:
    """A section made of its valid parts; the others are unknown."""
    values = {
        name: _part(info.annotation, valid, (*path, info.alias or name)) for name, info in model.model_fields.items()
    }
    return model.model_construct(None, **values)


def _part(annotation: Any, valid: Mapping[KeyPath, Any], place: KeyPath) -> Any:
    if place in valid:
        return valid[place]
    models = [model for model in models_in(annotation) if issubclass(model, Section)]
    steps = dict.fromkeys(found[len(place)] for found in valid if found[: len(place)] == place)
    if len(models) != 1 or not steps:
        return arguments.Unknown()
    if numbers := [step for step in steps if isinstance(step, int)]:
        if not is_sequence(annotation):
            return arguments.Unknown()  # a list stands where something else belongs
        at = [(*place, number) for number in range(max(numbers) + 1)]
        return tuple(valid.get(one) or partial(models[0], valid, one) for one in at)
    if is_mapping(annotation):
        return {step: valid.get((*place, step)) or partial(models[0], valid, (*place, step)) for step in steps}
    return partial(models[0], valid, place)
