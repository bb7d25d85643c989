"""Stack checks of the platform as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dolmen.stackfile import Problem

from ..model.applications import Application


def databases_belong_to_one_application(applications: Mapping[str, Application]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for name, application in applications.items():
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


CHECKS = (databases_belong_to_one_application, zones_lie_in_the_region)
