"""Who may do what in one application's database."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas
import pulumi_random as random

from .. import names
from ..arguments import Place, Problem, check, given_or, known
from ..generations import generation_problems, slot_of, slots
from ..outputs import register
from .uri import application_uri

FIRST_GENERATION = 1
PASSWORD_LENGTH = 40
PASSWORD_SPECIAL = "-_.~!*+=^%@:/?#"  # noqa: S105  not a password, but what one is made of
"""Characters that a careless URI breaks on are in it on purpose: what works in a test works with every password."""


class AtlasDatabaseAccessArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    cluster_name: pulumi.Input[str]
    """The cluster that the users are confined to, as an output of the cluster."""
    platform: str
    """The platform's name, which begins those of the role and the users: unique in the project."""
    application: str
    """The application's name, which clients also report to the server (`appName`)."""
    database: pulumi.Input[str]
    """The application's database: all that its role can read and write."""
    generation: NotRequired[int | None]
    """The newest generation of passwords. Odd ones belong to user a, even ones to user b. Default 1."""
    active: NotRequired[int | None]
    """The generation that the outputs hand on: `generation`, or the one before. Default 1."""
    connection_string: pulumi.Input[str]
    """Atlas's connection string of the application's network, without credentials."""
    iam: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """ARNs of IAM roles and users that may log in as the application, by keys of yours, which name the users. Default:
    none."""
    operations: NotRequired[bool | None]
    """Whether there is a user for indexes, statistics and the profiler. Default: yes."""
    read_only: NotRequired[bool | None]
    """Whether there is a user that only reads. Default: no."""


class AtlasDatabaseAccess(pulumi.ComponentResource):
    """The application's role, its two users that take turns, and the users beside them.

    The role inherits `readWrite` on one database and nothing else. A user with a custom role can hold no built-in one
    beside it, so the operations user has the built-in `dbAdmin` of that database: indexes with their statistics, the
    profiler and what it recorded, validation, and also dropping collections, but no document. The read-only user has
    the built-in `read`.

    Slot a holds the largest odd generation up to `generation`, slot b the largest even one: raising the generation
    changes the user that no client uses."""

    username: pulumi.Output[str]
    """The user of the active generation."""
    password: pulumi.Output[str]
    """Its password, secret and not percent-encoded."""
    uri: pulumi.Output[str]
    """The URI with that login, secret."""
    uri_without_credentials: pulumi.Output[str]
    """The same URI without a login."""
    role_name: pulumi.Output[str]
    """The application's role."""
    operations_username: pulumi.Output[str]
    """The operations user; empty where there is none."""
    operations_password: pulumi.Output[str]
    """Its password, secret; empty where there is none."""
    operations_uri: pulumi.Output[str]
    """The URI with the operations user's login, secret; empty where there is none."""
    read_only_username: pulumi.Output[str]
    """The read-only user; empty where there is none."""
    read_only_password: pulumi.Output[str]
    """Its password, secret; empty where there is none."""
    read_only_uri: pulumi.Output[str]
    """The URI with the read-only user's login, secret; empty where there is none."""

    def __init__(self, name: str, args: AtlasDatabaseAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasDatabaseAccessArgs, problems(args))
        super().__init__("dolmen:index:AtlasDatabaseAccess", name, {}, opts)
        self._args, self._child = args, pulumi.ResourceOptions(parent=self)
        role = mongodbatlas.CustomDbRole(
            name,
            project_id=args["project_id"],
            role_name=names.database_role(args["platform"], args["application"]),
            actions=[],
            inherited_roles=[{"role_name": "readWrite", "database_name": args["database"]}],
            opts=self._child,
        )
        own: mongodbatlas.DatabaseUserRoleArgsDict = {"role_name": role.role_name, "database_name": "admin"}
        users = {
            slot: self._user(name, slot, own, held, login="application")
            for slot, held in slots(int(given_or(args.get("generation"), FIRST_GENERATION))).items()
        }
        user, password = users[slot_of(int(given_or(args.get("active"), FIRST_GENERATION)))]
        for key, principal in given_or(args.get("iam"), {}).items():
            self._iam_user(names.keyed(name, key), principal, own)
        wanted = {
            "operations": given_or(args.get("operations"), True),
            "read-only": given_or(args.get("read_only"), False),
        }
        operations = self._built_in(name, "operations", "dbAdmin", wanted["operations"])
        reader = self._built_in(name, "read-only", "read", wanted["read-only"])
        parts = {
            "connection_string": args["connection_string"],
            "database": args["database"],
            "application": args["application"],
        }
        self.username, self.password, self.role_name = user, password, role.role_name
        self.uri = _uri(parts, user, password)
        self.operations_uri, self.read_only_uri = _uri(parts, *operations), _uri(parts, *reader)
        uris = {"operations": self.operations_uri, "read-only": self.read_only_uri}
        # For a program in Python; the others have the outputs.
        self.other_uris = {purpose: uri for purpose, uri in uris.items() if wanted[purpose]}
        self.uri_without_credentials = pulumi.Output.all(**parts).apply(lambda given: application_uri(**given))
        self.operations_username, self.operations_password = operations
        self.read_only_username, self.read_only_password = reader
        register(self)

    def _built_in(
        self, name: str, purpose: str, role: str, wanted: bool
    ) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        if not wanted:
            return pulumi.Output.from_input(""), pulumi.Output.secret("")
        roles: mongodbatlas.DatabaseUserRoleArgsDict = {
            "role_name": role,
            "database_name": self._args["database"],
        }
        return self._user(name, purpose, roles, FIRST_GENERATION, login=purpose)

    def _user(
        self, name: str, purpose: str, role: mongodbatlas.DatabaseUserRoleArgsDict, generation: int, *, login: str
    ) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        """A user with a password of its own. The outputs are the user's, so that who takes them waits for the user.

        The password's keepers say its generation and whose it is: a policy tells by them that a password which no
        secret holds is the other generation of one that a secret does hold."""
        own = names.keyed(name, purpose)
        password = random.RandomPassword(
            own,
            length=PASSWORD_LENGTH,
            min_lower=4,
            min_upper=4,
            min_numeric=4,
            min_special=2,
            special=True,
            override_special=PASSWORD_SPECIAL,
            keepers={"login": login, "generation": str(generation)},
            opts=self._child,
        )
        user = mongodbatlas.DatabaseUser(
            own,
            project_id=self._args["project_id"],
            username=names.database_user(self._args["platform"], self._args["application"], purpose),
            password=password.result,
            auth_database_name="admin",
            roles=[role],
            scopes=[{"name": self._args["cluster_name"], "type": "CLUSTER"}],
            # No aws_iam_type, ldap_auth_type or x509_type: the provider refuses each beside a password, "NONE" too.
            oidc_auth_type="NONE",
            opts=self._child,
        )
        given: Any = pulumi.Output.all(password.result, user.id)
        return user.username, pulumi.Output.secret(given.apply(lambda values: values[0]))

    def _iam_user(self, name: str, principal: pulumi.Input[str], role: mongodbatlas.DatabaseUserRoleArgsDict) -> None:
        mongodbatlas.DatabaseUser(
            name,
            project_id=self._args["project_id"],
            username=principal,
            auth_database_name="$external",
            roles=[role],
            scopes=[{"name": self._args["cluster_name"], "type": "CLUSTER"}],
            aws_iam_type=pulumi.Output.from_input(principal).apply(lambda arn: "ROLE" if ":role/" in arn else "USER"),
            oidc_auth_type="NONE",
            opts=self._child,
        )


