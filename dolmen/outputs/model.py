"""The shape of the stack output, version 1. Keys are only ever added to a version."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict  # pydantic makes the schema, and wants this one before Python 3.12

VERSION: Literal[1] = 1
"""Raised when a reader would have to change."""


class EndpointOutput(TypedDict):
    """A further endpoint, with its own way to the cluster."""

    endpointId: str
    """The interface endpoint, `vpce-…`."""
    srvConnectionString: str
    """`mongodb+srv://…` through it, without credentials."""


class AtlasOutput(TypedDict):
    """MongoDB Atlas: how clients reach it, and what a check of the platform compares it with."""

    projectId: str
    """Atlas's id of the project."""
    clusterName: str
    """The cluster's name."""
    connectivity: Literal["privateLink", "peering", "ipAccessList"]
    """The way to the cluster whose connection string clients get."""
    alsoOpen: NotRequired[list[Literal["privateLink", "peering", "ipAccessList"]]]
    """The other way, while clients move from one to another."""
    srvConnectionString: str
    """`mongodb+srv://…` for the applications' network, without credentials."""
    survives: NotRequired[str]
    """What goes on without one zone, and without each region, in words."""
    expectedAccessEntries: list[str]
    """All ranges that the project's access list holds, in canonical form."""
    endpointId: NotRequired[str]
    """The interface endpoint, `vpce-…`; with `privateLink`."""
    endpointServiceName: NotRequired[str]
    """AWS's name of Atlas's endpoint service, which endpoints made elsewhere connect to; with `privateLink`."""
    furtherEndpoints: NotRequired[dict[str, EndpointOutput]]
    """Further endpoints of the cluster, by their names in the stack file."""
    peeringConnectionId: NotRequired[str]
    """The peering connection, `pcx-…`; with `peering`."""
    backupSchedule: NotRequired[str]
    """When snapshots are taken and how long they are kept, in words; without it there are no backups."""
    alerts: NotRequired[list[str]]
    """Names of the alerts, sorted."""


class CacheLoginOutput(TypedDict):
    """A login to the cache that belongs to no application; never its password."""

    user: str
    """The name to log in with."""
    secret: str
    """The ARN of its secret: a JSON object with host, port, user, password, tls and clusterMode."""
    readerRole: str | None
    """The role that reads the secret."""


class CacheOutput(TypedDict):
    """The replication group, and what a client needs to know of it."""

    replicationGroupId: str
    """Its id."""
    arn: str
    """Its ARN: what an IAM policy for `elasticache:Connect` names."""
    endpoint: str
    """The host that clients connect to."""
    readerEndpoint: str
    """The host for reads that may lag."""
    port: int
    """The port."""
    tls: bool
    """Whether it takes TLS connections only."""
    clusterMode: bool
    """Whether clients must speak the cluster protocol."""
    userNames: dict[str, str]
    """Login → the name to log in with: each application's, `exporter` and `operations`."""
    ownLogins: dict[str, CacheLoginOutput]
    """The logins that belong to no application, `exporter` and `operations`: where each one's secret lies."""
    usableMemoryBytes: int
    """Room for keys in the whole cache, in bytes."""
    connectionLimit: int
    """Connections that each node takes."""


class SecretKeyOutput(TypedDict):
    """Where a secret variable's value lies; never the value."""

    arn: str
    """The secret's ARN."""
    key: str
    """The key in the secret's JSON."""


class ApplicationEnvironmentOutput(TypedDict):
    """The application's environment variables."""

    plain: dict[str, str]
    """Name → value."""
    secrets: dict[str, SecretKeyOutput]
    """Name → where its value lies."""


class ApplicationOutput(TypedDict):
    """One application: its logins, its secrets, its environment."""

    database: NotRequired[str]
    """Its database; this and its user and role are there where it uses Atlas."""
    databaseUser: NotRequired[str]
    """The user that its secret hands out now."""
    databaseRole: NotRequired[str]
    """The role of its users."""
    cacheUser: NotRequired[str]
    """Its login to the cache, where it uses the cache."""
    secrets: dict[str, str]
    """The ARN of each secret, by the part of its name after the application's."""
    readerRole: str | None
    """The role that reads its secrets."""
    environment: ApplicationEnvironmentOutput
    """Its environment variables."""
    otherLogins: dict[str, str]
    """The ARN of the secret of each further login to the database, by purpose."""


class StackOutput(TypedDict):
    """What a stack gives to other tools and programs. It holds no secret."""

    version: Literal[1]
    """Of this shape."""
    platform: str
    """The platform's name."""
    tier: Literal["development", "staging", "production"]
    """What the stack is for."""
    region: str
    """The AWS region."""
    atlas: NotRequired[AtlasOutput]
    """MongoDB Atlas, where the platform has it."""
    cache: NotRequired[CacheOutput]
    """The cache, where the platform has one."""
    applications: dict[str, ApplicationOutput]
    """The applications, by name."""
