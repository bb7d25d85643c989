"""The JSON schema of a stack file, from the models: what editors complete and check by. `make schema` writes it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaValue

from .loader import NAMESPACE
from .messages import models_in
from .model.descriptions import description
from .model.stack import StackConfig

SCHEMA_FILE = "stack.schema.json"


def schema() -> JsonSchemaValue:
    model = StackConfig.model_json_schema(by_alias=True, mode="validation")
    definitions = model.pop("$defs", {})
    for found in _models(StackConfig):
        _describe(model if found is StackConfig else definitions.get(found.__name__, {}), found)
    typed = "|".join(key for key in model["properties"] if ":" not in key)
    config: JsonSchemaValue = {
        "type": "object",
        "description": "Settings, as `namespace:key`. Secrets are top-level keys made by `pulumi config set --secret`.",
        "properties": {_full(key): value for key, value in model["properties"].items()},
        "required": [_full(key) for key in model["required"]],
        "patternProperties": {
            f"^{NAMESPACE}:(?!({typed})$).+$": {
                "description": "A secret, encrypted by Pulumi.",
                "type": "object",
                "required": ["secure"],
                "properties": {"secure": {"type": "string"}},
                "additionalProperties": False,
            },
            f"^(?!{NAMESPACE}:).*$": {"description": "A setting of a provider or of Pulumi."},
        },
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Dolmen stack file",
        "type": "object",
        "properties": {
            "config": config,
            "environment": {"description": "Pulumi ESC environments to import."},
            "secretsprovider": {"type": "string", "description": "What encrypts secrets: awskms://… in production."},
            "encryptedkey": {"type": "string"},
            "encryptionsalt": {"type": "string"},
        },
        "required": ["config"],
        "additionalProperties": False,
        "$defs": _without_nulls(definitions),
    }


def _without_nulls(node: Any) -> Any:
    """Leaves out defaults that only say that a component has its own: its description names that one."""
    if isinstance(node, dict):
        return {key: _without_nulls(value) for key, value in node.items() if value is not None}
    return [_without_nulls(item) for item in node] if isinstance(node, list) else node


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and all that its fields name."""
    yield model
    for info in model.model_fields.values():
        for inner in models_in(info.annotation):
            yield from _models(inner)


def _describe(definition: JsonSchemaValue, model: type[BaseModel]) -> None:
    for name, info in model.model_fields.items():
        written = definition.get("properties", {}).get(info.alias or name)
        text = description(model, name)
        if written is not None and text:
            written["description"] = text


def _full(key: str) -> str:
    return key if ":" in key else f"{NAMESPACE}:{key}"


if __name__ == "__main__":
    json.dump(schema(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
