"""Where Atlas's API key comes from, and which project the platform lives in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from dolmen.stackfile import Problem

from ..base import Section, broken, for_editors
from .backup import DayOfWeek

AtlasId = Annotated[str, for_editors(pattern="^[a-f0-9]{24}$")]


class AtlasCredentials(Section):
    """Where the service account's key is read from. The key itself never stands in this file."""

    aws_secret: str | None = None
    """Name or ARN of a secret in AWS Secrets Manager: JSON with `client_id` and `client_secret`. The deploying role
    reads it, so that no pipeline stores an Atlas key."""
    environment: Annotated[bool, Field(strict=True)] | None = None
    """`true`: from the environment (MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET)."""

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: Any) -> Any:
        """`credentials: environment` is short for `credentials: {environment: true}`."""
        if isinstance(value, str):
            if value != "environment":
                raise broken(
                    "Credentials come from an AWS secret or from the environment.",
                    "Write {awsSecret: <name of the secret>} or environment.",
                )
            return {"environment": True}
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        section = handler(schema)
        resolved = handler.resolve_ref_schema(section)
        resolved["minProperties"] = resolved["maxProperties"] = 1
        return {"anyOf": [{"const": "environment"}, section], "description": cls.__doc__ or ""}

    def problems(self) -> Iterator[Problem]:
        if (self.aws_secret is None) == (self.environment is not True):
            yield Problem(
                (),
                "Credentials come from exactly one place.",
                "Write {awsSecret: <name of the secret>} or environment.",
            )


class ProtectedHours(Section):
    """Hours of each day in which Atlas begins no maintenance that can wait."""

    start: Annotated[int, for_editors(minimum=0, maximum=23)]
    """The first hour, in UTC."""
    end: Annotated[int, for_editors(minimum=0, maximum=23)]
    """The hour at which they end, in UTC; earlier than `start` where they last over midnight."""


class MaintenanceWindow(Section):
    """When Atlas may restart nodes, one after the other: an election of seconds each."""

    day: DayOfWeek | None = None
    """The day of the week, in UTC. Default: Monday's early morning in the region."""
    hour: Annotated[int, for_editors(minimum=0, maximum=23)] | None = None
    """The hour at which the window begins, in UTC. Default: three in the morning in the region."""
    auto_defer: bool | None = None
    """Whether every maintenance is put off once, by a week, so that it can be announced. Default: yes."""
    protected_hours: ProtectedHours | None = None
    """Hours of each day in which Atlas begins no maintenance that can wait. Default: none."""


class CreateProject(Section):
    """A project that this stack creates and owns."""

    organization_id: AtlasId
    """The organization that pays for it."""
    project_name: str | None = None
    """The project's name. Default: the platform's name."""
    maintenance: MaintenanceWindow = MaintenanceWindow()
    """When Atlas may restart nodes."""
    limits: Mapping[str, Annotated[int, for_editors(minimum=0)]] = {}
    """Atlas's limits to set, by name: `atlas.project.deployment.clusters: 3`."""
    data_explorer: bool | None = None
    """Whether people may read and change data in Atlas's web console. Default: no."""
    extended_storage_sizes: bool | None = None
    """Whether disks may grow beyond the usual limit of their instance size; slow to synchronize and to restore. Default:
    no."""


class ProjectChoice(Section):
    """Create a project, or adopt one that exists: exactly one."""

    create: CreateProject | None = None
    """Create a project, and own it."""
    adopt: AtlasId | None = None
    """The id of an existing project. Nothing in it is changed beside what this platform adds."""

    def problems(self) -> Iterator[Problem]:
        if (self.create is None) == (self.adopt is None):
            yield Problem(
                (),
                "A project is either created or adopted: exactly one.",
                "Write create: {organizationId: …} or adopt: <project id>.",
            )
