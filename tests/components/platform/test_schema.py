"""The JSON schema that editors complete and check stack files by."""

import copy
import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from components.platform.schema import SCHEMA_FILE, schema
from tests.components.platform.files import FOLDER, STACKS, text_of

SCHEMA = schema()


def _errors(document: object) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)]


def test_the_schema_in_the_repository_is_the_one_of_the_models() -> None:
    written = json.loads((FOLDER / SCHEMA_FILE).read_text(encoding="utf-8"))
    assert written == SCHEMA, "editors would check by an old schema: run `make schema`"


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_file_names_the_schema_in_its_first_line_and_obeys_it(stack: str) -> None:
    text = text_of(stack)
    assert text.splitlines()[0] == f"# yaml-language-server: $schema=./{SCHEMA_FILE}"
    assert _errors(yaml.safe_load(text)) == []


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("dolmen:tier", None, "prod"),
        ("dolmen:atlas", "clustr", {}),
        ("dolmen:cache", "durability", "sometimes"),
        ("dolmen:slackToken", None, "xoxb-plain"),
        ("dolmen:cache", "multiAz", "yes"),
    ],
)
def test_an_editor_marks_what_the_loader_would_refuse(section: str, key: str | None, value: object) -> None:
    document = copy.deepcopy(yaml.safe_load(text_of("production")))
    if key is None:
        document["config"][section] = value
    else:
        document["config"][section][key] = value
    assert _errors(document), "an editor would show nothing wrong"


def _described(node: object, path: str = "") -> list[str]:
    if not isinstance(node, dict):
        return []
    missing = [
        f"{path}.{name}"
        for name, value in node.get("properties", {}).items()
        if isinstance(value, dict) and not (value.get("description") or "$ref" in value)
    ]
    return missing + [item for key, value in node.items() for item in _described(value, f"{path}/{key}")]


def test_every_key_has_a_description_for_the_editor_to_show() -> None:
    models = dict(SCHEMA["$defs"].items())
    assert [place for name, model in models.items() for place in _described(model, name)] == []
