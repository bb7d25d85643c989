"""The account that a policy speaks of, and what it says of the account itself."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from .policy_document import Statement


@dataclass(frozen=True, slots=True)
class Identity:
    """The account, partition and region that a policy speaks of."""

    account: str
    partition: str
    region: str


def caller_identity(parent: pulumi.Resource) -> pulumi.Output[Identity]:
    """Asks AWS through the component's own provider."""
    options = pulumi.InvokeOutputOptions(parent=parent)
    caller = aws.get_caller_identity_output(opts=options)
    region = aws.get_region_output(opts=options)
    return pulumi.Output.all(caller.account_id, caller.arn, region.region).apply(
        lambda found: Identity(str(found[0]), _partition(str(found[1])), str(found[2]))
    )


def account_statement(identity: Identity) -> Statement:
    """Leaves a key to the account's own policies.

    Without it nobody could change the key's policy again, and AWS refuses that."""
    return {
        "Sid": "AccountPolicies",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{identity.partition}:iam::{identity.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }


def _partition(arn: str) -> str:
    """`aws`, `aws-cn`, `aws-us-gov`: the second part of any ARN of the account."""
    parts = arn.split(":")
    return parts[1] if len(parts) > 1 and parts[0] == "arn" else "aws"
