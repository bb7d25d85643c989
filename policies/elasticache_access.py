"""ElastiCache: who may log in, and what they may do then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .framework.policy import Settings, resource_policy, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.tables import components, table
from .resource_types import CACHE_USER, CACHE_USER_GROUP, CACHE_USER_GROUP_ASSOCIATION, SECRET_VERSION


@resource_policy("elasticache-user-password", CACHE_USER, severity="critical", enforcement="always")
@words(
    title="A cache's user proves who it is.",
    rationale="A user without a password is a name that anybody can write.",
    remedy="Give passwords, or authenticationMode iam.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html",
)
def user_password(user: Resource, settings: Settings) -> Iterator[str]:
    """A user that is off cannot log in, with or without a password."""
    if user.flag("noPasswordRequired", default=False):
        yield "noPasswordRequired is on: the name alone logs in."
        return
    mode = user.view("authenticationMode")
    kind = mode.known("type").lower() if mode else ""
    if kind.startswith("no-password"):
        yield "authenticationMode asks for no password: the name alone logs in."
    elif kind not in ("iam", "password") and not user.given("passwords") and not user.given("passwordsWos"):
        yield "It has neither passwords nor IAM authentication."
    elif kind == "password" and mode is not None and not mode.given("passwords") and not user.given("passwords"):
        yield "authenticationMode is password, and there is none."


@resource_policy("elasticache-user-rights", CACHE_USER, severity="high", enforcement="beyond-development")
@words(
    title="A cache's user cannot empty, stop or reconfigure it.",
    rationale="FLUSHALL, KEYS and CONFIG take the cache from everybody. Rules count from left to right: allcommands at the end gives back what stood before.",
    remedy="Write on ~app:* +@all -@dangerous +info, in this order.",
    source="https://valkey.io/topics/acl/",
)
def user_rights(user: Resource, settings: Settings) -> Iterator[str]:
    rights = user.text("accessString")
    if not isinstance(rights, str) or not _on(rights):
        return
    if allowed := allowed_commands(rights, components()["cacheCommands"]):
        yield f"It may {', '.join(sorted(allowed)[:6])}{' and more' if len(allowed) > 6 else ''}."


def looks_after_cache(user: Resource) -> bool:
    """Whether a login is for who watches a cache, and reaches no key, or for people who look after it."""
    rights = user.known("accessString").lower().replace("(", " ").split()
    no_key = bool(rights) and not any(word.startswith(("~", "%", "allkeys")) for word in rights)
    return no_key or not set(table("elasticache")["administrativeRights"]).isdisjoint(rights)


def _on(rights: str) -> bool:
    """The last of `on` and `off` counts; neither means off."""
    said = [word for word in rights.split() if word.lower() in ("on", "off")]
    return bool(said) and said[-1].lower() == "on"


def allowed_commands(rights: str, commands: Mapping[str, list[str]]) -> set[str]:
    """Which of these commands (with their categories) an access string lets through. Rules count from left to right;
    a selector in parentheses grants for itself."""
    allowed: set[str] = set()
    for rules in _selectors(rights):
        granted: set[str] = set()
        for rule in rules:
            granted = _apply(rule.lower(), granted, commands)
        allowed |= granted
    return allowed


def _apply(rule: str, granted: set[str], commands: Mapping[str, list[str]]) -> set[str]:
    rule = {"allcommands": "+@all", "nocommands": "-@all", "reset": "-@all"}.get(rule, rule)
    if rule[:1] not in ("+", "-"):
        return granted
    name = rule[1:]
    if name.startswith("@"):
        named = {command for command, categories in commands.items() if name == "@all" or name[1:] in categories}
    else:
        named = {command for command in commands if command == name or command.startswith(f"{name}|")}
    return granted | named if rule[0] == "+" else granted - named


def _selectors(rights: str) -> list[list[str]]:
    """The rules of the string itself, then those of each selector."""
    root: list[str] = []
    found: list[list[str]] = [root]
    inside: list[str] | None = None
    for word in rights.replace("(", " ( ").replace(")", " ) ").split():
        if word == "(":
            inside = []
            found.append(inside)
        elif word == ")":
            inside = None
        else:
            (root if inside is None else inside).append(word)
    return found


@stack_policy("elasticache-application-keys", severity="medium", enforcement="advice")
@words(
    title="An application's user reaches the application's keys only.",
    rationale="Applications that share a cache could read and change each other's data.",
    remedy="Write ~app:* and resetchannels &app:* in the access string.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html",
)
def application_keys(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """An application's user is one whose login is published in a secret, unless it is people's who look after all."""
    published = {
        urn
        for version in stack.of(SECRET_VERSION)
        for urns in (version.depends("secretString"), version.depends("secretBinary"), version.dependencies)
        for urn in urns
    }
    for user in stack.of(CACHE_USER):
        words = [word.lower() for word in user.known("accessString").replace("(", " ").replace(")", " ").split()]
        if user.urn not in published or not words or looks_after_cache(user):
            continue
        if {"~*", "allkeys", "%rw~*", "%r~*", "%w~*"} & set(words):
            yield user, "It reaches every key of the cache, also those of other applications."
        if {"&*", "allchannels"} & set(words):
            yield user, "It hears and sends on every channel, also those of other applications."


@stack_policy("elasticache-default-user", severity="critical", enforcement="always")
@words(
    title="The default user of a cache can do nothing.",
    rationale="A client that gives no name is the user named default. ElastiCache's own one needs no password.",
    remedy="Put a user of your own named default into the group: off ~* -@all, with a random password.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html",
)
def default_user(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """ElastiCache's own user with the id `default` needs no password and may do everything."""
    for group in stack.of(CACHE_USER_GROUP):
        if "default" in (user.lower() for user in group.texts("userIds")):
            yield group, "It holds ElastiCache's own user default, who needs no password and may do everything."
        elif group.known("engine").lower() == "redis" and not group.given("userIds"):
            yield group, "It names no users: ElastiCache puts in its own user default, who needs no password."
    for association in stack.of(CACHE_USER_GROUP_ASSOCIATION):
        if association.known("userId").lower() == "default":
            yield association, "It adds ElastiCache's own user default, who needs no password and may do everything."
    for user in stack.of(CACHE_USER):
        if user.known("userName") == "default" and _on(user.known("accessString")) and _may(user):
            yield user, "The user named default is who a client is that logs in without a name: it may do something."


def _may(user: Resource) -> bool:
    words = [word.lower() for word in user.known("accessString").split()]
    return any(word.startswith("+") or word == "allcommands" for word in words)
