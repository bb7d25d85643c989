"""Alerts: who is told what, and that Atlas takes it."""

from __future__ import annotations

from typing import Any

import pytest

from dolmen.engine.plan import Plan, Secret
from tests.components.atlas.programs import PROJECT, failure_of, of_type, plan_of

CPU: Any = {
    "severity": "WARNING",
    "metric": "NORMALIZED_SYSTEM_CPU_USER",
    "above": 80.0,
}
NO_PRIMARY: Any = {
    "severity": "CRITICAL",
    "event": "NO_PRIMARY",
    "matchers": [{"field": "CLUSTER_NAME", "value": "chat"}],
}
LATE: Any = {
    "severity": "ERROR",
    "event": "CPS_SNAPSHOT_BEHIND",
    "above": 12.0,
    "units": "HOURS",
}


def alerts(definitions: Any, **receivers: Any) -> None:
    from components.atlas import AtlasAlerts

    AtlasAlerts("ops", {"project_id": PROJECT, "alerts": definitions, **receivers})


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(
        lambda: alerts(
            {"cpu": CPU, "no-primary": NO_PRIMARY, "late": LATE},
            email=["b@company.com", "a@company.com"],
            slack_channel="#alerts",
            slack_token="canary-slack",
            pager_duty_service_key="canary-pager",
        )
    )


def by_name(plan: Plan) -> dict[str, Any]:
    return {resource.name: resource.inputs for resource in of_type(plan, "AlertConfiguration")}


def test_pager_duty_is_woken_by_severe_alerts_only(plan: Plan) -> None:
    kinds = {name: [n["typeName"] for n in inputs["notifications"]] for name, inputs in by_name(plan).items()}
    assert kinds == {
        "ops-cpu": ["SLACK", "EMAIL", "EMAIL"],
        "ops-no-primary": ["PAGER_DUTY", "SLACK", "EMAIL", "EMAIL"],
        "ops-late": ["PAGER_DUTY", "SLACK", "EMAIL", "EMAIL"],
    }


EVERY_SERVICE: dict[str, Any] = {
    "pager_duty_service_key": "canary-pager",
    "pager_duty_region": "EU",
    "opsgenie_api_key": "canary-opsgenie",
    "opsgenie_region": "EU",
    "datadog_api_key": "canary-datadog",
    "datadog_region": "AP1",
    "microsoft_teams_webhook_url": "https://company.webhook.office.com/canary-teams",
    "webhook_url": "https://hooks.company.com/canary-webhook",
    "webhook_secret": "canary-signature",
}


def test_every_service_is_told_with_its_region_and_its_key_stays_secret() -> None:
    plan = plan_of(lambda: alerts({"cpu": CPU, "no-primary": NO_PRIMARY}, **EVERY_SERVICE))
    told = {name: {n["typeName"]: n for n in inputs["notifications"]} for name, inputs in by_name(plan).items()}
    everything = {"DATADOG", "MICROSOFT_TEAMS", "WEBHOOK"}
    assert set(told["ops-cpu"]) == everything, "a warning pages somebody, or is lost"
    severe = told["ops-no-primary"]
    assert set(severe) == {*everything, "PAGER_DUTY", "OPS_GENIE"}
    assert severe["OPS_GENIE"]["opsGenieRegion"] == "EU" and severe["DATADOG"]["datadogRegion"] == "AP1"
    assert not any("intervalMin" in severe[kind] for kind in ("PAGER_DUTY", "OPS_GENIE")), "Atlas refuses it"
    keys = (("OPS_GENIE", "opsGenieApiKey"), ("DATADOG", "datadogApiKey"), ("WEBHOOK", "webhookUrl"))
    keys = (*keys, ("WEBHOOK", "webhookSecret"), ("MICROSOFT_TEAMS", "microsoftTeamsWebhookUrl"))
    assert all(isinstance(severe[kind][key], Secret) for kind, key in keys), "a key would stand in the state in clear"
    assert "canary" not in repr(plan), "a key would stand in a report"


def test_pager_duty_in_europe_is_reached_through_an_integration_with_its_region() -> None:
    plan = plan_of(lambda: alerts({"no-primary": NO_PRIMARY}, email=["a@company.com"], **EVERY_SERVICE))
    (integration,) = of_type(plan, "ThirdPartyIntegration")
    assert integration.inputs["region"] == "EU"
    assert isinstance(integration.inputs["serviceKey"], Secret)
    (alert,) = of_type(plan, "AlertConfiguration")
    (pager,) = [n for n in alert.inputs["notifications"] if n["typeName"] == "PAGER_DUTY"]
    assert "integrationId" in pager and "serviceKey" not in pager, "the alert itself reaches the United States alone"
    assert integration.urn in alert.dependencies, "the alert would name an integration that is not there yet"


