"""Every type that our components register has a file of knowledge, and every property that it can set an effect."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import re
from functools import cache
from pathlib import Path

import pytest

from dolmen.engine import evaluate
from dolmen.knowledge.loader import change_knowledge, file_of, known_types, type_knowledge

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "components"
UNKNOWN: dict[str, set[str]] = {
    # Properties without an effect: the providers' behaviour is not known, so the review must say "unknown".
    "mongodbatlas:index/advancedCluster:AdvancedCluster": {"databaseEdition"},
    "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule": {
        "copyPolicyItemsEnabled",
        "deleteCopySnapshots",
        "updateCopySnapshots",
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {"authTokenWo", "authTokenWoVersion"},
    "mongodbatlas:index/maintenanceWindow:MaintenanceWindow": {"waveAssignment"},
    "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration": {"sendShardingMetrics"},
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


def wanting(token: str) -> list[str]:
    """What the review, the cost and the tree need of a registered type and do not have."""
    known, change = type_knowledge(token), change_knowledge(token)
    there = {
        "called": known.called,
        "cost": known.cost,
        "facts": change.facts.source or token.startswith("pulumi:providers:"),
        "effects": change.described,
    }
    return [section for section, said in there.items() if not said]


def test_the_components_were_found() -> None:
    assert len(registered()) > 30, "the sources are read in another way than they are written"


def test_every_type_that_a_component_makes_is_known() -> None:
    missing = [
        f"{place} makes {token}: add {', '.join(sections)} to {file_of(token).relative_to(ROOT)}"
        for token, place in registered().items()
        if (sections := wanting(token))
    ]
    assert not missing, "the review could not say what happens to these\n" + "\n".join(missing)


def test_every_type_that_a_stack_or_an_example_registers_is_known() -> None:
    """Sees also what the sources do not show: a class under another name, a type chosen at run time."""
    missing: set[str] = set()
    for program in (ROOT, *(file.parent for file in ROOT.glob("examples/*/Pulumi.yaml"))):
        folder = ROOT / "stacks" if program == ROOT else program
        stacks = [file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in folder.glob("Pulumi.*.yaml")]
        for plan in evaluate(program, stacks):
            assert plan.failure is None, plan.failure
            types = {one.type for one in plan if one.custom and not one.type.startswith("pulumi:providers:")}
            missing |= {
                f"{plan.stack} of {program.name} registers {token}: add {', '.join(sections)} to {file_of(token).relative_to(ROOT)}"
                for token in types
                if (sections := wanting(token))
            }
    assert not missing, "the review could not say what happens to these\n" + "\n".join(sorted(missing))


def test_every_file_is_about_a_type_of_a_provider() -> None:
    """The SDKs list their types in their first module."""
    listed: set[str] = set()
    for package in ("aws", "mongodbatlas", "random"):
        spec = importlib.util.find_spec(f"pulumi_{package}")
        assert spec and spec.origin
        listed.update(re.findall(r'"([\w-]+:[\w/]+:\w+)"', Path(spec.origin).read_text("utf-8")))
    assert set(known_types()) <= listed, "nothing will ever read these files"


@pytest.mark.parametrize("token", sorted(registered()))
def test_every_property_that_can_be_set_has_an_effect(token: str) -> None:
    known = change_knowledge(token)
    tops = {path.split(".")[0] for path in known.properties}
    missing = inputs_of(token) - tops - UNKNOWN.get(token, set())
    if not known.facts.regional:
        missing -= {"region"}
    assert not missing, f"a change of these would be reported as unknown: {sorted(missing)}"


@pytest.mark.parametrize("token", sorted(UNKNOWN))
def test_what_nobody_knows_is_left_unknown(token: str) -> None:
    described = {path.split(".")[0] for path in change_knowledge(token).properties}
    assert not UNKNOWN[token] & described, "an effect was written: take the property off the list"
