"""What every section of a stack file has in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from dolmen.stackfile import Problem

from ... import arguments


class Section(BaseModel):
    """A mapping in a stack file. Keys are camelCase there and snake_case here; unknown keys and wrong types are refused.

    Validated from JSON in strict mode: `"3"` is not a number, `1` is not a boolean, an array makes a tuple.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        validate_by_alias=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )

    def problems(self) -> Iterator[Problem]:
        """Broken rules between the fields of this section.

        Called for every section that validates, even where a sibling or the parent does not, so that one run names as
        much as can be known. `Problem.path` is relative to this section, in the file's own camelCase keys.
        """
        return iter(())


def for_editors(**schema: Any) -> Any:
    """What the JSON schema says of a value; what is refused is for the component to say."""
    return Field(json_schema_extra=schema)


def broken(rule: str, remedy: str = "", *, hidden: bool = False) -> PydanticCustomError:
    """For a field validator to raise: the loader turns it into a `Problem` at the field's place.

    `hidden`: the value may be a secret that stands in the wrong place, and is not shown."""
    return PydanticCustomError("hidden_rule" if hidden else "rule", "{rule}", {"rule": rule, "remedy": remedy})


def _not_null(value: Any) -> Any:
    if value is None:
        raise broken(
            "This key has no value, and whether it is there decides what is made.", "Give it one, or remove it."
        )
    return value


GIVEN = AfterValidator(_not_null)
"""For what is made only where its key is there: a value that got lost is not taken for a wish to remove it all."""


def judged_by(problems: Callable[[str], Iterable[arguments.Problem]]) -> AfterValidator:
    """A validator that refuses what a component would refuse of this value, in its words."""

    def judge(value: str) -> str:
        for problem in problems(value):
            raise broken(problem.rule, problem.remedy)
        return value

    return AfterValidator(judge)
