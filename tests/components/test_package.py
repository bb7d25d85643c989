"""The components as a Pulumi package, for programs in any of Pulumi's languages."""

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import pulumi
from pulumi.provider.experimental.analyzer import Analyzer

import components
from components.package import EXPORTED, NAME

PYTHON_ONLY = {"Application", "Platform"}
"""These take a typed stack file and other components as arguments, which no schema can say."""


def _defined() -> set[str]:
    found: set[str] = set()
    for module in pkgutil.walk_packages(components.__path__, "components."):
        if "examples" in module.name or module.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if (
                isinstance(value, type)
                and issubclass(value, pulumi.ComponentResource)
                and value.__module__ == module.name
            ):
                found.add(value.__name__)
    return found


def test_every_component_is_exported_or_said_not_to_be() -> None:
    assert {component.__name__ for component in EXPORTED} == _defined() - PYTHON_ONLY


def test_pulumi_can_make_a_schema_of_every_exported_component() -> None:
    analyzed: Any = Analyzer(NAME).analyze(list(EXPORTED))
    definitions = analyzed["component_definitions"]
    assert definitions.keys() == {component.__name__ for component in EXPORTED}
    for name, definition in definitions.items():
        assert definition.inputs, f"{name} would take no arguments in other languages"


def test_the_package_says_how_it_is_run() -> None:
    folder = Path(components.__file__ or "").parent
    assert (folder / "PulumiPlugin.yaml").read_text(encoding="utf-8").strip() == "runtime: python"
    assert (folder / "__main__.py").is_file()
