"""Policies of the whole stack."""

from __future__ import annotations

from typing import Any

import pulumi

from tests.policies.cases.atlas import cluster, region, user
from tests.policies.cases.aws_data import SECRET, VERSION, cache, key, secret
from tests.policies.cases.aws_data import user as cache_user
from tests.policies.programs import Case, Program, allow, policy

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


def published(p: Program, action: str | None = "secretsmanager:GetSecretValue", named: bool = True) -> None:
    cluster(p)
    login = user(p)
    kept = p.add(SECRET, "secret", {"protect": True}, name="app/database")
    p.add(VERSION, "version", secretId=kept.id, secretString=pulumi.Output.secret(login.id))
    if action:
        arn: Any = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:app/database-??????"
        document = policy(allow(action, arn)) if named else pulumi.Output.concat("made of ", kept.id)
        p.add(ROLE_POLICY, "reader", role="app", policy=document)


def watching(p: Program) -> None:
    """A login to a cache that reaches no key: what watches it may run anywhere."""
    login = cache_user(p, accessString="on resetchannels -@all +ping +info")
    kept = p.add(SECRET, "exporter", {"protect": True}, name="app/cache/exporter")
    p.add(VERSION, "exporter", secretId=kept.id, secretString=pulumi.Output.secret(login.id))
    published(p, named=False)


CASES = {
    "stack-region": Case(
        keeps=cluster,
        breaks=lambda p: cluster(p, regions=[region(regionName="US_EAST_1")]),
        near=lambda p: cluster(p, regions=[region(), region(regionName="AP_NORTHEAST_1", priority=6)]),
    ),
    "database-reader": Case(
        keeps=published,
        breaks=lambda p: published(p, "secretsmanager:DescribeSecret"),
        near=watching,
    ),
    "stack-protected": Case(
        keeps=cluster,
        breaks=lambda p: cluster(p, "chat", {"protect": False}),
        near=lambda p: p.add("aws:sns/topic:Topic", kmsMasterKeyId=key(p).id),
    ),
    "stack-ignored-settings": Case(
        keeps=cluster,
        breaks=lambda p: cache(p, "cache", {"protect": True, "ignore_changes": ["userGroupIds"]}),
        near=lambda p: (
            secret(p, "secret") and cache(p, "cache", {"protect": True, "ignore_changes": ["tags", "engineVersion"]})
        ),
    ),
}
