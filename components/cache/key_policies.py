"""Who may use a key or a topic of the cache: policies as text."""

from ..identity import Identity, account_statement
from ..policy_document import Statement, policy_document


def cache_key_policy(identity: Identity) -> str:
    """For a key that encrypts log groups and topics beside the cache's data."""
    return policy_document(account_statement(identity), _logs(identity), _alarms_may_encrypt(identity))


def log_key_policy(identity: Identity) -> str:
    """For a key that encrypts nothing but the cache's log groups."""
    return policy_document(account_statement(identity), _logs(identity))


def topic_key_policy(identity: Identity) -> str:
    """For a key that encrypts nothing but the topics of alarms."""
    return policy_document(account_statement(identity), _alarms_may_encrypt(identity))


def topic_policy(identity: Identity, topic_arn: str) -> str:
    """Only CloudWatch alarms of this account publish to the topic, and nobody without TLS.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    """
    alarms = f"arn:{identity.partition}:cloudwatch:{identity.region}:{identity.account}:alarm:*"
    publish: Statement = {
        "Sid": "AlarmsPublish",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"ArnLike": {"aws:SourceArn": alarms}, "StringEquals": {"aws:SourceAccount": identity.account}},
    }
    plaintext: Statement = {
        "Sid": "RefusePlaintext",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return policy_document(publish, plaintext)


def chat_trust(identity: Identity) -> str:
    """Only Amazon Q Developer in chat applications, for this account, assumes the role.

    Source: https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
    """
    return policy_document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "chatbot.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": identity.account}},
        }
    )


def _logs(identity: Identity) -> Statement:
    """Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"""
    groups = (
        f"arn:{identity.partition}:logs:{identity.region}:{identity.account}:log-group:/aws/vendedlogs/elasticache/*"
    )
    return {
        "Sid": "CloudWatchLogs",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{identity.region}.amazonaws.com"},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    }


def _alarms_may_encrypt(identity: Identity) -> Statement:
    """Alarms publish to an encrypted topic with the key's help; the AWS-owned `alias/aws/sns` would not let them.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    return {
        "Sid": "AlarmsPublish",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": identity.account}},
    }
