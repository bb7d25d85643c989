"""Every type that our components register has rules, for every property that it can set."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from functools import cache
from pathlib import Path

import pytest

from dolmen.review.effects.book import book

COMPONENTS = Path(__file__).parents[2] / "components"
NOT_RULED: dict[str, set[str]] = {
    # property → why it has no rule: the providers' behaviour is not known, so the review must say "unknown"
    "mongodbatlas:index/advancedCluster:AdvancedCluster": {"databaseEdition"},
    "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule": {
        "copyPolicyItemsEnabled",
        "deleteCopySnapshots",
        "updateCopySnapshots",
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {"authTokenWo", "authTokenWoVersion"},
    "mongodbatlas:index/maintenanceWindow:MaintenanceWindow": {"waveAssignment"},
    "aws:sns/topic:Topic": {"maximumMessageSize"},
}


@cache
def registered() -> dict[str, str]:
    """Type token → where a component makes a resource of it, read off the components' sources."""
    found: dict[str, str] = {}
    for file in sorted(COMPONENTS.rglob("*.py")):
        if "examples" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (made := _class_of(ast.unparse(node.func))) is not None:
                found.setdefault(_token(*made), f"{file.name}:{node.lineno}")
    return found


def _class_of(called: str) -> tuple[str, str] | None:
    match = re.fullmatch(r"(aws|mongodbatlas|random)((?:\.[a-z_0-9]+)*)\.([A-Z]\w+)", called)
    if match is None or match.group(3).endswith(("Args", "ArgsDict")):
        return None
    return f"pulumi_{match.group(1)}{match.group(2)}", match.group(3)


def _token(module: str, name: str) -> str:
    source = inspect.getsource(getattr(importlib.import_module(module), name))
    found = re.search(r"super\([^)]*\)\.__init__\(\s*'([^']+)'", source)
    assert found is not None, f"{module}.{name} does not say its type"
    return f"pulumi:providers:{found.group(1)}" if ":" not in found.group(1) else found.group(1)


def inputs_of(token: str) -> set[str]:
    """Every input that the installed SDK takes for a type."""
    if token.startswith("pulumi:providers:"):
        return set()
    package, module, name = token.split(":")
    folder = module.split("/")[0]
    path = f"pulumi_{package}" + ("" if folder == "index" else f".{'lambda_' if folder == 'lambda' else folder}")
    loaded = importlib.import_module(path)
    arguments = getattr(loaded, f"{name}InitArgs", None) or getattr(loaded, f"{name}Args")
    names = [one for one in inspect.signature(arguments.__init__).parameters if one not in ("self", "__self__")]
    return {getattr(getattr(arguments, one).fget, "_pulumi_name", None) or one for one in names}


def test_the_components_were_found() -> None:
    assert len(registered()) > 30, "the sources are read in another way than they are written"


def test_every_registered_type_has_rules_that_people_wrote() -> None:
    missing = {
        token: place for token, place in registered().items() if not (known := book().get(token)) or not known.described
    }
    assert not missing, f"the review cannot say what happens to these: {missing}"


@pytest.mark.parametrize("token", sorted(registered()))
def test_every_property_that_can_be_set_has_a_rule(token: str) -> None:
    known = book()[token]
    tops = {path.split(".")[0] for path in known.properties}
    missing = inputs_of(token) - tops - NOT_RULED.get(token, set())
    if not known.regional:
        missing -= {"region"}
    assert not missing, f"a change of these would be reported as unknown: {sorted(missing)}"


@pytest.mark.parametrize("token", sorted(NOT_RULED))
def test_what_nobody_knows_is_left_unknown(token: str) -> None:
    ruled = {path.split(".")[0] for path in book()[token].properties}
    assert not NOT_RULED[token] & ruled, "a rule was written: take the property off the list"
