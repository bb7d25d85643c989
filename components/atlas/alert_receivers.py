"""Who is told of an alert: what each service takes, and what Atlas refuses of it."""

import re
from collections.abc import Iterator, Sequence

import pulumi
import pulumi_mongodbatlas as mongodbatlas
from pulumi_mongodbatlas.outputs import GetThirdPartyIntegrationsResultResult

from ..arguments import Problem, given_or, known, one_of
from .alert_arguments import AtlasAlertsArgs

PAGER_DUTY_REGIONS = OPSGENIE_REGIONS = ("US", "EU")
DATADOG_REGIONS = ("US", "EU", "US3", "US5", "AP1", "US1_FED")
"""https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-createalertconfiguration"""
DEFAULT_REGION = "US"
AGAIN_AFTER_MINUTES = 60
_PAGER_DUTY = "PAGER_DUTY"
_READ_ALL = ("email", "slack_channel", "datadog_api_key", "microsoft_teams_webhook_url", "webhook_url")
"""Receivers that are told of every alert; the others page somebody, for severe ones alone."""
Notification = mongodbatlas.AlertConfigurationNotificationArgsDict


def receivers(
    args: AtlasAlertsArgs, *, severe: bool, pager_duty_integration: pulumi.Input[str] | None
) -> list[Notification]:
    """Each at once and then hourly; PagerDuty and Opsgenie repeat by their own rules, and take no interval.

    Those of which there is one at most stand first, so that another address changes no other's place."""
    found = list(_pagers(args, pager_duty_integration)) if severe else []
    again: Notification = {"type_name": "", "delay_min": 0, "interval_min": AGAIN_AFTER_MINUTES}
    if (key := args.get("datadog_api_key")) is not None:
        region = given_or(args.get("datadog_region"), DEFAULT_REGION)
        secret = pulumi.Output.secret(key)
        found.append({**again, "type_name": "DATADOG", "datadog_api_key": secret, "datadog_region": region})
    if (url := args.get("microsoft_teams_webhook_url")) is not None:
        secret = pulumi.Output.secret(url)
        found.append({**again, "type_name": "MICROSOFT_TEAMS", "microsoft_teams_webhook_url": secret})
    channel, token = args.get("slack_channel"), args.get("slack_token")
    if channel is not None and token is not None:
        name, secret = f"#{channel.removeprefix('#')}", pulumi.Output.secret(token)
        found.append({**again, "type_name": "SLACK", "channel_name": name, "api_token": secret})
    if (url := args.get("webhook_url")) is not None:
        webhook: Notification = {**again, "type_name": "WEBHOOK", "webhook_url": pulumi.Output.secret(url)}
        if (signed := args.get("webhook_secret")) is not None:
            webhook["webhook_secret"] = pulumi.Output.secret(signed)
        found.append(webhook)
    addresses = sorted(given_or(args.get("email"), []), key=str.lower)
    return [*found, *({**again, "type_name": "EMAIL", "email_address": address} for address in addresses)]


def _pagers(args: AtlasAlertsArgs, pager_duty_integration: pulumi.Input[str] | None) -> Iterator[Notification]:
    if pager_duty_integration is not None:
        yield {"type_name": _PAGER_DUTY, "integration_id": pager_duty_integration, "delay_min": 0}
    elif (key := args.get("pager_duty_service_key")) is not None:
        yield {"type_name": _PAGER_DUTY, "service_key": pulumi.Output.secret(key), "delay_min": 0}
    if (key := args.get("opsgenie_api_key")) is not None:
        region = given_or(args.get("opsgenie_region"), DEFAULT_REGION)
        secret = pulumi.Output.secret(key)
        yield {"type_name": "OPS_GENIE", "ops_genie_api_key": secret, "ops_genie_region": region, "delay_min": 0}


