"""Atlas: what a cluster encrypts, logs and runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .framework.policy import Settings, resource_policy, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.tables import table
from .framework.values import UNKNOWN, View
from .resource_types import ANY_ATLAS_CLUSTER, ATLAS_CLUSTER, ATLAS_CLUSTERS, ATLAS_LEGACY_CLUSTER, ATLAS_SERVERLESS

HOST_NAME_LENGTH = 23


def shared(cluster: Resource) -> bool:
    """A cluster of a shared tier has none of the settings of a dedicated one."""
    small = set(table("atlas")["sharedSizes"])
    return any(size in small for size in sizes(cluster)) or any(
        region.known("providerName") in ("TENANT", "FLEX") for region in regions(cluster)
    )


def regions(cluster: Resource) -> list[View]:
    """The region configurations, of either type's spelling."""
    found: list[View] = []
    for specification in cluster.views("replicationSpecs"):
        found += specification.views("regionConfigs") + specification.views("regionsConfigs")
    return found


def sizes(cluster: Resource) -> list[str]:
    if cluster.type == ATLAS_LEGACY_CLUSTER:
        return [size] if (size := cluster.known("providerInstanceSizeName")) else []
    return [
        size
        for region in regions(cluster)
        for kind in ("electableSpecs", "readOnlySpecs", "analyticsSpecs")
        if (specification := region.view(kind)) and (size := specification.known("instanceSize"))
    ]


def advanced(cluster: Resource) -> View | None:
    """The advanced configuration, empty where it is absent; `None` where there is none to judge, or it is not known."""
    if shared(cluster) or cluster.raw("advancedConfiguration") is UNKNOWN:
        return None
    return cluster.view("advancedConfiguration") or View({}, "advancedConfiguration", cluster.unjudged)


@resource_policy("atlas-tls", *ATLAS_CLUSTERS, severity="high", enforcement="always")
@words(
    title="A cluster takes TLS 1.2 or newer.",
    rationale="Older TLS can be broken. A cluster whose program says nothing keeps whatever minimum it has.",
    remedy="Set advancedConfiguration.minimumEnabledTlsProtocol: TLS1_2 or TLS1_3.",
    source="https://www.mongodb.com/docs/atlas/setup-cluster-security/",
)
def tls(cluster: Resource, settings: Settings) -> Iterator[str]:
    """Absent does not mean the default: a cluster that had an older minimum keeps it."""
    options = advanced(cluster)
    minimum = options.text("minimumEnabledTlsProtocol") if options else UNKNOWN
    if minimum is None:
        yield "minimumEnabledTlsProtocol is absent: the cluster keeps whatever minimum it has."
    elif minimum is not UNKNOWN and minimum not in ("TLS1_2", "TLS1_3"):
        yield f"minimumEnabledTlsProtocol is {minimum}: connections that can be broken are taken."


@resource_policy("atlas-ciphers", ATLAS_CLUSTER, severity="medium", enforcement="beyond-development")
@words(
    title="A cluster's own list of ciphers has none without forward secrecy.",
    rationale="What is recorded today could be read when the key is found out.",
    remedy="Leave tlsCipherConfigMode at DEFAULT.",
    source="https://www.mongodb.com/docs/atlas/reference/faq/security/",
)
def ciphers(cluster: Resource, settings: Settings) -> Iterator[str]:
    options = cluster.view("advancedConfiguration")
    if options is None or options.known("tlsCipherConfigMode") != "CUSTOM":
        return
    strong = table("atlas")["forwardSecretCiphers"]
    chosen = options.texts("customOpensslCipherConfigTls12s") + options.texts("customOpensslCipherConfigTls13s")
    weak = [cipher for cipher in chosen if not re.fullmatch(strong, cipher)]
    if weak:
        yield f"{', '.join(weak)}: what is recorded today can be read when the key is found out."


@resource_policy("atlas-javascript", *ATLAS_CLUSTERS, severity="medium", enforcement="beyond-development")
@words(
    title="A cluster runs no JavaScript in queries.",
    rationale="With $where and mapReduce a query carries code that the server runs.",
    remedy="Set advancedConfiguration.javascriptEnabled: false, since the default is on; in a stack file, remove serverSideJavascript.",
    source="https://www.mongodb.com/docs/manual/core/server-side-javascript/",
)
def javascript(cluster: Resource, settings: Settings) -> Iterator[str]:
    options = advanced(cluster)
    if options is None or options.raw("javascriptEnabled") is UNKNOWN:
        return
    if options.flag("javascriptEnabled", default=True) is not False:
        yield "javascriptEnabled is not off: a query can carry code that the server runs."


