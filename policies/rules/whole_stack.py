"""What no resource shows alone: that what belongs together is there, and agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from .atlas_cluster import regions
from .framework.documents import statements
from .framework.resources import PLATFORM, Resource, Stack
from .framework.rule import Settings, resource_rule, stack_rule
from .framework.values import UNKNOWN, View
from .kms import data_keys
from .secrets import places
from .types import (
    ATLAS_CLUSTER,
    ATLAS_CLUSTERS,
    ATLAS_CONTAINER,
    ATLAS_DATABASE_USER,
    ATLAS_ENCRYPTION,
    ATLAS_ENDPOINT,
    ATLAS_FLEX_CLUSTER,
    ATLAS_LEGACY_CLUSTER,
    ATLAS_PEERING,
    ATLAS_PROJECT,
    CACHE_USER,
    COMPOSITE_ALARM,
    IAM_POLICY,
    IAM_ROLE_POLICY,
    METRIC_ALARM,
    RANDOM_PASSWORD,
    REPLICATION_GROUP,
    SECRET,
    SECRET_POLICY,
    SECRET_ROTATION,
    SECRET_VERSION,
    SERVERLESS_CACHE,
    SNS_SUBSCRIPTION,
    SNS_TOPIC,
)

CHATS = (
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
)
DATABASES = (ATLAS_CLUSTER, ATLAS_LEGACY_CLUSTER, ATLAS_FLEX_CLUSTER)
CACHES = (REPLICATION_GROUP, SERVERLESS_CACHE)
HOLDS_DATA = (*DATABASES, *CACHES, SECRET, ATLAS_PROJECT)


# ---- regions


def aws_region(text: str) -> str:
    """Atlas writes `AP_NORTHEAST_2`, AWS `ap-northeast-2`."""
    return text.lower().replace("_", "-")


def application_region(stack: Stack) -> str:
    """Where the applications are: what the platform says, else what most AWS resources and their providers say."""
    for platform in stack.of(PLATFORM):
        if region := platform.known("region"):
            return region
    found: dict[str, int] = {}
    for resource in stack.resources:
        region = resource.known("region") if resource.type.startswith("aws:") else ""
        if not region and resource.provider_type == "pulumi:providers:aws":
            region = str(resource.provider.get("region") or "")
        if re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", region):
            found[region] = found.get(region, 0) + 1
    return max(found, key=lambda region: found[region], default="")


@stack_rule("stack-region")
def region(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    home = application_region(stack)
    if not home:
        return
    for cluster in stack.of(*DATABASES):
        first = _first_region(cluster)
        cloud = _first_cloud(cluster)
        if cloud not in ("", "AWS", "TENANT", "FLEX"):
            yield cluster, f"Its primary stands in {cloud}, and the applications in {home} of AWS."
        elif first and aws_region(first) != home:
            yield cluster, f"Its primary stands in {aws_region(first)}, and the applications in {home}."
    for kind, key in (
        (ATLAS_ENDPOINT, "region"),
        (ATLAS_CONTAINER, "regionName"),
        (ATLAS_PEERING, "accepterRegionName"),
        (ATLAS_ENCRYPTION, "awsKmsConfig.region"),
    ):
        for resource in stack.of(kind):
            given = resource.known(key)
            if given and aws_region(given) != home:
                yield resource, f"{key} is {aws_region(given)}, and the applications stand in {home}."
    for resource in stack.of(*CACHES, SECRET):
        own = resource.known("region") or str(resource.provider.get("region") or "")
        if re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", own) and own != home:
            yield resource, f"It stands in {own}, and the applications in {home}."
        for replica in resource.views("replicas") if resource.type == SECRET else []:
            if replica.known("region") not in ("", home):
                yield resource, f"A copy of it stands in {replica.known('region')}."


def _first_region(cluster: Resource) -> str:
    """The region of highest priority: the primary stands there."""
    if cluster.type == ATLAS_FLEX_CLUSTER:
        provider = cluster.view("providerSettings")
        return provider.known("regionName") if provider else ""
    given = [one for one in regions(cluster) if one.known("providerName") in ("", "AWS", "TENANT")]
    if not given:
        return cluster.known("providerRegionName")
    return max(given, key=_priority).known("regionName")


def _first_cloud(cluster: Resource) -> str:
    given = regions(cluster)
    return max(given, key=_priority).known("providerName") if given else cluster.known("providerName")


def _priority(view: View) -> float:
    return view.number("priority", default=7) or 0


# ---- alerts, readers


@stack_rule("elasticache-alarms")
def cache_alarms(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for cache in stack.of(REPLICATION_GROUP):
        watched = {
            alarm.known("metricName")
            for alarm in stack.of(METRIC_ALARM)
            if alarm.known("namespace") == "AWS/ElastiCache" and _is_about(stack, alarm, cache)
        }
        single = (cache.number("numCacheClusters", default=2) or 2) < 2
        wanted = settings.tables("alarms")["cacheAlarms"]
        missing = [
            subject
            for subject, metrics in wanted.items()
            if not watched & set(metrics) and not (single and subject == "replication lag")
        ]
        if missing:
            yield cache, f"No alarm watches: {', '.join(missing)}."


@stack_rule("sns-subscribed")
def subscribed(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """Only topics that alarms of this program publish to: others may have subscribers elsewhere."""
    for topic in stack.of(SNS_TOPIC):
        used = any(topic.urn in alarm.depends("alarmActions") for alarm in stack.of(METRIC_ALARM, COMPOSITE_ALARM))
        heard = any(topic.urn in one.depends("topic") for one in stack.of(SNS_SUBSCRIPTION)) or any(
            topic.urn in one.depends("snsTopicArns") for one in stack.of(*CHATS)
        )
        if used and not heard:
            yield topic, "Alarms publish to it, and nobody has subscribed."


def _is_about(stack: Stack, alarm: Resource, cache: Resource) -> bool:
    if cache.urn in alarm.depends("dimensions"):
        return True
    identifier = cache.known("replicationGroupId")
    dimensions = alarm.view("dimensions")
    named = [dimensions.known(key) for key in ("CacheClusterId", "ReplicationGroupId")] if dimensions else []
    return bool(identifier) and any(one == identifier or one.startswith(f"{identifier}-") for one in named)


@stack_rule("database-reader")
def reader(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """A database nobody can log in to, and a login that nobody may read, are kept for nothing. Only secrets whose
    value is made of a user or its password count as logins."""
    versions = [version for version in stack.of(SECRET_VERSION) if _login(stack, version, settings)]
    for version in versions:
        for secret in (one for one in stack.behind(version, "secretId") if one.type == SECRET):
            if not _read_by_role(stack, secret) and not _read_by_policy(stack, secret):
                yield secret, "It holds a login, and no role may read it."
    if not stack.of(SECRET_VERSION):
        return
    published = {one.urn for version in versions for one in stack.behind(version, "secretString")}
    users = stack.of(ATLAS_DATABASE_USER)
    for cluster in stack.of(*ATLAS_CLUSTERS):
        own = [user for user in users if stack.identity(user, "projectId") == stack.identity(cluster, "projectId")]
        if own and not any(user.urn in published or _password(stack, user) & published for user in own):
            yield cluster, "No secret holds a login to it: applications have no way in, or another one."


def _login(stack: Stack, version: Resource, settings: Settings) -> bool:
    """Whether a secret is an application's login. People who administer a database read theirs with rights of their
    own, which no program of ours gives them."""
    made_of = stack.behind(version, "secretString")
    users = [one for one in made_of if one.type == ATLAS_DATABASE_USER]
    administrators = set(settings.tables("atlas")["administrativeRoles"])
    if users and all({role.known("roleName") for role in user.views("roles")} <= administrators for user in users):
        return False
    return bool(users) or any(one.type == CACHE_USER for one in made_of)


def _password(stack: Stack, user: Resource) -> set[str]:
    return {one.urn for one in stack.behind(user, "password")}


def _read_by_role(stack: Stack, secret: Resource) -> bool:
    """A policy names the secret by its ARN, which is not known yet, or by its name."""
    name = secret.peek("name")
    for policy in stack.of(IAM_ROLE_POLICY, IAM_POLICY):
        if secret.urn in policy.depends("policy"):
            return True
        if policy.data.get("policy") is UNKNOWN and secret.depends("kmsKeyId") & policy.depends("policy"):
            return True  # made of the secret's own key
        for statement in statements(View(policy.data), "policy"):
            reads = statement.allows and statement.may("secretsmanager:GetSecretValue")
            if reads and name and any(f":secret:{name}" in resource for resource in statement.resources):
                return True
    return False


def _read_by_policy(stack: Stack, secret: Resource) -> bool:
    """Another account's principals read through the secret's own policy."""
    for policy in stack.of(SECRET_POLICY):
        text = policy.peek("policy")
        if stack.points_at(policy, "secretArn", secret, "name") and "GetSecretValue" in text and '"Allow"' in text:
            return True
    return False


# ---- protection


@stack_rule("stack-protected")
def protected(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for resource in [*stack.of(*HOLDS_DATA), *data_keys(stack)]:
        if not resource.protect:
            yield resource, "protect is not on: leaving it out of the program deletes it with the next deployment."


@resource_rule("stack-ignored-settings", "*")
def ignored_settings(resource: Resource, settings: Settings) -> Iterator[str]:
    """What the engine ignores can be changed behind everybody's back, and stays so."""
    watched = set(settings.tables("ignored")["properties"])
    for path in resource.ignore_changes:
        name = re.split(r"[.\[]", path)[0]
        if path == "*" or name in watched:
            yield f"ignoreChanges holds {path}: whatever it becomes outside of the program stays."


