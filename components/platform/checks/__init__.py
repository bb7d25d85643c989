"""Stack checks: what holds between sections of a stack file.

A stack check is a function whose parameters name the sections it reads, as attributes of `StackConfig` (`tier`,
`region`, `network`, `atlas`, `cache`, `applications`, `tags`), nested ones with two underscores (`atlas__cluster`,
`atlas__backup`). It yields `Problem`s whose path starts at the stack: `("atlas", "cluster",
"instanceSize")`, in the file's camelCase.

`guards` are those of the stack's tier, which an acceptance on record silences. `secret_keys` are the secret keys of the
configuration, `secret_values` says by its path where each secret is read from, and `read_keys`, known once the whole file
is right, are the configuration keys that something reads.

A stack check runs as soon as all that it names has validated, even where other parts of the file are wrong. An optional
section that is absent is passed as `None` to a check that says so of its parameter (`Alerts | None`); others, which have
nothing to say then, do not run.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping

from dolmen.stackfile import Problem

from . import atlas, atlas_regions, cache, platform, secret_values, secrets

StackCheck = Callable[..., Iterator[Problem]]
STACK_CHECKS: tuple[StackCheck, ...] = (
    *platform.CHECKS,
    *atlas.CHECKS,
    *atlas_regions.CHECKS,
    *cache.CHECKS,
    *secrets.CHECKS,
    *secret_values.CHECKS,
)


def stack_problems(validated: Mapping[str, object]) -> Iterator[Problem]:
    """`validated` maps each name that a stack check may ask for to its value; one with an unknown name is skipped."""
    for check in STACK_CHECKS:
        parameters = inspect.signature(check).parameters.values()
        if all(_is_there(validated, parameter) for parameter in parameters):
            yield from check(**{parameter.name: validated[parameter.name] for parameter in parameters})


def _is_there(validated: Mapping[str, object], parameter: inspect.Parameter) -> bool:
    absent = validated.get(parameter.name) is None
    return parameter.name in validated and (not absent or str(parameter.annotation).endswith("| None"))
