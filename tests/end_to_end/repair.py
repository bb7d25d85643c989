"""What a person does after an interrupted `up`: the steps of docs/operations/interrupted-up.md, as code."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.cloud.cloud import Live
from tests.end_to_end.engine import Engine


@dataclass(frozen=True)
class Wanted:
    """A resource of the program, as its preview shows it."""

    urn: str
    type: str
    name: str
    parent: str
    provider: str | None
    """An explicit provider's URN."""


def wanted(engine: Engine) -> list[Wanted]:
    """Every custom resource that the program would create or keep, providers left out."""
    found = []
    for step in engine.preview("--json").json()["steps"]:
        state: dict[str, Any] = step.get("newState") or {}
        if state.get("custom") and not state["type"].startswith("pulumi:") and not state.get("external"):
            provider = state["provider"].rsplit("::", 1)[0]
            explicit = None if "::default" in provider else provider
            name = state["urn"].split("::", 3)[3]
            found.append(Wanted(state["urn"], state["type"], name, state.get("parent", ""), explicit))
    return found


def orphans(engine: Engine) -> list[Live]:
    """What exists in the clouds, and Pulumi's state does not know."""
    known = {(resource["type"], resource.get("id")) for resource in engine.resources()}
    return [live for live in engine.cloud.everything() if (live.type, live.id) not in known]


def adopt(engine: Engine, resources: Collection[Wanted]) -> None:
    """`pulumi import` of what exists already, under the names, parents and providers that the program gives it."""
    found = {(live.type, live.asked_as): live for live in orphans(engine)}
    missing = [(resource, found[resource.type, resource.name]) for resource in resources]
    urns = sorted({urn for resource, _ in missing for urn in (resource.parent, resource.provider) if urn})
    label = {urn: f"urn{number}" for number, urn in enumerate(urns)}
    entries = [
        {
            "type": resource.type,
            "name": resource.name,
            "id": import_id(engine, live),
            **({"parent": label[resource.parent]} if resource.parent else {}),
            **({"provider": label[resource.provider]} if resource.provider else {}),
        }
        for resource, live in missing
    ]
    file = engine.work / "import.json"
    file.write_text(json.dumps({"nameTable": {label[urn]: urn for urn in urns}, "resources": entries}))
    flags = ("--yes", "--skip-preview", "--generate-code=false", "--protect=false")
    engine.pulumi("import", "--file", str(file), *flags, "--stack", engine.stack)


def import_id(engine: Engine, live: Live) -> str:
    """The id as the provider's documentation of `pulumi import` spells it."""
    return next(iter(engine.cloud.kind(live.type).import_ids(live)), live.id)