# ---- rotation


@stack_rule("credential-rotation")
def rotation(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """By generation: the password is made anew when its keepers change. By rotator: Secrets Manager does it."""
    rotated = _rotated_passwords(stack)
    for password in stack.of(RANDOM_PASSWORD):
        if password.urn in rotated or not _is_credential(stack, password, settings):
            continue
        keepers = password.view("keepers")
        if keepers is None and not password.given("keepers"):
            yield password, "It has no keepers: the password is never changed, and no rotator changes its secret."
            continue
        longest = settings.number("longestDays", password)
        for _, value in keepers.leaves() if keepers else ():
            day = _day(value)
            if day is not None and (date.today() - day).days > longest:
                yield password, f"It was made on {day}, more than {longest:g} days ago."


def _is_credential(stack: Stack, password: Resource, settings: Settings) -> bool:
    return any(
        password.urn in resource.depends(place.partition(".")[0])
        for resource in stack.resources
        for place in places(resource, settings)
    )


def _rotated_passwords(stack: Stack) -> set[str]:
    found: set[str] = set()
    secrets = {one.urn for rotation in stack.of(SECRET_ROTATION) for one in stack.behind(rotation, "secretId")}
    for version in stack.of(SECRET_VERSION):
        if secrets & version.depends("secretId"):
            found |= version.depends("secretString")
    return found


def _day(value: object) -> date | None:
    found = re.match(r"\d{4}-\d{2}-\d{2}", str(value))
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
