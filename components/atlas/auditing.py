"""The audit log of a project's databases: who logged in, who was refused, who changed structures and rights."""

import json
import re
from collections.abc import Iterator
from typing import NotRequired, TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas

from ..arguments import Problem, check, given_or, known
from ..outputs import register
from . import tables

DEFAULT_AUTHORIZATION_SUCCESSES = False


class AtlasAuditingArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project: all its clusters are audited alike."""
    filter: NotRequired[pulumi.Input[str] | None]
    """What is recorded, as a JSON query over audit messages. Default: logins, refused operations, and changes of
    collections, indexes, users, roles and the deployment."""
    machine_users: NotRequired[str | None]
    """A regular expression of database users whose successful logins the default filter leaves out, such as those of an
    application's connection pool. Their failed logins are recorded all the same. Default: only Atlas's own users."""
    authorization_successes: NotRequired[pulumi.Input[bool] | None]
    """Whether reads and writes that were allowed are recorded too, where `filter` asks for `authCheck`. It can slow a
    cluster down severely. Default: no."""


class AtlasAuditing(pulumi.ComponentResource):
    """Database auditing of a project. Turning it on, and each change, restarts every cluster's nodes one after the
    other; deleting it turns auditing off.

    The default filter keeps the log small: no read or write that was allowed is in it.
    https://www.mongodb.com/docs/atlas/database-auditing/"""

    filter: pulumi.Output[str]
    """What is recorded, as JSON."""

    def __init__(self, name: str, args: AtlasAuditingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasAuditingArgs, problems(args))
        super().__init__("dolmen:index:AtlasAuditing", name, {}, opts)
        self.filter = pulumi.Output.from_input(given_or(args.get("filter"), default_filter(args.get("machine_users"))))
        mongodbatlas.Auditing(
            name,
            project_id=args["project_id"],
            enabled=True,
            audit_filter=self.filter,
            audit_authorization_success=given_or(args.get("authorization_successes"), DEFAULT_AUTHORIZATION_SUCCESSES),
            opts=pulumi.ResourceOptions(parent=self),
        )
        register(self)


def default_filter(machine_users: str | None = None) -> str:
    """What is recorded where nothing is said, as JSON.

    It does not grow with the number of applications: another filter would restart the nodes."""
    quiet: list[dict[str, dict[str, object]]] = [{"param.user": {"$nin": list(tables.machine_users())}}]
    if machine_users is not None:
        quiet.append({"param.user": {"$not": {"$regex": machine_users}}})
    query = {
        "$or": [
            {"atype": "authenticate", "result": {"$ne": 0}},
            {"atype": "authenticate", "$and": quiet},
            {"atype": "authCheck", "result": {"$ne": 0}},
            {"atype": {"$in": list(tables.audited_actions())}},
        ]
    }
    return json.dumps(query, separators=(",", ":"))


def problems(args: AtlasAuditingArgs) -> Iterator[Problem]:
    """What Atlas would refuse of a filter, and what would cost much and record nothing.

    Atlas itself checks that a filter is JSON, and nothing of what it asks for."""
    text = known(args.get("filter"))
    if text is not None:
        yield from _filter_problems(text)
    users = known(args.get("machine_users"))
    if users is not None and not _is_expression(users):
        yield Problem(
            ("machine_users",), "This is no regular expression.", "Write such as ^chat-prod_ for names that begin so."
        )
    if users is not None and args.get("filter") is not None:
        yield Problem(
            ("machine_users",),
            "A filter of your own says itself whose logins are left out.",
            "Remove machine_users, or filter.",
        )
    if known(args.get("authorization_successes")) is True:
        if args.get("filter") is None:
            yield Problem(
                ("authorization_successes",),
                "The default filter has no operation that was allowed: this would slow the cluster and record nothing.",
                "Remove it, or give a filter that asks for authCheck.",
            )
        elif text is not None and "authCheck" not in text:
            yield Problem(
                ("authorization_successes",),
                "It counts for authCheck alone, which the filter does not ask for.",
                'Remove it, or ask for {"atype": "authCheck"} in the filter.',
            )


def _filter_problems(text: str) -> Iterator[Problem]:
    place = ("filter",)
    try:
        query = json.loads(text)
    except ValueError:
        yield Problem(place, "A filter is JSON.", 'Write a query such as {"atype": "authenticate"}.')
        return
    if not isinstance(query, dict) or not query:
        yield Problem(
            place,
            "A filter is a query with at least one condition: without one, every operation is recorded.",
            "Remove filter for the default one.",
        )
        return
    allowed = tables.audit_operators()
    for operator in sorted(_operators(query).difference(allowed)):
        yield Problem(
            place,
            f"A query knows no operator {operator}: the nodes would not start with it, and Atlas checks the JSON alone.",
            f"Write one of {', '.join(allowed)}.",
        )


def _operators(query: object) -> set[str]:
    if isinstance(query, dict):
        return {str(key) for key in query if str(key).startswith("$")}.union(*map(_operators, query.values()))
    return set[str]().union(*map(_operators, query)) if isinstance(query, list) else set()


def _is_expression(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
