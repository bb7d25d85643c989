"""Policies that are added or narrowed: who is refused from then on.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html (an explicit denial
wins), https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html (a key's policy is its own root of access).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dolmen.engine.plan import Resource
from dolmen.knowledge.effects import Source, seconds
from dolmen.review.diff.changes import ResourceChange
from dolmen.review.diff.values import has_unknown
from dolmen.review.effects.context.documents import Statement, denied, statements, taken_away
from dolmen.review.effects.context.sides import Sides, touches
from dolmen.review.effects.model import Effect, EffectKind
from dolmen.review.listing import listed

_DOCUMENTS: Mapping[str, str] = {
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:secretsmanager/secret:Secret": "policy",
    "aws:kms/keyPolicy:KeyPolicy": "policy",
    "aws:kms/key:Key": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:s3/bucket:Bucket": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:sns/topic:Topic": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
    "aws:sqs/queue:Queue": "policy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "policy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
    "aws:iam/policy:Policy": "policy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
    "aws:iam/role:Role": "assumeRolePolicy",
}
"""Type → the input that holds a policy."""

_AT: Mapping[str, Sequence[str]] = {
    "aws:secretsmanager/secretPolicy:SecretPolicy": ("secretArn",),
    "aws:kms/keyPolicy:KeyPolicy": ("keyId",),
    "aws:s3/bucketPolicy:BucketPolicy": ("bucket",),
    "aws:sns/topicPolicy:TopicPolicy": ("arn",),
    "aws:sqs/queuePolicy:QueuePolicy": ("queueUrl",),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ("repository",),
    "aws:iam/rolePolicy:RolePolicy": ("role",),
    "aws:iam/userPolicy:UserPolicy": ("user",),
}
"""Types whose policy is about another resource, by the input that names it."""

_WITH_DEFAULT = (
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:kms/key:Key",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sns/topic:Topic",
)
"""AWS gives these a policy that lets their own account in; one of the program's takes its place."""

_SOURCE = Source("docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html", "2026-11-30")
_ROOT_SOURCE = Source("docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html", "2026-11-30")
_MOST = 3


def effects(change: ResourceChange, sides: Sides) -> Iterator[Effect]:
    path = _DOCUMENTS.get(change.type)
    if path is None or change.new is None or not touches(change, path) or _about_something_new(change.new, sides):
        return
    new = statements(change.new.inputs.get(path))
    written = change.old.inputs.get(path) if change.old is not None else None
    old = statements(written) if written is not None else frozenset[Statement]()
    if change.old is None and change.type not in _AT:
        return  # what it guards is new, too
    if new is None and change.old is None and has_unknown(change.new.inputs.get(path)):
        why = "What it says is known only after apply; whoever it denies, or no longer allows, is refused at once."
        yield Effect(EffectKind.IN_PLACE, why, (path,), None, source=_SOURCE, certain=False)
    if new is None or old is None:
        return
    if more := denied(old, new):
        why = f"Refused at once, whatever else allows it: {_told(more)}."
        yield _cut_off(change, path, why, "Check who still needs this, and deny it after they have moved.", _SOURCE)
    if lost := taken_away(old, new):
        why = f"No longer allowed, at once: {_told(lost)}."
        yield _cut_off(change, path, why, "Keep the statement until nobody needs it any more.", _SOURCE)
    if not written and change.type in _WITH_DEFAULT and not any(_lets_account_in(one) for one in new):
        why = "It takes the place of AWS's default policy, which lets the account itself in; who was allowed by IAM alone is refused."
        safe = "Keep a statement for the account (`arn:aws:iam::<account>:root`)."
        yield _cut_off(change, path, why, safe, _ROOT_SOURCE)


def _about_something_new(resource: Resource, sides: Sides) -> bool:
    """Nobody can be cut off from what this update makes."""
    targets = [sides.target(resource, path) for path in _AT.get(resource.type, ())]
    made = (change.urn for change in sides.changes.values() if change.old is None)
    return any(urn in target for urn in made for target in targets)


def _lets_account_in(one: Statement) -> bool:
    """The account as a whole (`…:root`, its number, or everybody who belongs to it)."""
    known = one.principal.endswith(":root") or one.principal.isdigit() or one.principal == "*"
    return one.effect == "Allow" and (known or "‹" in one.principal)


def _told(some: Sequence[Statement]) -> str:
    parts = [f"{one.action} for {one.principal or 'who holds the policy'}" for one in some]
    return listed(list(dict.fromkeys(parts)), _MOST, "; ")


def _cut_off(change: ResourceChange, path: str, why: str, safe: str, source: Source) -> Effect:
    headline = f"access is cut off by {change.short_type} {change.name}, down until it is undone"
    gone = seconds("until undone")
    return Effect(EffectKind.IN_PLACE, why, (path,), gone, safe_path=safe, source=source, headline=headline)
