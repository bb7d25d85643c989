"""Where Atlas's API key comes from, and which project the platform lives in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from dolmen.stackfile import Problem

from ..base import Section, broken


def _atlas_id(value: str) -> str:
    if not re.fullmatch(r"[a-f0-9]{24}", value):
        raise broken(
            "Atlas's ids are 24 hexadecimal digits, in lower case.",
            "Copy the id from the address of the page in Atlas, or from `atlas organizations list`.",
        )
    return value


def _secret_name(value: str) -> str:
    """https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html"""
    if re.match(r"(mdb_sa_|[a-z]{8}$|[0-9a-f]{8}-[0-9a-f]{4}-)", value):
        raise broken(
            "This looks like the API key itself. Keys never stand in a stack file.",
            "Store it in AWS Secrets Manager and write the secret's name.",
        )
    if not re.fullmatch(r"[A-Za-z0-9/_+=.@:-]{1,512}", value):
        raise broken(
            "A secret's name has 1 to 512 letters, digits and / _ + = . @ -",
            "Write the name or the ARN of the secret, such as dolmen/atlas-api.",
        )
    return value


def _project_name(value: str) -> str:
    """Atlas Administration API: the pattern of a project's name."""
    if not re.fullmatch(r"[\w\-.(),:&@+']{1,64}", value):
        raise broken(
            "A project's name has 1 to 64 letters, digits and - _ . ( ) , : & @ + '",
            "Write a name without spaces, such as chat-prod.",
        )
    return value


AtlasId = Annotated[str, AfterValidator(_atlas_id)]
SecretName = Annotated[str, AfterValidator(_secret_name)]

DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


def _day(value: str) -> str:
    if value.lower() not in DAYS:
        raise broken("A day of the week is expected here.", f"Write one of {', '.join(DAYS)}.")
    return value.lower()


DayOfWeek = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"enum": list(DAYS)})]


class AtlasCredentials(Section):
    """Where the service account's key is read from. The key itself never stands in this file."""

    aws_secret: SecretName | None = None
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


class MaintenanceWindow(Section):
    """When Atlas may restart nodes, one after the other: an election of seconds each."""

    day: DayOfWeek = "sunday"
    """The day of the week, in UTC."""
    hour: Annotated[int, Field(ge=0, le=23)] = 18
    """The hour at which the window begins, in UTC; 18 is three in the morning in Seoul."""
    auto_defer: bool = True
    """Whether every maintenance is put off once, by a week, so that it can be announced."""


class CreateProject(Section):
    """A project that this stack creates and owns."""

    organization_id: AtlasId
    """The organization that pays for it."""
    project_name: Annotated[str, AfterValidator(_project_name)] | None = None
    """The project's name. Default: the platform's name."""
    maintenance: MaintenanceWindow = MaintenanceWindow()
    """When Atlas may restart nodes."""
    limits: Mapping[str, Annotated[int, Field(ge=0)]] = {}
    """Atlas's limits to set, by name: `atlas.project.deployment.clusters: 3`."""
    data_explorer: bool = False
    """Whether people may read and change data in Atlas's web console."""
    extended_storage_sizes: bool = False
    """Whether disks may grow beyond the usual limit of their instance size; slow to synchronize and to restore."""

    def problems(self) -> Iterator[Problem]:
        for name in self.limits:
            if not re.fullmatch(r"(atlas|dataFederation)\.[A-Za-z.]+", name):
                yield Problem(
                    ("limits", name),
                    "A limit's name is Atlas's own, and begins with atlas. or dataFederation.",
                    "Take it from https://www.mongodb.com/docs/atlas/reference/atlas-limits/, such as "
                    "atlas.project.deployment.clusters.",
                )


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
