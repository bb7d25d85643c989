"""pydantic's errors in the words of a stack file: the rule that is broken and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dolmen.stackfile import Problem
from dolmen.stackfile.problems import KeyPath, sensitive

from ..arguments import closest
from .model import descriptions
from .model.base import Section

UNKNOWN_KEY = "There is no such key here."
REQUIRED = "This key is required."
WRITTEN = "\0written\0"
"""Stands in a remedy for the value as it is written in the file (`0471`), which only the loader knows."""
_TYPES = {
    "int_type": "A whole number is expected here",
    "int_from_float": "A whole number is expected here",
    "float_type": "A number is expected here",
    "bool_type": "true or false is expected here",
    "string_type": "Text is expected here",
    "string_sub_type": "Text is expected here",
    "dict_type": "A mapping is expected here",
    "model_type": "A mapping is expected here",
    "mapping_type": "A mapping is expected here",
    "list_type": "A list is expected here",
    "tuple_type": "A list is expected here",
    "set_type": "A list is expected here",
    "frozen_set_type": "A list is expected here",
    "date_type": "A date is expected here, such as 2026-12-31",
    "date_parsing": "A date is expected here, such as 2026-12-31",
}


NOT_SHOWN = ""
"""In place of a value that is not to be shown: it says nothing, or may be a secret that stands in the wrong place."""
_WITHOUT_VALUE = {
    "hidden_rule",
    "missing",
    "too_short",
    "too_long",
    "extra_forbidden",
    "model_type",
    "dict_type",
    "mapping_type",
    "list_type",
    "tuple_type",
}


def problems(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """What an error means. A list is not called too short because an entry of it is wrong."""
    details = error.errors(include_url=False)
    places = [detail["loc"] for detail in details]
    found = [
        problem(detail, model)
        for detail in details
        if detail["type"] != "too_short"
        or not any(place[: len(detail["loc"])] == detail["loc"] and place != detail["loc"] for place in places)
    ]
    nameless = {path: None for detail in details if (path := _nameless(detail, model))}
    said = [one for one in found if not any(one.path[: len(path)] == path for path in nameless)]
    return [*said, *(Problem(path, NAMELESS, _NAME_IT.format(key=path[-1]), NOT_SHOWN) for path in nameless)]


NAMELESS = "Settings stand here where their names are expected, each with its settings below it."
_NAME_IT = "Write a name under {key}, and indent the settings below it."


def _nameless(error: ErrorDetails, model: type[BaseModel]) -> KeyPath | None:
    """The mapping of names in which a setting of what they name stands itself, for want of a name."""
    location = _location(error)
    if error["type"] not in ("model_type", "dict_type") or not isinstance(location[-1], str):
        return None
    _, found = _at(model, location[:-1])
    if found is None or not _is_key_of(*found, location[:-1]):
        return None
    annotation = found[0].model_fields[found[1]].annotation
    settings = {str(info.alias or name) for one in models_in(annotation) for name, info in one.model_fields.items()}
    return location[:-1] if is_mapping(annotation) and location[-1] in settings else None


def problem(error: ErrorDetails, model: type[BaseModel]) -> Problem:
    """The problem that one pydantic error stands for; `model` is the class that was validated."""
    location = _location(error)
    context: dict[str, object] = error.get("ctx") or {}
    kind, value = error["type"], error.get("input")
    rule, remedy = _words(kind, context, location, model, error["msg"], value)
    return Problem(location, rule, remedy, NOT_SHOWN if kind in _WITHOUT_VALUE else None)


def _location(error: ErrorDetails) -> KeyPath:
    return tuple(step for step in error["loc"] if step != "[key]" and not _is_machinery(step))


def _is_machinery(step: str | int) -> bool:
    """Steps that pydantic adds for validators and unions, which no file has."""
    return isinstance(step, str) and bool(
        re.match(r"(function-|constrained-|lax-or-strict|json-or-python|tagged-union)", step)
    )


def _words(
    kind: str, context: Mapping[str, object], location: KeyPath, model: type[BaseModel], message: str, value: Any
) -> tuple[str, str]:
    if kind in ("rule", "hidden_rule"):
        return str(context["rule"]), str(context["remedy"])
    field = description(model, location)
    purpose = f" {field}" if field else ""
    if kind == "missing":
        return REQUIRED, f"Add it.{purpose}"
    if kind == "extra_forbidden":
        keys = known_keys(model, location[:-1])
        meant = closest(str(location[-1]), keys)
        if meant:
            return UNKNOWN_KEY, f"Did you mean {meant}?"
        listed = f"The keys here: {', '.join(keys)}." if keys else "Nothing stands in here: write {}."
        secret = isinstance(value, str) and sensitive(str(location[-1]))
        return UNKNOWN_KEY, f"If it is a secret, remove it from the history, too. {listed}" if secret else listed
    if kind in ("enum", "literal_error"):
        expected = str(context.get("expected", "")).replace("'", "")
        meant = closest(str(value), re.split(r", | or ", expected)) if value is not None else None
        return f"One of {expected} is expected here.", f"Did you mean {meant}?" if meant else field
    if kind in _TYPES and value is None:
        return f"{_TYPES[kind]}.", f"Give it a value{_or_remove(model, location)}. {field}".strip()
    if kind in _TYPES:
        return f"{_TYPES[kind]}.", f"{_type_remedy(kind, value)}{field}".strip()
    bounds = {
        "greater_than_equal": ("At least", "ge"),
        "greater_than": ("More than", "gt"),
        "less_than_equal": ("At most", "le"),
        "less_than": ("Less than", "lt"),
        "multiple_of": ("A multiple of", "multiple_of"),
    }
    if kind in bounds:
        word, name = bounds[kind]
        return f"{word} {context[name]} is allowed here.", field
    if kind == "too_short":
        number = context["min_length"]
        return f"At least {number} {'entry is' if number == 1 else 'entries are'} needed here.", field
    if kind == "too_long":
        return f"At most {context['max_length']} entries are allowed here.", field
    if kind == "string_too_short":
        return f"At least {context['min_length']} characters are needed here.", field
    if kind == "string_too_long":
        return f"At most {context['max_length']} characters are allowed here.", field
    return f"{message}.", field


def _type_remedy(kind: str, value: Any) -> str:
    if kind.startswith("string"):
        return f'Quote it: "{WRITTEN}". ' if isinstance(value, int | float) else ""
    if not isinstance(value, str):
        return ""
    if kind == "bool_type":
        return _SWITCHES.get(value.lower(), "")
    if kind in ("int_type", "float_type"):
        if re.fullmatch(r"-?\d+(\.\d+)?", value):
            return "Write it without quotes. "
        if re.fullmatch(r"-?\d+(\.\d+)?\s*[A-Za-z%]+", value):
            return "Write the number alone, without a unit. "
    return ""


_SWITCHES = {
    **dict.fromkeys(("true", "yes", "on"), "Write true, without quotes. "),
    **dict.fromkeys(("false", "no", "off"), "Write false, without quotes. "),
}


def _or_remove(model: type[BaseModel], location: KeyPath) -> str:
    """Where what has no value may be left out; an entry of a list or mapping always may."""
    _, found = _at(model, location)
    if not location or found is None or not _is_key_of(*found, location):
        return ", or remove the entry"
    owner, name = found
    return "" if owner.model_fields[name].is_required() else ", or remove the key"


def _is_key_of(owner: type[BaseModel], name: str, location: KeyPath) -> bool:
    return location[-1] in (owner.model_fields[name].alias, name)


def stands_for_nothing(model: type[BaseModel], location: KeyPath) -> bool:
    """Whether a key without a value at this place is the same as no key."""
    _, found = _at(model, location)
    if found is None or not _is_key_of(*found, location):
        return False
    owner, name = found
    info = owner.model_fields[name]
    return not info.is_required() and info.default is None


def takes_an_empty_section(model: type[BaseModel], location: KeyPath) -> bool:
    """Whether `{}` is enough at this place."""
    _, found = _at(model, location)
    models = list(models_in(found[0].model_fields[found[1]].annotation)) if found is not None else []
    if len(models) != 1 or not issubclass(models[0], Section):
        return False
    try:
        return not any(models[0].model_validate_json("{}").problems())
    except ValidationError:
        return False


def misspelt(error: ValidationError, model: type[BaseModel]) -> Iterable[KeyPath]:
    """The keys that unknown ones seem to mean."""
    for detail in error.errors(include_url=False, include_context=False):
        if detail["type"] == "extra_forbidden":
            location = _location(detail)
            meant = closest(str(location[-1]), known_keys(model, location[:-1]))
            if meant:
                yield (*location[:-1], meant)


# ---- the model's own fields


def models_in(annotation: Any) -> Iterable[type[BaseModel]]:
    """The models that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def is_mapping(annotation: Any) -> bool:
    """Whether the annotation is a mapping of names to values."""
    origin = get_origin(annotation)
    return (isinstance(origin, type) and issubclass(origin, Mapping)) or any(
        is_mapping(a) for a in get_args(annotation) if origin is Annotated
    )


