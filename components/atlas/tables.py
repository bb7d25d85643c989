"""What Atlas offers, read from `data/`: sizes, regions, versions, alerts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class InstanceSize:
    """A size of node. Storage in GB; connections are what remains to clients on each node."""

    name: str
    family: str
    ram_gb: int
    default_storage_gb: int
    minimum_storage_gb: int
    maximum_storage_gb: int
    connections: int
    rank: int
    """Position within its family, smallest first."""
    hourly_intervals: tuple[int, ...]
    """Hours between snapshots that Atlas takes for this size."""
    storage_autoscaling: bool

    @property
    def nvme(self) -> bool:
        return self.family == "nvme"


@dataclass(frozen=True)
class AlertSubject:
    """What an alert can watch: a metric of the hosts, or an event."""

    name: str
    matcher_fields: tuple[str, ...]
    threshold: bool
    """Whether there is a threshold; without one, an event happens or not."""
    operator: str | None = None
    """The only way in which Atlas compares with it; `None` where there is a choice, or no threshold."""
    units: tuple[str, ...] = ()
    default_unit: str = "RAW"


def _read(name: str) -> Any:
    return json.loads((_DATA / name).read_text(encoding="utf-8"))


@cache
def instance_sizes() -> Mapping[str, InstanceSize]:
    """Every size, by name, in the order in which they are offered."""
    data = _read("instance-sizes.json")
    sizes: dict[str, InstanceSize] = {}
    ranks: dict[str, int] = {}
    for row in data["sizes"]:
        family = row["class"]
        ranks[family] = ranks.get(family, -1) + 1
        sizes[row["name"]] = InstanceSize(
            name=row["name"],
            family=family,
            ram_gb=row["ramGb"],
            default_storage_gb=row["defaultStorageGb"],
            minimum_storage_gb=row["minimumStorageGb"],
            maximum_storage_gb=row["maximumStorageGb"],
            connections=row["connectionsPerNode"] - data["reservedConnectionsPerNode"],
            rank=ranks[family],
            hourly_intervals=tuple(data["classes"][family]["hourlyIntervals"]),
            storage_autoscaling=data["classes"][family]["storageAutoscaling"],
        )
    return sizes


@cache
def hourly_intervals() -> tuple[int, ...]:
    """Hours between snapshots that Atlas takes for some size."""
    return tuple(sorted({every for size in instance_sizes().values() for every in size.hourly_intervals}))


@cache
def atlas_regions() -> Mapping[str, str]:
    """AWS region → Atlas's name of it."""
    return dict(_read("regions.json")["regions"])


@cache
def mongodb_versions() -> tuple[str, ...]:
    """Major versions that Atlas deploys, oldest first."""
    return tuple(_read("mongodb-versions.json")["versions"])


@cache
def ended_versions() -> Mapping[str, str]:
    """Major versions that Atlas no longer deploys → the month in which their support ended."""
    return dict(_read("mongodb-versions.json")["endOfLife"])


@cache
def alert_events() -> Mapping[str, AlertSubject]:
    data = _read("alerts.json")
    return {
        name: _event(name, tuple(data["matcherFields"][group]), data["thresholds"].get(name), data["units"])
        for group, names in data["events"].items()
        for name in names
    }


def _event(name: str, fields: tuple[str, ...], threshold: Any, all_units: Any) -> AlertSubject:
    if threshold is None:
        return AlertSubject(name, fields, threshold=False)
    units = tuple(all_units[threshold["units"]])
    return AlertSubject(name, fields, True, threshold["operator"], units, "HOURS" if "HOURS" in units else units[0])


@cache
def alert_metrics() -> Mapping[str, AlertSubject]:
    data = _read("alerts.json")
    fields = tuple(data["matcherFields"]["metric"])
    return {
        name: AlertSubject(
            name, fields, True, units=tuple(data["units"][kind]), default_unit=data["defaultUnits"][kind]
        )
        for kind, names in data["metrics"].items()
        for name in names
    }


@cache
def matcher_operators() -> tuple[str, ...]:
    """How a matcher compares."""
    return tuple(_read("alerts.json")["matcherOperators"])


@cache
def severities() -> tuple[str, ...]:
    """How bad an alert can be, the mildest first."""
    return tuple(_read("alerts.json")["severities"])


@cache
def metric_event() -> str:
    """The event that stands for a metric beyond its threshold."""
    return str(_read("alerts.json")["metricEvent"])


@cache
def audited_actions() -> tuple[str, ...]:
    """Actions that an audit log records whoever does them, in order of the alphabet."""
    groups: Mapping[str, list[str]] = _read("auditing.json")["actions"]
    return tuple(sorted(action for actions in groups.values() for action in actions))


@cache
def machine_users() -> tuple[str, ...]:
    """Users of Atlas's own, which log in all the time."""
    return tuple(_read("auditing.json")["machines"])


@cache
def audit_operators() -> tuple[str, ...]:
    """What a filter of audit messages may ask with."""
    return tuple(_read("auditing.json")["operators"])
