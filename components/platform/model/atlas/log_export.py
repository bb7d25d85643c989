"""Where the clusters' logs and metrics are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from ....atlas import log_export
from ..base import Section, for_editors
from ..secret_value import SecretValue


class DatadogLogs(Section):
    """An organization of Datadog that takes the logs."""

    key: SecretValue
    """An API key of the organization."""
    region: Annotated[str, for_editors(enum=list(log_export.DATADOG_REGIONS))] | None = None
    """Its site: US1, US3, US5, EU, AP1, AP2 or US1_FED. Default: US1."""


class SplunkLogs(Section):
    """An HTTP event collector of Splunk."""

    url: str
    """The collector's address, which begins with https://."""
    token: SecretValue
    """The collector's token."""


class OpenTelemetryLogs(Section):
    """An OpenTelemetry collector."""

    endpoint: str
    """The collector's address, which begins with https://."""
    headers: Mapping[str, SecretValue]
    """Headers that let Atlas in, by name, one to ten."""


class LogExport(Section):
    """Logs of the project's clusters, to one or several places."""

    logs: tuple[Annotated[str, for_editors(enum=list(log_export.LOGS))], ...] | None = None
    """MONGOD, MONGOS, MONGOD_AUDIT and MONGOS_AUDIT. Default: MONGOD and MONGOD_AUDIT, those of a replica set."""
    datadog: DatadogLogs | None = None
    """To Datadog."""
    splunk: SplunkLogs | None = None
    """To Splunk."""
    open_telemetry: OpenTelemetryLogs | None = None
    """To an OpenTelemetry collector."""


class Prometheus(Section):
    """Metrics for a Prometheus of yours, with a login that is made and kept in a secret. `{}` is enough."""

    generation: Annotated[int | None, for_editors(minimum=1)] = None
    """Raise it by one for a new password, which replaces the old one at once. Default: 1."""
