"""Roles, users that take turns, and connection strings."""

from __future__ import annotations

import string
from typing import Any

import pymongo.uri_parser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from components.atlas.uri import application_uri
from components.generations import slot_of, slots
from dolmen.engine.plan import Plan, Resource, Secret
from tests.components.atlas.programs import PROJECT, failure_of, of_type, only, outputs, plan_of, waits_for

SRV = "mongodb+srv://chat-pl-0.abcde.mongodb.net"
STANDARD = "mongodb://pl-0.abcde.mongodb.net:1024,pl-0.abcde.mongodb.net:1025/?ssl=true&authSource=x&replicaSet=atlas-1-shard-0"


def access(**changes: Any) -> None:
    from components.atlas import AtlasDatabaseAccess

    AtlasDatabaseAccess(
        "chat",
        {
            "project_id": PROJECT,
            "cluster_name": "chat",
            "platform": "chat-prod",
            "application": "chat-app",
            "database": "chatdb",
            "connection_string": SRV,
            **changes,
        },
    )


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(lambda: access(generation=2, iam={"web": "arn:aws:iam::123456789012:role/app/chat"}, read_only=True))


def users(plan: Plan) -> dict[str, Resource]:
    return {str(user.inputs["username"]): user for user in of_type(plan, "DatabaseUser")}


def test_the_role_reads_and_writes_one_database_and_nothing_else(plan: Plan) -> None:
    role = only(plan, "CustomDbRole").inputs
    assert role["inheritedRoles"] == [{"roleName": "readWrite", "databaseName": "chatdb"}]
    assert role["actions"] == [], "an action beside the inherited role could reach another database"


def test_every_user_is_confined_to_the_cluster(plan: Plan) -> None:
    for name, user in users(plan).items():
        assert user.inputs["scopes"] == [{"name": "chat", "type": "CLUSTER"}], f"{name} could use other clusters"
        expected = "$external" if name.startswith("arn:") else "admin"
        assert user.inputs["authDatabaseName"] == expected, "Atlas keeps users in admin, IAM principals outside"


def test_a_user_with_the_custom_role_has_no_other(plan: Plan) -> None:
    own = [{"roleName": "chat-prod_chat-app", "databaseName": "admin"}]
    roles = {name: user.inputs["roles"] for name, user in users(plan).items()}
    assert roles == {
        "chat-prod_chat-app_a": own,
        "chat-prod_chat-app_b": own,
        "arn:aws:iam::123456789012:role/app/chat": own,
        "chat-prod_chat-app_operations": [{"roleName": "dbAdmin", "databaseName": "chatdb"}],
        "chat-prod_chat-app_read-only": [{"roleName": "read", "databaseName": "chatdb"}],
    }, "Atlas refuses a built-in role beside a custom one"


def test_users_wait_for_the_role(plan: Plan) -> None:
    for name in ("chat-prod_chat-app_a", "chat-prod_chat-app_b"):
        assert "CustomDbRole chat" in waits_for(plan, users(plan)[name]), (
            "Atlas refuses a user whose role does not exist yet"
        )


def test_iam_principals_have_no_password(plan: Plan) -> None:
    user = users(plan)["arn:aws:iam::123456789012:role/app/chat"]
    assert "password" not in user.inputs
    assert user.inputs["awsIamType"] == "ROLE"


def test_a_password_stands_beside_no_other_way_to_log_in(plan: Plan) -> None:
    with_password = [user.inputs for user in users(plan).values() if "password" in user.inputs]
    assert len(with_password) == 4, "users of both slots, of operations and for reading log in by password"
    for inputs in with_password:
        others = {"awsIamType", "ldapAuthType", "x509Type"} & inputs.keys()
        assert not others, f"the Atlas provider refuses {others} beside a password, with NONE too: nothing would deploy"


def test_passwords_are_long_and_of_four_classes(plan: Plan) -> None:
    for password in of_type(plan, "RandomPassword"):
        inputs: Any = password.inputs
        assert inputs["length"] >= 32
        assert min(inputs[key] for key in ("minLower", "minUpper", "minNumeric", "minSpecial")) >= 1
    assert all(isinstance(user.inputs["password"], Secret) for name, user in users(plan).items() if name[:3] != "arn")


