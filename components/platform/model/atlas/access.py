"""Users beside those of the applications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from dolmen.stackfile import Problem

from ....atlas.database_access import principal_problems
from ..applications import ApplicationName
from ..base import Section, judged_by


class Users(Section):
    """Users beside the two that each application has."""

    operations: bool | None = None
    """Whether each application's database has a user for indexes, statistics and the profiler, without its data.
    Default: yes."""
    read_only: bool | None = None
    """Whether each application's database has a user that only reads it. Default: no."""
    iam: Mapping[
        ApplicationName, Annotated[tuple[Annotated[str, judged_by(principal_problems)], ...], Field(min_length=1)]
    ] = {}
    """IAM roles and users that may log in as an application, without a password, by the application's name."""

    def problems(self) -> Iterator[Problem]:
        owners: dict[str, str] = {}
        for application, principals in self.iam.items():
            for index, principal in enumerate(principals):
                owner = owners.setdefault(principal, application)
                if principals.index(principal) != index or owner != application:
                    yield Problem(
                        ("iam", application, index),
                        f"An IAM principal is one user of the project: this one belongs to {owner} already.",
                        "Give each application a role of its own.",
                    )
