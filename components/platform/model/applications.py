"""Applications: each uses Atlas, the cache or both, and has logins, secrets and a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from dolmen.stackfile import Problem

from ...generations import generation_problems
from .base import GIVEN, Section, broken, for_editors
from .cache_access import ApplicationCache
from .secrets import Reader, Secrets


def _application_name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", value) or len(value) > 24:
        raise broken(
            "An application's name has lower-case letters, digits and single hyphens, begins with a letter, and has at most "
            "24 characters: it becomes part of user ids, secret names and log entries.",
            "Write a name such as chat-app.",
        )
    return value


ApplicationName = Annotated[str, AfterValidator(_application_name)]


class Credentials(Section):
    """Which passwords exist, and which one clients read."""

    generation: Annotated[int, for_editors(minimum=1)] = 1
    """The newest generation of passwords that exists. Raise it by one, `pulumi up`, check the login, then raise `active`."""
    active: Annotated[int, for_editors(minimum=1)] = 1
    """The generation that the secret hands to clients: `generation`, or the one before."""

    def problems(self) -> Iterator[Problem]:
        for problem in generation_problems(self.generation, self.active):
            yield Problem(problem.argument, problem.rule, problem.remedy)


class Application(ApplicationCache):
    """One application on the platform. Adding one never renames another's resources."""

    database: Annotated[str | None, GIVEN] = None
    """The application's database; its role may read and write here and nowhere else. Without it, it does not use Atlas."""
    instances: Annotated[int, Field(ge=1, le=10_000)] = 1
    """How many processes of the application run at once: pool size × instances is checked against the cluster's limit."""
    pool_size: Annotated[int, Field(ge=1, le=1_000)] = 10
    """Connections that each process keeps to each member of the replica set (`MONGO_POOL_SIZE`)."""
    credentials: Credentials = Credentials()
    """Generations of the passwords for database and cache."""
    jwt_keys: Annotated[Credentials | None, GIVEN] = None
    """Generations of the keys that sign the application's tokens: {} for the first. Without it there are no such keys."""
    secrets: Secrets = Secrets()
    """How the application's secrets are kept."""
    reader: Reader | None = None
    """Who reads the secrets. Without it nobody but administrators can."""

    @property
    def uses_atlas(self) -> bool:
        return self.database is not None

    def problems(self) -> Iterator[Problem]:
        found = list(super().problems())
        yield from found
        if not found and not self.uses_atlas and not self.uses_cache:
            yield Problem(
                (),
                "An application uses Atlas, the cache or both; this one uses neither.",
                'Add database: <name>, cacheKeys: "<name>:*", or both.',
            )
        if not self.uses_atlas and self.uses_cache and "pool_size" in self.model_fields_set:
            yield Problem(
                ("poolSize",),
                "Without a database there is no pool of connections to it.",
                "Remove it, or add database.",
            )
