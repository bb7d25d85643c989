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
    queries = look.after("metricQueries") or []
    if any(entry.get("expression") and entry.get("metric") for entry in queries if isinstance(entry, dict)):
        yield "a metric query has an expression or a metric"
    if any(look.unknown(name) for name in ("metricName", "metricQueries", "statistic", "extendedStatistic")):
        return
    if look.after("metricName") or queries:
        for name in ("comparisonOperator", "evaluationPeriods"):
            if not look.after(name):
                yield f"{name} is required"
    if look.after("metricName") and bool(look.after("statistic")) == bool(look.after("extendedStatistic")):
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
    """Another value is another version, also on the way to or from a write-only one; a first value is an update.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret_version
    """
    stored, write_only = look.before("secretString"), look.inputs.get("secretStringWo")
    if write_only is not None and stored:
        return write_only != stored
    if look.before("hasSecretStringWo") and look.planned.get("secretString") is not None:
        return True
    return any(
        look.before(name) and (look.unknown(name) or (look.after(name) and look.changes(name)))
        for name in ("secretString", "secretStringWoVersion")
    )


@replaces("aws:ec2/subnet:Subnet")
def _subnet(look: Look) -> bool:
    """https://docs.aws.amazon.com/vpc/latest/userguide/modify-subnets.html"""
    return look.changes("ipv6CidrBlock") and bool(look.before("assignIpv6AddressOnCreation"))


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
