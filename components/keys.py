"""Keys of AWS KMS: one that is made, and what an adopted one must be."""

import functools
import re
from collections.abc import Iterator
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from .arguments import Place, Problem, check, given_or, known
from .outputs import register

DEFAULT_DELETION_WINDOW_DAYS = 30
SHORTEST_DELETION_WINDOW_DAYS = 7
LONGEST_DELETION_WINDOW_DAYS = 30
"""https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html"""

_ALIAS = re.compile(r"alias/(?!aws/)[A-Za-z0-9/_-]{1,250}")
"""https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html"""
_KEY_ID = r"key/([0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|mrk-[0-9a-f]{32})"
_KEY_ARN = re.compile(rf"arn:(aws|aws-cn|aws-us-gov):kms:([a-z0-9-]+):\d{{12}}:{_KEY_ID}")
"""https://docs.aws.amazon.com/kms/latest/developerguide/concepts-key-id-find.html"""


class EncryptionKeyArgs(TypedDict):
    alias: str
    """The key's whole alias, unique in the account and region: `alias/chat-prod/cache`."""
    description: str
    """What the key encrypts, for people who find it in the console."""
    policy: NotRequired[pulumi.Input[str] | None]
    """Who may use the key, as a JSON policy document. Default: whom the account's own IAM policies allow."""
    deletion_window_days: NotRequired[int | None]
    """Days in which a deletion of the key can be undone, 7 to 30. Default 30."""
    protect_data: bool
    """Whether the key is protected against deletion and kept when it leaves the program, as in production: without
    it, what it encrypts is lost."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
    """Tags of the key."""


class EncryptionKey(pulumi.ComponentResource):
    """A KMS key with yearly rotation, and its alias."""

    key_arn: pulumi.Output[str]
    """The key's ARN."""

    def __init__(self, name: str, args: EncryptionKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, EncryptionKeyArgs, problems(args))
        super().__init__("dolmen:index:EncryptionKey", name, {}, opts)
        protect = args["protect_data"]
        key = aws.kms.Key(
            name,
            description=args["description"],
            enable_key_rotation=True,
            deletion_window_in_days=int(given_or(args.get("deletion_window_days"), DEFAULT_DELETION_WINDOW_DAYS)),
            policy=args.get("policy"),
            tags=args.get("tags"),
            opts=pulumi.ResourceOptions(parent=self, protect=protect, retain_on_delete=protect),
        )
        aws.kms.Alias(name, name=args["alias"], target_key_id=key.key_id, opts=pulumi.ResourceOptions(parent=self))
        self.key_arn = key.arn
        register(self)


def problems(args: EncryptionKeyArgs) -> Iterator[Problem]:
    """What KMS would refuse of a new key."""
    alias = known(args.get("alias"))
    if alias is not None and not _ALIAS.fullmatch(alias):
        yield Problem(
            ("alias",),
            "An alias is alias/ and up to 250 letters, digits and / _ -; those in alias/aws/ are AWS's own.",
            "Write such as alias/chat-prod/cache.",
        )
    yield from deletion_window_problems(known(args.get("deletion_window_days")), ("deletion_window_days",))


def deletion_window_problems(days: int | None, argument: Place) -> Iterator[Problem]:
    """What KMS would refuse of the days in which a deletion can be undone."""
    if days is not None and not SHORTEST_DELETION_WINDOW_DAYS <= days <= LONGEST_DELETION_WINDOW_DAYS:
        yield Problem(
            argument,
            f"KMS keeps a deleted key for {SHORTEST_DELETION_WINDOW_DAYS} to {LONGEST_DELETION_WINDOW_DAYS} days.",
            f"Write {LONGEST_DELETION_WINDOW_DAYS}, or leave it out.",
        )


def kms_key_problems(arn: str | None, region: str | None, argument: Place) -> Iterator[Problem]:
    """What is wrong with the ARN of an adopted key, for use in a region; nothing about what is `None`."""
    if arn is None:
        return
    home = region or "ap-northeast-2"
    example = f"arn:{partition_of(home)}:kms:{home}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    found = _KEY_ARN.fullmatch(arn)
    if found is None:
        yield Problem(
            argument,
            "A KMS key is named by its ARN; an alias is not enough: it may point to another key tomorrow, and policies "
            "name the key itself.",
            f"Write such as {example}.",
        )
        return
    partition, place = found[1], found[2]
    if region is not None and place != region:
        yield Problem(
            argument,
            f"A KMS key encrypts in its own region only: this one lies in {place}, and what it encrypts in {region}.",
            f"Name a key of {region}, or let one be created.",
        )
    elif partition != partition_of(place):
        yield Problem(
            argument,
            f"ARNs of {place} begin with arn:{partition_of(place)}, not with arn:{partition}.",
            "Copy the key's ARN from the KMS console.",
        )


@functools.cache
def regions() -> frozenset[str]:
    """The regions of AWS that the provider knows; it refuses others."""
    return frozenset(str(region.value) for region in aws.Region)


def partition_of(region: str) -> str:
    """Names the partition that a region's ARNs begin with.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
