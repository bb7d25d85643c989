"""Access strings without a server: reading any text, and what order means. (With a server: test_real_server.py.)"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cache import tables
from components.cache.access_string import application, canonical, parse
from components.cache.access_string_problems import access_string_problems, allows, allows_any_of

_WORDS = (
    "on off ~* ~a:* %R~b %x~b &* &a resetchannels resetkeys +@all -@all -@dangerous +get -get +client|list -config "
    "allkeys nocommands >pw reset ( ) (~x +get) () + - ~ & % @all sanitize-payload clearselectors +@ +| é \u202e"
)
_words = st.sampled_from(_WORDS.split())


@given(
    st.one_of(st.text(max_size=60), st.lists(_words, max_size=8).map(" ".join)), st.sampled_from(["6.0", "7.0", "9.1"])
)
def test_any_text_is_read_and_judged(text: str, version: str) -> None:
    problems = list(access_string_problems(text, version))
    assert all(rule.endswith(".") and remedy for rule, remedy in problems)
    once = canonical(text)
    assert canonical(once) == once, "a second plan would show a change"
    assert problems or parse(text).on is not None


@pytest.mark.parametrize(
    ("text", "open_to"),
    [
        ("on ~* &* +@all -@dangerous +info", set[str]()),
        ("on -@dangerous ~* allcommands", set(tables.commands()["guide"])),
        ("on ~* &* +@all -@admin", {"flushall", "flushdb", "keys"}),
        ("on ~* &* +@all -flushall -flushdb -keys -@admin", set[str]()),
        ("on ~* &* +@read", {"keys"}),
    ],
)
def test_order_is_meaning(text: str, open_to: set[str]) -> None:
    rules = parse(text).root.commands
    assert {command for command in tables.commands()["guide"] if allows_any_of(rules, command)} == open_to


@pytest.mark.parametrize(
    ("written", "read_back"),
    [
        ("on ~app:* +@read", "on ~app:* -@all +@read"),
        ("ON  ALLKEYS resetchannels AllCommands -@dangerous", "on ~* resetchannels +@all -@dangerous"),
        ("+get on ~a", "on ~a -@all +get"),
        ("on ~a ~b ~* resetchannels nocommands", "on ~* resetchannels -@all"),
        ("on %RW~a %W~b &c +get -get +get", "on ~a %W~b resetchannels &c -@all +get"),
        ("on ~a &* +@all (~b +get)", "on ~a &* +@all (~b -@all +get)"),
        ("~a", "off ~a -@all"),
    ],
)
def test_what_aws_gives_back_is_what_is_sent(written: str, read_back: str) -> None:
    assert canonical(written) == read_back


def test_a_command_given_back_after_its_category_is_the_only_one() -> None:
    rules = parse(application(["chat:*"], ["chat:*"], ["role"])).root.commands
    assert allows(rules, "info") and allows(rules, "role")
    assert not allows(rules, "sort") and not allows(rules, "monitor")


@pytest.mark.parametrize(("version", "refused"), [("6.0", True), ("6.2", True), ("7.0", False)])
def test_syntax_is_judged_by_the_engines_version(version: str, refused: bool) -> None:
    for text in ("on %R~a &* -@all +get", "on ~a &* -@all +client|id", "on ~a &* -@all (~b &b +get)"):
        assert any("need engine version" in rule for rule, _ in access_string_problems(text, version)) is refused
    channels = list(access_string_problems("on ~a &b -@all +get", "6.0"))
    assert any("6.2" in rule for rule, _ in channels)