def test_pager_duty_in_the_united_states_needs_no_integration(plan: Plan) -> None:
    assert not of_type(plan, "ThirdPartyIntegration"), "a project has one, which may be somebody else's"


def test_every_alert_says_how_bad_it_is(plan: Plan) -> None:
    assert {name: inputs["severityOverride"] for name, inputs in by_name(plan).items()} == {
        "ops-cpu": "WARNING",
        "ops-no-primary": "CRITICAL",
        "ops-late": "ERROR",
    }
    assert all(inputs["enabled"] is True for inputs in by_name(plan).values()), "Atlas's default is a disabled alert"


def test_notifications_have_the_shape_that_atlas_takes(plan: Plan) -> None:
    for inputs in by_name(plan).values():
        for receiver in inputs["notifications"]:
            assert not {"emailEnabled", "smsEnabled"} & receiver.keys(), (
                "only groups, organizations and users take flags"
            )
            assert ("intervalMin" in receiver) == (receiver["typeName"] != "PAGER_DUTY"), (
                "Atlas refuses an interval for PagerDuty, and repeats others only with one"
            )
            assert receiver["delayMin"] == 0


def test_receivers_keep_their_places(plan: Plan) -> None:
    cpu = by_name(plan)["ops-cpu"]["notifications"]
    assert [n["emailAddress"] for n in cpu if n["typeName"] == "EMAIL"] == ["a@company.com", "b@company.com"], (
        "the order of a list in a file would show as a change of receivers"
    )
    replaced = of_type(plan, "AlertConfiguration")[0].options.replace_on_changes
    assert replaced == ("notifications",), (
        "a changed kind of receiver would fail in Atlas, and a longer path is not seen"
    )


def test_a_metric_has_its_threshold_and_an_event_its_own(plan: Plan) -> None:
    found = by_name(plan)
    assert found["ops-cpu"]["eventType"] == "OUTSIDE_METRIC_THRESHOLD"
    assert found["ops-cpu"]["metricThresholdConfig"] == {
        "metricName": "NORMALIZED_SYSTEM_CPU_USER",
        "operator": "GREATER_THAN",
        "threshold": 80,
        "units": "RAW",
        "mode": "AVERAGE",
    }
    assert "thresholdConfig" not in found["ops-cpu"]
    assert found["ops-late"]["thresholdConfig"] == {"operator": "GREATER_THAN", "threshold": 12, "units": "HOURS"}
    assert not {"thresholdConfig", "metricThresholdConfig"} & found["ops-no-primary"].keys()


def test_third_party_keys_are_secret(plan: Plan) -> None:
    pager, slack = by_name(plan)["ops-no-primary"]["notifications"][:2]
    assert isinstance(pager["serviceKey"], Secret)
    assert isinstance(slack["apiToken"], Secret)
    assert "canary" not in repr(plan), "a key would stand in a report"


@pytest.mark.parametrize(
    ("receivers", "says"),
    [
        ({}, "need a receiver"),
        ({"pager_duty_service_key": "x"}, "somebody who reads all of them"),
        ({"slack_channel": "#alerts"}, "both slack_channel and slack_token"),
        ({"opsgenie_api_key": "x"}, "somebody who reads all of them"),
        ({"email": ["a@company.com"], "pager_duty_region": "EU"}, "without pager_duty_service_key"),
        ({"opsgenie_api_key": "x", "opsgenie_region": "AP"}, "opsgenie_region: One of US or EU"),
        ({"datadog_api_key": "x", "datadog_region": "us3"}, "Did you mean US3?"),
        ({"email": ["a@company.com"], "webhook_secret": "x"}, "signs nothing"),
        ({"webhook_url": "http://hooks.company.com"}, "begins with https://"),
    ],
)
def test_an_alert_that_nobody_reads_is_refused(receivers: Any, says: str) -> None:
    assert says in failure_of(lambda: alerts({"cpu": CPU}, **receivers))


def test_an_alert_watches_one_thing() -> None:
    both = {**CPU, "event": "HOST_DOWN"}
    assert "exactly one" in failure_of(lambda: alerts({"both": both}, email=["a@company.com"]))
