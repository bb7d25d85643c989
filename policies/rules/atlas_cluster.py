"""Atlas: what a cluster is, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .framework.resources import Resource, Stack
from .framework.rule import Settings, resource_rule, stack_rule
from .framework.values import UNKNOWN, View
from .types import (
    ATLAS_CLUSTER,
    ATLAS_CLUSTERS,
    ATLAS_FLEX_CLUSTER,
    ATLAS_LEGACY_CLUSTER,
    ATLAS_SERVERLESS,
)

HOST_NAME_LENGTH = 23
ANY_CLUSTER = (*ATLAS_CLUSTERS, ATLAS_FLEX_CLUSTER, ATLAS_SERVERLESS)


def shared(cluster: Resource, settings: Settings) -> bool:
    """A cluster of a shared tier has none of the settings of a dedicated one."""
    small = set(settings.tables("atlas")["sharedSizes"])
    return any(size in small for size in sizes(cluster)) or any(
        region.known("providerName") in ("TENANT", "FLEX") for region in regions(cluster)
    )


def regions(cluster: Resource) -> list[View]:
    """The region configurations, of either type's spelling."""
    found: list[View] = []
    for specification in cluster.views("replicationSpecs"):
        found += specification.views("regionConfigs") + specification.views("regionsConfigs")
    return found


def electable(cluster: Resource, region: View) -> float | None:
    if cluster.type == ATLAS_LEGACY_CLUSTER:
        return region.number("electableNodes", default=0)
    specification = region.view("electableSpecs")
    return specification.number("nodeCount", default=0) if specification else 0


def sizes(cluster: Resource) -> list[str]:
    if cluster.type == ATLAS_LEGACY_CLUSTER:
        return [size] if (size := cluster.known("providerInstanceSizeName")) else []
    return [
        size
        for region in regions(cluster)
        for kind in ("electableSpecs", "readOnlySpecs", "analyticsSpecs")
        if (specification := region.view(kind)) and (size := specification.known("instanceSize"))
    ]


def advanced(cluster: Resource) -> View:
    return cluster.view("advancedConfiguration") or View({}, "advancedConfiguration", cluster.unjudged)


def judgeable(cluster: Resource) -> bool:
    """Whether the advanced configuration is there to be read."""
    return cluster.raw("advancedConfiguration") is not UNKNOWN


@resource_rule("atlas-tls", *ATLAS_CLUSTERS)
def tls(cluster: Resource, settings: Settings) -> Iterator[str]:
    """Absent does not mean the default: a cluster that had an older minimum keeps it."""
    if shared(cluster, settings) or not judgeable(cluster):
        return
    minimum = advanced(cluster).text("minimumEnabledTlsProtocol")
    if minimum is None:
        yield "minimumEnabledTlsProtocol is absent: the cluster keeps whatever minimum it has."
    elif minimum is not UNKNOWN and minimum not in ("TLS1_2", "TLS1_3"):
        yield f"minimumEnabledTlsProtocol is {minimum}: connections that can be broken are taken."


@resource_rule("atlas-ciphers", ATLAS_CLUSTER)
def ciphers(cluster: Resource, settings: Settings) -> Iterator[str]:
    options = advanced(cluster)
    if options.known("tlsCipherConfigMode") != "CUSTOM":
        return
    strong = settings.tables("atlas")["forwardSecretCiphers"]
    chosen = options.texts("customOpensslCipherConfigTls12s") + options.texts("customOpensslCipherConfigTls13s")
    weak = [cipher for cipher in chosen if not re.fullmatch(strong, cipher)]
    if weak:
        yield f"{', '.join(weak)}: what is recorded today can be read when the key is found out."


@resource_rule("atlas-javascript", *ATLAS_CLUSTERS)
def javascript(cluster: Resource, settings: Settings) -> Iterator[str]:
    if shared(cluster, settings) or not judgeable(cluster):
        return
    options = advanced(cluster)
    off = options.flag("javascriptEnabled", default=True) is False
    if not off and options.raw("javascriptEnabled") is not UNKNOWN:
        yield "javascriptEnabled is not off: a query can carry code that the server runs."


