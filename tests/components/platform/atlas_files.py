"""Stack files made from a right one by changes, and configurations read from them."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from components.platform.loader import load_file
from components.platform.model.stack import StackConfig
from components.platform.parts import AtlasPart, atlas_part

HERE = Path(__file__).parent
BASELINE: Mapping[str, Any] = yaml.safe_load((HERE / "atlas_baseline.yaml").read_text())
ABSENT = "~absent~"


def changed(change: Mapping[str, Any]) -> dict[str, Any]:
    """The right stack file with changes: key path → value. Paths start below `dolmen:`."""
    stack = copy.deepcopy(dict(BASELINE))
    for path, value in change.items():
        section, *steps = path.split(".")
        keys = [section if ":" in section else f"dolmen:{section}", *steps]
        parent = stack["config"]
        for key in keys[:-1]:
            parent = parent.setdefault(key, {})
        if value == ABSENT:
            del parent[keys[-1]]
        else:
            parent[keys[-1]] = value
    return stack


def written(folder: Path, stack: Mapping[str, Any]) -> Path:
    file = folder / "Pulumi.test.yaml"
    # JSON is YAML, and quotes all text: PyYAML would leave what only YAML 1.2 takes for a number without quotes.
    file.write_text(json.dumps(stack, indent=2))
    return file


def configuration(change: Mapping[str, Any], accepted: Mapping[str, str] | None = None) -> StackConfig:
    """What the loader makes of the changed file, which must be right. `accepted`: policy → resource."""
    with tempfile.TemporaryDirectory() as folder:
        entries = [acceptance(policy, resource) for policy, resource in (accepted or {}).items()]
        (Path(folder) / "accepted.yaml").write_text(json.dumps({"accepted": entries}))
        return load_file(written(Path(folder), changed(change)))


def atlas_of(change: Mapping[str, Any]) -> AtlasPart:
    """The same, of which only Atlas is looked at."""
    part = atlas_part(configuration(change))
    assert part is not None, "a stack file with Atlas was read as one without it"
    return part


def acceptance(policy: str, resource: str, stack: str = "test", days: int = 30) -> dict[str, str]:
    """An entry of the register that ends in so many days."""
    until = (date.today() + timedelta(days=days)).isoformat()
    reason = "Agreed with the team for a test."
    return {"what": policy, "stack": stack, "resource": resource, "reason": reason, "until": until}
