"""A routine rotation reads as what it is, and nothing that touches a login in use reads as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dolmen.engine.plan import Options, Plan, Resource, Secret
from dolmen.review.fail_on import FailOn, reasons
from dolmen.review.formats import names, text
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.model import Review, Side
from dolmen.review.report.words import verdict
from tests.review.plans import CACHE, PASSWORD, SECRET, SECRET_VERSION, USER, cache_inputs, plan, resource

CACHE_USER = "aws:elasticache/user:User"
WORDS = "routine rotation"
ROLES = [{"roleName": "readWrite", "databaseName": "shop"}]


def password(slot: str, generation: int) -> Resource:
    return resource(PASSWORD, slot, {"length": 32, "keepers": {"generation": str(generation)}})


def user(slot: str, generator: Resource, **more: Any) -> Resource:
    inputs = {
        "projectId": "p",
        "username": f"app-{slot}",
        "authDatabaseName": "admin",
        "roles": ROLES,
        "password": Secret(),
        **more,
    }
    return resource(USER, slot, inputs, takes={"password": [generator.urn]})


def cache_user(*generators: Resource) -> Resource:
    inputs = {"userId": "app", "userName": "app", "engine": "valkey", "accessString": "on ~*", "passwords": Secret()}
    return resource(CACHE_USER, "app", inputs, takes={"passwords": [one.urn for one in generators]})


def published(*generators: Resource) -> Resource:
    takes = {"secretString": [one.urn for one in generators]}
    return resource(SECRET_VERSION, "app", {"secretId": "app", "secretString": Secret()}, takes=takes)


A, B = password("a", 1), password("b", 2)
ONE = plan(A, user("a", A), cache_user(A), published(A))
TWO = plan(A, B, user("a", A), user("b", B), cache_user(A, B), published(A))
SWITCHED = plan(A, B, user("a", A), user("b", B), cache_user(A, B), published(B))
A3 = password("a", 3)
THIRD = plan(A3, B, user("a", A3), user("b", B), cache_user(A3, B), published(B))


def compared(base: Plan, head: Plan, *, program_changed: bool = False) -> Review:
    return review([stack_review(Pair(base, head, program_changed=program_changed))], Side("head"), Side("base"))


STEPS = {"a second slot": (ONE, TWO), "the switch": (TWO, SWITCHED), "the spare slot anew": (SWITCHED, THIRD)}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_of_a_rotation_affects_nobody_and_says_so(step: str) -> None:
    report = compared(*STEPS[step])
    assert verdict(report) == "prod: a routine rotation, nobody is affected"
    asked = [one for one in FailOn if one is not FailOn.POLICY]
    assert not reasons(report, asked), "the weekly routine needs an exception from the gate"
    for form in ("terminal", "markdown", "html", "json"):
        assert WORDS in text(report, form).lower().replace("-", " "), f"{form} does not say what it is"
    assert set(names()) >= {"sarif", "junit"}


def test_a_slot_that_is_made_and_published_at_once_leaves_the_old_login_valid() -> None:
    assert WORDS in verdict(compared(ONE, SWITCHED))


def swapped(found: Plan, name: str, token: str, change: Callable[[Resource], Resource | None]) -> Plan:
    some = [change(one) if (one.name, one.type) == (name, token) else one for one in found]
    return replace(found, resources=tuple(one for one in some if one is not None))


HOSTILE: dict[str, tuple[Plan, Plan]] = {
    "the published slot is made anew": (SWITCHED, plan(A, p := password("b", 4), user("a", A), user("b", p), cache_user(A, p), published(p))),
    "the published password leaves the cache user": (TWO, plan(A, B, user("a", A), user("b", B), cache_user(B), published(A))),
    "the old login goes with the switch": (TWO, plan(A, B, user("b", B), cache_user(A, B), published(B))),
    "what is published is nobody's login": (TWO, plan(A, B, n := password("n", 1), user("a", A), user("b", B), cache_user(A, B), published(n))),
    "the new login has other rights": (plan(A, user("a", A), published(A)), plan(A, B, user("a", A), user("b", B, roles=[{"roleName": "atlasAdmin", "databaseName": "admin"}]), published(A))),
    "another user's name comes with it": (TWO, swapped(SWITCHED, "a", USER, lambda one: replace(one, inputs={**one.inputs, "username": "x"}))),
    "the access string changes with it": (TWO, swapped(SWITCHED, "app", CACHE_USER, lambda one: replace(one, inputs={**one.inputs, "accessString": "on ~* +@all"}))),
    "something else changes with it": (plan(*TWO, resource(CACHE, "c", cache_inputs())), plan(*SWITCHED, resource(CACHE, "c", cache_inputs(engineVersion="9.1")))),
    "a secret is deleted with it": (plan(*TWO, resource(SECRET, "s", {"name": "s"})), SWITCHED),
    "a guard goes with it": (swapped(TWO, "app", SECRET_VERSION, lambda one: replace(one, options=Options(protect=True))), SWITCHED),
    "the secret goes first": (TWO, swapped(SWITCHED, "app", SECRET_VERSION, lambda one: replace(one, options=Options(delete_before_replace=True)))),
    "the new password is a short one": (ONE, plan(A, w := replace(B, inputs={**B.inputs, "length": 4}), user("a", A), user("b", w), cache_user(A, w), published(A))),
    "the value that is published is one that the file names": (TWO, swapped(SWITCHED, "app", SECRET_VERSION, lambda one: replace(one, inputs={**one.inputs, "secretString": Secret("known")}, property_dependencies={}))),
    "the login takes a value that the file names": (SWITCHED, swapped(SWITCHED, "a", USER, lambda one: replace(one, inputs={**one.inputs, "password": Secret("known")}, property_dependencies={}))),
    "a further login with the same rights, of nobody's slot": (TWO, plan(*TWO, m := replace(password("mine", 1), parent="urn:pulumi:prod::shop::a:b:C::mine"), user("mine", m))),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_what_only_looks_like_a_rotation_is_not_called_one(case: str) -> None:
    report = compared(*HOSTILE[case])
    assert WORDS not in verdict(report), f"{case}, and the report calls it routine"
    assert all(WORDS not in text(report, form).lower() for form in names())


@pytest.mark.parametrize("step", STEPS)
def test_a_program_that_changes_in_the_same_request_proves_nothing(step: str) -> None:
    report = compared(*STEPS[step], program_changed=True)
    assert WORDS not in verdict(report), "what the changed program does with the password nobody knows"


def test_a_stack_output_that_may_publish_the_spare_slot_proves_nothing() -> None:
    base, head = (replace(one, outputs={"password": Secret()}) for one in (SWITCHED, THIRD))
    assert WORDS not in verdict(compared(base, head)), "another stack may read the very value that goes"


def test_nothing_published_is_no_rotation() -> None:
    base, head = plan(A, user("a", A)), plan(A3, user("a", A3))
    assert WORDS not in verdict(compared(base, head)), "who logs in with it is not known"
