"""What is said about the rules: `catalogue/*.yaml`, read by the pack, the documentation and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

TIERS = ("development", "staging", "production", "unstated")
LEVELS = ("mandatory", "advisory", "disabled")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Setting:
    description: str
    type: str
    default: Any
    """One value, or one for each tier."""

    def value(self, tier: str) -> Any:
        if isinstance(self.default, Mapping):
            values = cast("Mapping[str, Any]", self.default)
            return values[tier] if tier in values else values["production"]
        return self.default


@dataclass(frozen=True)
class Entry:
    id: str
    service: str
    """The file that it stands in."""
    title: str
    severity: str
    rationale: str
    remedy: str
    source: str
    enforcement: Mapping[str, str]
    """Tier → `mandatory`, `advisory` or `disabled`."""
    scanners: Mapping[str, tuple[str, ...]]
    """Scanner → the rules of its own that this one stands for."""
    settings: Mapping[str, Setting]

    def levels(self) -> tuple[str, ...]:
        """The levels at which it can be reported. An exempted violation, or one of another tier, is advice."""
        return ("mandatory", "advisory") if "mandatory" in self.enforcement.values() else ("advisory",)


def read_catalogue(folder: Path) -> dict[str, Entry]:
    """Every rule's entry, by id, in the order of files and of entries in them."""
    profiles: dict[str, dict[str, str]] = _read(folder / "enforcement.yaml")["profiles"]
    entries: dict[str, Entry] = {}
    for path in sorted((folder / "rules").glob("*.yaml")):
        for row in _read(path)["rules"]:
            profile = row["enforcement"]
            entries[row["id"]] = Entry(
                id=row["id"],
                service=path.stem,
                title=row["title"],
                severity=row["severity"],
                rationale=row["rationale"],
                remedy=row["remedy"],
                source=row["source"],
                enforcement=profiles[profile],
                scanners={name: tuple(ids) for name, ids in row.get("scanners", {}).items()},
                settings={
                    name: Setting(one["description"], one["type"], one["default"])
                    for name, one in row.get("settings", {}).items()
                },
            )
    return entries


def read_data(folder: Path, name: str) -> Any:
    """A table of facts that rules need: `catalogue/data/<name>.yaml`."""
    return _read(folder / "data" / f"{name}.yaml")


def _read(path: Path) -> Any:
    return yaml.load(path.read_bytes(), Loader=_LOADER)  # noqa: S506  (a safe loader either way)
