"""ElastiCache for Valkey and Redis OSS: who may log in, the replication group, its alarms and who is told."""

from . import access_string
from .access import CacheAccess, CacheLogin
from .access_arguments import CacheAccessArgs, CacheUser
from .alarm_topics import CacheAlarmTopics, CacheAlarmTopicsArgs
from .alarms import CacheAlarmSettings
from .autoscaling import CacheAutoscaling
from .replication_group import CacheReplicationGroup
from .replication_group_arguments import CacheReplicationGroupArgs

__all__ = [
    "CacheAccess",
    "CacheAccessArgs",
    "CacheAlarmSettings",
    "CacheAlarmTopics",
    "CacheAlarmTopicsArgs",
    "CacheAutoscaling",
    "CacheLogin",
    "CacheReplicationGroup",
    "CacheReplicationGroupArgs",
    "CacheUser",
    "access_string",
]
