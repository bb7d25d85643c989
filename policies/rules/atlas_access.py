"""Atlas: who reaches a project's clusters, and what database users may do."""

from __future__ import annotations

from collections.abc import Iterator

from .framework import networks
from .framework.resources import Resource, Stack
from .framework.rule import Settings, resource_rule, stack_rule
from .framework.values import UNKNOWN, View
from .types import (
    ATLAS_ACCESS_LIST,
    ATLAS_API_ACCESS_LISTS,
    ATLAS_CLUSTERS,
    ATLAS_DATABASE_USER,
    ATLAS_ENDPOINT_SERVICE,
    ATLAS_FLEX_CLUSTER,
    ATLAS_PEERING,
    ATLAS_ROLE,
    ATLAS_SERVERLESS,
)

WIDEST_PUBLIC = {4: 24, 6: 56}
PREFIX_TOGETHER = {4: 8, 6: 16}
REACH_TOGETHER = 1 << 24
"""Public addresses that entries may let in together: those of a /8."""
LISTS = (ATLAS_ACCESS_LIST, *ATLAS_API_ACCESS_LISTS)


def entries(resource: Resource) -> Iterator[tuple[str, networks.Network | None]]:
    for key in ("cidrBlock", "ipAddress"):
        if text := resource.known(key):
            yield text, networks.parse(text)


@resource_rule("atlas-no-public-access", *LISTS)
def no_public_access(entry: Resource, settings: Settings) -> Iterator[str]:
    for text, network in entries(entry):
        if network is None:
            yield f"{text} cannot be read as an address or a range."
        elif networks.whole_world(network):
            yield f"{text} is the whole internet, or half of it."


@stack_rule("atlas-no-public-access-together")
def no_public_access_together(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    projects: dict[object, list[tuple[Resource, networks.Network]]] = {}
    for entry in stack.of(ATLAS_ACCESS_LIST):
        key = stack.identity(entry, "projectId")
        for _, network in entries(entry):
            if network is not None:
                projects.setdefault(key, []).append((entry, network))
    for found in projects.values():
        together = [network for _, network in found]
        wide = networks.union_is_wide(together, PREFIX_TOGETHER)
        if wide is not None:
            yield found[0][0], f"The entries together let {wide} in."
        elif networks.reach(together) > REACH_TOGETHER and not any(networks.whole_world(one) for one in together):
            yield found[0][0], f"The entries together let {networks.reach(together):,} public addresses in."


@resource_rule("atlas-narrow-access", *LISTS)
def narrow_access(entry: Resource, settings: Settings) -> Iterator[str]:
    widest_private = settings.number("widestPrivatePrefix", entry)
    for text, network in entries(entry):
        if network is None or networks.whole_world(network):
            continue
        if networks.public(network):
            if network.prefixlen < WIDEST_PUBLIC[network.version]:
                yield f"{text} is {network.num_addresses:,} public addresses: more than one company's."
        elif network.version == 4 and network.prefixlen < widest_private:
            yield f"{text} is wider than any VPC (/{widest_private:g})."


@stack_rule("atlas-private-connectivity")
def private_connectivity(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for cluster in stack.of(*ATLAS_CLUSTERS, ATLAS_FLEX_CLUSTER, ATLAS_SERVERLESS):
        project = stack.identity(cluster, "projectId")
        ways = [
            one
            for one in stack.of(ATLAS_ENDPOINT_SERVICE, ATLAS_PEERING)
            if stack.identity(one, "projectId") == project
        ]
        if not ways:
            yield cluster, "Neither a private endpoint nor a peering leads to it: clients come over the internet."


@resource_rule("atlas-no-public-entry", ATLAS_ACCESS_LIST)
def no_public_entry(entry: Resource, settings: Settings) -> Iterator[str]:
    for text, network in entries(entry):
        if network is not None and networks.public(network):
            yield f"{text} is a public address: it leads past the private network."


# ---- database users


@resource_rule("atlas-no-broad-role", ATLAS_DATABASE_USER, ATLAS_ROLE)
def no_broad_role(resource: Resource, settings: Settings) -> Iterator[str]:
    table = settings.tables("atlas")
    if resource.type == ATLAS_ROLE:
        yield from _role_problems(resource, table["broadRoles"], table["systemDatabases"])
        return
    roles = resource.views("roles")
    for role in roles:
        yield from _granted_problems(role, table["broadRoles"], table["systemDatabases"])


def _granted_problems(role: View, broad: list[str], system: list[str]) -> Iterator[str]:
    name, database = role.known("roleName"), role.known("databaseName")
    if name.lower() in {one.lower() for one in broad} or name.lower().endswith("anydatabase"):
        yield f"{name} reaches beyond one application's database."
    elif name in ("read", "readWrite", "dbAdmin") and (database in system or database == "*"):
        yield f"{name} on {database}: there lie users, roles and settings of all databases."
    elif name in ("read", "readWrite", "dbAdmin") and not database and role.raw("databaseName") is not UNKNOWN:
        yield f"{name} names no database."


def _role_problems(role: Resource, broad: list[str], system: list[str]) -> Iterator[str]:
    for inherited in role.views("inheritedRoles"):
        yield from _granted_problems(inherited, broad, system)
    for action in role.views("actions"):
        for place in action.views("resources"):
            if place.flag("cluster", default=False):
                if action.known("action").upper() not in ("LIST_DATABASES", "SERVER_STATUS", "CONN_POOL_STATS"):
                    yield f"{action.known('action')} on the whole cluster."
                continue
            database = place.raw("databaseName")
            if database is UNKNOWN:
                continue
            if database in (None, "", "*"):
                yield f"{action.known('action')} on every database."
            elif database in system:
                yield f"{action.known('action')} on {database}: there lie users, roles and settings of all databases."


@resource_rule("atlas-user-scopes", ATLAS_DATABASE_USER)
def user_scopes(user: Resource, settings: Settings) -> Iterator[str]:
    scopes = user.views("scopes")
    if not scopes and user.raw("scopes") is not UNKNOWN:
        yield "scopes is empty: the user may log in to every cluster of the project."
    elif any(not scope.given("name") for scope in scopes):
        yield "A scope names no cluster."


@resource_rule("atlas-user-authentication", ATLAS_DATABASE_USER)
def user_authentication(user: Resource, settings: Settings) -> Iterator[str]:
    """Atlas takes users of `$external` by IAM, certificates, LDAP or OIDC, and users of `admin` by password."""
    kinds = ("awsIamType", "x509Type", "ldapAuthType", "oidcAuthType")
    external = any(user.known(kind) not in ("", "NONE") for kind in kinds)
    password = user.given("password") or user.given("passwordWo")
    if not external and not password and not any(user.raw(kind) is UNKNOWN for kind in kinds):
        yield "It has neither a password nor another way to log in."
    if external and password:
        yield "It has a password beside its certificate or role: the weaker way in counts."
    database = user.known("authDatabaseName")
    if password and not external and database not in ("", "admin"):
        yield f"authDatabaseName is {database}: users with passwords are those of admin."
