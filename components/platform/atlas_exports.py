"""What a stack asks of the components that send Atlas's logs and metrics elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import pulumi
from pydantic.alias_generators import to_camel

from .. import names
from ..arguments import known, unknown
from ..atlas import AtlasLogExportArgs, AtlasPrometheus, AtlasPrometheusArgs, log_export, prometheus
from ..secrets.given import GivenSecretArgs
from .asked import OTHERS, ComponentCheck, named, section
from .model.secret_value import SecretValue
from .parts import AtlasPart, atlas_part
from .secret_values import SecretOf

Input = pulumi.Input[str]
OWNER, LABEL = "atlas", "prometheus"
"""The secret is `<platform>/atlas/prometheus`."""


def log_export_args(part: AtlasPart, *, project_id: Input, secret: SecretOf) -> AtlasLogExportArgs | None:
    asked = part.atlas.log_export
    if asked is None:
        return None
    datadog, splunk, collector = asked.datadog, asked.splunk, asked.open_telemetry
    return {
        "project_id": project_id,
        "logs": asked.logs,
        "datadog_api_key": None if datadog is None else secret(datadog.key),
        "datadog_region": None if datadog is None else datadog.region,
        "splunk_token": None if splunk is None else secret(splunk.token),
        "splunk_url": None if splunk is None else splunk.url,
        "otel_endpoint": None if collector is None else collector.endpoint,
        "otel_headers": None if collector is None else _headers(known(collector.headers), secret),
    }


def _headers(asked: Mapping[str, SecretValue] | None, secret: SecretOf) -> Mapping[str, pulumi.Input[str]]:
    """Unknown where a part of them is wrong in itself."""
    return unknown(dict) if asked is None else {header: secret(value) for header, value in asked.items()}


def prometheus_args(part: AtlasPart, *, project_id: Input) -> AtlasPrometheusArgs | None:
    asked = part.atlas.prometheus
    if asked is None:
        return None
    return {
        "project_id": project_id,
        "user_name": named(part, names.prometheus_user),
        "generation": asked.generation,
    }


def prometheus_secret_args(part: AtlasPart, made: AtlasPrometheus) -> GivenSecretArgs:
    """The login, as JSON with `username`, `password` and `discoveryUrl`."""
    login = pulumi.Output.all(username=made.user_name, password=made.password, discoveryUrl=made.discovery_url).apply(
        json.dumps
    )
    return {
        "platform": part.name,
        "application": OWNER,
        "label": LABEL,
        "value": login,
        "protect_data": part.production,
        "tags": dict(part.tags),
    }


CHECKS: tuple[ComponentCheck[Any], ...] = (
    ComponentCheck(
        section(
            atlas_part, "atlas", "logExport", args=partial(log_export_args, project_id=OTHERS, secret=lambda _: OTHERS)
        ),
        log_export.problems,
        {
            "datadog_region": ("datadog", "region"),
            "splunk_url": ("splunk", "url"),
            "otel_endpoint": (to_camel("open_telemetry"), "endpoint"),
            "otel_headers": (to_camel("open_telemetry"), "headers"),
        },
    ),
    ComponentCheck(
        section(atlas_part, "atlas", "prometheus", args=partial(prometheus_args, project_id=OTHERS)),
        prometheus.problems,
    ),
)
