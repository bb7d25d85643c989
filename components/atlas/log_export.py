"""The clusters' logs, sent to where the others are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas

from .. import names
from ..arguments import Problem, check, given_or, known, one_of
from ..outputs import register

LOGS = ("MONGOD", "MONGOS", "MONGOD_AUDIT", "MONGOS_AUDIT")
"""https://www.mongodb.com/docs/atlas/push-logs/"""
DEFAULT_LOGS = ("MONGOD", "MONGOD_AUDIT")
DATADOG_REGIONS = ("US1", "US3", "US5", "EU", "AP1", "AP2", "US1_FED")
DEFAULT_DATADOG_REGION = "US1"
MOST_HEADERS = 10


class AtlasLogExportArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project: logs of all its clusters are sent."""
    logs: NotRequired[Sequence[str] | None]
    """`MONGOD`, `MONGOS`, `MONGOD_AUDIT`, `MONGOS_AUDIT`. Default: those of a replica set, `MONGOD` and `MONGOD_AUDIT`."""
    datadog_api_key: NotRequired[pulumi.Input[str] | None]
    """The key of a Datadog organization that takes the logs; kept secret."""
    datadog_region: NotRequired[str | None]
    """Datadog's site: `US1`, `US3`, `US5`, `EU`, `AP1`, `AP2` or `US1_FED`. Default: `US1`."""
    splunk_token: NotRequired[pulumi.Input[str] | None]
    """The token of Splunk's HTTP event collector; kept secret. Needs `splunk_url`."""
    splunk_url: NotRequired[str | None]
    """The collector's address."""
    otel_endpoint: NotRequired[str | None]
    """The address of an OpenTelemetry collector that takes logs over HTTPS. Needs `otel_headers`."""
    otel_headers: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """Headers that let Atlas in, by name, one to ten; their values are kept secret."""


class AtlasLogExport(pulumi.ComponentResource):
    """One log integration for each place that takes the logs, named by it.

    Another project needs others: Atlas's provider fails the preview of such a change, so remove them first."""

    places: pulumi.Output[Sequence[str]]
    """Where logs are sent: `datadog`, `opentelemetry`, `splunk`."""

    def __init__(self, name: str, args: AtlasLogExportArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasLogExportArgs, problems(args))
        super().__init__("dolmen:index:AtlasLogExport", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        logs, project = sorted(given_or(args.get("logs"), DEFAULT_LOGS)), args["project_id"]
        key, token, endpoint = args.get("datadog_api_key"), args.get("splunk_token"), args.get("otel_endpoint")
        places: list[str] = []
        if key is not None:
            places.append("datadog")
            mongodbatlas.LogIntegration(
                names.keyed(name, "datadog"),
                project_id=project,
                type="DATADOG_LOG_EXPORT",
                log_types=logs,
                api_key=pulumi.Output.secret(key),
                region=given_or(args.get("datadog_region"), DEFAULT_DATADOG_REGION),
                opts=child,
            )
        if endpoint is not None:
            places.append("opentelemetry")
            headers = sorted(given_or(args.get("otel_headers"), {}).items())
            mongodbatlas.LogIntegration(
                names.keyed(name, "opentelemetry"),
                project_id=project,
                type="OTEL_LOG_EXPORT",
                log_types=logs,
                otel_endpoint=endpoint,
                otel_supplied_headers=[
                    {"name": header, "value": pulumi.Output.secret(value)} for header, value in headers
                ],
                opts=child,
            )
        if token is not None:
            places.append("splunk")
            mongodbatlas.LogIntegration(
                names.keyed(name, "splunk"),
                project_id=project,
                type="SPLUNK_LOG_EXPORT",
                log_types=logs,
                hec_token=pulumi.Output.secret(token),
                hec_url=args.get("splunk_url"),
                opts=child,
            )
        self.places = pulumi.Output.from_input(places)
        register(self)


def problems(args: AtlasLogExportArgs) -> Iterator[Problem]:
    """What Atlas would refuse, and logs that are sent nowhere."""
    if all(args.get(key) is None for key in ("datadog_api_key", "splunk_token", "otel_endpoint")):
        yield Problem((), "Logs are sent somewhere: here is no place.", "Name Datadog, Splunk or OpenTelemetry.")
    logs = known(args.get("logs"))
    if logs is not None and not logs:
        yield Problem(("logs",), "At least one kind of log is sent.", "Remove logs for the default ones.")
    for index, log in enumerate(logs or ()):
        yield from one_of(("logs", index), log, LOGS)
        if log in (logs or ())[:index]:
            yield Problem(("logs", index), "This kind stands in the list twice.", "Remove one of the two.")
    yield from one_of(("datadog_region",), known(args.get("datadog_region")), DATADOG_REGIONS)
    if (args.get("splunk_token") is None) != (args.get("splunk_url") is None):
        yield Problem(("splunk_url",), "Splunk needs both splunk_url and splunk_token.", "Give both, or neither.")
    headers = known(args.get("otel_headers"))
    if args.get("otel_endpoint") is None and headers:
        yield Problem(("otel_headers",), "Headers without otel_endpoint are sent nowhere.", "Give otel_endpoint.")
    given = args.get("otel_headers") is not None
    few = headers is not None and not 1 <= len(headers) <= MOST_HEADERS
    if args.get("otel_endpoint") is not None and (few or not given):
        yield Problem(
            ("otel_headers",),
            f"Atlas sends 1 to {MOST_HEADERS} headers, which let it in.",
            "Give such as Authorization.",
        )
    for argument in ("splunk_url", "otel_endpoint"):
        url = known(args.get(argument))
        if url is not None and not re.fullmatch(r"https://\S+", url):
            yield Problem((argument,), "Logs leave encrypted: the address begins with https://.", "Write it whole.")
