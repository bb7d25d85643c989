"""Logins to the cache: who holds which passwords, and that one login is nobody else's business."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cache.access_limits import login_problems, user_group_problems
from components.cache.access_string import EXPORTER, OPERATIONS, application
from components.generations import slot_of, slots
from dolmen.engine.plan import Plan, Resource, Secret
from tests.components.cache.programs import access_plan, of_type, one, plan_of

APP = application(["chat:*"], ["chat:*"])
USERS: dict[str, dict[str, Any]] = {
    "chat-app": {"access_string": APP, "generation": 1, "active": 1},
    "billing": {"access_string": application(["billing:*"], ["billing:*"]), "generation": 3, "active": 2},
    "exporter": {"access_string": EXPORTER},
    "operations": {"access_string": OPERATIONS},
}


def user(plan: Plan, name: str) -> Resource:
    return next(r for r in of_type(plan, ":User") if r.inputs["userName"] == name)


def held(resource: Resource) -> set[str]:
    """The passwords that a user's own are made of."""
    return {urn.rsplit("::", 1)[-1] for urn in resource.property_dependencies["passwords"]}


def test_a_user_holds_the_passwords_of_two_generations_so_that_nobody_is_locked_out() -> None:
    plan = access_plan(USERS)
    assert held(user(plan, "chat-app")) == {"access-chat-app-a"}, "the first generation has one password"
    both = {"access-billing-a", "access-billing-b"}
    assert held(user(plan, "billing")) == both, "a rotation would lock out clients with the older one"
    keepers = {
        r.name: r.inputs["keepers"]["generation"] for r in of_type(plan, ":RandomPassword") if "billing" in r.name
    }
    assert keepers == {"access-billing-a": "3", "access-billing-b": "2"}


def test_passwords_are_secret_long_and_in_elasticaches_alphabet() -> None:
    plan = access_plan(USERS)
    for resource in of_type(plan, ":User"):
        held = resource.inputs["passwords"]
        assert isinstance(held, Secret) or all(isinstance(value, Secret) for value in held), (
            "a password would be printed"
        )
        assert "authenticationMode" not in resource.inputs, (
            "ElastiCache refuses passwords and authentication mode together"
        )
    for password in of_type(plan, ":RandomPassword"):
        assert password.inputs["length"] >= 32 and password.inputs["length"] <= 128
        assert password.inputs["special"] is False, 'ElastiCache refuses , " / and @'


def test_raising_a_generation_overwrites_one_slot_and_leaves_the_other() -> None:
    before = access_plan({"app": {"access_string": APP, "generation": 2, "active": 2}})
    after = access_plan({"app": {"access_string": APP, "generation": 3, "active": 2}})
    kept = {r.name: r.inputs["keepers"] for r in of_type(before, ":RandomPassword")}
    new = {r.name: r.inputs["keepers"] for r in of_type(after, ":RandomPassword")}
    assert {name for name in new if new[name] != kept[name]} == {"access-app-a"}


@given(generation=st.integers(1, 10_000))
def test_the_generation_that_clients_read_is_always_held(generation: int) -> None:
    filled = slots(generation)
    assert filled[slot_of(generation)] == generation
    if generation > 1:
        assert filled[slot_of(generation - 1)] == generation - 1, "clients of the older password would be locked out"
        assert set(slots(generation + 1).values()) & set(filled.values()), (
            "raising the generation changed both passwords"
        )


@pytest.mark.parametrize(("generation", "active"), [(1, 2), (3, 1), (1, 0)])
def test_a_generation_that_is_not_held_cannot_be_published(generation: int, active: int) -> None:
    from dolmen.engine import evaluate_program

    def program() -> None:
        from components.cache import CacheAccess

        users: Any = {"app": {"access_string": APP, "generation": generation, "active": active}}
        CacheAccess("access", {"platform": "p", "engine": "valkey", "users": users})

    failure = evaluate_program(program).failure
    assert failure and re.search(r"users\.app\.(generation|active): ", failure.message)


def test_redis_groups_hold_a_default_user_that_can_do_nothing_and_valkey_groups_none() -> None:
    redis = access_plan(USERS, engine="redis")
    default = user(redis, "default")
    assert default.inputs["accessString"] == "off ~* -@all"
    assert default.inputs["userId"] == "chat-prod-default-9", "the account's own `default` user needs no password"
    assert held(default) == {"access-default"}
    assert not default.inputs.get("noPasswordRequired")
    assert len(of_type(access_plan(USERS), ":User")) == len(USERS)


def test_ids_are_lower_case_and_carry_the_platforms_name() -> None:
    plan = access_plan({"chat-app": {"access_string": APP}})
    ids = [r.inputs["userId"] for r in of_type(plan, ":User")]
    assert ids == ["chat-prod-chat-app-9"], "two platforms of one account would share a user"
    assert one(plan, ":UserGroup").inputs["userGroupId"] == "chat-prod-cache"


