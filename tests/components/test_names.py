"""Names: short enough for their service, and never the same for two different things."""

import re
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from components import names

PLATFORM = st.from_regex(r"[a-z](-?[a-z0-9])+", fullmatch=True).filter(lambda name: 2 <= len(name) <= 20)
WORDS = st.from_regex(r"[a-z](-?[a-z0-9])*", fullmatch=True).filter(lambda name: len(name) <= 24)
Namer = Callable[[str, str, str], str]
PHYSICAL: dict[str, tuple[Namer, int, str]] = {
    "cache user": (lambda p, a, _: names.cache_user_id(p, a), 40, r"[a-z][a-z0-9-]*"),
    "cache user with IAM": (lambda p, a, _: names.cache_iam_user_id(p, a), 40, r"[a-z][a-z0-9-]*"),
    "replication group": (lambda p, _, __: names.replication_group_id(p), 40, r"[a-z](-?[a-z0-9])*"),
    "user group": (lambda p, _, __: names.user_group_id(p), 40, r"[a-z][a-z0-9-]*"),
    "cache alarm": (names.cache_alarm, 255, r"[\w/-]+"),
    "alarm topic": (lambda p, a, _: names.cache_alarm_topic(p, a), 256, r"[\w-]+"),
    "alarm channel": (lambda p, _, __: names.cache_alarm_channel(p), 128, r"[\w-]+"),
    "log group": (lambda p, a, _: names.log_group(p, a), 512, r"[\w/.#-]+"),
    "role": (names.role, 64, r"[\w+=,.@-]+"),
    "secret": (names.secret, 512, r"[\w/+=.@-]+"),
    "key alias": (names.key_alias, 256, r"alias/[\w/-]+"),
    "project": (lambda p, _, __: names.project(p), 64, r"[\w-]+"),
    "cluster": (lambda p, _, __: names.cluster(p), 23, r"[a-zA-Z0-9](-?[a-zA-Z0-9])*"),
    "database user": (names.database_user, 1024, r"[\w-]+"),
    "database role": (lambda p, a, _: names.database_role(p, a), 255, r"[\w-]+"),
}
"""Service → how it names things of a platform, an application and a purpose; the longest name; the allowed form."""
OF_ONE = {"cache user", "cache user with IAM", "alarm topic", "log group", "database role"}
OF_NONE = {"replication group", "user group", "alarm channel", "project", "cluster"}


@settings(max_examples=200)
@given(st.tuples(PLATFORM, WORDS, WORDS))
def test_a_physical_name_is_one_that_its_service_takes(what: tuple[str, str, str]) -> None:
    for service, (name, longest, form) in PHYSICAL.items():
        refused = f"{service}: {name(*what)} would be refused, in the middle of a deployment"
        assert len(name(*what)) <= longest, refused
        assert re.fullmatch(form, name(*what), re.ASCII), refused


@settings(max_examples=200)
@given(st.lists(PLATFORM, min_size=1, max_size=3), st.lists(WORDS, min_size=1, max_size=3), st.data())
def test_two_different_things_never_have_one_physical_name(
    first: list[str], second: list[str], data: st.DataObject
) -> None:
    """The words are drawn from one text that is cut in different places: `chat` + `prod-api`, `chat-prod` + `api`."""
    text = "-".join([*first, *second])
    cuts = [at.start() for at in re.finditer("-", text)]

    def drawn() -> tuple[str, str, str]:
        place = data.draw(st.sampled_from(cuts))
        purpose = data.draw(st.sampled_from(["a", "b", "reader", *second]))
        return text[:place], text[place + 1 :], purpose

    one, other = drawn(), drawn()
    for service, (name, _, _) in PHYSICAL.items():
        parts = 1 if service in OF_NONE else 2 if service in OF_ONE else 3
        if one[:parts] != other[:parts]:
            assert name(*one) != name(*other), f"{service}: one platform would take over what belongs to another"


@given(PLATFORM, st.lists(WORDS, min_size=1, max_size=3), st.data())
def test_a_user_with_iam_never_has_the_id_of_one_with_passwords(
    platform: str, words: list[str], data: st.DataObject
) -> None:
    """Nor of one that is called after it: `chat` with IAM beside `chat-iam`, `chat-9-iam`."""
    endings = st.sampled_from(["", "-iam", f"-{len(platform)}", f"-{len(platform)}-iam"])
    users = [word + data.draw(endings) for word in words]
    with_passwords = {names.cache_user_id(platform, user) for user in users}
    with_iam = {names.cache_iam_user_id(platform, user) for user in users}
    assert not with_passwords & with_iam, "a move to IAM would take over another application's user"


@given(PLATFORM, PLATFORM, st.data())
def test_two_platforms_never_share_a_parameter_group_or_a_last_snapshot(
    one: str, other: str, data: st.DataObject
) -> None:
    def drawn(platform: str) -> str:
        cluster_mode = data.draw(st.booleans())
        family = data.draw(st.sampled_from(["redis7", "valkey7", "valkey8", "valkey9"]))
        name = names.parameter_group(names.replication_group_id(platform), family, cluster_mode)
        assert re.fullmatch(r"[a-z](-?[a-z0-9])*", name) and len(name) <= 255
        return name

    if one != other:
        assert drawn(one) != drawn(other), "an upgrade of one platform would delete what the other uses"
        snapshots = [names.final_snapshot(names.replication_group_id(platform)) for platform in (one, other)]
        assert len(set(snapshots)) == 2, "deleting one platform's cache would fail on the other's snapshot"


@given(st.lists(st.emails(), min_size=2, max_size=4, unique=True))
def test_a_digest_stands_for_a_text_and_shows_nothing_of_it(addresses: list[str]) -> None:
    assert len({names.digest(address) for address in addresses}) == len(addresses)
    assert all(re.fullmatch(r"[0-9a-f]{8}", names.digest(address)) for address in addresses)


@given(WORDS, WORDS)
def test_a_name_in_the_program_is_short(parent: str, role: str) -> None:
    assert len(names.below(parent, role)) <= names.LONGEST
    assert len(names.keyed(names.below(parent, role), role)) <= names.LONGEST


@given(WORDS, WORDS, WORDS)
def test_names_that_were_too_long_stay_different(start: str, one: str, other: str) -> None:
    parent = f"{start}-{'x' * 40}"
    assert (names.below(parent, one) == names.below(parent, other)) == (one == other)
