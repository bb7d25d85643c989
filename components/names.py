"""Names: of resources in a program, and in the services that keep them.

A resource's name in the program is its parent's name and a role (`below`), or its owner's name and a key of the
caller's (`keyed`). A companion that exists once has its owner's name: their types tell them apart.

A physical name begins with the platform's. Parts are joined by a character that no part holds, so that two platforms
never claim one name: `_`, or `/` where the service takes it. ElastiCache takes neither; there the length of the
platform's name stands at the end. What would be too long keeps its beginning and ends in a digest of the whole.
"""

from hashlib import sha256

LONGEST = 48
"""Characters of a resource's name in the program. The engine's URN and AWS's generated names are made of it."""
_DIGEST = 8


def below(parent: str, role: str) -> str:
    """Names what a component makes once: `chat-prod` and `cache` make `chat-prod-cache`."""
    return _fitting(f"{parent}-{role}", LONGEST, "-")


def keyed(owner: str, key: str) -> str:
    """Names one of several of a type by the caller's stable key, which is never an index or a value."""
    return _fitting(f"{owner}-{key}", LONGEST, "-")


def digest(value: str) -> str:
    """A key in place of a value that no name shows, such as a person's address."""
    return sha256(value.encode()).hexdigest()[:_DIGEST]


# ---- AWS


def replication_group_id(platform: str) -> str:
    """At most 40 lower-case letters, digits and single hyphens.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"""
    return f"{platform}-cache"


def cache_user_id(platform: str, user: str) -> str:
    """Unique in the account and region; at most 40 letters, digits and hyphens.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html"""
    return _fitting(f"{platform}-{user}-{len(platform)}", 40, "-")  # the number says where the platform's name ends


def cache_iam_user_id(platform: str, user: str) -> str:
    """Id and name of the user that logs in with IAM. AWS wants both equal, and ids of an account are unique: so it
    stands beside the user that logs in with passwords, whose id never ends in `-iam`.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html"""
    return _fitting(f"{platform}-{user}-{len(platform)}-iam", 40, "-")


def user_group_id(platform: str) -> str:
    """At most 40 letters, digits and hyphens.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html"""
    return f"{platform}-cache"


def parameter_group(replication_group: str, family: str, cluster_mode: bool) -> str:
    """Names a parameter group with its family, which fits no other engine. At most 255 characters.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html"""
    return f"{replication_group}-{family}-cluster" if cluster_mode else f"{replication_group}-{family}"


def final_snapshot(replication_group: str) -> str:
    """Names the snapshot that a deleted cache leaves."""
    return f"{replication_group}-final"


def scaling_policy(replication_group: str, part: str) -> str:
    """Names the policy by which a part of a cache, such as its shards, follows the load."""
    return f"{replication_group}-{part}"


def log_group(replication_group: str, log: str) -> str:
    """Names a log group under `/aws/vendedlogs/`, which shares one resource policy.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html"""
    return f"/aws/vendedlogs/elasticache/{replication_group}/{log}"


def cache_alarm(replication_group: str, member: str, alarm: str) -> str:
    """At most 255 characters; unique in the account and region.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""
    return f"{replication_group}/{member}/{alarm}"


def cache_alarm_topic(platform: str, severity: str) -> str:
    """At most 256 letters, digits, hyphens and underscores; unique in the account and region.

    https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"""
    return f"{platform}_cache_{severity}"


def cache_alarm_channel(platform: str) -> str:
    """Names how a Slack channel is reached: at most 128 letters, digits, hyphens and underscores; unique in the account.

    https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html"""
    return f"{platform}_cache_alarms"


def secret(platform: str, application: str, label: str, prefix: str = "") -> str:
    """At most 512 letters, digits and `/_+=.@-`.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html"""
    return f"{prefix}{platform}/{application}/{label}"


def role(platform: str, application: str, purpose: str) -> str:
    """At most 64 letters, digits and `_+=,.@-`; unique in the account.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"""
    return _fitting(f"{platform}_{application}_{purpose}", 64, "_")


def key_alias(platform: str, *purpose: str) -> str:
    """At most 256 letters, digits and `/_-` after `alias/`.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html"""
    return "/".join(("alias", platform, *purpose))


# ---- Atlas


def project(platform: str) -> str:
    """At most 64 characters; unique in the organization.

    https://www.mongodb.com/docs/atlas/reference/atlas-limits/"""
    return platform


def cluster(platform: str) -> str:
    """Unique in the project; its first 23 characters make the host names.

    https://www.mongodb.com/docs/atlas/tutorial/create-new-cluster/"""
    return platform


def database_user(platform: str, application: str, purpose: str) -> str:
    """Unique in the Atlas project; safe in a connection string without encoding."""
    return f"{platform}_{application}_{purpose}"


def database_users_of_applications(platform: str) -> str:
    """A regular expression of the users that the platform's applications log in as, whichever there are."""
    return f"^{platform}_.+_[ab]$"


def prometheus_user(platform: str) -> str:
    """With which a Prometheus reads the metrics of the platform's project."""
    return f"{platform}_prometheus"


def database_role(platform: str, application: str) -> str:
    """Letters, digits, hyphens and underscores; unique in the Atlas project.

    https://www.mongodb.com/docs/atlas/reference/api-resources-spec/v2/#operation/createCustomDatabaseRole"""
    return f"{platform}_{application}"


# ---- how they are made


def _fitting(name: str, longest: int, separator: str) -> str:
    if len(name) <= longest:
        return name
    return f"{name[: longest - _DIGEST - 1].rstrip('-_')}{separator}{digest(name)}"
