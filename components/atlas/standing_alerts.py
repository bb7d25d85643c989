"""The alerts that every platform has, and where they begin."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..arguments import Problem, between, known
from .alert_arguments import AtlasAlert, AtlasAlertMatcher


@dataclass(frozen=True)
class Threshold:
    default: int
    smallest: int
    largest: int


THRESHOLDS: Mapping[str, Threshold] = {
    "cpu_percent": Threshold(80, 1, 99),
    "connections_percent": Threshold(80, 1, 99),
    "storage_percent": Threshold(80, 1, 99),
    "replication_lag_seconds": Threshold(10, 1, 86_400),
    "oplog_window_hours": Threshold(24, 1, 720),
    "snapshot_behind_hours": Threshold(24, 1, 720),
}
"""What the alerts compare with, by the word that changes it."""


def standing_alerts(
    thresholds: Mapping[str, int], *, cluster_name: str, backups: bool, production: bool
) -> dict[str, AtlasAlert]:
    """Alerts by name, for `AtlasAlerts`. Production also has those that wake people up."""
    value = {word: thresholds.get(word, threshold.default) for word, threshold in THRESHOLDS.items()}
    found: dict[str, AtlasAlert] = {
        "cpu": {"metric": "NORMALIZED_SYSTEM_CPU_USER", "above": value["cpu_percent"]},
        "connections": {"metric": "CONNECTIONS_PERCENT", "above": value["connections_percent"], "severity": "ERROR"},
        "storage": {"metric": "DISK_PARTITION_SPACE_USED_DATA", "above": value["storage_percent"], "severity": "ERROR"},
        "replication-lag": {
            "metric": "OPLOG_SLAVE_LAG_MASTER_TIME",
            "above": value["replication_lag_seconds"],
            "units": "SECONDS",
        },
    }
    if backups:
        found["backup-failed"] = {"event": "CPS_SNAPSHOT_FAILED", "severity": "ERROR"}
        found["backup-fallback-failed"] = {"event": "CPS_SNAPSHOT_FALLBACK_FAILED", "severity": "CRITICAL"}
    if production:
        this_cluster: list[AtlasAlertMatcher] = [{"field": "CLUSTER_NAME", "value": cluster_name}]
        found["no-primary"] = {"event": "NO_PRIMARY", "severity": "CRITICAL", "matchers": this_cluster}
        found["oplog-window"] = {
            "event": "REPLICATION_OPLOG_WINDOW_RUNNING_OUT",
            "below": value["oplog_window_hours"],
            "units": "HOURS",
            "severity": "ERROR",
            "matchers": this_cluster,
        }
        found["host-down"] = {"event": "HOST_DOWN", "severity": "CRITICAL"}
    if production and backups:
        found["snapshot-behind"] = {
            "event": "CPS_SNAPSHOT_BEHIND",
            "above": value["snapshot_behind_hours"],
            "units": "HOURS",
            "severity": "ERROR",
        }
    return found


def threshold_problems(thresholds: Mapping[str, int]) -> Iterator[Problem]:
    """What is wrong with the values that the alerts begin at."""
    for word, threshold in THRESHOLDS.items():
        yield from between((word,), known(thresholds.get(word)), threshold.smallest, threshold.largest)