@resource_policy("atlas-write-concern", *ATLAS_CLUSTERS, severity="low", enforcement="advice")
@words(
    title="A write counts when the majority has it.",
    rationale="An election rolls back what only the old primary had.",
    remedy="Set advancedConfiguration.defaultWriteConcern: majority.",
    source="https://www.mongodb.com/docs/manual/reference/write-concern/",
)
def write_concern(cluster: Resource, settings: Settings) -> Iterator[str]:
    options = advanced(cluster)
    concern = options.text("defaultWriteConcern") if options else UNKNOWN
    if concern is None:
        yield "defaultWriteConcern is absent: the cluster keeps whatever it has."
    elif concern is not UNKNOWN and concern != "majority":
        yield f"defaultWriteConcern is {concern}: an election rolls back writes that were acknowledged."


@resource_policy("atlas-log-redaction", *ATLAS_CLUSTERS, severity="medium", enforcement="production")
@words(
    title="A cluster's logs hold no data.",
    rationale="Slow queries are logged with what they looked for.",
    remedy="Set redactClientLogData: true.",
    source="https://www.mongodb.com/docs/manual/administration/monitoring/#log-redaction",
)
def log_redaction(cluster: Resource, settings: Settings) -> Iterator[str]:
    if not shared(cluster) and cluster.flag("redactClientLogData", default=False) is False:
        yield "redactClientLogData is not on: logs hold what queries were looking for."


@resource_policy("atlas-bi-connector", *ATLAS_CLUSTERS, severity="low", enforcement="advice")
@words(
    title="A cluster has no doors that nobody uses.",
    rationale="The BI Connector is a second server on every host, with a port and a protocol of its own.",
    remedy="Set biConnectorConfig.enabled: false.",
    source="https://www.mongodb.com/docs/atlas/bi-connection/",
)
def bi_connector(cluster: Resource, settings: Settings) -> Iterator[str]:
    if cluster.flag("biConnectorConfig.enabled", default=False):
        yield "biConnectorConfig is on: a further port, with SQL, is open on every host."


@resource_policy("atlas-current-type", ATLAS_LEGACY_CLUSTER, ATLAS_SERVERLESS, severity="low", enforcement="advice")
@words(
    title="A cluster is an AdvancedCluster.",
    rationale="The older types are deprecated and lack newer settings.",
    remedy="Use mongodbatlas.AdvancedCluster.",
    source="https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/cluster/",
)
def current_type(cluster: Resource, settings: Settings) -> Iterator[str]:
    if cluster.type == ATLAS_SERVERLESS:
        yield "Atlas has ended serverless instances; use a Flex cluster or a dedicated one."
    else:
        yield "The type is deprecated and lacks newer settings; use AdvancedCluster."


@resource_policy("atlas-own-key", *ATLAS_CLUSTERS, severity="medium", enforcement="advice-in-production")
@words(
    title="A production cluster is encrypted with a key of yours.",
    rationale="Atlas encrypts all disks; only a key of your own can be taken away from it.",
    remedy="Set encryptionAtRestProvider: AWS, with AtlasEncryptionKey in the project.",
    source="https://www.mongodb.com/docs/atlas/security-kms-encryption/",
)
def own_key(cluster: Resource, settings: Settings) -> Iterator[str]:
    given = cluster.text("encryptionAtRestProvider")
    if not shared(cluster) and given in (None, "NONE"):
        yield "encryptionAtRestProvider is NONE: Atlas holds the only key."


@stack_policy("atlas-host-names", severity="high", enforcement="always")
@words(
    title="Two clusters of a project have different host names.",
    rationale="Only the first 23 characters of a cluster's name make its host names.",
    remedy="Rename one of them.",
    source="https://www.mongodb.com/docs/atlas/reference/atlas-limits/",
)
def host_names(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    seen: dict[tuple[object, str], Resource] = {}
    for cluster in stack.of(*ANY_ATLAS_CLUSTER):
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
