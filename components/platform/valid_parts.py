"""What can be judged of a stack file although something else in it is wrong."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError, create_model

from dolmen.stackfile.problems import KeyPath

from . import messages
from .model.base import Section
from .settings import REGION_KEY


def walked(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """Every section and every field of every section, with its key path in the file."""
    if isinstance(value, Section):
        yield path, value
        for field, info in type(value).model_fields.items():
            key = (*path, info.alias or field)
            inner = getattr(value, field)
            if not isinstance(inner, Section):
                yield key, inner
            yield from walked(inner, key)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from walked(item, (*path, key))
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from walked(item, (*path, index))


def valid_parts(model: type[Section], raw: Mapping[str, object], path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """What `walked` would give, of those parts of a wrong section that are right in themselves."""
    for field, info in model.model_fields.items():
        key = info.alias or field
        try:
            part = _alone(model, field).model_validate_json(json.dumps({key: raw[key]} if key in raw else {}))
        except ValidationError:
            yield from _inner_parts(info.annotation, raw.get(key), (*path, key))
        else:
            yield (*path, key), getattr(part, field)
            yield from walked(getattr(part, field), (*path, key))


def _inner_parts(annotation: Any, raw: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    models = list(dict.fromkeys(m for m in messages.models_in(annotation) if issubclass(m, Section)))
    if len(models) != 1:
        return
    if isinstance(raw, list):
        for index, item in enumerate(raw):
            yield from _inner_parts(models[0], item, (*path, index))
    elif isinstance(raw, dict) and messages.is_mapping(annotation):
        for key, item in raw.items():
            yield from _inner_parts(models[0], item, (*path, key))
    elif isinstance(raw, dict):
        try:
            yield from walked(models[0].model_validate_json(json.dumps(raw)), path)
        except ValidationError:
            yield from valid_parts(models[0], raw, path)


@functools.cache
def _alone(model: type[Section], field: str) -> type[Section]:
    """A section with one field of `model` only."""
    info = model.model_fields[field]
    return create_model(f"{model.__name__}_{field}", __base__=Section, **{field: (info.annotation, info)})  # pyright: ignore[reportCallIssue, reportArgumentType]


def parameter(path: KeyPath) -> str:
    """The name by which a stack check asks for a part: `atlas__cluster`, `region`."""
    steps = ("region" if step == REGION_KEY else str(step) for step in path)
    return "__".join("".join(f"_{c.lower()}" if c.isupper() else c for c in step) for step in steps)
