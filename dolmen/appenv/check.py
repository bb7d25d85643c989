"""Whether an environment keeps the contract: every problem at once, and never a value.

A problem says the variable's name, the part of a URI, the line, the rule and the remedy. Values are left out of all of them, wrong types
included: what stands in the wrong variable may be a secret.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping

from dolmen.appenv.definition import Definition, Part, Tier, Type, Variable
from dolmen.appenv.dotenv import Entry
from dolmen.appenv.mongo_uri import Fault, faults
from dolmen.appenv.placeholder import framed, named
from dolmen.stackfile import Problem

OWN_PREFIXES = ("MONGO_", "REDIS_", "USE_AWS_SECRETS", "AWS_SECRET_NAME", "AWS_SECRETS_")
_HOST = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_SECRET_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")


def problems(
    environment: Mapping[str, Entry],
    definition: Definition,
    *,
    tier: Tier,
    parts: Collection[Part] = tuple(Part),
    cache_login_with_iam: bool = False,
) -> Iterator[Problem]:
    """Broken rules of an environment, in the definition's order; misspelt names last.

    Of a part that the application does not use, no variable is missed."""
    for variable in definition.variables:
        entry = environment.get(variable.name)
        if entry is not None and not entry.readable:
            continue
        if entry is not None and entry.value != "":
            for part, rule, remedy in _faults(variable, entry.value, tier):
                yield _at(variable.name, entry, rule, remedy, part)
        elif not variable.belongs_to(parts) or (variable.absent_with_iam and cache_login_with_iam):
            continue
        elif entry is not None:
            yield _at(
                variable.name,
                entry,
                "The variable is empty, and libraries differ on what that means.",
                "Give it a value." if variable.default is None else "Give it a value, or leave it out for the default.",
            )
        elif variable.default is None:
            yield Problem(
                (variable.name,), f"The variable is missing. {variable.description}", f"Add it: {_source(variable)}."
            )
    yield from _misspelt(environment, definition)


def _at(name: str, entry: Entry, rule: str, remedy: str, part: str = "") -> Problem:
    return Problem((name, part) if part else (name,), rule, remedy, line=entry.line, column=entry.column)


def _source(variable: Variable) -> str:
    if variable.secret:
        return f"it is `{variable.secret.key}` in the secret <platform>/<application>/{variable.secret.secret}"
    return "`dolmen env render` shows the platform's value"


def _faults(variable: Variable, value: str, tier: Tier) -> Iterator[Fault]:
    if variable.type is Type.MONGODB_URI:
        yield from faults(value, tier)
        return
    wrong = _wrong_type(variable, value)
    if wrong:
        yield Fault("", *wrong)
        return
    if framed(value) or (variable.secret and named(value)):
        yield Fault("", "The value is a placeholder that nobody filled in.", f"Write the value: {_source(variable)}.")
        return
    demand = variable.demanded(tier)
    if demand and value != demand.equals:
        yield Fault("", demand.rule, demand.remedy)


def _wrong_type(variable: Variable, value: str) -> tuple[str, str] | None:
    match variable.type:
        case Type.BOOLEAN:
            if value not in ("true", "false"):
                return "This is true or false, in lower case: an application may take anything else for true.", (
                    f"Write {variable.name}=true or {variable.name}=false."
                )
        case Type.INTEGER:
            return _wrong_integer(variable, value)
        case Type.HOST:
            if not _HOST.fullmatch(value):
                return "This is a host name alone: no scheme, port, path or spaces.", "Write the endpoint's host name."
        case Type.REGION:
            if not _REGION.fullmatch(value):
                return "This is the code of an AWS region.", "Write a code such as ap-northeast-2."
        case Type.SECRET_NAME:
            if not _SECRET_NAME.fullmatch(value) or not value.endswith("/jwt-secrets"):
                return "This is the name of the secret with the token keys, not its value.", (
                    "Write <platform>/<application>/jwt-secrets."
                )
        case Type.CACHE_PASSWORD:
            if not 16 <= len(value) <= 128 or not all("!" <= c <= "~" for c in value) or set(value) & set(',"/@'):
                return 'ElastiCache passwords have 16 to 128 printable characters without , " / @.', (
                    "Take `redis_password` from the secret as it is; it is not percent-encoded."
                )
        case Type.TEXT | Type.MONGODB_URI:
            if value != value.strip() or not value.isprintable():
                return "This holds no line breaks and no spaces at its ends.", "Remove them."
    return None


def _wrong_integer(variable: Variable, value: str) -> tuple[str, str] | None:
    low, high = variable.minimum or 0, variable.maximum or 2**31 - 1
    if re.fullmatch(r"0|[1-9][0-9]{0,9}", value) and low <= int(value) <= high:
        return None
    return (
        f"This is a whole number from {low} to {high}, in digits alone.",
        f"Write a number such as {variable.example}.",
    )


def _misspelt(environment: Mapping[str, Entry], definition: Definition) -> Iterator[Problem]:
    """Names that look like the contract's and are not: an application would silently take a default instead.

    A running process holds names of others too (Kubernetes puts `REDIS_SERVICE_HOST` there for a service `redis`), so
    there only near misses count.
    """
    known = definition.by_name()
    absent = [name for name in known if name not in environment]
    for name, entry in environment.items():
        if name in known:
            continue
        upper = name.upper()
        near = difflib.get_close_matches(
            upper, [*absent, *(other for other in known if other in environment)], n=1, cutoff=0.8
        )
        meant = upper if upper in known else next(iter(near), None)
        if meant or (entry.line and upper.startswith(OWN_PREFIXES)):
            yield _at(
                name,
                entry,
                "There is no such variable in the contract.",
                f"Did you mean {meant}?"
                if meant
                else f"Remove it, or write one of {', '.join(_family(upper, known))}.",
            )


def _family(name: str, known: Mapping[str, Variable]) -> list[str]:
    prefix = name.partition("_")[0]
    return [other for other in known if other.startswith(prefix)] or list(known)
