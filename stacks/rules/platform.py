"""Rules that concern the platform as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dolmen.stackfile import Problem
from stacks.model.applications import Application
from stacks.rules import Rule


def databases_and_keys_belong_to_one_application(applications: Mapping[str, Application]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for name, application in applications.items():
        owner = owners.setdefault(application.database.lower(), name)
        if owner != name:
            yield Problem(
                ("applications", name, "database"),
                f"The application {owner} has this database already (names that differ only in case collide).",
                "Give each application a database of its own.",
            )


RULES: tuple[Rule, ...] = (databases_and_keys_belong_to_one_application,)
