"""The whole stack: that what belongs together is there, and agrees."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from .atlas_cluster import regions
from .elasticache_access import looks_after_cache
from .framework.documents import statements
from .framework.policy import Settings, resource_policy, stack_policy, words
from .framework.resources import PLATFORM, Resource, Stack
from .framework.tables import table
from .framework.values import UNKNOWN, View
from .kms import data_keys
from .resource_types import (
    ATLAS_CLUSTERS,
    ATLAS_CONTAINER,
    ATLAS_DATABASE_USER,
    ATLAS_ENCRYPTION,
    ATLAS_ENDPOINT,
    ATLAS_FLEX_CLUSTER,
    ATLAS_PEERING,
    ATLAS_PROJECT,
    CACHE_USER,
    CACHES,
    IAM_POLICY,
    IAM_ROLE_POLICY,
    SECRET,
    SECRET_POLICY,
    SECRET_VERSION,
)

DATABASES = (*ATLAS_CLUSTERS, ATLAS_FLEX_CLUSTER)
HOLDS_DATA = (*DATABASES, *CACHES, SECRET, ATLAS_PROJECT)
AWS_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


def aws_region(text: str) -> str:
    """Atlas writes `AP_NORTHEAST_2`, AWS `ap-northeast-2`."""
    return text.lower().replace("_", "-")


def application_region(stack: Stack) -> str:
    """Where the applications are: what the platform says, else what most AWS resources and their providers say."""
    for platform in stack.of(PLATFORM):
        if region := platform.known("region"):
            return region
    found: Counter[str] = Counter()
    for resource in stack.resources:
        region = resource.known("region") if resource.type.startswith("aws:") else ""
        if not region and resource.provider_type == "pulumi:providers:aws":
            region = str(resource.provider.get("region") or "")
        if AWS_REGION.fullmatch(region):
            found[region] += 1
    return max(found, key=found.__getitem__, default="")


@stack_policy("stack-region", severity="high", enforcement="beyond-development")
@words(
    title="Cluster, cache and applications stand in one region.",
    rationale="Each query would cross a continent, and so would the data.",
    remedy="Name the applications' region everywhere.",
    source="https://www.mongodb.com/docs/atlas/reference/amazon-aws/",
)
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
        if AWS_REGION.fullmatch(own) and own != home:
            yield resource, f"It stands in {own}, and the applications in {home}."
        for replica in resource.views("replicas") if resource.type == SECRET else []:
            if replica.known("region") not in ("", home):
                yield resource, f"A copy of it stands in {replica.known('region')}."


def _first_region(cluster: Resource) -> str:
    """The region of highest priority: the primary stands there."""
    if cluster.type == ATLAS_FLEX_CLUSTER:
        return cluster.known("providerSettings.regionName")
    given = [one for one in regions(cluster) if one.known("providerName") in ("", "AWS", "TENANT")]
    if not given:
        return cluster.known("providerRegionName")
    return max(given, key=_priority).known("regionName")


def _first_cloud(cluster: Resource) -> str:
    given = regions(cluster)
    return max(given, key=_priority).known("providerName") if given else cluster.known("providerName")


def _priority(view: View) -> float:
    return view.number("priority", default=7) or 0


@stack_policy("stack-protected", severity="critical", enforcement="production-only")
@words(
    title="Nothing that holds production data goes by leaving it out of the program.",
    rationale="A renamed or removed line deletes the database with the next deployment.",
    remedy="Set protect: true in the resource's options.",
    source="https://www.pulumi.com/docs/iac/concepts/options/protect/",
)
def protected(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for resource in [*stack.of(*HOLDS_DATA), *data_keys(stack)]:
        if not resource.protect:
            yield resource, "protect is not on: leaving it out of the program deletes it with the next deployment."


@resource_policy("stack-ignored-settings", "*", severity="medium", enforcement="production")
@words(
    title="No setting that a policy looks at is ignored.",
    rationale="What the engine ignores can be changed in a console, and stays so.",
    remedy="Remove it from ignoreChanges.",
    source="https://www.pulumi.com/docs/iac/concepts/options/ignorechanges/",
)
def ignored_settings(resource: Resource, settings: Settings) -> Iterator[str]:
    watched = set(table("ignored")["properties"])
    for path in resource.ignore_changes:
        name = re.split(r"[.\[]", path)[0]
        if path == "*" or name in watched:
            yield f"ignoreChanges holds {path}: whatever it becomes outside of the program stays."


@stack_policy("database-reader", severity="medium", enforcement="production")
@words(
    title="Each login is published in a secret that some role may read.",
    rationale="A login that no role may read is copied by hand, and then stands elsewhere.",
    remedy="Make a SecretReader for the application.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html",
)
def reader(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """A database nobody can log in to, and a login that nobody may read, are kept for nothing. Only secrets whose
    value is made of a user or its password count as logins."""
    versions = [version for version in stack.of(SECRET_VERSION) if _login(stack, version)]
    for version in versions:
        for secret in (one for one in stack.behind(version, "secretId") if one.type == SECRET):
            if not _read_by_role(stack, secret, version) and not _read_by_policy(stack, secret):
                yield secret, "It holds a login, and no role may read it."
    if not stack.of(SECRET_VERSION):
        return
    published = {one.urn for version in versions for one in stack.behind(version, "secretString")}
    users = stack.of(ATLAS_DATABASE_USER)
    for cluster in stack.of(*ATLAS_CLUSTERS):
        own = [user for user in users if stack.identity(user, "projectId") == stack.identity(cluster, "projectId")]
        if own and not any(user.urn in published or _password(stack, user) & published for user in own):
            yield cluster, "No secret holds a login to it: applications have no way in, or another one."


def _login(stack: Stack, version: Resource) -> bool:
    """Whether a secret is an application's login. People who look after a database or a cache read theirs with rights
    of their own, which no program of ours gives them; what only watches reads no data."""
    made_of = stack.behind(version, "secretString")
    users = [one for one in made_of if one.type in (ATLAS_DATABASE_USER, CACHE_USER)]
    return any(not _looks_after(user) for user in users)


def _looks_after(user: Resource) -> bool:
    """Whether a login is for those who look after a database or a cache."""
    if user.type == ATLAS_DATABASE_USER:
        return {role.known("roleName") for role in user.views("roles")} <= set(table("atlas")["administrativeRoles"])
    return looks_after_cache(user)


def _password(stack: Stack, user: Resource) -> set[str]:
    return {one.urn for one in stack.behind(user, "password")}


def _read_by_role(stack: Stack, secret: Resource, version: Resource) -> bool:
    """Whether a policy names the secret by its ARN, which is not known yet, or by its name; or may do so, since all
    that is known of it is that it lets in the login's own cache user, whose ARN is known after the deployment."""
    name = secret.peek("name")
    own = {one.urn for one in stack.behind(version, "secretString") if one.type == CACHE_USER}
    for policy in stack.of(IAM_ROLE_POLICY, IAM_POLICY):
        if secret.urn in policy.depends("policy"):
            return True
        if policy.data.get("policy") is UNKNOWN and secret.depends("kmsKeyId") & policy.depends("policy"):
            return True  # made of the secret's own key
        if policy.data.get("policy") is UNKNOWN and own & policy.depends("policy"):
            policy.unjudged.add("policy")
            return True
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
