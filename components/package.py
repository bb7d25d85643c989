"""What the component package exports."""

import pulumi

from .atlas import (
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
)
from .cache.access import CacheAccess
from .cache.alarms import CacheAlarms
from .cache.encryption_key import CacheEncryptionKey
from .cache.replication_group import CacheReplicationGroup
from .keys import EncryptionKey
from .secrets.application import ApplicationSecrets
from .secrets.database import DatabaseSecret
from .secrets.generated import GeneratedSecret
from .secrets.given import GivenSecret
from .secrets.jwt import JwtSecret
from .secrets.key import SecretsKey
from .secrets.reader import SecretReader

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
    CacheAlarms,
    CacheEncryptionKey,
    CacheReplicationGroup,
    DatabaseSecret,
    EncryptionKey,
    GeneratedSecret,
    GivenSecret,
    JwtSecret,
    SecretReader,
    SecretsKey,
)
