"""The cache on a platform: its components, joined, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from .. import names
from ..cache import CacheAccess, CacheAlarmSettings, CacheAlarmTopics, CacheReplicationGroup
from ..cache.key_policies import cache_key_policy, log_key_policy
from ..identity import caller_identity
from ..keys import EncryptionKey
from . import cache
from .cache_users import SERVICE_USERS
from .made_cache_users import made_cache_users
from .parts import CachePart
from .secret_values import SecretOf
from .secrets import CacheUse


@dataclass(frozen=True)
class MadeCache:
    """What the rest of a platform sees of the cache; as it stands, of a platform without one."""

    output: Mapping[str, object] = field(default_factory=dict[str, object])
    """Its part of the stack output."""
    uses: Mapping[str, CacheUse] = field(default_factory=dict[str, CacheUse])
    """Application → its login, for those that use the cache."""


def made_cache(name: str, part: CachePart | None, secret: SecretOf, parent: pulumi.Resource) -> MadeCache:
    """Makes the cache with everybody's logins, where the platform has one."""
    return MadeCache() if part is None else _Making(name, part, secret, parent).made


class _Making:
    def __init__(self, name: str, part: CachePart, secret: SecretOf, parent: pulumi.Resource) -> None:
        self._part, self._secret, self._parent = part, secret, parent
        self._child = child = pulumi.ResourceOptions(parent=parent)
        access = CacheAccess(names.below(name, "access"), cache.cache_access_args(part), child)
        key_arn, log_key_arn = self._keys(name)
        args = cache.cache_replication_group_args(
            part,
            user_group_id=access.user_group_id,
            key_arn=key_arn,
            log_key_arn=log_key_arn,
            alarm_settings=self._alarms(names.below(name, "alarms"), key_arn),
        )
        group = CacheReplicationGroup(name, args, child)
        uses = {called: CacheUse(login, group) for called, login in access.logins.items()}
        own = {label: uses.pop(label) for label in SERVICE_USERS}
        users = made_cache_users(name, part, own, key_arn, parent)
        self.made = MadeCache({"cache": {**_output(access, group), "ownLogins": users}}, uses)

    def _keys(self, name: str) -> tuple[pulumi.Output[str] | None, pulumi.Output[str] | None]:
        """Makes the cache's key and its logs' own, where the stack asks for them."""
        part, key_arn, log_key_arn = self._part, None, None
        if cache.creates(part.cache.encryption_key):
            policy = caller_identity(self._parent).apply(cache_key_policy)
            key_arn = EncryptionKey(names.below(name, "key"), cache.cache_key_args(part, policy), self._child).key_arn
        if cache.creates(part.cache.logs.encryption_key):
            policy = caller_identity(self._parent).apply(log_key_policy)
            log_key = EncryptionKey(names.below(name, "logs-key"), cache.cache_log_key_args(part, policy), self._child)
            log_key_arn = log_key.key_arn
        return key_arn, log_key_arn

    def _alarms(self, name: str, key_arn: pulumi.Output[str] | None) -> CacheAlarmSettings | None:
        section = self._part.cache.alarms
        if section is None:
            return None
        if section.topic_arn is not None:
            return cache.cache_alarm_settings(
                section, warnings_topic_arn=section.topic_arn, severe_topic_arn=section.topic_arn
            )
        pager_duty_key = None if section.pager_duty is None else self._secret(section.pager_duty.key)
        args = cache.cache_alarm_topics_args(self._part, section, key_arn=key_arn, pager_duty_key=pager_duty_key)
        topics = CacheAlarmTopics(name, args, self._child)
        return cache.cache_alarm_settings(
            section, warnings_topic_arn=topics.warnings_topic_arn, severe_topic_arn=topics.severe_topic_arn
        )


def _output(access: CacheAccess, group: CacheReplicationGroup) -> dict[str, object]:
    return {
        "replicationGroupId": group.replication_group_id,
        "arn": group.arn,
        "endpoint": group.endpoint,
        "readerEndpoint": group.reader_endpoint,
        "port": group.port,
        "tls": group.tls,
        "clusterMode": group.cluster_mode,
        "userNames": access.user_names,
        "usableMemoryBytes": group.usable_memory_bytes,
        "connectionLimit": group.connection_limit,
    }
