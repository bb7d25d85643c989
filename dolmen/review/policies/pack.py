"""A project's policy pack, started as the engine starts it."""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pulumi_policy import EnforcementLevel, PolicyPack

import dolmen
from dolmen.review.policies.model import MANIFEST

CONFIGURATION = "policy-config.json"
"""Pulumi's own policy configuration (`--policy-pack-config`), read where it lies in the pack's folder."""


@dataclass(frozen=True, slots=True)
class Pack:
    name: str
    policies: tuple[Any, ...]
    levels: Mapping[str, Any]
    """Policy → `EnforcementLevel`, after configuration."""
    config: Mapping[str, Mapping[str, Any]]
    """Policy → its settings."""


def load(folder: Path) -> Pack:
    """Starts a pack as the engine does, and takes what it would have served."""
    project: Any = yaml.safe_load((folder / MANIFEST).read_text(encoding="utf-8")) or {}
    runtime = project.get("runtime", "python")
    runtime = runtime.get("name") if isinstance(runtime, Mapping) else runtime
    if runtime != "python":
        raise ValueError(f"Only packs in Python are run here, and this one is in {runtime}.")
    taken: list[tuple[str, list[Any], Any, Any]] = []

    def take(
        self: Any,
        name: str,
        policies: list[Any],
        enforcement_level: Any = None,
        initial_config: Any = None,
        **more: Any,
    ) -> None:
        del self, more
        taken.append((name, policies, enforcement_level, initial_config))

    serve = PolicyPack.__init__
    _forget_modules_named_as_in(folder)
    _find_policies_beside(folder.resolve().parent)
    sys.path.insert(0, str(folder))
    PolicyPack.__init__ = take  # pyright: ignore[reportAttributeAccessIssue]  (takes fewer on purpose)
    try:
        main = folder / str(project.get("main") or "")
        runpy.run_path(str(main if main.is_file() else main / "__main__.py"), run_name="__main__")
    finally:
        PolicyPack.__init__ = serve
        sys.path.remove(str(folder))
    if not taken:
        raise ValueError("It makes no PolicyPack.")
    name, policies, level, initial = taken[0]
    layers = [initial or {}, _configuration(folder)]
    levels, config = _configured(policies, level or EnforcementLevel.ADVISORY, layers)
    return Pack(name, tuple(policies), levels, config)


def _forget_modules_named_as_in(folder: Path) -> None:
    """The program may have modules of the same names as the pack; it has ended, and the pack must find its own."""
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}
    for module in [one for one in sys.modules if one.partition(".")[0] in names and one != "__main__"]:
        file = getattr(sys.modules[module], "__file__", None)
        if file is None or not Path(file).is_relative_to(folder):
            del sys.modules[module]


def _find_policies_beside(checkout: Path) -> None:
    """In a checkout of Dolmen the pack's program means the policies that lie there, whichever Dolmen is running."""
    if (checkout / "components" / "PulumiPlugin.yaml").is_file() and (checkout / "dolmen").is_dir():
        for module in [one for one in sys.modules if f"{one}.".startswith("dolmen.policies.")]:
            del sys.modules[module]
        dolmen.__path__[:] = dict.fromkeys([str(checkout), *dolmen.__path__])


def _configuration(folder: Path) -> Mapping[str, Any]:
    path = folder / CONFIGURATION
    given: Any = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if not isinstance(given, Mapping):
        raise TypeError(f"{path.name} holds an object.")
    return given


def _configured(
    policies: Iterable[Any], usual: Any, layers: list[Mapping[str, Any]]
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """As the engine reconciles it: `all`, then a policy's own entry, each a level or an object."""
    levels: dict[str, Any] = {}
    config: dict[str, dict[str, Any]] = {}
    for policy in policies:
        levels[policy.name] = policy.enforcement_level or usual
        config[policy.name] = {}
        for layer in layers:
            for entry in (layer.get("all"), layer.get(policy.name)):
                if isinstance(entry, Mapping):
                    config[policy.name] |= {key: value for key, value in entry.items() if key != "enforcementLevel"}
                level = entry.get("enforcementLevel") if isinstance(entry, Mapping) else entry
                if level is not None:
                    levels[policy.name] = EnforcementLevel(level)
    return levels, config
