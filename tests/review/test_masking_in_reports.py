"""No secret of either side is in a report, whatever its format, and a secret that differs is a change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dolmen.engine.plan import Plan, Secret
from dolmen.review.diff.changes import Operation
from dolmen.review.effects.model import EffectKind
from dolmen.review.fail_on import FailOn, reasons
from dolmen.review.formats import names, text
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.model import Review, Side, Status
from dolmen.review.report.words import verdict
from dolmen.stackfile.user_info import without_user_info
from tests.review.plans import CACHE, SECRET_VERSION, cache_inputs, plan, resource
from tests.review.small_programs import IMPORTS, STACK, reviewed, stops

CANARY = "Canary7f3aPlainText"
NOBODYS = "acme:index:Thing"


def compared(base: Plan, head: Plan) -> Review:
    return review([stack_review(Pair(base, head))], Side("head"), Side("base"))


def found_in(report: Review, *canaries: str) -> list[str]:
    return [form for form in names() for one in canaries if one in text(report, form)]


SIDES: list[tuple[Any, Any]] = [
    (CANARY, Secret("a")),
    ({"user": "u", "password": CANARY}, {"user": "u", "password": Secret("a")}),
    ({"user": "u", "password": CANARY}, Secret("a")),
    ([CANARY, "x"], [Secret("a"), "x"]),
    ([{"name": "n", "value": CANARY}], [{"name": "n", "value": Secret("a")}]),
    ([{"name": "n", "value": CANARY}], [{"name": "m", "value": Secret("a")}]),
    ({"deep": [{"er": {"still": CANARY}}]}, {"deep": [{"er": {"still": Secret("a")}}]}),
    ({"now": CANARY}, {"now": {"in": Secret("a")}}),
    ([CANARY], [Secret("a"), Secret("b")]),
]


@pytest.mark.parametrize(("shown", "hidden"), SIDES)
def test_where_either_side_is_secret_neither_is_shown(shown: Any, hidden: Any) -> None:
    for old, new in ((shown, hidden), (hidden, shown)):
        for token in (NOBODYS, CACHE, SECRET_VERSION):
            report = compared(plan(resource(token, "it", {"it": old})), plan(resource(token, "it", {"it": new})))
            assert not found_in(report, CANARY), "a value that became secret is published by the report on it"
            assert report.stacks[0].changes, "what is masked still differs"
        outputs = compared(plan(outputs={"it": old}), plan(outputs={"it": new}))
        assert not found_in(outputs, CANARY), "a stack output that became secret is published"
    moved = compared(
        plan(resource(CACHE, "a", cache_inputs(it=shown))), plan(resource(CACHE, "b", cache_inputs(it=hidden)))
    )
    assert not found_in(moved, CANARY)


ADDRESSES = [
    ("mongodb+srv://user:{}@shop.example.net/db?retryWrites=true", "shop.example.net"),
    ("https://deploy:{}@git.example.net/x.git", "git.example.net"),
    ("https://{}@git.example.net/x.git", "git.example.net"),
    ("redis://:{}@cache.example.net:6379/0", "cache.example.net"),
    ("amqps://u:{}%40x@mq.example.net", "mq.example.net"),
    ("postgres://u:pa/{}@db.example.net/x", "db.example.net"),
    ("see https://u:{}@a.example.net, and ask", "a.example.net"),
    ("https%3A%2F%2Fu%3A{}%40b.example.net", "b.example.net"),
    ('{{"url": "https:\\/\\/u:{}@c.example.net"}}', "c.example.net"),
    ("https://a:b@d.example.net,https://u:{}@e.example.net", "e.example.net"),
    ("redis://u:{}‹config a b›x@f.example.net", "f.example.net"),
    ("https://[secretary:{}@i.example.net", "i.example.net"),
    ("https://[secret]{}@j.example.net", "j.example.net"),
    ("mongodb://u:{}@h1.example.net:27017,h2.example.net:27017/x", "h2.example.net"),
]


@pytest.mark.parametrize(("address", "host"), ADDRESSES)
def test_the_user_info_of_an_address_is_hidden_and_its_host_is_not(address: str, host: str) -> None:
    hidden = without_user_info(address.format(CANARY))
    assert CANARY not in hidden and host in hidden
    assert without_user_info(hidden) == hidden


@pytest.mark.parametrize(
    "plain", ["https://example.com/a@b", "http://[::1]:80/@x", "user@host", "https://h:8080/?to=me@x.y", "s3://b/k"]
)
def test_an_address_without_user_info_stays_as_it_is(plain: str) -> None:
    assert without_user_info(plain) == plain


def test_a_text_of_any_length_is_read_in_little_time() -> None:
    for text_of_slashes in ("a://" * 100_000 + " @", "a%3A%2F%2F" * 50_000 + " %40", "x://" + ":1," * 100_000 + "@"):
        assert len(without_user_info(text_of_slashes)) > 0  # the time limit of the tests is the assertion


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=60))
def test_any_text_is_read_without_an_error(some: str) -> None:
    without_user_info(f"https://{some}@h")


PROGRAM = """
import warnings
url = "mongodb+srv://app:{canary}@shop.example.net/{path}"
token = pulumi.Output.secret("{canary}-second")
random.RandomPassword("p", length=20, keepers={{
    "url": url, "list": json.dumps(["redis://:{canary}@cache.example.net"]),
    "unmarked": pulumi.Output.unsecret(token.apply(lambda t: "Bearer " + t + " {path}")),
}})
pulumi.export("url", url)
pulumi.log.warn("connecting to " + url)
warnings.warn("https://u:{canary}@h.example.net is old")
print("https://u:{canary}@printed.example.net")
"""


def test_what_a_program_leaks_reaches_no_report(tmp_path: Path) -> None:
    base, head = (IMPORTS + PROGRAM.format(canary=f"{CANARY}{n}", path="db") for n in (1, 2))
    report = reviewed(tmp_path, base, head)
    assert not found_in(report, CANARY), "the report publishes a password that the program had in an address"
    assert "shop.example.net" in text(report, "json"), "the address is hidden with its password"
    (change,) = report.stacks[0].managed
    assert {one.label for one in change.properties} == {"keepers.url", "keepers.list", "keepers.unmarked"}, (
        "another password reads as no change"
    )
    (tmp_path / "__main__.py").write_text(
        head + f'raise ValueError("https://u:{CANARY}@x.example.net refused {CANARY}2-second")'
    )
    from dolmen.engine.project import read_project
    from dolmen.review.command import review as run
    from dolmen.review.sides.base import base_commit

    failed = run(read_project(tmp_path), None, base_commit(tmp_path, "HEAD"))
    assert failed.stacks[0].status is Status.FAILED and not found_in(failed, CANARY)


def test_a_stack_file_that_calls_a_value_secret_hides_it_wherever_it_ends_up(tmp_path: Path) -> None:
    program = IMPORTS + 'p = pulumi.Config().require("apiToken")\nrandom.RandomPet(f"pet-{p}", prefix="x-" + p)\n'
    stack = STACK + "  small:apiToken: {}\n"
    old, new = stack.format(f"{CANARY}1"), stack.format(f"{CANARY}2")
    report = reviewed(tmp_path, program, program, old, new)
    assert not found_in(report, CANARY), "a token in plain text in the stack file is published"
    assert report.stacks[0].changes


ENCRYPTED = STACK + "  small:token:\n    secure: v1:{}\n  small:more:\n    deep:\n      - secure: v1:{}\n"


@pytest.mark.parametrize(
    ("old", "new", "key", "line"),
    [
        (ENCRYPTED.format("AAAA", "BBBB"), ENCRYPTED.format("CCCC", "BBBB"), "small:token", 4),
        (ENCRYPTED.format("AAAA", "BBBB"), ENCRYPTED.format("AAAA", "CCCC"), "small:more.deep[0]", 7),
        (
            STACK + '  small:token: {secure: "v1:AAAA"}\n',
            STACK + '  small:token: {secure: "v1:CCCC"}\n',
            "small:token",
            3,
        ),
        (STACK, STACK + "  small:token: {secure: v1:AAAA}\n", "small:token", 3),
        (STACK + "  small:token: {secure: v1:AAAA}\n", STACK, "small:token", 3),
        ("encryptionsalt: v1:a\n" + STACK, "encryptionsalt: v1:b\n" + STACK, "encryptionsalt", 1),
    ],
)
def test_an_encrypted_value_that_differs_is_a_change_with_its_key_and_line(
    tmp_path: Path, old: str, new: str, key: str, line: int
) -> None:
    report = reviewed(tmp_path, IMPORTS, IMPORTS, old, new)
    (stack,) = report.stacks
    assert stack.status is Status.CHANGED and stack.worst and stack.worst[1].kind is EffectKind.UNKNOWN
    assert f"encrypted value of {key}" in verdict(report), "a swapped password reads as `nothing changes`"
    (change,) = (one for one in stack.managed if one.operation is Operation.OPTIONS)
    assert [(cause.key, cause.position.line) for cause in change.causes] == [(key, line)]
    assert stops(report, FailOn.UNKNOWN)
    for form in names():
        whole = text(report, form)
        assert "nothing here can decrypt it" in " ".join(whole.split()), f"{form} hides that a secret differs"
        assert not any(one in whole for one in ("v1:AAAA", "v1:CCCC")), "ciphertext is nobody's business"
    assert json.loads(text(report, "json"))["stacks"][0]["status"] == "changed"


def test_the_same_encrypted_values_are_no_change(tmp_path: Path) -> None:
    one = ENCRYPTED.format("AAAA", "BBBB")
    report = reviewed(
        tmp_path, IMPORTS, IMPORTS + "# another line\n", one, one.replace("secure: v1:AAAA", 'secure: "v1:AAAA"')
    )
    assert report.stacks[0].status is Status.SAME and not reasons(report, {FailOn.UNKNOWN})
