"""MongoDB Atlas in a stack file."""

from __future__ import annotations

from ..base import Section
from ..key import KeyChoice
from .access import Users
from .alerts import Alerts
from .auditing import Auditing
from .backup import Backup
from .cluster import Cluster
from .connectivity import Connectivity
from .doors import NetworkContainer
from .log_export import LogExport, Prometheus
from .project import AtlasCredentials, ProjectChoice

__all__ = ["Atlas"]


class Atlas(Section):
    """MongoDB Atlas: project, cluster, private network, users, backup, alerts."""

    credentials: AtlasCredentials
    """Where Atlas's API key is read from: `{awsSecret: <name>}` or `environment`."""
    project: ProjectChoice
    """Create a project in an organization, or adopt one."""
    cluster: Cluster
    """The replica set."""
    connectivity: Connectivity
    """How clients reach it: privateLink, peering or ipAccessList."""
    network_container: NetworkContainer | None = None
    """The network of Atlas's side, with its range: made or adopted. Peering needs it."""
    backup: Backup = Backup()
    """When snapshots are taken; the guide's schedule is the default."""
    alerts: Alerts | None = None
    """Who is told what. Production needs it."""
    auditing: Auditing | None = None
    """The audit log of the project's databases. Production is advised to have one; Atlas bills for it by the cluster."""
    log_export: LogExport | None = None
    """Where the clusters' logs are sent. Default: they stay in Atlas for 30 days."""
    prometheus: Prometheus | None = None
    """Metrics for a Prometheus of yours. Default: none."""
    users: Users = Users()
    """Users beside those of the applications."""
    encryption_key: KeyChoice | None = None
    """A KMS key of yours for disks and snapshots, in place of Atlas's own encryption. Who disables it stops the cluster."""