def test_an_iam_user_is_called_like_its_id_and_has_no_password() -> None:
    plan = access_plan({"chat-app": {"access_string": APP, "authentication": "iam"}})
    resource = one(plan, ":elasticache/user:User")
    assert resource.inputs["userName"] == resource.inputs["userId"], "AWS refuses IAM users whose name is not their id"
    assert resource.inputs["authenticationMode"] == {"type": "iam"}
    assert "passwords" not in resource.inputs
    assert not of_type(plan, ":RandomPassword")


def test_two_ways_to_log_in_are_two_users_with_the_same_rights_in_one_group() -> None:
    both = {"app": {"access_string": APP, "authentication": "iam", "logins": ["password", "iam"]}}
    plan = access_plan(both)
    users = {r.inputs["userId"]: r for r in of_type(plan, ":elasticache/user:User")}
    assert set(users) == {"chat-prod-app-9", "chat-prod-app-9-iam"}, "ids are unique in an account"
    assert len({r.inputs["accessString"] for r in users.values()}) == 1, "the move would change what it may do"
    members = one(plan, ":UserGroup")
    assert {r.urn for r in users.values()} <= set(members.property_dependencies["userIds"]), "one of them is shut out"
    for way in ("password", "iam"):
        alone = access_plan({"app": {"access_string": APP, "authentication": way}})
        kept = {r.urn: r.inputs for r in of_type(alone, ":elasticache/user:User")}
        assert len(kept) == 1 and all(users[inputs["userId"]].urn == urn for urn, inputs in kept.items()), (
            "the first or the last step of the move replaces a user that clients log in as"
        )


def test_logins_whose_names_end_alike_are_different_resources() -> None:
    same = {"access_string": APP, "authentication": "iam", "logins": ["password", "iam"]}
    users = of_type(access_plan({"app": same, "app-iam": same}), ":elasticache/user:User")
    assert len({r.urn for r in users}) == 4, "two applications could not stand side by side"


@pytest.mark.parametrize(
    ("login", "says"),
    [
        ({"authentication": "iam", "logins": ["password"]}, "told to log in with iam"),
        ({"logins": ["iam"]}, "told to log in with password"),
        ({"logins": []}, "told to log in with password"),
        ({"authentication": "iam", "logins": ["iam", "token"]}, "password or iam"),
    ],
)
def test_clients_are_never_told_of_a_login_that_does_not_exist(login: dict[str, Any], says: str) -> None:
    found = list(login_problems({"access_string": APP, **login}))  # pyright: ignore
    assert len(found) == 1 and says in found[0].rule, found


def test_both_ways_count_when_a_group_is_full() -> None:
    users: Any = {f"a{n}": {"access_string": APP, "logins": ["password", "iam"]} for n in range(50)}
    assert [p.argument for p in user_group_problems({"platform": "p", "users": users})] == [("users",)]
    del users["a0"]
    assert not list(user_group_problems({"platform": "p", "users": users}))


def test_one_login_added_or_removed_changes_nobody_elses_resources() -> None:
    many = {f"app-{n}": {"access_string": application([f"a{n}:*"], [f"a{n}:*"])} for n in range(12)}
    more = dict(sorted({**many, "app-05b": {"access_string": application(["x:*"], ["x:*"])}}.items()))
    before, after = access_plan(many), access_plan(more)
    old, new = _comparable(before), _comparable(after)
    assert {urn for urn in new if urn not in old} == {urn for urn in new if "app-05b" in urn}
    assert not set(old) - set(new), "adding one login removed another's resource"
    changed = {urn.rsplit("::", 1)[-1] for urn in old if old[urn] != new[urn]}
    assert changed <= {"access"}, "only the group, which lists its members, may change"


def _comparable(plan: Plan) -> dict[str, Any]:
    def shown(value: Any) -> Any:
        if isinstance(value, Secret):
            return "[secret]"
        if isinstance(value, dict):
            return {key: shown(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [shown(item) for item in value]
        return str(value)

    return {
        r.urn: (shown(dict(r.inputs)), r.dependencies, r.options) for r in plan if r.type.count(":") == 2 and r.parent
    }


def test_what_is_published_of_one_login_depends_on_that_login_alone() -> None:
    def program() -> None:
        import pulumi
        import pulumi_aws as aws

        from components.cache import CacheAccess

        users: Any = USERS
        access = CacheAccess("access", {"platform": "chat-prod", "engine": "valkey", "users": users})
        login = access.logins["chat-app"]
        assert login.password is not None
        aws.secretsmanager.SecretVersion(
            "published",
            secret_id="chat-app/database",
            secret_string=pulumi.Output.concat(login.user_name, login.password),
        )

    plan = plan_of(program)
    published = one(plan, ":SecretVersion")
    assert isinstance(published.inputs["secretString"], Secret), "the password would be printed"
    names = {urn.rsplit("::", 1)[-1] for urn in published.property_dependencies["secretString"]}
    assert "access-chat-app" in names, "the password would be published before the user holds it"
    assert not any("billing" in name for name in names), "another application's rotation would rewrite this secret"
