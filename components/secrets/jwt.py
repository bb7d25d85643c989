"""The keys with which an application signs and verifies its tokens."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_random as random

from .. import names
from ..arguments import Problem, check, known
from ..generations import generation_problems
from ..outputs import register
from .limits import secret_problems
from .replicas import SecretReplica
from .store import store_secret

LABEL = "jwt-secrets"
KEY_LENGTH = 64
"""Letters and digits: 381 bits of chance in 512 bits of key. RFC 7518 (3.2) asks HS256 for 256 bits, HS512 for 512."""
SLOTS = 3


class JwtSecretArgs(TypedDict):
    platform: str
    """The platform's name: the first part of the secret's name."""
    application: str
    """The application's name: its second part."""
    name_prefix: NotRequired[str | None]
    """Put before the secret's name, such as `teams/chat/`. Default: nothing."""
    generation: int
    """The newest generation of keys that exists: `active`, or one more."""
    active: int
    """The generation with which clients sign, from 1."""
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


class JwtSecret(pulumi.ComponentResource):
    """`<application>/jwt-secrets` in AWS Secrets Manager: a JSON object with `current`, the key to sign with, and
    `previous`, the key that tokens in use may still be signed with. While a generation waits to become active, its key
    stands beside them as `next`.

    A client verifies with every key in the object. So a client that has not yet read the newest version accepts the
    tokens of one that has, and the other way round: raising `generation` publishes the key for verifying, raising
    `active` signs with it. Before there was a second generation, `previous` is a random key that never signed
    anything: it is never empty, since an empty key would verify whatever was signed with one."""

    arn: pulumi.Output[str]
    """The secret's ARN, with AWS's six-character suffix."""
    secret_name: pulumi.Output[str]
    """The secret's name."""
    version_id: pulumi.Output[str]
    """The id of the version that holds the current keys."""

    def __init__(self, name: str, args: JwtSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, JwtSecretArgs, problems(args))
        super().__init__("dolmen:index:JwtSecret", name, {}, opts)
        generation, active = int(args["generation"]), int(args["active"])
        keys: dict[int, pulumi.Output[str]] = {}
        for slot, held in slots(generation).items():
            key = random.RandomPassword(
                names.keyed(name, slot),
                length=KEY_LENGTH,
                special=False,
                keepers={"generation": str(held)},
                opts=pulumi.ResourceOptions(parent=self),
            )
            keys[held] = key.result
        value = pulumi.Output.all(**{role: keys[held] for role, held in published(generation, active).items()}).apply(
            _secret_value
        )
        self.arn, self.secret_name, self.version_id = store_secret(
            self, name, args, label=LABEL, description=f"Token keys of {args['application']}", value=value
        )
        register(self)


def problems(args: JwtSecretArgs) -> Iterator[Problem]:
    """What would be refused of token keys: above all, generations that would lose a key in use."""
    yield from generation_problems(known(args.get("generation")), known(args.get("active")))
    yield from secret_problems(args)


def slots(generation: int) -> dict[str, int]:
    """Slot → the generation whose key it holds: the newest one that falls to the slot, counted round by three.

    Three, because the key before the active one must outlive the making of the one after it. Generation 0 is the key
    that never signs."""
    newest = range(max(0, generation - SLOTS + 1), generation + 1)
    return {"abc"[held % SLOTS]: held for held in newest}


def published(generation: int, active: int) -> dict[str, int]:
    """What the secret holds → the generation of its key."""
    roles = {"current": active, "previous": active - 1}
    return {**roles, "next": generation} if generation > active else roles


def _secret_value(keys: Mapping[str, str]) -> str:
    return json.dumps({role: keys[role] for role in ("current", "previous", "next") if role in keys})
