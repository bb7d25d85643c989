"""What the component package exports."""

import pulumi

from components.atlas.access_list import AtlasIpAccessList
from components.atlas.alerts import AtlasAlerts
from components.atlas.backup_schedule import AtlasBackupSchedule
from components.atlas.cluster import AtlasCluster
from components.atlas.database_access import AtlasDatabaseAccess
from components.atlas.encryption_key import AtlasEncryptionKey
from components.atlas.network_container import AtlasNetworkContainer
from components.atlas.peering import AtlasPeering
from components.atlas.private_link import AtlasPrivateLink
from components.atlas.project import AtlasProject
from components.cache.access import CacheAccess
from components.cache.alarms import CacheAlarms
from components.cache.encryption_key import CacheEncryptionKey
from components.cache.replication_group import CacheReplicationGroup
from components.platform import DataPlatform
from components.secrets.application import ApplicationSecrets
from components.secrets.database import DatabaseSecret
from components.secrets.generated import GeneratedSecret
from components.secrets.given import GivenSecret
from components.secrets.jwt import JwtSecret
from components.secrets.key import SecretsKey
from components.secrets.reader import SecretReader

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
    DataPlatform,
    DatabaseSecret,
    GeneratedSecret,
    GivenSecret,
    JwtSecret,
    SecretReader,
    SecretsKey,
)
