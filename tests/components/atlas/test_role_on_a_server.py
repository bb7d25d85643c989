"""The application's role and users on a real MongoDB-wire server: SecantusDB, which enforces authorization.

What this cannot show, because the server is not Atlas:
- Atlas's own translation of a custom role (`inheritedRoles`) into the server's; here the same inheritance is made with
  `createRole`.
- Scopes: that a user is refused on another cluster of the project.
- `$indexStats`: the server judges it as a read of documents, so that it lets the application have it and refuses the
  operations user. MongoDB asks for the action `indexStats`, which `dbAdmin` has and `readWrite` has not
  (https://www.mongodb.com/docs/manual/reference/built-in-roles/).
- IAM logins, and how many connections a size takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymongo
import pytest
import secantus
from pymongo.errors import OperationFailure

from components.atlas.uri import application_uri
from dolmen.engine.plan import Plan
from tests.components.atlas.programs import of_type, only, plan_of

pytestmark = pytest.mark.server

PASSWORDS = {
    "chat-prod_chat-app_a": "p@ss/w:rd?#%41[]&=+ -_.~!*^Aa1",
    "chat-prod_chat-app_b": "another:Pass/word@2#?%",
    "chat-prod_chat-app_operations": "Operations-1",
    "chat-prod_chat-app_read-only": "Read-only-1",
}


def registered() -> Plan:
    def program() -> None:
        from components.atlas import AtlasDatabaseAccess

        AtlasDatabaseAccess(
            "chat",
            {
                "project_id": "5f0000000000000000000002",
                "cluster_name": "chat",
                "platform": "chat-prod",
                "application": "chat-app",
                "database": "chatdb",
                "generation": 2,
                "connection_string": "mongodb+srv://chat.mongodb.net",
                "read_only": True,
            },
        )

    return plan_of(program)


def built(plan: Plan, administrator: Any) -> None:
    """The server's role and users, as the component registers them with Atlas."""
    role: Any = only(plan, "CustomDbRole").inputs
    administrator.admin.command(
        "createRole",
        role["roleName"],
        privileges=role["actions"],
        roles=[{"role": each["roleName"], "db": each["databaseName"]} for each in role["inheritedRoles"]],
    )
    for user in of_type(plan, "DatabaseUser"):
        inputs: Any = user.inputs
        administrator.admin.command(
            "createUser",
            inputs["username"],
            pwd=PASSWORDS[inputs["username"]],
            roles=[{"role": each["roleName"], "db": each["databaseName"]} for each in inputs["roles"]],
        )


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("server")
    plan = registered()
    server = secantus.SecantusDBServer(port=0, storage_path=str(folder), require_auth=False)
    server.start()
    try:
        with pymongo.MongoClient(
            f"mongodb://127.0.0.1:{server.port}", serverSelectionTimeoutMS=10_000
        ) as administrator:
            built(plan, administrator)
            administrator.other.things.insert_one({"secret": 1})
            administrator.chatdb.messages.insert_one({"text": "hello"})
        server.require_auth = True
        yield f"127.0.0.1:{server.port}"
    finally:
        server.stop()


def as_user(hosts: str, user: str) -> pymongo.MongoClient[Any]:
    uri = application_uri(
        f"mongodb://{hosts}/?tls=false",
        database="chatdb",
        application="chat-app",
        user=user,
        password=PASSWORDS[user],
    )
    return pymongo.MongoClient(uri, serverSelectionTimeoutMS=10_000, retryWrites=False)


@pytest.mark.parametrize("slot", ["a", "b"])
def test_both_users_of_an_application_read_and_write_its_database(hosts: str, slot: str) -> None:
    with as_user(hosts, f"chat-prod_chat-app_{slot}") as client:
        messages = client.get_default_database().messages
        messages.insert_one({"text": slot})
        assert messages.count_documents({"text": slot}) == 1, "the application cannot use its own database"
        messages.create_index("text")


@pytest.mark.parametrize("database", ["other", "admin", "config", "chatdb2"])
def test_no_other_database_is_read_or_written(hosts: str, database: str) -> None:
    with as_user(hosts, "chat-prod_chat-app_a") as client:
        with pytest.raises(OperationFailure, match=r"(?i)not authorized|unauthorized"):
            client[database].things.find_one()
        with pytest.raises(OperationFailure, match=r"(?i)not authorized|unauthorized"):
            client[database].things.insert_one({"x": 1})


@pytest.mark.parametrize(
    "command",
    [
        {"usersInfo": 1},
        {"createUser": "intruder", "pwd": "x", "roles": [{"role": "root", "db": "admin"}]},
        {"grantRolesToUser": "chat-prod_chat-app_a", "roles": [{"role": "root", "db": "admin"}]},
    ],
    ids=lambda command: next(iter(command)),
)
def test_an_application_administers_nobody(hosts: str, command: dict[str, Any]) -> None:
    with (
        as_user(hosts, "chat-prod_chat-app_a") as client,
        pytest.raises(OperationFailure, match=r"(?i)not authorized|unauthorized"),
    ):
        client.admin.command(command)


def test_an_application_cannot_turn_the_profiler_on(hosts: str) -> None:
    with (
        as_user(hosts, "chat-prod_chat-app_a") as client,
        pytest.raises(OperationFailure, match=r"(?i)not authorized|unauthorized"),
    ):
        client.chatdb.command("profile", 1)


def test_the_operations_user_keeps_indexes_and_the_profiler_without_reading_documents(hosts: str) -> None:
    with as_user(hosts, "chat-prod_chat-app_operations") as client:
        client.chatdb.messages.create_index([("text", 1), ("at", -1)], name="by-operations")
        assert "by-operations" in client.chatdb.messages.index_information()
        assert client.chatdb.command("collStats", "messages")["count"] > 0
        client.chatdb.command("profile", 1, slowms=100)
        client.chatdb.command("profile", 0)
        with pytest.raises(OperationFailure, match=r"(?i)not authorized|unauthorized"):
            client.chatdb.messages.find_one()
        with pytest.raises(OperationFailure, match=r"(?i)not authorized|unauthorized"):
            client.other.things.create_index("x")


def test_the_read_only_user_reads_and_never_writes(hosts: str) -> None:
    with as_user(hosts, "chat-prod_chat-app_read-only") as client:
        assert client.chatdb.messages.find_one() is not None
        with pytest.raises(OperationFailure, match=r"(?i)not authorized|unauthorized"):
            client.chatdb.messages.insert_one({"x": 1})
        with pytest.raises(OperationFailure, match=r"(?i)not authorized|unauthorized"):
            client.other.things.find_one()


def test_a_wrong_password_lets_nobody_in(hosts: str) -> None:
    uri = application_uri(
        f"mongodb://{hosts}/?tls=false",
        database="chatdb",
        application="x",
        user="chat-prod_chat-app_a",
        password="p@ss",
    )
    with pymongo.MongoClient(uri, serverSelectionTimeoutMS=10_000) as client, pytest.raises(OperationFailure):
        client.chatdb.messages.find_one()
