"""ElastiCache: where a cache stands, and who reaches it."""

from __future__ import annotations

from collections.abc import Iterator

from .elasticache import in_group
from .framework.policy import Settings, resource_policy, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.security_groups import beyond
from .resource_types import ANY_CACHE, REPLICATION_GROUP, SERVERLESS_CACHE


@resource_policy("elasticache-subnet-group", *ANY_CACHE, severity="high", enforcement="always")
@words(
    title="A cache stands in subnets that were chosen for it.",
    rationale="The default subnet group is made of the default VPC's subnets, which are public.",
    remedy="Give subnetGroupName with a group of private subnets.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.html",
)
def subnet_group(cache: Resource, settings: Settings) -> Iterator[str]:
    if in_group(cache) or cache.given("globalReplicationGroupId"):
        return
    if cache.type == SERVERLESS_CACHE:
        if not cache.given("subnetIds"):
            yield "subnetIds is absent: the cache stands in the account's default VPC."
    elif not cache.given("subnetGroupName"):
        yield "subnetGroupName is absent: the cache stands in the default VPC, whose subnets are public."
    elif cache.peek("subnetGroupName").lower() == "default":
        yield "This is the default subnet group, whose subnets are public."


@resource_policy("elasticache-security-group", *ANY_CACHE, severity="high", enforcement="always")
@words(
    title="A cache has a security group of its own.",
    rationale="Without one, the VPC's default group lets in whatever else has it.",
    remedy="Give securityGroupIds.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/elasticache-vpc-accessing.html",
)
def security_group(cache: Resource, settings: Settings) -> Iterator[str]:
    if not cache.given("securityGroupIds") and not in_group(cache):
        yield "securityGroupIds is absent: the VPC's default group decides who reaches the cache."


@stack_policy("elasticache-reachable-on-its-port", severity="medium", enforcement="beyond-development")
@words(
    title="A cache's security group opens the cache's port and no other.",
    rationale="A wider range opens whatever else gets the group later.",
    remedy="Set fromPort and toPort to the cache's port.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/elasticache-vpc-accessing.html",
)
def reachable_on_its_port(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """A serverless cache has a second port, for reads."""
    for cache in stack.of(REPLICATION_GROUP):
        if (port := cache.number("port", default=6379)) is not None:
            yield from beyond(stack, cache, port, port)
    for cache in stack.of(SERVERLESS_CACHE):
        yield from beyond(stack, cache, 6379, 6380)