@resource_rule("atlas-write-concern", *ATLAS_CLUSTERS)
def write_concern(cluster: Resource, settings: Settings) -> Iterator[str]:
    if shared(cluster, settings) or not judgeable(cluster):
        return
    concern = advanced(cluster).text("defaultWriteConcern")
    if concern is None:
        yield "defaultWriteConcern is absent: the cluster keeps whatever it has."
    elif concern is not UNKNOWN and concern != "majority":
        yield f"defaultWriteConcern is {concern}: an election rolls back writes that were acknowledged."


@resource_rule("atlas-backup", *ANY_CLUSTER)
def backup(cluster: Resource, settings: Settings) -> Iterator[str]:
    """Flex and serverless clusters have backups of Atlas's own choice."""
    if cluster.type in (ATLAS_FLEX_CLUSTER, ATLAS_SERVERLESS):
        return
    if shared(cluster, settings):
        return
    key = "cloudBackup" if cluster.type == ATLAS_LEGACY_CLUSTER else "backupEnabled"
    if cluster.flag(key, default=False) is False:
        yield f"{key} is not on: there is nothing to restore from."


@resource_rule("atlas-continuous-backup", *ATLAS_CLUSTERS)
def continuous_backup(cluster: Resource, settings: Settings) -> Iterator[str]:
    if not shared(cluster, settings) and cluster.flag("pitEnabled", default=False) is False:
        yield "pitEnabled is not on: everything since the last snapshot is lost."


@resource_rule("atlas-retain-backups", *ATLAS_CLUSTERS)
def retain_backups(cluster: Resource, settings: Settings) -> Iterator[str]:
    if not shared(cluster, settings) and cluster.flag("retainBackupsEnabled", default=False) is False:
        yield "retainBackupsEnabled is not on: the backups go with the cluster."


@resource_rule("atlas-termination-protection", *ANY_CLUSTER)
def termination_protection(cluster: Resource, settings: Settings) -> Iterator[str]:
    if cluster.flag("terminationProtectionEnabled", default=False) is False:
        yield "terminationProtectionEnabled is not on: anybody with the right role deletes it with one click."


@resource_rule("atlas-electable-nodes", *ATLAS_CLUSTERS)
def electable_nodes(cluster: Resource, settings: Settings) -> Iterator[str]:
    if shared(cluster, settings):
        return
    if cluster.type == ATLAS_LEGACY_CLUSTER and not regions(cluster):
        nodes = cluster.number("replicationFactor", default=3)
        if nodes is not None and nodes not in (3, 5, 7):
            yield f"{nodes:g} electable nodes: 3, 5 or 7, since an election needs a majority."
        return
    for specification in cluster.views("replicationSpecs"):
        given = specification.views("regionConfigs") + specification.views("regionsConfigs")
        counts = [electable(cluster, region) for region in given]
        known = [count for count in counts if count is not None]
        if given and len(known) == len(counts) and sum(known) not in (3, 5, 7):
            yield f"{sum(known):g} electable nodes: 3, 5 or 7, since an election needs a majority."


@resource_rule("atlas-supported-version", *ATLAS_CLUSTERS)
def supported_version(cluster: Resource, settings: Settings) -> Iterator[str]:
    table = settings.tables("atlas")
    version = cluster.known("mongoDbMajorVersion")
    if version and (version in table["endOfLife"] or re.match(r"[0-5](\.|$)", version)):
        yield f"MongoDB {version} gets no more security fixes; {table['supportedVersions'][0]} and later do."


@resource_rule("atlas-stable-version", *ATLAS_CLUSTERS)
def stable_version(cluster: Resource, settings: Settings) -> Iterator[str]:
    if cluster.known("versionReleaseSystem") == "CONTINUOUS":
        yield "versionReleaseSystem is CONTINUOUS: Atlas installs every new release by itself."


@resource_rule("atlas-log-redaction", *ATLAS_CLUSTERS)
def log_redaction(cluster: Resource, settings: Settings) -> Iterator[str]:
    if not shared(cluster, settings) and cluster.flag("redactClientLogData", default=False) is False:
        yield "redactClientLogData is not on: logs hold what queries were looking for."


