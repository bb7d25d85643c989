"""Variables of the environment that are passed to a program by name (`--env`), and kept out of what it says."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from dolmen.engine.masking import Mask, texts
from dolmen.engine.plan import Plan
from dolmen.engine.project import StackConfig

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OWN = ("HOME", "TMPDIR", "PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS")
_INTERPRETERS = ("PYTHON", "LD_", "DYLD_")
"""Beginnings of names that change how an interpreter is started, and so what closes the program in."""
_SHORTEST_PART = 12
"""Characters of a line or of a text inside JSON that is looked for by itself."""


def problems(names: Sequence[str]) -> Iterator[str]:
    """One line for each name that cannot be passed; no value is ever repeated."""
    for name in dict.fromkeys(names):
        if "=" in name:
            yield f"--env takes a name alone, and passes the value that {name.partition('=')[0]} has here."
        elif not _NAME.fullmatch(name):
            yield f"--env takes the name of a variable, such as AWS_REGION, and {name!r} is none."
        elif name in _OWN:
            yield f"--env {name}: every evaluated program is given its own {name}; leave it out."
        elif name.startswith(_INTERPRETERS):
            yield f"--env {name}: variables that change how Python itself starts are not passed; leave it out."
        elif name not in os.environ:
            yield f"--env {name}: {name} is not set here. Set it, or leave --env {name} out."


def masked(plan: Plan, names: Collection[str], config: StackConfig, key: bytes) -> Plan:
    """The plan without the values of the variables, but for what its stack's name and its file say openly.

    The judging process does this to whatever comes back, since only what it does itself is certain.
    """
    said = {plan.project, plan.stack, plan.organization}
    said |= {text for name, text in config.values.items() if name not in config.secret_keys}
    given = {os.environ[name] for name in names if name in os.environ} - said
    if not given:
        return plan
    mask = Mask({*given, *(part for one in given for part in _parts(one))})
    plan = mask.values(mask.plan(plan), given, key)
    return replace(plan, output=mask.text(plan.output))


def _parts(value: str) -> Iterator[str]:
    """Lines of a key, texts inside JSON: programs print and use them one by one."""
    found = [line.strip() for line in value.splitlines()]
    with contextlib.suppress(ValueError, RecursionError):
        found += texts(json.loads(value))
    return (one for one in found if len(one) >= _SHORTEST_PART)