def pager_duty_integration(name: str, args: AtlasAlertsArgs, parent: pulumi.Resource) -> pulumi.Output[str] | None:
    """The id of the project's integration with PagerDuty, which has a region; `None` where none is needed.

    An alert's own notification has no region and reaches the United States alone. A project has one integration of a
    kind. The integration itself tells no id, so the project's list is asked once it exists."""
    key, region = args.get("pager_duty_service_key"), given_or(args.get("pager_duty_region"), DEFAULT_REGION)
    if key is None or region == DEFAULT_REGION:
        return None
    integration = mongodbatlas.ThirdPartyIntegration(
        name,
        project_id=args["project_id"],
        type=_PAGER_DUTY,
        service_key=pulumi.Output.secret(key),
        region=region,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    listed = mongodbatlas.get_third_party_integrations_output(
        project_id=args["project_id"], opts=pulumi.InvokeOutputOptions(parent=parent, depends_on=[integration])
    )
    # Of the integration itself too: as long as a lookup's result is unknown, the SDK forgets what the lookup waited for.
    found = pulumi.Output.all(made=integration.id, listed=listed)
    # The list may hold keys of other integrations; nothing but an id leaves it.
    return pulumi.Output.unsecret(found).apply(lambda known: _pager_duty_of(known["listed"].results))


def _pager_duty_of(listed: Sequence[GetThirdPartyIntegrationsResultResult]) -> str:
    found = [one.id for one in listed if one.type == _PAGER_DUTY]
    if not found and pulumi.runtime.is_dry_run():
        found = [one.id for one in listed]  # a plan without an account has one of a kind that is assumed too
    if found:
        return found[0]
    raise pulumi.RunError("Atlas lists no integration with PagerDuty in the project, although it was just made.")


def receiver_problems(args: AtlasAlertsArgs) -> Iterator[Problem]:
    """What Atlas would refuse of receivers."""
    yield from _email_problems(known(args.get("email")) or ())
    channel = known(args.get("slack_channel"))
    if channel is not None and not re.fullmatch(r"#?[^\s#A-Z,.]{1,80}", channel):
        yield Problem(
            ("slack_channel",),
            "A Slack channel's name has up to 80 lower-case letters, digits, hyphens and underscores.",
            'Quote it, since # begins a comment: "#alerts".',
        )
    if (args.get("slack_channel") is None) != (args.get("slack_token") is None):
        yield Problem(("slack_channel",), "Slack needs both slack_channel and slack_token.", "Give both, or neither.")
    for region, key, regions in (
        ("pager_duty_region", "pager_duty_service_key", PAGER_DUTY_REGIONS),
        ("opsgenie_region", "opsgenie_api_key", OPSGENIE_REGIONS),
        ("datadog_region", "datadog_api_key", DATADOG_REGIONS),
    ):
        yield from one_of((region,), known(args.get(region)), regions)
        if args.get(region) is not None and args.get(key) is None:
            yield Problem((region,), f"A region without {key} is nobody's.", f"Give {key}, or remove {region}.")
    if args.get("webhook_secret") is not None and args.get("webhook_url") is None:
        yield Problem(
            ("webhook_secret",), "A secret without webhook_url signs nothing.", "Give webhook_url, or remove it."
        )
    for argument in ("webhook_url", "microsoft_teams_webhook_url"):
        url = known(args.get(argument))
        if isinstance(url, str) and not re.fullmatch(r"https://\S+", url):
            yield Problem((argument,), "A webhook's address begins with https://.", "Write the whole address.")


def reads_all(args: AtlasAlertsArgs) -> bool:
    """Whether somebody is told of every alert, as far as is known."""
    return any(args.get(key) is not None and (known(args.get(key)) is None or args.get(key)) for key in _READ_ALL)


def pages(args: AtlasAlertsArgs) -> bool:
    """Whether severe alerts page somebody."""
    return args.get("pager_duty_service_key") is not None or args.get("opsgenie_api_key") is not None


def _email_problems(addresses: Sequence[str]) -> Iterator[Problem]:
    lower = [address.lower() for address in addresses]
    for index, address in enumerate(addresses):
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", address):
            yield Problem(("email", index), "This is not an e-mail address.", "Write such as ops@company.com.")
        elif lower[index] in lower[:index]:
            yield Problem(("email", index), "This address stands in the list twice.", "Remove one of the two.")
