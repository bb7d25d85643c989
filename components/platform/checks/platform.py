"""Stack checks of the platform as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dolmen.stackfile import Problem

from ..model.applications import Application
from ..model.atlas import Atlas
from ..model.atlas.connectivity import Connectivity
from ..model.cache import Cache
from ..model.network import Network


def databases_belong_to_one_application(applications: Mapping[str, Application]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for name, application in applications.items():
        if application.database is None:
            continue
        owner = owners.setdefault(application.database.lower(), name)
        if owner != name:
            yield Problem(
                ("applications", name, "database"),
                f"The application {owner} has this database already (names that differ only in case collide).",
                "Give each application a database of its own.",
            )


def zones_lie_in_the_region(region: str, network__subnet_zones: tuple[str, ...] | None) -> Iterator[Problem]:
    for index, zone in enumerate(network__subnet_zones or ()):
        if not re.fullmatch(re.escape(region) + "[a-f]", zone):
            yield Problem(
                ("network", "subnetZones", index),
                f"This is no availability zone of {region}, where the platform is.",
                f"Write a zone such as {region}a, or correct aws:region.",
            )


def a_platform_has_what_its_applications_use(
    applications: Mapping[str, Application], atlas: Atlas | None, cache: Cache | None
) -> Iterator[Problem]:
    if atlas is None and cache is None:
        yield Problem(
            ("atlas",),
            "A platform has Atlas, a cache or both; this one has neither.",
            "Add dolmen:atlas, dolmen:cache or both.",
        )
        return
    for name, application in applications.items():
        if atlas is None and application.uses_atlas:
            yield Problem(
                ("applications", name, "database"),
                "The application uses Atlas, and this platform has none.",
                "Add dolmen:atlas, or remove database.",
            )
        if cache is None and application.uses_cache:
            key = "cacheKeys" if application.cache_access_string is None else "cacheAccessString"
            yield Problem(
                ("applications", name, key),
                "The application uses the cache, and this platform has none.",
                f"Add dolmen:cache, or remove {key}.",
            )


_NO_NETWORK = Problem(
    ("network",),
    "A cache, a private endpoint and VPC peering lie in a network, and none is named.",
    "Add dolmen:network, with the VPC, its private subnets and the clients' security groups.",
)
"""Said once, whoever needs the network."""


def the_cache_lies_in_a_network(network: Network | None, cache: Cache) -> Iterator[Problem]:
    del cache
    if network is None:
        yield _NO_NETWORK


def a_private_way_begins_in_a_network(network: Network | None, atlas__connectivity: Connectivity) -> Iterator[Problem]:
    if network is None and atlas__connectivity.needs_the_network:
        yield _NO_NETWORK


CHECKS = (
    databases_belong_to_one_application,
    zones_lie_in_the_region,
    a_platform_has_what_its_applications_use,
    the_cache_lies_in_a_network,
    a_private_way_begins_in_a_network,
)
