"""What a replication group is asked for, and what it has where nothing is said."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi

from .alarms import CacheAlarmSettings
from .autoscaling import CacheAutoscaling

ENGINE = "valkey"
SHARDS = 1
REPLICAS = 1
MULTI_AZ = True
PORT = 6379
MAINTENANCE_WINDOW = "sun:17:00-sun:18:00"
SNAPSHOT_WINDOW = "19:00-20:00"
SNAPSHOT_RETENTION_DAYS = 7
MINOR_UPGRADES = False
APPLY_IMMEDIATELY = True
SLOW_LOG = True
ENGINE_LOG = True
LOG_RETENTION_DAYS = 30


class CacheReplicationGroupArgs(TypedDict):
    replication_group_id: str
    """1 to 40 lower-case letters, digits and single hyphens; unique in the account and region. Changing it replaces."""
    engine: NotRequired[str | None]
    """`valkey` or `redis` (Redis OSS). Default: valkey."""
    version: str
    """The engine's version, such as `9.0`. An upgrade is in place, a downgrade replaces."""
    node_type: str
    """Such as `cache.r7g.large`."""
    cluster_mode: bool
    """Whether keys are spread over shards; clients must then speak the cluster protocol, even with one shard."""
    shards: NotRequired[int | None]
    """Shards in cluster mode: 1 to 500. Default: 1."""
    replicas: NotRequired[int | None]
    """Replicas of each shard: 0 to 5. Default: 1."""
    autoscaling: NotRequired[CacheAutoscaling | None]
    """Shards and replicas that follow the load, in cluster mode: `shards` and `replicas` then say how many there are at
    the beginning, and are not compared later. Default: none."""
    multi_az: NotRequired[bool | None]
    """Whether a replica in another zone takes over by itself. Default: true."""
    durability: str
    """What a failure may lose: `sync` nothing acknowledged, `async` at most 10 s of writes, `snapshots` everything since
    the last snapshot."""
    user_group_id: pulumi.Input[str]
    """The users that may log in: `CacheAccess.user_group_id`."""
    vpc_id: pulumi.Input[str]
    """The VPC of subnets and clients."""
    private_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Private subnets in at least two zones."""
    preferred_zones: NotRequired[list[pulumi.Input[str]] | None]
    """The zones of the primary and of each replica, in this order, with cluster mode disabled. They count when a node is
    made; a later change moves none. Default: ElastiCache chooses among the zones of the subnets."""
    client_security_group_ids: dict[str, pulumi.Input[str]]
    """Security groups of the clients, each by a name of yours that stays the same: only these may connect."""
    port: NotRequired[int | None]
    """Changing it replaces. Default: 6379."""
    parameters: NotRequired[dict[str, str] | None]
    """Engine parameters, beside Dolmen's own and above them. Default: none beside."""
    kms_key_arn: NotRequired[pulumi.Input[str] | None]
    """Key for data at rest. Changing it replaces. Default: a key that AWS owns."""
    maintenance_window: NotRequired[str | None]
    """When AWS may patch, in UTC, at least an hour. Default: sun:17:00-sun:18:00."""
    snapshot_window: NotRequired[str | None]
    """When the daily snapshot begins, in UTC, at least an hour, apart from the other. Default: 19:00-20:00."""
    snapshot_retention_days: NotRequired[int | None]
    """0 (no snapshots) to 35. Default: 7."""
    final_snapshot: NotRequired[bool | None]
    """Whether a snapshot is taken when the group is deleted. Default: as `protect_data`."""
    seed_snapshot: NotRequired[pulumi.Input[str] | None]
    """A snapshot of ElastiCache that a new group is filled from. Of a group that exists it changes nothing; one that is
    replaced for another reason is filled from it. Default: none."""
    seed_rdb: NotRequired[list[pulumi.Input[str]] | None]
    """ARNs of RDB files in S3, in its place. ElastiCache must be allowed to read them. Default: none."""
    minor_upgrades: NotRequired[bool | None]
    """Whether AWS raises the minor version by itself; `version` then reads as a downgrade, which replaces. Default:
    false."""
    apply_immediately: NotRequired[bool | None]
    """Whether a change takes effect with the deployment, or in the next maintenance window. Default: true."""
    slow_log: NotRequired[bool | None]
    """Whether the slow log goes to CloudWatch. Default: true."""
    engine_log: NotRequired[bool | None]
    """Whether the engine log goes to CloudWatch. Default: true."""
    log_retention_days: NotRequired[int | None]
    """Days that CloudWatch keeps both logs. Default: 30."""
    log_kms_key_arn: NotRequired[pulumi.Input[str] | None]
    """Key for both logs; its policy must let CloudWatch Logs use it. Default: a key that AWS owns."""
    alarms: NotRequired[CacheAlarmSettings | None]
    """Alarms for every member, with the topics that they go to. Default: none."""
    protect_data: bool
    """Whether the group is protected against deletion, and kept when it leaves the program."""
    description: NotRequired[pulumi.Input[str] | None]
    """For people, in the AWS console."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
    """Tags of everything that takes tags."""
