"""Atlas: who reaches a project's clusters, and what database users may do."""

from __future__ import annotations

from collections.abc import Iterator

from .framework import networks
from .framework.policy import Settings, resource_policy, setting, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.tables import table
from .framework.values import UNKNOWN, View
from .resource_types import (
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


@resource_policy("atlas-no-public-access", *LISTS, severity="critical", enforcement="always")
@words(
    title="No access list lets the internet in.",
    rationale="Any spelling counts: 0.0.0.0/0, 1.2.3.4/0, ::/0, 0.0.0.0, the two halves.",
    remedy="List your NAT gateways as /32, or use a private endpoint.",
    source="https://www.mongodb.com/docs/atlas/security/ip-access-list/",
)
def no_public_access(entry: Resource, settings: Settings) -> Iterator[str]:
    for text, network in entries(entry):
        if network is None:
            yield f"{text} cannot be read as an address or a range."
        elif networks.whole_world(network):
            yield f"{text} is the whole internet, or half of it."


@stack_policy("atlas-no-public-access-together", severity="critical", enforcement="always")
@words(
    title="An access list's entries together do not let the internet in.",
    rationale="Many ranges, each of them narrow enough, can cover everything.",
    remedy="List your NAT gateways as /32, or use a private endpoint.",
    source="https://www.mongodb.com/docs/atlas/security/ip-access-list/",
)
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


@resource_policy("atlas-narrow-access", *LISTS, severity="high", enforcement="always")
@setting("widestPrivatePrefix", "Prefix of the widest private range.", 16)
@words(
    title="An entry of an access list is no wider than one network.",
    rationale="Beyond a /24 (IPv6 /56) public addresses belong to strangers; no VPC is wider than a /16.",
    remedy="List your NAT gateways as /32, or the VPC's own range.",
    source="https://www.mongodb.com/docs/atlas/security/ip-access-list/",
)
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


@stack_policy("atlas-private-connectivity", severity="high", enforcement="from-staging-growing")
@words(
    title="A cluster is reached over a private network.",
    rationale="A password that leaked is worth nothing to somebody who cannot reach the port.",
    remedy="Use a private endpoint (AtlasPrivateLink) or a peering; in a stack file, connectivity: { privateLink: {} }.",
    source="https://www.mongodb.com/docs/atlas/security-private-endpoint/",
)
def private_connectivity(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for cluster in public_clusters(stack):
        yield cluster, "Neither a private endpoint nor a peering leads to it: clients come over the internet."


def public_clusters(stack: Stack) -> list[Resource]:
    """The clusters that no private network leads to."""
    private = {stack.identity(one, "projectId") for one in stack.of(ATLAS_ENDPOINT_SERVICE, ATLAS_PEERING)}
    clusters = stack.of(*ATLAS_CLUSTERS, ATLAS_FLEX_CLUSTER, ATLAS_SERVERLESS)
    return [one for one in clusters if stack.identity(one, "projectId") not in private]


@stack_policy("atlas-no-public-entry", severity="high", enforcement="from-staging-growing")
@words(
    title="No public address leads past a production cluster's private network.",
    rationale="An entry for an office or a laptop is a second door that nobody watches.",
    remedy="Remove the entry.",
    source="https://www.mongodb.com/docs/atlas/security/ip-access-list/",
)
def no_public_entry(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """Where there is no private network to lead past, `atlas-private-connectivity` says so."""
    public = {stack.identity(cluster, "projectId") for cluster in public_clusters(stack)}
    for entry in stack.of(ATLAS_ACCESS_LIST):
        for text, network in entries(entry) if stack.identity(entry, "projectId") not in public else ():
            if network is not None and networks.public(network):
                yield entry, f"{text} is a public address: it leads past the private network."


# ---- database users


@resource_policy("atlas-no-broad-role", ATLAS_DATABASE_USER, ATLAS_ROLE, severity="critical", enforcement="always")
@words(
    title="Applications have rights in their own database only.",
    rationale="atlasAdmin and the roles for any database open every other application's data.",
    remedy="Give readWrite on one database, or a custom role that inherits it.",
    source="https://www.mongodb.com/docs/atlas/mongodb-users-roles-and-privileges/",
)
def no_broad_role(resource: Resource, settings: Settings) -> Iterator[str]:
    for role in resource.views("inheritedRoles" if resource.type == ATLAS_ROLE else "roles"):
        yield from _granted_problems(role)
    for action in resource.views("actions") if resource.type == ATLAS_ROLE else []:
        yield from _action_problems(action)


def _granted_problems(role: View) -> Iterator[str]:
    broad, system = table("atlas")["broadRoles"], table("atlas")["systemDatabases"]
    name, database = role.known("roleName"), role.known("databaseName")
    if name.lower() in {one.lower() for one in broad} or name.lower().endswith("anydatabase"):
        yield f"{name} reaches beyond one application's database."
    elif name in ("read", "readWrite", "dbAdmin") and (database in system or database == "*"):
        yield f"{name} on {database}: there lie users, roles and settings of all databases."
    elif name in ("read", "readWrite", "dbAdmin") and not database and role.raw("databaseName") is not UNKNOWN:
        yield f"{name} names no database."


def _action_problems(action: View) -> Iterator[str]:
    name = action.known("action")
    for place in action.views("resources"):
        if place.flag("cluster", default=False):
            if name.upper() not in ("LIST_DATABASES", "SERVER_STATUS", "CONN_POOL_STATS"):
                yield f"{name} on the whole cluster."
        elif (database := place.raw("databaseName")) in (None, "", "*"):
            yield f"{name} on every database."
        elif database in table("atlas")["systemDatabases"]:
            yield f"{name} on {database}: there lie users, roles and settings of all databases."


@resource_policy("atlas-user-scopes", ATLAS_DATABASE_USER, severity="medium", enforcement="beyond-development")
@words(
    title="A database user logs in to its own cluster only.",
    rationale="Without scopes a user exists on every cluster of the project, also on those of tomorrow.",
    remedy="Give scopes with the cluster's name.",
    source="https://www.mongodb.com/docs/atlas/security-add-mongodb-users/",
)
def user_scopes(user: Resource, settings: Settings) -> Iterator[str]:
    scopes = user.views("scopes")
    if not scopes and user.raw("scopes") is not UNKNOWN:
        yield "scopes is empty: the user may log in to every cluster of the project."
    elif any(not scope.given("name") for scope in scopes):
        yield "A scope names no cluster."


@resource_policy("atlas-user-authentication", ATLAS_DATABASE_USER, severity="high", enforcement="always")
@words(
    title="A database user has one way to log in.",
    rationale="Of two ways the weaker one counts; of none, nobody logs in.",
    remedy="Give a password with authDatabaseName admin, or awsIamType with $external.",
    source="https://www.mongodb.com/docs/atlas/security-add-mongodb-users/",
)
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