def is_sequence(annotation: Any) -> bool:
    """Whether the annotation is a list of values."""
    return get_origin(annotation) is tuple or any(
        is_sequence(a) for a in get_args(annotation) if get_origin(annotation) in (Annotated, Union, UnionType)
    )


def _field(model: type[BaseModel], key: str | int) -> str | None:
    return next((name for name, info in model.model_fields.items() if key in (info.alias, name)), None)


def _at(
    model: type[BaseModel], location: KeyPath
) -> tuple[tuple[type[BaseModel], ...], tuple[type[BaseModel], str] | None]:
    """The models that may stand at a place, and the field that it belongs to, with its model."""
    models: tuple[type[BaseModel], ...] = (model,)
    field: tuple[type[BaseModel], str] | None = None
    for step in location:
        found = next(((m, name) for m in models if (name := _field(m, step)) is not None), None)
        if found is not None:
            field = found
            models = tuple(models_in(found[0].model_fields[found[1]].annotation))
        elif not (isinstance(step, int) or field is not None):
            return (), None
    return models, field


def known_keys(model: type[BaseModel], location: KeyPath) -> list[str]:
    models, _ = _at(model, location)
    return sorted(str(f.alias or n) for m in models for n, f in m.model_fields.items())


def description(model: type[BaseModel], location: KeyPath) -> str:
    """What the field at a place says of itself, as a sentence."""
    _, field = _at(model, location)
    text = descriptions.description(*field) if field is not None else ""
    return text if not text or text.endswith((".", "?")) else f"{text}."
