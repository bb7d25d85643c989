"""What stands behind the question mark: every option known, once, with a value that is safe everywhere.

A value counts as safe when it is the one that is; so no spelling, encoding or driver's own word for the opposite matters.
Source: https://github.com/mongodb/specifications/blob/master/source/uri-options/uri-options.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_to_bytes

from dolmen.appenv.mongo_uri.catalog import Kind, Option, catalog, plain
from dolmen.appenv.mongo_uri.parts import ENCODED, Fault, Pair, Parts, decoded
from dolmen.appenv.placeholder import framed

_ENCRYPTED = "The connection to MongoDB is encrypted; without TLS the password crosses the network in clear."
_MOST_CONNECTIONS = 100
"""A driver's own maxPoolSize."""


def faults(parts: Parts, local: bool) -> Iterator[Fault]:
    found = [fault for pair in parts.options for fault in _one(pair, parts, local)]
    yield from dict.fromkeys(found)
    yield from _repeated(parts)
    yield from _missing(parts)
    for one, other in catalog().conflicts:
        if parts.holds(one) and parts.holds(other):
            yield Fault(one.name, f"{one} and {other} do not go together: drivers refuse both.", "Remove one of them.")
    yield from _tls(parts, local)
    yield from _together(parts)


def _one(pair: Pair, parts: Parts, local: bool) -> Iterator[Fault]:
    if not pair.whole:
        yield Fault(
            "options",
            "Options read name=value, joined by &, and their values are percent-encoded.",
            "Correct the options: one = in each, none empty; %26 for an & in a value, %3D for an =.",
        )
        return
    name = decoded(pair.name).strip()
    option = catalog().options.get(name.lower())
    if option is None:
        yield from _unknown(name)
        return
    if pair.name.lower() != option.name.lower():
        yield Fault(
            option.name, "Names of options are not encoded, or some drivers do not see them.", f"Write {option.name}."
        )
    value = unquote(pair.value)
    if framed(value) or framed(decoded(value)):
        yield Fault(
            option.name, "The value is a placeholder that nobody filled in.", "Write a value, or remove the option."
        )
        return
    yield from _written(option, pair.value)
    demand = option.demand
    if demand and value != demand.equals and not (demand.remote and local):
        yield Fault(option.name, demand.rule, demand.remedy)
    elif not _fits(option, value, pair.value):
        yield Fault(option.name, f"{option.name} is {_wanted(option)}.", f"Correct the value, or remove {option.name}.")
    if option.srv and not parts.srv:
        yield Fault(option.name, f"Only a mongodb+srv:// URI has {option.name}.", f"Remove {option.name}.")


def _unknown(name: str) -> Iterator[Fault]:
    """Only names of ours are said: what stands here may be the rest of a password with a ? in it."""
    known = catalog().tls_checks.get(plain(name))
    if known:
        yield Fault(
            "options",
            f"{known[0]} is the {known[1]} driver's own name for whether the server's certificate is checked; it always is.",
            f"Remove {known[0]}: without it every driver checks the certificate and its name.",
        )
        return
    meant = next((option for option in catalog().options.values() if plain(option.name) == plain(name)), None)
    if meant:
        yield Fault(meant.name, "Drivers leave out an option that they do not know.", f"Write {meant.name}.")
    else:
        yield Fault(
            "options",
            "Every option is one that MongoDB's specification has; a driver leaves out what it does not know.",
            "Remove it, or set it in the application's code; an & or ? in a password is percent-encoded.",
        )


def _written(option: Option, value: str) -> Iterator[Fault]:
    raw = unquote_to_bytes(value)
    if "%" in ENCODED.sub("", value) or raw.decode(errors="replace").encode() != raw or re.search(rb"[\x00-\x1f]", raw):
        yield Fault(option.name, "Values of options are percent-encoded text in UTF-8.", "Correct the value.")
    elif "+" in value:
        yield Fault(option.name, "Some drivers read + as a space.", "Write %2B for +, and %20 for a space.")


def _fits(option: Option, value: str, written: str) -> bool:
    match option.kind:
        case Kind.BOOLEAN:
            return value in ("true", "false")
        case Kind.INTEGER:
            return re.fullmatch(r"-?[0-9]{1,9}", value) is not None and option.minimum <= int(value) <= option.maximum
        case Kind.CHOICE:
            return value in option.values
        case Kind.LIST:
            return set(value.split(",")) <= set(option.values)
        case Kind.TAGS:
            return written == "" or all(tag.count(":") == 1 for tag in written.split(","))
        case Kind.TEXT:
            return value != "" and (option.bytes is None or len(value.encode()) <= option.bytes)


def _wanted(option: Option) -> str:
    match option.kind:
        case Kind.BOOLEAN:
            return "true or false, in lower case"
        case Kind.INTEGER:
            return f"a whole number from {option.minimum} to {option.maximum}"
        case Kind.CHOICE:
            return f"one of {', '.join(option.values)}"
        case Kind.LIST:
            return f"a list of {', '.join(option.values)}, joined by commas"
        case Kind.TAGS:
            return "name:value, joined by commas"
        case Kind.TEXT:
            return "not empty" if option.bytes is None else f"text of 1 to {option.bytes} bytes"


def _repeated(parts: Parts) -> Iterator[Fault]:
    for option in catalog().options.values():
        if not option.repeats and len(set(parts.given(option.name))) > 1:
            yield Fault(
                option.name,
                "An option stands in the URI once; drivers differ on which of two counts.",
                "Remove all but one.",
            )


def _missing(parts: Parts) -> Iterator[Fault]:
    for option in catalog().options.values():
        if option.demand and option.demand.required and not parts.given(option.name):
            yield Fault(option.name, option.demand.rule, option.demand.remedy)


def _tls(parts: Parts, local: bool) -> Iterator[Fault]:
    given = set(parts.given("tls") + parts.given("ssl"))
    if not local and (given - {"true"} or (not given and not parts.srv)):
        yield Fault("tls", _ENCRYPTED, "Write tls=true, or a mongodb+srv:// URI, which implies it.")


def _together(parts: Parts) -> Iterator[Fault]:
    """What two options say together: pool sizes, and a preference for the primary with what only others have."""
    sizes = [
        max((int(text) for text in parts.given(name) if re.fullmatch(r"[0-9]{1,9}", text)), default=default)
        for name, default in (("minPoolSize", 0), ("maxPoolSize", _MOST_CONNECTIONS))
    ]
    if sizes[0] > sizes[1]:
        yield Fault("minPoolSize", "minPoolSize is at most maxPoolSize, which is 100 by itself.", "Lower minPoolSize.")
    if set(parts.given("readPreference")) <= {"primary"}:
        for name in ("readPreferenceTags", "maxStalenessSeconds"):
            if any(parts.given(name)):
                yield Fault(
                    name, f"{name} chooses among secondaries, and reads go to the primary.", "Write a readPreference."
                )
