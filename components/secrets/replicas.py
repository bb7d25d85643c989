"""Copies of a secret in other regions: what they are encrypted with, and what Secrets Manager refuses."""

import re
from collections.abc import Iterator, Mapping
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ..arguments import Problem, known, plain
from ..keys import kms_key_problems, partition_of


class SecretReplica(TypedDict):
    """A copy in another region, with the same name, policy and tags."""

    kms_key_arn: NotRequired[pulumi.Input[str] | None]
    """ARN of the KMS key that encrypts it: one of that region. Default: the account's `aws/secretsmanager` there."""


Replicas = Mapping[str, pulumi.Input[SecretReplica]]


def replica_args(given: Replicas | None) -> list[aws.secretsmanager.SecretReplicaArgs] | None:
    """The copies as the provider takes them, in the regions' order; nothing where there are none."""
    copies = plain("replicas", given)
    return [
        aws.secretsmanager.SecretReplicaArgs(region=region, kms_key_id=copies[region].get("kms_key_arn"))
        for region in sorted(copies)
    ] or None


def replica_keys(given: Replicas | None) -> list[pulumi.Input[str]]:
    """The keys that copies have of their own."""
    copies = plain("replicas", given)
    return [key for region in sorted(copies) if (key := copies[region].get("kms_key_arn")) is not None]


def replica_problems(given: Replicas | None, home: str | None) -> Iterator[Problem]:
    """What Secrets Manager would refuse of copies; `home` is the secret's own region, where it is known.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html"""
    for region, copy in plain("replicas", given).items():
        place = ("replicas", region)
        if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", region):
            yield Problem(place, "This is not the name of an AWS region.", "Write such as ap-northeast-1.")
            continue
        if region == home:
            yield Problem(place, "The secret itself lies in this region.", "Name another one, or remove it.")
        elif home is not None and partition_of(region) != partition_of(home):
            yield Problem(
                place, f"A secret of {home} has no copy in another partition of AWS.", "Name a region of the same one."
            )
        yield from kms_key_problems(known(copy.get("kms_key_arn")), region, (*place, "kms_key_arn"))
