"""What a login and a user group may be: what ElastiCache refuses of them, and what would lock somebody out."""

import re
from collections.abc import Iterator, Sequence
from typing import get_args

from ..arguments import Problem, given_or, known, one_of, plain
from ..generations import generation_problems
from .access_arguments import AUTHENTICATION, GENERATION, Authentication, CacheAccessArgs, CacheUser, logins_of
from .access_string import Command
from .access_string_problems import access_string_problems
from .topology import Engine

MOST_USERS = 100
"""In a group (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html)."""
LONGEST_PLATFORM = 34
"""So that the user group's id fits into 40 characters."""
_NAME = re.compile(r"[a-z](-?[a-z0-9])*")


def problems(args: CacheAccessArgs) -> Iterator[Problem]:
    """What ElastiCache would refuse; nothing about what is not known yet."""
    yield from user_group_problems(args)
    for name, user in plain("users", known(args.get("users"))).items():
        if not _NAME.fullmatch(name):
            yield Problem(
                ("users", name),
                "AWS keeps ids of users in lower case: letters, digits and single hyphens, a letter first.",
                "Write a name such as chat-app.",
            )
        yield from (Problem(("users", name, *at.argument), at.rule, at.remedy) for at in login_problems(user))


def user_group_problems(args: CacheAccessArgs) -> Iterator[Problem]:
    """What is wrong with the group, whatever its users are called and may do."""
    platform, users = known(args.get("platform")), known(args.get("users")) or {}
    if platform is not None and (not _NAME.fullmatch(platform) or len(platform) > LONGEST_PLATFORM):
        yield Problem(
            ("platform",),
            f"Ids of users begin with the platform's name: at most {LONGEST_PLATFORM} lower-case letters, digits and "
            "single hyphens, a letter first.",
            "Write a name such as chat-prod.",
        )
    yield from one_of(("engine",), known(args.get("engine")), get_args(Engine))
    logins = sum(len(logins_of(user)) for user in map(known, users.values()) if user is not None)
    if logins >= MOST_USERS:  # one more is `default`, which a group for redis must have
        yield Problem(
            ("users",),
            f"A user group holds {MOST_USERS} users, one of them `default`, and these are {logins}.",
            "Spread them over two platforms.",
        )
    if "default" in users:
        yield Problem(
            ("users", "default"),
            "The cache has a user default of the platform's own, which can do nothing.",
            "Choose another name.",
        )


def login_problems(user: CacheUser) -> Iterator[Problem]:
    """What is wrong with one login, by its own arguments."""
    for argument in ("keys", "channels"):
        for index, pattern in enumerate(known(user.get(argument)) or ()):
            yield from (Problem((argument, index), *wrong) for wrong in pattern_problems(pattern))
    for index, command in enumerate(known(user.get("commands")) or ()):
        yield from one_of(("commands", index), command, get_args(Command))
    yield from one_of(("authentication",), known(user.get("authentication")), get_args(Authentication))
    logins = known(user.get("logins"))
    for index, login in enumerate(logins or ()):
        yield from one_of(("logins", index), login, get_args(Authentication))
    yield from logins_problems(known(given_or(user.get("authentication"), AUTHENTICATION)), logins)
    generation = known(given_or(user.get("generation"), GENERATION))
    yield from generation_problems(generation, known(given_or(user.get("active"), generation)))
    yield from _choice_problems(user)


def logins_problems(told: str | None, logins: Sequence[str] | None) -> Iterator[Problem]:
    """What would tell clients to log in by a way that does not exist."""
    if logins is not None and told in get_args(Authentication) and told not in logins:
        yield Problem(
            ("logins",),
            f"Clients are told to log in with {told}, and no such login exists here.",
            f"Add {told}. Remove the other way in a later update, when no client uses it.",
        )
    if logins is not None and len(set(logins)) < len(logins):
        yield Problem(
            ("logins",), "Each way to log in is one user, and here one stands twice.", "Remove one of the two."
        )


def _choice_problems(user: CacheUser) -> Iterator[Problem]:
    text = user.get("access_string")
    if text is None:
        if not user.get("keys"):
            yield Problem(("keys",), "Every login names the keys that belong to it.", "Write such as chat:*.")
        return
    for argument in ("keys", "channels", "commands"):
        if user.get(argument) is not None:
            yield Problem(
                (argument,),
                "access_string says all of it, and this argument would say it again.",
                f"Remove {argument} or access_string.",
            )
    if (plain := known(text)) is not None:
        yield from (Problem(("access_string",), *wrong) for wrong in access_string_problems(plain))


def pattern_problems(pattern: str) -> Iterator[tuple[str, str]]:
    """(rule, remedy) for what is wrong with a pattern of keys or channels."""
    if not pattern:
        yield "A pattern has at least one character.", 'Write the prefix of your keys: "chat:*".'
    elif any(c.isspace() or not c.isprintable() for c in pattern):
        yield "A pattern holds no space: an access string is split at spaces.", "Remove the space."
    elif set(pattern) & set("“”‘’«»"):
        yield (
            "A pattern holds typographic quotes, which no key begins with.",
            'Write plain quotes around it: "chat:*".',
        )
    elif pattern[0] in "~&%":
        yield "The sign before a pattern is Dolmen's to write.", f"Write {pattern.lstrip('~&%')}."
