"""ElastiCache, Secrets Manager, KMS, SNS, CloudWatch, Lambda."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_random as random

from tests.policies.programs import OWN_ACCOUNT, Case, Program, policy

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup"
CLUSTER = "aws:elasticache/cluster:Cluster"
SERVERLESS = "aws:elasticache/serverlessCache:ServerlessCache"
USER = "aws:elasticache/user:User"
USERS = "aws:elasticache/userGroup:UserGroup"
SECRET = "aws:secretsmanager/secret:Secret"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
KEY = "aws:kms/key:Key"
TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
LOGS = "aws:cloudwatch/logGroup:LogGroup"
LOGS_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
PERMISSION = "aws:lambda/permission:Permission"
URL = "aws:lambda/functionUrl:FunctionUrl"
KEY_ARN = "arn:aws:kms:ap-northeast-2:123456789012:key/k"
TOPIC_ARN = "arn:aws:sns:ap-northeast-2:123456789012:t"

SAFE_RIGHTS = "on ~app:* resetchannels &app:* +@all -@dangerous +info"
LOG = {"destination": "group", "destinationType": "cloudwatch-logs", "logFormat": "json"}


def cache(p: Program, name: str = "cache", options: Any = None, /, **over: Any) -> Any:
    return p.add(
        GROUP,
        name,
        options or {"protect": True},
        **{
            "replicationGroupId": name,
            "engine": "valkey",
            "engineVersion": "9.0",
            "transitEncryptionEnabled": True,
            "transitEncryptionMode": "required",
            "atRestEncryptionEnabled": True,
            "kmsKeyId": KEY_ARN,
            "userGroupIds": ["users"],
            "automaticFailoverEnabled": True,
            "multiAzEnabled": True,
            "numNodeGroups": 1,
            "replicasPerNodeGroup": 1,
            "snapshotRetentionLimit": 7,
            "finalSnapshotIdentifier": "last",
            "subnetGroupName": "private",
            "securityGroupIds": ["sg-1"],
            "logDeliveryConfigurations": [{**LOG, "logType": "slow-log"}, {**LOG, "logType": "engine-log"}],
            **over,
        },
    )


def reserved(p: Program, percent: str) -> Any:
    return p.add(PARAMETERS, "parameters", parameters=[{"name": "reserved-memory-percent", "value": percent}])


def single(p: Program, **over: Any) -> Any:
    return p.add(CLUSTER, "cache", **{"engine": "memcached", "transitEncryptionEnabled": True, **over})


def user(p: Program, name: str = "app", /, **over: Any) -> Any:
    return p.add(
        USER,
        name,
        **{
            "userId": name,
            "userName": name,
            "engine": "valkey",
            "accessString": SAFE_RIGHTS,
            "passwords": pulumi.Output.secret(["‹config app:password›"]),
            **over,
        },
    )


def published(p: Program, rights: str) -> None:
    login = user(p, accessString=rights)
    secret = p.add(SECRET, "secret", name="app/database")
    p.add(VERSION, "version", secretId=secret.id, secretString=pulumi.Output.secret(login.id))


def alarm(p: Program, metric: str = "Evictions", /, **over: Any) -> Any:
    return p.add(
        ALARM,
        metric,
        **{
            "namespace": "AWS/ElastiCache",
            "metricName": metric,
            "comparisonOperator": "GreaterThanThreshold",
            "threshold": 80,
            "alarmActions": [TOPIC_ARN],
            "dimensions": {"CacheClusterId": "cache-001"},
            **over,
        },
    )


def watched(p: Program, *metrics: str, **over: Any) -> None:
    cache(p, **over)
    for metric in metrics:
        alarm(p, metric)


ALL_METRICS = ("DatabaseMemoryUsagePercentage", "CPUUtilization", "CurrConnections", "Evictions", "ReplicationLag")


def secret(p: Program, name: str = "secret", /, **over: Any) -> Any:
    return p.add(
        SECRET, name, {"protect": True}, **{"name": "app/x", "kmsKeyId": KEY_ARN, "recoveryWindowInDays": 30, **over}
    )


def key(p: Program, **over: Any) -> Any:
    return p.add(
        KEY,
        "key",
        {"protect": True},
        **{
            "enableKeyRotation": True,
            "deletionWindowInDays": 30,
            "policy": policy(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ),
            **over,
        },
    )


def everybody(**more: Any) -> str:
    return policy({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", **more})


def password(p: Program, **over: Any) -> random.RandomPassword:
    return random.RandomPassword(
        "password", **{"length": 40, "keepers": {"generation": "1"}, **over}, opts=pulumi.ResourceOptions(**p.options)
    )


def login(p: Program, **over: Any) -> random.RandomPassword:
    made = password(p, **over)
    user(p, passwords=[made.result])
    return made


def held(p: Program, *, off: bool = False) -> None:
    """A login with two generations, one of which clients read; and one that is switched off."""
    read, waiting = (
        random.RandomPassword(
            name,
            length=40,
            keepers={"login": "app", "generation": generation},
            opts=pulumi.ResourceOptions(**p.options),
        )
        for name, generation in (("read", "1"), ("waiting", "2"))
    )
    user(p, "app-a", passwords=[read.result])
    user(p, "app-b", passwords=[waiting.result])
    p.add(VERSION, "version", secretId=secret(p).id, secretString=pulumi.Output.secret(read.result))
    if off:
        user(p, "default", accessString="off ~* -@all", passwords=[password(p).result])


def rotated(p: Program) -> None:
    made = login(p, keepers=None)
    kept = secret(p)
    p.add(VERSION, "version", secretId=kept.id, secretString=made.result)
    p.add(ROTATION, "rotation", secretId=kept.id, rotationRules={"automaticallyAfterDays": 30})


def service_topic_policy(condition: Any) -> str:
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": TOPIC_ARN,
    }
    if condition:
        statement["Condition"] = condition
    plaintext = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": TOPIC_ARN,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return policy(statement, plaintext)


def used_key(p: Program, **over: Any) -> None:
    made = key(p, **over)
    cache(p, kmsKeyId=made.id)


def heard(p: Program, subscriber: str | None) -> None:
    topic = p.add(TOPIC, "topic", kmsMasterKeyId=KEY_ARN)
    alarm(p, "Evictions", alarmActions=[topic.id])
    if subscriber == "email":
        p.add(SUBSCRIPTION, "subscription", topic=topic.id, protocol="email", endpoint="ops@company.com")
    elif subscriber == "chat":
        p.add("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", "chat", snsTopicArns=[topic.id])


CASES = {
    "sns-subscribed": Case(
        keeps=lambda p: heard(p, "email"), breaks=lambda p: heard(p, None), near=lambda p: heard(p, "chat")
    ),
    "elasticache-tls": Case(
        keeps=cache,
        breaks=lambda p: cache(p, transitEncryptionMode="preferred"),
        near=lambda p: cache(p, transitEncryptionEnabled="true", transitEncryptionMode=None),
    ),
    "elasticache-encrypted-at-rest": Case(
        keeps=cache,
        breaks=lambda p: cache(p, engine="redis", atRestEncryptionEnabled=None),
        near=lambda p: cache(p, engine="valkey", atRestEncryptionEnabled=None),
    ),
    "elasticache-own-key": Case(
        keeps=cache,
        breaks=lambda p: cache(p, kmsKeyId=None),
        near=lambda p: cache(p, kmsKeyId=None),
        near_tier="staging",
    ),
    "elasticache-authentication": Case(
        keeps=cache,
        breaks=lambda p: cache(p, userGroupIds=[]),
        near=lambda p: cache(p, userGroupIds=None, authToken=pulumi.Output.secret("‹config app:token›")),
    ),
    "elasticache-users-not-token": Case(
        keeps=cache,
        breaks=lambda p: cache(p, authToken=pulumi.Output.secret("‹config app:token›")),
        near=lambda p: cache(p, authToken=""),
    ),
    "elasticache-automatic-failover": Case(
        keeps=cache,
        breaks=lambda p: cache(p, automaticFailoverEnabled=None),
        near=lambda p: cache(p, automaticFailoverEnabled=False, replicasPerNodeGroup=0),
        near_tier="development",
    ),
    "elasticache-multi-az": Case(
        keeps=cache,
        breaks=lambda p: cache(p, multiAzEnabled=None),
        near=lambda p: single(p, numCacheNodes=1),
    ),
    "elasticache-replicas": Case(
        keeps=cache,
        breaks=lambda p: cache(p, replicasPerNodeGroup=0),
        near=lambda p: cache(
            p, replicasPerNodeGroup=None, numNodeGroups=None, nodeGroupConfigurations=[{"replicaCount": 1}]
        ),
    ),
    "elasticache-backup": Case(
        keeps=cache,
        breaks=lambda p: cache(p, snapshotRetentionLimit=6),
        near=lambda p: cache(p, snapshotRetentionLimit="3"),
        near_tier="staging",
    ),
    "elasticache-final-snapshot": Case(
        keeps=cache,
        breaks=lambda p: cache(p, finalSnapshotIdentifier=None),
        near=lambda p: single(p),
    ),
    "elasticache-minor-upgrades": Case(
        keeps=cache,
        breaks=lambda p: cache(p, engineVersion=None, autoMinorVersionUpgrade=False),
        near=lambda p: cache(p, engineVersion="9.0", autoMinorVersionUpgrade=False),
    ),
    "elasticache-supported-version": Case(
        keeps=cache,
        breaks=lambda p: cache(p, engine="redis", engineVersion="5.0.6"),
        near=lambda p: cache(p, engine="redis", engineVersion="6.x"),
    ),
    "elasticache-subnet-group": Case(
        keeps=cache,
        breaks=lambda p: cache(p, subnetGroupName="default"),
        near=lambda p: cache(p, subnetGroupName="default-private"),
    ),
    "elasticache-security-group": Case(
        keeps=cache,
        breaks=lambda p: cache(p, securityGroupIds=[]),
        near=lambda p: cache(p, securityGroupIds=[secret(p).id]),
    ),
    "elasticache-logs": Case(
        keeps=cache,
        breaks=lambda p: cache(p, logDeliveryConfigurations=[{**LOG, "logType": "slow-log"}]),
        near=lambda p: cache(
            p,
            logDeliveryConfigurations=[
                {**LOG, "logType": kind, "destination": secret(p, kind).id} for kind in ("slow-log", "engine-log")
            ],
        ),
    ),
    "elasticache-durability": Case(
        keeps=lambda p: cache(p, durability="async"),
        breaks=lambda p: cache(p, durability="disabled"),
        near=lambda p: cache(p, durability=None),
    ),
    "elasticache-burstable-nodes": Case(
        keeps=lambda p: cache(p, nodeType="cache.r7g.large"),
        breaks=lambda p: cache(p, nodeType="cache.t4g.medium"),
        near=lambda p: cache(p, nodeType="cache.t4g.medium"),
        near_tier="staging",
    ),
    "elasticache-reserved-memory": Case(
        keeps=lambda p: reserved(p, "25"),
        breaks=lambda p: reserved(p, "40"),
        near=lambda p: p.add(PARAMETERS, "parameters", parameters=[{"name": "timeout", "value": "40"}]),
    ),
    "elasticache-node-quota": Case(
        keeps=cache,
        breaks=lambda p: cache(p, numNodeGroups=60, replicasPerNodeGroup=1),
        near=lambda p: cache(p, numNodeGroups=90, replicasPerNodeGroup=0),
    ),
    "elasticache-replication-group": Case(
        keeps=single,
        breaks=lambda p: single(p, engine="redis"),
        near=lambda p: single(p, engine=None, replicationGroupId="cache"),
    ),
    "elasticache-user-password": Case(
        keeps=user,
        breaks=lambda p: user(p, passwords=None, authenticationMode={"type": "no-password-required"}),
        near=lambda p: user(p, passwords=None, authenticationMode={"type": "iam"}),
    ),
    "elasticache-user-rights": Case(
        keeps=user,
        breaks=lambda p: user(p, accessString="on -@dangerous ~* allcommands"),
        near=lambda p: user(p, accessString="off ~* +@all"),
    ),
    "elasticache-application-keys": Case(
        keeps=lambda p: published(p, SAFE_RIGHTS),
        breaks=lambda p: published(p, "on ~* &* +@all -@dangerous"),
        near=lambda p: published(p, "on ~* &* +@all -@dangerous +client|kill"),  # people's own login
    ),
    "elasticache-default-user": Case(
        keeps=lambda p: p.add(USERS, engine="redis", userGroupId="u", userIds=["app", "chat-default"]),
        breaks=lambda p: p.add(USERS, engine="redis", userGroupId="u", userIds=["default", "app"]),
        near=lambda p: (
            p.add(USERS, engine="valkey", userGroupId="u", userIds=["app"]),
            user(p, "no-one", userName="default", accessString="off ~* -@all"),
        ),
    ),
    "elasticache-alarms": Case(
        keeps=lambda p: watched(p, *ALL_METRICS),
        breaks=lambda p: watched(p, *ALL_METRICS[1:]),
        near=lambda p: watched(p, *ALL_METRICS[:-1], numCacheClusters=1),
    ),
    "secretsmanager-own-key": Case(
        keeps=secret,
        breaks=lambda p: secret(p, kmsKeyId=None),
        near=lambda p: secret(p, kmsKeyId=key(p).id),
    ),
    "secretsmanager-recovery": Case(
        keeps=secret,
        breaks=lambda p: secret(p, recoveryWindowInDays=0),
        near=lambda p: secret(p, recoveryWindowInDays=0),
        near_tier="development",
    ),
    "secretsmanager-full-recovery": Case(
        keeps=secret,
        breaks=lambda p: secret(p, recoveryWindowInDays=7),
        near=lambda p: secret(p, recoveryWindowInDays=None),
    ),
    "secretsmanager-no-public-policy": Case(
        keeps=lambda p: p.add(
            SECRET_POLICY,
            secretArn="x",
            blockPublicPolicy=True,
            policy=policy({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}),
        ),
        breaks=lambda p: p.add(
            SECRET_POLICY, secretArn="x", blockPublicPolicy=True, policy=everybody(Principal={"AWS": ["*"]})
        ),
        near=lambda p: p.add(
            SECRET_POLICY, secretArn="x", blockPublicPolicy=True, policy=everybody(Condition=OWN_ACCOUNT)
        ),
    ),
    "secretsmanager-resource-policy": Case(
        keeps=lambda p: p.add(SECRET_POLICY, secretArn=secret(p).id, blockPublicPolicy=True, policy=policy()),
        breaks=secret,
        near=lambda p: secret(p, policy=policy({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"})),
    ),
    "secretsmanager-rotation-period": Case(
        keeps=lambda p: p.add(ROTATION, secretId="s", rotationRules={"automaticallyAfterDays": 90}),
        breaks=lambda p: p.add(ROTATION, secretId="s", rotationRules={"scheduleExpression": "rate(91 days)"}),
        near=lambda p: p.add(ROTATION, secretId="s", rotationRules={"scheduleExpression": "cron(0 8 1 * ? *)"}),
    ),
    "password-in-secret": Case(keeps=held, breaks=login, near=lambda p: held(p, off=True)),
    "credential-rotation": Case(
        keeps=login,
        breaks=lambda p: login(p, keepers={"made": "2020-01-01"}),
        near=rotated,
    ),
    "secret-kept-secret": Case(
        keeps=user,
        breaks=lambda p: user(p, passwords=["‹config app:password›"]),
        near=lambda p: user(p, passwords=[pulumi.Output.secret("‹config app:password›")]),
    ),
    "secret-not-in-program": Case(
        keeps=lambda p: user(p, passwords=[password(p).result]),
        breaks=lambda p: user(p, passwords=pulumi.Output.secret(["hunter2-hunter2-hunter2"])),
        near=lambda p: p.add(
            VERSION, secretId="s", secretString=pulumi.Output.secret('{"host": "cache.example.com", "port": 6379}')
        ),
    ),
    "secret-not-in-plain-property": Case(
        keeps=lambda p: secret(p, tags={"secret-owner": "team-chat", "token-name": "deploy"}),
        breaks=lambda p: p.add(TOPIC, displayName=password(p).result),
        near=lambda p: secret(
            p, description="https://user@example.com/path", tags={"password-policy": "rotate-every-90-days"}
        ),
    ),
    "secret-generated-secretly": Case(
        keeps=lambda p: user(p, passwords=[password(p).result]),
        breaks=lambda p: user(
            p, passwords=[random.RandomString("string", length=40, opts=pulumi.ResourceOptions(**p.options)).result]
        ),
        near=lambda p: user(
            p, userId=random.RandomString("string", length=8, opts=pulumi.ResourceOptions(**p.options)).result
        ),
    ),
    "secret-strength": Case(
        keeps=password,
        breaks=lambda p: password(p, length=16),
        near=lambda p: password(p, length=24, special=False),
    ),
    "kms-rotation": Case(
        keeps=key,
        breaks=lambda p: key(p, rotationPeriodInDays=2560),
        near=lambda p: key(p, enableKeyRotation=None, customerMasterKeySpec="RSA_4096", keyUsage="SIGN_VERIFY"),
    ),
    "kms-enabled": Case(keeps=key, breaks=lambda p: key(p, isEnabled=False), near=lambda p: key(p, isEnabled="true")),
    "kms-policy-defined": Case(
        keeps=key, breaks=lambda p: key(p, policy=None), near=lambda p: key(p, policy=secret(p).id)
    ),
    "kms-no-public-policy": Case(
        keeps=key,
        breaks=lambda p: key(p, policy=everybody(Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}})),
        near=lambda p: key(p, policy=everybody(Condition={"StringEquals": {"kms:CallerAccount": "123456789012"}})),
    ),
    "kms-lockout-check": Case(
        keeps=key,
        breaks=lambda p: key(p, bypassPolicyLockoutSafetyCheck=True),
        near=lambda p: key(p, bypassPolicyLockoutSafetyCheck="false"),
    ),
    "kms-single-region": Case(
        keeps=key, breaks=lambda p: key(p, multiRegion=True), near=lambda p: key(p, multiRegion=False)
    ),
    "kms-data-key-deletion-window": Case(
        keeps=used_key,
        breaks=lambda p: used_key(p, deletionWindowInDays=7),
        near=lambda p: p.add(TOPIC, kmsMasterKeyId=key(p, deletionWindowInDays=7).id),
    ),
    "sns-encrypted": Case(
        keeps=lambda p: p.add(TOPIC, kmsMasterKeyId=KEY_ARN),
        breaks=lambda p: p.add(TOPIC, kmsMasterKeyId=""),
        near=lambda p: p.add(TOPIC, kmsMasterKeyId=key(p).id),
    ),
    "sns-own-key": Case(
        keeps=lambda p: p.add(TOPIC, kmsMasterKeyId=KEY_ARN),
        breaks=lambda p: p.add(TOPIC, kmsMasterKeyId="alias/aws/sns"),
        near=lambda p: p.add(TOPIC, kmsMasterKeyId="alias/chat/sns"),
    ),
    "sns-no-public-policy": Case(
        keeps=lambda p: p.add(TOPIC_POLICY, arn=TOPIC_ARN, policy=service_topic_policy(OWN_ACCOUNT)),
        breaks=lambda p: p.add(
            TOPIC_POLICY, arn=TOPIC_ARN, policy=service_topic_policy({"ArnLike": {"aws:SourceArn": "*"}})
        ),
        near=lambda p: p.add(
            TOPIC,
            kmsMasterKeyId=KEY_ARN,
            policy=everybody(Condition={"StringEquals": {"AWS:SourceOwner": "123456789012"}}),
        ),
    ),
    "sns-tls": Case(
        keeps=lambda p: p.add(TOPIC_POLICY, arn=TOPIC_ARN, policy=service_topic_policy(OWN_ACCOUNT)),
        breaks=lambda p: p.add(TOPIC_POLICY, arn=TOPIC_ARN, policy=everybody(Condition=OWN_ACCOUNT)),
        near=lambda p: p.add(TOPIC_POLICY, arn=TOPIC_ARN, policy=secret(p).id),
    ),
    "sns-https-subscription": Case(
        keeps=lambda p: p.add(SUBSCRIPTION, topic=TOPIC_ARN, protocol="https", endpoint="https://example.com"),
        breaks=lambda p: p.add(SUBSCRIPTION, topic=TOPIC_ARN, protocol="http", endpoint="http://example.com"),
        near=lambda p: p.add(SUBSCRIPTION, topic=TOPIC_ARN, protocol="email", endpoint="http@example.com"),
    ),
    "logs-retention": Case(
        keeps=lambda p: p.add(LOGS, retentionInDays=30),
        breaks=lambda p: p.add(LOGS, name="forever"),
        near=lambda p: p.add(LOGS, retentionInDays="14"),
        near_tier="staging",
    ),
    "logs-own-key": Case(
        keeps=lambda p: p.add(LOGS, retentionInDays=30, kmsKeyId=KEY_ARN),
        breaks=lambda p: p.add(LOGS, retentionInDays=30),
        near=lambda p: p.add(LOGS, retentionInDays=30, kmsKeyId=key(p).id),
    ),
    "logs-no-public-policy": Case(
        keeps=lambda p: p.add(LOGS_POLICY, policyName="n", policyDocument=service_topic_policy(OWN_ACCOUNT)),
        breaks=lambda p: p.add(LOGS_POLICY, policyName="n", policyDocument=everybody()),
        near=lambda p: p.add(LOGS_POLICY, policyName="n", policyDocument=everybody(Effect="Deny")),
    ),
    "alarm-actions": Case(
        keeps=alarm,
        breaks=lambda p: alarm(p, actionsEnabled=False),
        near=lambda p: alarm(p, alarmActions=[secret(p).id]),
    ),
    "alarm-threshold": Case(
        keeps=lambda p: alarm(p, "CPUUtilization"),
        breaks=lambda p: alarm(p, "CPUUtilization", threshold=99),
        near=lambda p: alarm(p, "CurrConnections", threshold=52_000),
    ),
    "lambda-permission": Case(
        keeps=lambda p: p.add(PERMISSION, principal="secretsmanager.amazonaws.com", sourceAccount="123456789012"),
        breaks=lambda p: p.add(PERMISSION, principal="secretsmanager.amazonaws.com"),
        near=lambda p: p.add(PERMISSION, principal="*", principalOrgId="o-12345"),
    ),
    "lambda-url": Case(
        keeps=lambda p: p.add(URL, functionName="f", authorizationType="AWS_IAM"),
        breaks=lambda p: p.add(URL, functionName="f", authorizationType="NONE"),
        near=lambda p: p.add(
            URL, functionName="f", authorizationType="AWS_IAM", cors={"allowOrigins": ["https://example.com"]}
        ),
    ),
}
