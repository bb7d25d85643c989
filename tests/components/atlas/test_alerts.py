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
    ],
)
def test_an_alert_that_nobody_reads_is_refused(receivers: Any, says: str) -> None:
    assert says in failure_of(lambda: alerts({"cpu": CPU}, **receivers))


def test_an_alert_watches_one_thing() -> None:
    both = {**CPU, "event": "HOST_DOWN"}
    assert "exactly one" in failure_of(lambda: alerts({"both": both}, email=["a@company.com"]))