def _uri(
    parts: Mapping[str, pulumi.Input[str]], user: pulumi.Output[str], password: pulumi.Output[str]
) -> pulumi.Output[str]:
    given: Any = pulumi.Output.all(**parts, user=user, password=password)
    return pulumi.Output.secret(given.apply(lambda values: application_uri(**values) if values["user"] else ""))


_FORBIDDEN_IN_DATABASE = set('/\\. "$*<>:|?')
_RESERVED_DATABASES = ("admin", "local", "config")


def problems(args: AtlasDatabaseAccessArgs) -> Iterator[Problem]:
    """What MongoDB and Atlas would refuse of an application's access."""
    if (database := known(args.get("database"))) is not None:
        yield from _database_problems(database)
    yield from generation_problems(
        known(given_or(args.get("generation"), FIRST_GENERATION)), known(given_or(args.get("active"), FIRST_GENERATION))
    )
    for key, principal in (known(args.get("iam")) or {}).items():
        yield from principal_problems(known(principal), ("iam", key))


def _database_problems(name: str) -> Iterator[Problem]:
    """https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions"""
    place = ("database",)
    wrong = sorted(set(name) & _FORBIDDEN_IN_DATABASE)
    if wrong or any(not character.isprintable() or character.isspace() for character in name):
        yield Problem(
            place,
            'A database name holds none of / \\ . space " $ * < > : | ?',
            f"Remove {' '.join(map(repr, wrong)) or 'what is no visible character'}.",
        )
    elif not 1 <= len(name.encode()) <= 63:
        yield Problem(place, "A database name has 1 to 63 bytes.", "Shorten it.")
    elif name.lower() in _RESERVED_DATABASES:
        yield Problem(
            place, f"`{name}` is one of MongoDB's own databases.", "Give the application a database of its own."
        )


def principal_problems(arn: str | None, argument: Place = ()) -> Iterator[Problem]:
    """What is wrong with the ARN of somebody who logs in through IAM."""
    if arn is not None and not re.fullmatch(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/-]{1,512}", arn):
        yield Problem(
            argument,
            "The ARN of an IAM role or user is expected here.",
            "Write such as arn:aws:iam::123456789012:role/chat-app.",
        )