def test_what_carries_a_password_is_secret_and_its_sibling_is_not(plan: Plan) -> None:
    given_outputs = outputs(plan, "chat")
    for name in ("password", "uri", "operationsPassword", "operationsUri", "readOnlyPassword", "readOnlyUri"):
        assert isinstance(given_outputs[name], Secret), f"{name} would be printed"
    assert given_outputs["uriWithoutCredentials"] == (
        "mongodb+srv://chat-pl-0.abcde.mongodb.net/chatdb?tls=true&retryWrites=true&w=majority&appName=chat-app"
        "&authSource=admin"
    )
    assert given_outputs["username"] == "chat-prod_chat-app_a", "clients would be handed the new, unproved user"


def generations(plan: Plan) -> dict[str, Any]:
    return {password.name: password.inputs["keepers"] for password in of_type(plan, "RandomPassword")}


def of_the_application(generation: int) -> dict[str, str]:
    return {"login": "application", "generation": str(generation)}


def test_the_first_generation_has_one_user() -> None:
    found = generations(plan_of(lambda: access(operations=False)))
    assert found == {"chat-a": of_the_application(1)}


def test_raising_the_generation_changes_only_the_user_that_no_client_uses() -> None:
    before = generations(plan_of(lambda: access(generation=2, active=2, operations=False)))
    after = generations(plan_of(lambda: access(generation=3, active=2, operations=False)))
    assert before == {"chat-a": of_the_application(1), "chat-b": of_the_application(2)}
    assert after == {"chat-a": of_the_application(3), "chat-b": of_the_application(2)}, (
        "clients of generation 2 would be locked out"
    )


@pytest.mark.parametrize(
    ("generation", "active", "says"),
    [
        (3, 1, "generation: A generation may not run ahead of `active` (1) by more than one"),
        (1, 2, "active: Clients cannot read a generation that does not exist yet"),
        (0, 0, "generation: At least 1"),
    ],
)
def test_a_generation_runs_ahead_by_one_at_most(generation: int, active: int, says: str) -> None:
    assert says in failure_of(lambda: access(generation=generation, active=active))


@given(st.integers(min_value=1, max_value=10_000))
def test_the_active_user_keeps_its_password_through_every_step(generation: int) -> None:
    held, later = slots(generation), slots(generation + 1)
    assert held[slot_of(generation)] == generation
    assert later[slot_of(generation)] == generation, "raising the generation changed the password that clients read"
    assert later[slot_of(generation + 1)] == generation + 1
    assert slot_of(generation) != slot_of(generation + 1)


HOSTILE = string.ascii_letters + string.digits + string.punctuation + " \t\n\r\x00é漢😀"


@settings(max_examples=400, deadline=None)
@given(
    password=st.text(alphabet=HOSTILE, min_size=1, max_size=64) | st.text(min_size=1, max_size=64),
    user=st.text(alphabet=HOSTILE, min_size=1, max_size=40),
    connection_string=st.sampled_from([STANDARD]),
)
@example(password="%41%25@:/?#[]&=+", user="a@b:c", connection_string=STANDARD)
@example(password="p@ss/w:rd?#%", user="u", connection_string=STANDARD)
def test_every_password_survives_the_uri(password: str, user: str, connection_string: str) -> None:
    try:
        password.encode(), user.encode()
    except UnicodeEncodeError:
        return  # half of a surrogate pair is no text
    uri = application_uri(connection_string, database="chatdb", application="chat-app", user=user, password=password)
    read = pymongo.uri_parser.parse_uri(uri)
    assert (read["username"], read["password"]) == (user, password), "clients would log in with another password"
    assert read["database"] == "chatdb"
    assert read["options"]["retryWrites"] is True
    assert read["options"]["w"] == "majority"
    assert read["options"]["authSource"] == "admin"
    assert read["options"]["appname"] == "chat-app"
    assert read["options"]["replicaSet"] == "atlas-1-shard-0", "Atlas's own options were lost"
    assert read["options"]["tls"] is True


def test_iam_logs_in_without_a_password() -> None:
    uri = application_uri(STANDARD, database="chatdb", application="chat-app", iam=True)
    read = pymongo.uri_parser.parse_uri(uri)
    assert read["options"]["authMechanism"] == "MONGODB-AWS"
    assert read["options"]["authSource"] == "$external"


@pytest.mark.parametrize(
    "wrong", ["", "https://x", "mongodb://", "chat.mongodb.net", "mongodb+srv://u:p@chat.mongodb.net"]
)
def test_what_is_no_connection_string_without_login_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="connection string"):
        application_uri(wrong, database="chatdb", application="chat-app")
