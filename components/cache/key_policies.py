"""Who may use a key or a topic: policies as text, and the account that they are about."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws


class Identity:
    """The account, partition and region that a policy speaks of."""

    def __init__(self, account: str, partition: str, region: str) -> None:
        self.account = account
        self.partition = partition
        self.region = region


def caller_identity(parent: pulumi.Resource) -> pulumi.Output[Identity]:
    """Asks AWS through the component's own provider."""
    options = pulumi.InvokeOutputOptions(parent=parent)
    caller = aws.get_caller_identity_output(opts=options)
    region = aws.get_region_output(opts=options)
    return pulumi.Output.all(caller.account_id, caller.arn, region.region).apply(
        lambda found: Identity(str(found[0]), _partition(str(found[1])), str(found[2]))
    )


def platform_key_policy(identity: Identity) -> str:
    """For a key that encrypts log groups and topics beside the cache's data.

    Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html and
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    logs = {
        "Sid": "CloudWatchLogs",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{identity.region}.amazonaws.com"},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": {
            "ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": (
                    f"arn:{identity.partition}:logs:{identity.region}:{identity.account}:log-group:"
                    "/aws/vendedlogs/elasticache/*"
                )
            }
        },
    }
    return _document(_account(identity), logs, _alarms_may_encrypt(identity))


def topic_key_policy(identity: Identity) -> str:
    """For a key that encrypts nothing but the topics of alarms."""
    return _document(_account(identity), _alarms_may_encrypt(identity))


def topic_policy(identity: Identity, topic_arn: str) -> str:
    """Only CloudWatch alarms of this account publish to the topic, and nobody without TLS.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    """
    publish = {
        "Sid": "AlarmsPublish",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": _from_own_alarms(identity),
    }
    plaintext = {
        "Sid": "RefusePlaintext",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return _document(publish, plaintext)


def _account(identity: Identity) -> dict[str, Any]:
    """Without this statement nobody could change the policy again (AWS then refuses it)."""
    return {
        "Sid": "AccountPolicies",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{identity.partition}:iam::{identity.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }


def _alarms_may_encrypt(identity: Identity) -> dict[str, Any]:
    """Alarms publish to an encrypted topic with the key's help; the AWS-owned `alias/aws/sns` would not let them."""
    return {
        "Sid": "AlarmsPublish",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": identity.account}},
    }


def _from_own_alarms(identity: Identity) -> dict[str, Any]:
    alarms = f"arn:{identity.partition}:cloudwatch:{identity.region}:{identity.account}:alarm:*"
    return {"ArnLike": {"aws:SourceArn": alarms}, "StringEquals": {"aws:SourceAccount": identity.account}}


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _partition(arn: str) -> str:
    """`aws`, `aws-cn`, `aws-us-gov`: the second part of any ARN of the account."""
    parts = arn.split(":")
    return parts[1] if len(parts) > 1 and parts[0] == "arn" else "aws"
