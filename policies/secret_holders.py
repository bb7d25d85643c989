"""Generated passwords: whether a secret holds them for whoever needs them."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.policy import Settings, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.tables import table
from .resource_types import CACHE_USER, RANDOM_PASSWORD
from .secret_values import places

LOGIN = "login"
"""The keeper that tells the generations of one login from those of another."""


@stack_policy("password-in-secret", severity="medium", enforcement="beyond-development")
@words(
    title="A generated password lies in a secret.",
    rationale="A password that nothing but the state holds is of no use to anybody, or is copied from there by hand.",
    remedy="Keep it in a SecretVersion, switch its login off, or accept it on record and say whom it serves.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
)
def password_in_secret(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """Two reasons need no record: a login that is switched off, and a generation beside the one that clients read."""
    held = _held(stack)
    logins = {_login(stack.by_urn[urn]) for urn in held if urn in stack.by_urn} - {None}
    for password in stack.of(RANDOM_PASSWORD):
        if password.urn not in held and _login(password) not in logins and not _switched_off(stack, password):
            yield password, "No secret holds it: whoever is to log in with it has to take it from the state."


def _held(stack: Stack) -> set[str]:
    """What secrets are made of, itself or as a property of its login."""
    found: set[str] = set()
    for store in stack.of(*table("secrets")["stores"]):
        for source in (one for place in places(store) for one in stack.behind(store, place)):
            found |= {source.urn, *(urn for place in places(source) for urn in source.depends(place))}
    return found


def _login(password: Resource) -> tuple[str, object] | None:
    """What the generations of a login have in common: who made them, and the login's name in their keepers."""
    keepers = password.view("keepers")
    login = keepers.known(LOGIN) if keepers else ""
    return (password.parent, login) if login else None


def _switched_off(stack: Stack, password: Resource) -> bool:
    """Whether nobody can log in with it, whoever knows it."""
    users = [one for one in stack.resources if any(password.urn in one.depends(place) for place in places(one))]
    return bool(users) and all(
        user.type == CACHE_USER and user.known("accessString").lower().split()[:1] == ["off"] for user in users
    )
