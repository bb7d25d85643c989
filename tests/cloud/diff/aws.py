"""AWS types with plan rules of their own, other than ElastiCache's.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs describes each type; the answers were recorded.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.cloud.contracts import is_unknown
from tests.cloud.diff.differences import Difference
from tests.cloud.diff.own_rules import Look, ignores, refuses, replaces


@refuses("aws:cloudwatch/metricAlarm:MetricAlarm")
def _metric_alarm(look: Look) -> Iterator[str]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""
    by_query = look.after("evaluationCriteria") is not None or look.unknown("evaluationCriteria")
    for name in ("comparisonOperator", "evaluationPeriods"):
        if not (by_query or look.after(name)):
            yield f"{name} is required"
    statistics = ("statistic", "extendedStatistic")
    if look.after("metricName") and not any(look.after(name) or look.unknown(name) for name in statistics):
        yield "one of statistic and extendedStatistic is required with metricName"


@refuses("aws:sns/topic:Topic")
def _topic(look: Look) -> Iterator[str]:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html"""
    if not look.after("fifoTopic"):
        for name in ("archivePolicy", "contentBasedDeduplication", "fifoThroughputScope"):
            if look.given(name):
                yield f"{name} is for FIFO topics only"


@refuses("aws:sns/topicSubscription:TopicSubscription")
def _topic_subscription(look: Look) -> Iterator[str]:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering-scope.html"""
    if look.inputs.get("filterPolicyScope") is not None and not look.after("filterPolicy"):
        yield "filterPolicy is required with filterPolicyScope"


@replaces("aws:secretsmanager/secretVersion:SecretVersion")
def _secret_version(look: Look) -> bool:
    """Another value is another version; a first value, or moving to or from a write-only one, is an update.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret_version
    """
    return any(
        look.changes(name) and look.before(name) and look.after(name)
        for name in ("secretString", "secretStringWoVersion")
    )


@replaces("aws:ec2/vpc:Vpc")
def _vpc(look: Look) -> bool:
    """https://docs.aws.amazon.com/vpc/latest/userguide/change-instance-tenancy.html"""
    tenancy = (look.before("instanceTenancy"), look.after("instanceTenancy"))
    return look.changes("instanceTenancy") and tenancy != ("dedicated", "default")


@replaces("aws:ec2/vpcEndpoint:VpcEndpoint")
def _vpc_endpoint(look: Look) -> bool:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html"""
    return look.changes("privateDnsEnabled") and look.after("vpcEndpointType") != "Interface"


@ignores("aws:ec2/securityGroupRule:SecurityGroupRule")
def _security_group_rule(look: Look, found: Difference) -> bool:
    """All protocols have no ports."""
    return found.path in ("fromPort", "toPort") and look.after("protocol") in ("-1", "all")


@ignores("aws:iam/role:Role")
def _role(look: Look, found: Difference) -> bool:
    """Inline policies are compared by what they allow: those that are not known yet allow nothing."""
    return found.path == "inlinePolicies" and is_unknown(found.after) and not found.before
