"""Writes what rooms copy from each other because neither may import the other: `make tables`.

Policies run in programs that have no component, and components run where no policy is. A test holds the copies equal.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from components.platform.checks import guards  # noqa: E402
from policies.framework.pack import registered  # noqa: E402
from policies.framework.policy import TIERS, Policy  # noqa: E402
from policies.framework.reference import reference  # noqa: E402
from policies.framework.tables import DATA, table  # noqa: E402


def copies() -> dict[Path, str]:
    """File → what stands in it."""
    return {
        DATA / "components.json": _json(component_facts()),
        guards.WORDS: _json({name: guard_words(registered()[name]) for name in guards.POLICIES}),
        ROOT / "docs/reference/policies.md": reference(),
    }


def component_facts() -> dict[str, Any]:
    """What policies take from the components' tables."""
    engines = _component("cache/data/engine-versions.json")["engines"]
    categories = _component("cache/data/commands.json")["categories"]
    alarms = _component("cache/data/alarms.json")["alarms"]
    return {
        "mongodbVersions": _component("atlas/data/mongodb-versions.json")["versions"],
        "cacheEngines": {engine: next(iter(versions)) for engine, versions in engines.items()},
        "cacheCommands": {name: categories[name] for name in table("elasticache")["forbiddenCommands"]},
        "cacheMetricsBadWhenHigh": sorted(
            {row["metric"] for row in alarms if row["comparison"].startswith("GreaterThan")}
        ),
    }


def guard_words(policy: Policy) -> guards.Words:
    """A guard holds in production, where its policy stops; in other tiers only if the policy stops in each of them."""
    tiers = TIERS[:3]
    return {
        "title": policy.title,
        "remedy": policy.remedy,
        "tiers": list(tiers) if policy.enforcement == "always" else ["production"],
        "settings": {name: {tier: one.value(tier) for tier in tiers} for name, one in policy.settings.items()},
    }


def _component(file: str) -> Any:
    return json.loads((ROOT / "components" / file).read_text(encoding="utf-8"))


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for path, text in copies().items():
        path.write_text(text, encoding="utf-8")
