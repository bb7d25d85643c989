"""Atlas types with plan rules of their own.

https://registry.terraform.io/providers/mongodb/mongodbatlas/latest/docs describes each type; the answers were recorded.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.cloud.contracts import is_unknown
from tests.cloud.diff.differences import Difference
from tests.cloud.diff.own_rules import KEEP_WHAT_THEY_KNOW, Look, ignores, refuses, replaces, version

KEEP_WHAT_THEY_KNOW["mongodbatlas:index/advancedCluster:AdvancedCluster"] = frozenset(
    ("configServerType", "connectionStrings", "mongoDbVersion", "stateName")
)
_NEEDS_A_VERSION = ("changeStreamOptionsPreAndPostImagesExpireAfterSeconds", "defaultMaxTimeMs")
"""Settings of newer MongoDB versions only."""


@refuses("mongodbatlas:index/advancedCluster:AdvancedCluster")
def _advanced_cluster(look: Look) -> Iterator[str]:
    for name in ("labels", "tags"):
        if look.unknown(name):
            yield f"{name} must be known in a plan"
    specs = look.after("replicationSpecs")
    if specs == [] or any(spec.get("regionConfigs") == [] for spec in specs or [] if isinstance(spec, dict)):
        yield "the provider's plan breaks on an empty list of replicationSpecs or regionConfigs"
    settings = look.inputs.get("advancedConfiguration")
    given = [name for name in _NEEDS_A_VERSION if isinstance(settings, dict) and settings.get(name) is not None]
    old, new = version(look.before("mongoDbMajorVersion")), version(look.after("mongoDbMajorVersion"))
    if given and new and new < old:
        yield f"{', '.join(given)} cannot be set with an older MongoDB version"


@replaces("mongodbatlas:index/cluster:Cluster")
def _cluster(look: Look) -> bool:
    """A tenant can move to a cloud provider in place; every other change of the provider needs a new cluster."""
    return look.changes("providerName") and look.before("providerName") != "TENANT"


@ignores("mongodbatlas:index/cluster:Cluster")
def _without_autoscaling(look: Look, found: Difference) -> bool:
    """Limits of autoscaling say nothing while it is off."""
    switch = {
        "providerAutoScalingComputeMaxInstanceSize": "autoScalingComputeEnabled",
        "providerAutoScalingComputeMinInstanceSize": "autoScalingComputeScaleDownEnabled",
    }.get(found.path)
    return switch is not None and not look.after(switch)


@refuses("mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint")
def _private_link_endpoint(look: Look) -> Iterator[str]:
    if look.changes("portMappingEnabled"):
        yield "portMappingEnabled cannot be updated or removed after creation"


@ignores("mongodbatlas:index/federatedSettingsOrgConfig:FederatedSettingsOrgConfig")
def _federation(look: Look, found: Difference) -> bool:
    """Lists that the program leaves out, or whose content is not known, are left as they are."""
    listed = found.known.type == "list" and found.known.has("someDifferencesIgnored")
    return listed and (found.after is None or (is_unknown(found.after) and not found.before))
