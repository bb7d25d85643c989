"""The audit log: what its default filter records, judged by a MongoDB-wire server, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymongo
import pytest
import secantus

from components.atlas.auditing import default_filter
from components.names import database_user, database_users_of_applications
from dolmen.engine.plan import Plan
from tests.components.atlas.programs import PROJECT, failure_of, only, plan_of

APPLICATION = database_user("chat-prod", "chat-app", "a")


def message(atype: str, user: str = "anna@company.com", result: int = 0, **parameters: Any) -> dict[str, Any]:
    """An audit message, in the form of https://www.mongodb.com/docs/manual/reference/audit-message/mongo/."""
    return {
        "atype": atype,
        "users": [{"user": user, "db": "admin"}],
        "param": {"user": user, "db": "admin", **parameters},
        "result": result,
    }


RECORDED = {
    "a person logs in": message("authenticate"),
    "a person gives a wrong password": message("authenticate", result=18),
    "an application gives a wrong password": message("authenticate", APPLICATION, result=18),
    "Atlas's own user gives a wrong password": message("authenticate", "mms-automation", result=18),
    "an operations user logs in": message("authenticate", database_user("chat-prod", "chat-app", "operations")),
    "another platform's application logs in": message("authenticate", database_user("shop-prod", "web", "a")),
    "an application reads what it may not": message("authCheck", APPLICATION, result=13, command="find"),
    "somebody drops a collection": message("dropCollection"),
    "an application makes an index": message("createIndex", APPLICATION),
    "a user gets a role": message("grantRolesToUser"),
    "the audit log is changed": message("auditConfigure"),
}
NOT_RECORDED = {
    "an application's pool logs in": message("authenticate", APPLICATION),
    "an application's other user logs in": message("authenticate", database_user("chat-prod", "chat-app", "b")),
    "Atlas's own user logs in": message("authenticate", "mms-monitoring-agent"),
    "another node logs in": message("authenticate", "__system"),
    "an application writes what it may": message("authCheck", APPLICATION, command="insert"),
    "a client says who it is": message("clientMetadata"),
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A collection with one document for each audit message."""
    folder: Path = tmp_path_factory.mktemp("server")
    server = secantus.SecantusDBServer(port=0, storage_path=str(folder), require_auth=False)
    server.start()
    try:
        with pymongo.MongoClient(f"mongodb://127.0.0.1:{server.port}", serverSelectionTimeoutMS=10_000) as client:
            client.audit.log.insert_many([{"_id": key, **one} for key, one in {**RECORDED, **NOT_RECORDED}.items()])
            yield client.audit.log
    finally:
        server.stop()


@pytest.mark.server
def test_the_default_filter_records_logins_refusals_and_changes_and_no_everyday_work(log: Any) -> None:
    query = json.loads(default_filter(database_users_of_applications("chat-prod")))
    assert {one["_id"] for one in log.find(query)} == set(RECORDED), (
        "The audit log lacks what an auditor asks for, or is full of what a pool does all day."
    )


@pytest.mark.server
def test_without_a_platform_the_logins_of_every_user_but_atlas_s_own_are_recorded(log: Any) -> None:
    found = {one["_id"] for one in log.find(json.loads(default_filter()))}
    assert found == {*RECORDED, "an application's pool logs in", "an application's other user logs in"}


def auditing(**args: Any) -> Plan:
    def program() -> None:
        from components.atlas import AtlasAuditing

        AtlasAuditing("shop", {"project_id": PROJECT, **args})

    return plan_of(program)


def test_auditing_is_on_and_what_was_allowed_is_not_recorded_unless_asked() -> None:
    inputs = only(auditing(), "Auditing").inputs
    assert inputs["enabled"] is True, "the resource alone records nothing"
    assert inputs["auditAuthorizationSuccess"] is False, (
        "every read and write would be recorded: the cluster slows down"
    )
    own = only(auditing(filter='{"atype": "authCheck"}', authorization_successes=True), "Auditing").inputs
    assert own["auditAuthorizationSuccess"] is True
    assert own["auditFilter"] == '{"atype": "authCheck"}'


def test_another_application_leaves_the_filter_as_it_is() -> None:
    """Each change of the filter restarts the nodes."""
    assert "chat-app" not in default_filter(database_users_of_applications("chat-prod"))


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({"filter": "{atype: authenticate}"}, "filter: A filter is JSON."),
        ({"filter": "{}"}, "filter: A filter is a query with at least one condition"),
        ({"filter": '["authenticate"]'}, "filter: A filter is a query with at least one condition"),
        ({"filter": '{"$or": [{"atype": {"$inn": ["a"]}}]}'}, "filter: A query knows no operator $inn"),
        ({"filter": '{"$where": "1"}'}, "filter: A query knows no operator $where"),
        ({"machine_users": "^chat("}, "machine_users: This is no regular expression."),
        (
            {"filter": '{"atype": "logout"}', "machine_users": "^chat"},
            "machine_users: A filter of your own says itself",
        ),
        ({"authorization_successes": True}, "authorization_successes: The default filter has no operation"),
        (
            {"filter": '{"atype": "logout"}', "authorization_successes": True},
            "authorization_successes: It counts for authCheck alone",
        ),
    ],
)
def test_what_would_record_nothing_or_break_a_node_is_refused(args: dict[str, Any], says: str) -> None:
    def program() -> None:
        from components.atlas import AtlasAuditing

        AtlasAuditing("shop", {"project_id": PROJECT, **args})

    assert says in failure_of(program)
