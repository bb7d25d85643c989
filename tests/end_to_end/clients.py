"""Clients of the simulated clouds: they read a secret as an application does, and log in with what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from pymongo.uri_parser import parse_uri

from tests.cloud.cloud import Call, Cloud, Live

SECRET = "aws:secretsmanager/secret:Secret"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
DATABASE_USER = "mongodbatlas:index/databaseUser:DatabaseUser"
ROLE = "mongodbatlas:index/customDbRole:CustomDbRole"
CACHE_USER = "aws:elasticache/user:User"
USER_GROUP = "aws:elasticache/userGroup:UserGroup"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
Value = dict[str, Any]


def published(cloud: Cloud, name: str) -> Value | None:
    """What GetSecretValue answers: the version with the stage AWSCURRENT."""
    for secret in cloud.find(SECRET, name=name):
        for version in cloud.find(VERSION, secretId=secret.id):
            if version.extra.get("current"):
                return json.loads(version.inputs["secretString"])
    return None


def refused(cloud: Cloud, value: Value) -> str | None:
    """Why database or cache refuse the login in a database secret; nothing when both take it."""
    # mongodb+srv:// would make the parser ask DNS for hosts that are simulated.
    login = parse_uri(value["mongo_uri"].replace("mongodb+srv://", "mongodb://", 1))
    user, password = login["username"], login["password"]
    found = [live for live in cloud.find(DATABASE_USER, username=user) if live.inputs.get("password") == password]
    if not found:
        return f"Atlas has no user {user} with this password"
    if not _may_write(cloud, found[0], value["mongo_database"]):
        return f"{user} may not write to {value['mongo_database']}"
    return _refused_by_cache(cloud, value)


def _may_write(cloud: Cloud, user: Live, database: str) -> bool:
    names = {role["roleName"] for role in user.inputs["roles"]}
    roles = [role for role in cloud.all(ROLE) if role.inputs["roleName"] in names]
    granted = [(r["roleName"], r["databaseName"]) for role in roles for r in role.inputs["inheritedRoles"]]
    return ("readWrite", database) in granted


def _refused_by_cache(cloud: Cloud, value: Value) -> str | None:
    """By the way that clients are told to log in."""
    if value.get("redis_authentication") == "iam":
        return refused_with_iam(cloud, value["redis_iam_user"])
    return refused_with_password(cloud, value["redis_user"], value["redis_password"])


def refused_with_password(cloud: Cloud, name: str, password: str) -> str | None:
    """Why the cache refuses AUTH with a name and a password; nothing when it takes them."""
    for _, user in _members(cloud, name):
        if password in user.inputs.get("passwords", []):
            return None
    return f"the cache has no user {name} with this password"


def refused_with_iam(cloud: Cloud, name: str) -> str | None:
    """Why the cache refuses a token that the reader's role signs for a user; nothing when it takes it."""
    for cache, user in _members(cloud, name):
        if user.inputs.get("authenticationMode") == {"type": "iam"} and _may_connect(cloud, cache, user):
            return None
    return f"the cache has no user {name} with IAM, or no role may connect as it"


def _members(cloud: Cloud, name: str) -> Iterator[tuple[Live, Live]]:
    """Each cache, and the users of this name that its user group holds."""
    for cache in cloud.all(CACHE):
        for group in cloud.all(USER_GROUP):
            if group.id in cache.inputs.get("userGroupIds", []):
                users = cloud.find(CACHE_USER, userName=name)
                yield from ((cache, user) for user in users if user.id in group.inputs["userIds"])


def _may_connect(cloud: Cloud, cache: Live, user: Live) -> bool:
    wanted = (f":replicationgroup:{cache.id}", f":user:{user.id}")
    for policy in cloud.all(ROLE_POLICY):
        for statement in json.loads(policy.inputs["policy"])["Statement"]:
            named = statement["Resource"]
            if statement["Action"] == "elasticache:Connect" and all(
                any(arn.endswith(one) for arn in named) for one in wanted
            ):
                return True
    return False


@dataclass
class Clients:
    """Clients of one application. After every operation of the clouds a new one reads the secrets and logs in, and an
    old one, which read them before the deployment began, logs in again."""

    cloud: Cloud
    secrets: str
    """What the names of the application's secrets begin with."""
    old: Value | None = None
    old_keys: Value | None = None
    looks: int = 0
    logins: int = 0
    failures: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """A deployment begins: the old clients are those that have just read the secrets."""
        self.old = published(self.cloud, f"{self.secrets}/database")
        self.old_keys = published(self.cloud, f"{self.secrets}/jwt-secrets")

    def look(self, after: Call) -> None:
        self.looks += 1
        for age, value in (("new", published(self.cloud, f"{self.secrets}/database")), ("old", self.old)):
            if value is None:
                continue
            self.logins += 1
            if reason := refused(self.cloud, value):
                self.failures.append(f"after {after.operation} of {after.name}, a {age} client: {reason}")
        keys = published(self.cloud, f"{self.secrets}/jwt-secrets")
        if keys and self.old_keys:
            if keys["current"] not in self.old_keys.values():
                self.failures.append(f"after {after.operation} of {after.name}, an old client refuses new tokens")
            if self.old_keys["current"] not in keys.values():
                self.failures.append(f"after {after.operation} of {after.name}, a new client refuses old tokens")


@dataclass
class Tasks:
    """Containers of one application that were deployed with the environment of the last update. They may start at any
    time: then the name is the one they were deployed with, and the password the one that the secret holds now."""

    cloud: Cloud
    secret: str
    name: str
    with_password: bool
    failures: list[str] = field(default_factory=list)

    def look(self, after: Call) -> None:
        if not self.with_password:
            reason = refused_with_iam(self.cloud, self.name)
        else:
            value = published(self.cloud, self.secret) or {}
            reason = refused_with_password(self.cloud, self.name, value.get("redis_password", ""))
        if reason:
            self.failures.append(f"after {after.operation} of {after.name}, a task that starts: {reason}")


@dataclass
class Exporter:
    """What uses a login of the cache that belongs to no application: after every operation one that has just read the
    secret logs in, and one that read it before the deployment began."""

    cloud: Cloud
    secret: str
    old: Value | None = None
    logins: int = 0
    failures: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self.old = published(self.cloud, self.secret)

    def look(self, after: Call) -> None:
        for age, value in (("new", published(self.cloud, self.secret)), ("old", self.old)):
            if value is None:
                continue
            self.logins += 1
            if reason := refused_with_password(self.cloud, value["user"], value["password"]):
                self.failures.append(f"after {after.operation} of {after.name}, a {age} {value['user']}: {reason}")


class Watcher(Protocol):
    def look(self, after: Call) -> None: ...


class WatchedLog(list[Call]):
    """The cloud's log of operations; whoever watches it looks at the cloud after each one."""

    def __init__(self, *watchers: Watcher) -> None:
        super().__init__()
        self.watchers = watchers

    def append(self, call: Call) -> None:
        super().append(call)
        for watcher in self.watchers:
            watcher.look(call)
