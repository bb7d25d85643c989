"""The secret of a login to the cache that belongs to no application."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi

from ..arguments import Problem, check, known, plain
from ..outputs import register
from .arns import own_home
from .limits import label_problems, secret_problems
from .replicas import SecretReplica
from .store import SecretArgs, secret_name, store_secret

OWNER = "cache"
"""Stands in the secrets' names where an application's name stands otherwise."""


class CacheUserSecretArgs(TypedDict):
    platform: str
    """The platform's name: the first part of the secret's name."""
    label: str
    """What the login is for, such as `exporter`: the last part of the secret's name."""
    region: pulumi.Input[str]
    """The AWS region of the secret."""
    name_prefix: NotRequired[str | None]
    """Put before the secret's name, such as `teams/chat/`. Default: nothing."""
    host: pulumi.Input[str]
    """The cache's endpoint: the configuration endpoint in cluster mode, else the primary endpoint."""
    port: pulumi.Input[int]
    """Its port."""
    user: pulumi.Input[str]
    """The user's name: an output of the user, so that the version waits for it."""
    password: pulumi.Input[str]
    """Its password: an output of the user too, so that nobody reads it before the cache takes it."""
    tls: pulumi.Input[bool]
    """Whether the cache takes TLS connections only."""
    cluster_mode: pulumi.Input[bool]
    """Whether the client must speak the cluster protocol."""
    protect_data: bool
    """Whether the secret is protected against deletion, as in production."""
    recovery_window_days: NotRequired[pulumi.Input[int] | None]
    """Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once. Default: 30."""
    kms_key_arn: NotRequired[pulumi.Input[str] | None]
    """ARN of the KMS key that encrypts the secret. Default: the account's `aws/secretsmanager`."""
    replicas: NotRequired[Mapping[str, pulumi.Input[SecretReplica]] | None]
    """Copies of the secret in other regions, by region. Default: none."""
    only_principals: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """ARNs of the only principals that may read the value; must name the deploying role. Default: no such limit."""
    reader_roles: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """Names of roles of the secret's own account that may read as well, where `only_principals` limits who may."""
    cross_account_readers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """ARNs of principals in other accounts that may read the secret; needs `kms_key_arn`. Default: none."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
    """Tags of the secret."""


class CacheUserSecret(pulumi.ComponentResource):
    """`<platform>/cache/<label>` in AWS Secrets Manager: a JSON object with `host`, `port`, `user`, `password`, `tls` and
    `clusterMode`, for metrics exporters and people. A new version is written after the user holds its password."""

    arn: pulumi.Output[str]
    """The secret's ARN, with AWS's six-character suffix."""
    arn_patterns: pulumi.Output[list[str]]
    """The same with `-??????` in place of AWS's characters, and those of its copies in other regions: for a reader's
    policy, which a plan then shows before the secret exists."""
    secret_name: pulumi.Output[str]
    """The secret's name."""
    version_id: pulumi.Output[str]
    """The id of the version that holds the current login."""

    def __init__(self, name: str, args: CacheUserSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, CacheUserSecretArgs, problems(args))
        super().__init__("dolmen:index:CacheUserSecret", name, {}, opts)
        label, kept = args["label"], _kept(args)
        value = pulumi.Output.all(
            host=args["host"],
            port=pulumi.Output.from_input(args["port"]).apply(int),
            user=args["user"],
            password=args["password"],
            tls=args["tls"],
            clusterMode=args["cluster_mode"],
        ).apply(json.dumps)
        self.arn, self.secret_name, self.version_id = store_secret(
            self, name, kept, label=label, description=f"Login to the cache: {label}", value=value
        )
        called = secret_name(kept, label)
        elsewhere = sorted(plain("replicas", args.get("replicas")))
        self.arn_patterns = own_home(args["region"], self).apply(
            lambda home: [there.secret_arn(called) for there in home.with_regions(elsewhere)]
        )
        register(self)


def problems(args: CacheUserSecretArgs) -> Iterator[Problem]:
    """What would be refused of a login's secret."""
    yield from label_problems(known(args.get("label")), ("label",))
    yield from secret_problems(_kept(args), known(args.get("region")))


def _kept(args: CacheUserSecretArgs) -> SecretArgs:
    return {
        "platform": args["platform"],
        "application": OWNER,
        "name_prefix": args.get("name_prefix"),
        "protect_data": args["protect_data"],
        "recovery_window_days": args.get("recovery_window_days"),
        "kms_key_arn": args.get("kms_key_arn"),
        "replicas": args.get("replicas"),
        "only_principals": args.get("only_principals"),
        "reader_roles": args.get("reader_roles"),
        "cross_account_readers": args.get("cross_account_readers"),
        "tags": args.get("tags"),
    }
