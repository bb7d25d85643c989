"""What the component package exports."""

import pulumi

from .atlas.access_list import AtlasIpAccessList
from .atlas.alerts import AtlasAlerts
from .atlas.backup_schedule import AtlasBackupSchedule
from .atlas.cluster import AtlasCluster
from .atlas.database_access import AtlasDatabaseAccess
from .atlas.encryption_key import AtlasEncryptionKey
from .atlas.network_container import AtlasNetworkContainer
from .atlas.peering import AtlasPeering
from .atlas.private_link import AtlasPrivateLink
from .atlas.project import AtlasProject
from .cache import CacheAccess, CacheAlarmTopics, CacheReplicationGroup
from .keys import EncryptionKey
from .secrets import (
    ApplicationSecrets,
    DatabaseSecret,
    GeneratedSecret,
    GivenSecret,
    JwtSecret,
    SecretReader,
)

NAME = "dolmen"

EXPORTED: tuple[type[pulumi.ComponentResource], ...] = (
    ApplicationSecrets,
    AtlasAlerts,
    AtlasBackupSchedule,
    AtlasCluster,
    AtlasDatabaseAccess,
    AtlasEncryptionKey,
    AtlasIpAccessList,
    AtlasNetworkContainer,
    AtlasPeering,
    AtlasPrivateLink,
    AtlasProject,
    CacheAccess,
    CacheAlarmTopics,
    CacheReplicationGroup,
    DatabaseSecret,
    EncryptionKey,
    GeneratedSecret,
    GivenSecret,
    JwtSecret,
    SecretReader,
)