@resource_rule("atlas-tier", *ANY_CLUSTER)
def tier(cluster: Resource, settings: Settings) -> Iterator[str]:
    order = settings.tables("atlas")["sizes"]
    smallest, largest = settings.text("smallest", cluster), settings.text("largest", cluster)
    if cluster.type in (ATLAS_FLEX_CLUSTER, ATLAS_SERVERLESS):
        if smallest in order and order.index(smallest) > order.index("FLEX"):
            yield "It shares its hosts with others, and has no private network: at least " + smallest + " here."
        return
    found = {
        size.removesuffix("_NVME").replace("R", "M") if size[:1] == "R" else size.removesuffix("_NVME")
        for size in sizes(cluster)
    }
    for region in regions(cluster):
        scaling = region.view("autoScaling")
        if scaling and scaling.flag("computeEnabled", default=False):
            found |= {
                one for key in ("computeMinInstanceSize", "computeMaxInstanceSize") if (one := scaling.known(key))
            }
    for size in sorted(found):
        if size not in order:
            continue
        if order.index(size) < order.index(smallest):
            yield f"{size} is smaller than {smallest}, the smallest here."
        if order.index(size) > order.index(largest):
            yield f"{size} is larger than {largest}, the largest here."


@resource_rule("atlas-storage-autoscaling", *ATLAS_CLUSTERS)
def storage_autoscaling(cluster: Resource, settings: Settings) -> Iterator[str]:
    """NVMe disks come in one size."""
    if shared(cluster, settings) or any("NVME" in size for size in sizes(cluster)):
        return
    if cluster.type == ATLAS_LEGACY_CLUSTER:
        if cluster.flag("autoScalingDiskGbEnabled", default=True) is False:
            yield "autoScalingDiskGbEnabled is off: a full disk stops all writes."
        return
    for region in regions(cluster):
        scaling = region.view("autoScaling")
        if region.raw("autoScaling") is UNKNOWN:
            continue
        if scaling is None or scaling.flag("diskGbEnabled", default=False) is False:
            yield "diskGbEnabled is off: a full disk stops all writes."


@resource_rule("atlas-not-paused", *ATLAS_CLUSTERS)
def not_paused(cluster: Resource, settings: Settings) -> Iterator[str]:
    if cluster.flag("paused", default=False):
        yield "The cluster is paused: nobody can connect, and no backup is taken."


@resource_rule("atlas-bi-connector", *ATLAS_CLUSTERS)
def bi_connector(cluster: Resource, settings: Settings) -> Iterator[str]:
    connector = cluster.view("biConnectorConfig")
    if connector and connector.flag("enabled", default=False):
        yield "biConnectorConfig is on: a further port, with SQL, is open on every host."


@resource_rule("atlas-current-type", ATLAS_LEGACY_CLUSTER, ATLAS_SERVERLESS)
def current_type(cluster: Resource, settings: Settings) -> Iterator[str]:
    if cluster.type == ATLAS_SERVERLESS:
        yield "Atlas has ended serverless instances; use a Flex cluster or a dedicated one."
    else:
        yield "The type is deprecated and lacks newer settings; use AdvancedCluster."


@resource_rule("atlas-own-key", *ATLAS_CLUSTERS)
def own_key(cluster: Resource, settings: Settings) -> Iterator[str]:
    given = cluster.text("encryptionAtRestProvider")
    if not shared(cluster, settings) and given in (None, "NONE"):
        yield "encryptionAtRestProvider is NONE: Atlas holds the only key."


@stack_rule("atlas-host-names")
def host_names(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    seen: dict[tuple[object, str], Resource] = {}
    for cluster in stack.of(*ANY_CLUSTER):
        name = cluster.known("name")
        if not name:
            continue
        key = (stack.identity(cluster, "projectId"), name[:HOST_NAME_LENGTH].lower())
        other = seen.setdefault(key, cluster)
        if other is not cluster and other.known("name") != name:
            yield (
                cluster,
                f"The first {HOST_NAME_LENGTH} characters are those of {other.known('name')}, and they make the host names.",
            )
