"""MongoDB Atlas: project, cluster, private networks, users, backup, alerts."""

from .access_list import AtlasIpAccessList, AtlasIpAccessListArgs
from .alert_arguments import AtlasAlert, AtlasAlertMatcher, AtlasAlertsArgs
from .alerts import AtlasAlerts
from .auditing import AtlasAuditing, AtlasAuditingArgs
from .backup_copies import AtlasBackupCopy
from .backup_schedule import (
    AtlasBackupSchedule,
    AtlasBackupScheduleArgs,
    AtlasDailySnapshots,
    AtlasHourlySnapshots,
    AtlasMonthlySnapshots,
    AtlasWeeklySnapshots,
    AtlasYearlySnapshots,
)
from .cluster import AtlasCluster
from .cluster_arguments import AtlasAutoscaling, AtlasClusterArgs, AtlasClusterRegion, AtlasComputeAutoscaling
from .database_access import AtlasDatabaseAccess, AtlasDatabaseAccessArgs
from .encryption_key import AtlasEncryptionKey, AtlasEncryptionKeyArgs, atlas_key_policy
from .log_export import AtlasLogExport, AtlasLogExportArgs
from .network_container import AtlasNetworkContainer, AtlasNetworkContainerArgs
from .peering import AtlasPeering, AtlasPeeringArgs
from .private_link import AtlasPrivateLink
from .private_link_arguments import AtlasPrivateLinkArgs
from .project import AtlasMaintenanceWindow, AtlasProject, AtlasProjectArgs, AtlasProtectedHours
from .prometheus import AtlasPrometheus, AtlasPrometheusArgs
from .provider import AtlasProviderArgs, atlas_provider
from .standing_alerts import standing_alerts

__all__ = [
    "AtlasAlert",
    "AtlasAlertMatcher",
    "AtlasAlerts",
    "AtlasAlertsArgs",
    "AtlasAuditing",
    "AtlasAuditingArgs",
    "AtlasAutoscaling",
    "AtlasBackupCopy",
    "AtlasBackupSchedule",
    "AtlasBackupScheduleArgs",
    "AtlasCluster",
    "AtlasClusterArgs",
    "AtlasClusterRegion",
    "AtlasComputeAutoscaling",
    "AtlasDailySnapshots",
    "AtlasDatabaseAccess",
    "AtlasDatabaseAccessArgs",
    "AtlasEncryptionKey",
    "AtlasEncryptionKeyArgs",
    "AtlasHourlySnapshots",
    "AtlasIpAccessList",
    "AtlasIpAccessListArgs",
    "AtlasLogExport",
    "AtlasLogExportArgs",
    "AtlasMaintenanceWindow",
    "AtlasMonthlySnapshots",
    "AtlasNetworkContainer",
    "AtlasNetworkContainerArgs",
    "AtlasPeering",
    "AtlasPeeringArgs",
    "AtlasPrivateLink",
    "AtlasPrivateLinkArgs",
    "AtlasProject",
    "AtlasProjectArgs",
    "AtlasPrometheus",
    "AtlasPrometheusArgs",
    "AtlasProtectedHours",
    "AtlasProviderArgs",
    "AtlasWeeklySnapshots",
    "AtlasYearlySnapshots",
    "atlas_key_policy",
    "atlas_provider",
    "standing_alerts",
]
