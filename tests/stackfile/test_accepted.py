"""The register of acceptances: what is taken, and what a person is told about the rest."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dolmen.stackfile import Acceptance, Problem, StackFileError, accepted_file, read_acceptances
from dolmen.stackfile.accepted import acceptance_of

TODAY = datetime.date(2026, 11, 23)
KNOWN = ("elasticache-own-key", "atlas-own-key")
ENTRY = {
    "what": "elasticache-own-key",
    "stack": "production",
    "resource": "chat-prod-cache",
    "reason": "The cache holds nothing that cannot be made again.",
    "until": "2027-05-31",
}


@pytest.fixture
def stacks(tmp_path: Path) -> Path:
    folder = tmp_path / "stacks"
    folder.mkdir()
    for stack in ("production", "staging"):
        (folder / f"Pulumi.{stack}.yaml").write_text("config: {}\n")
    return folder


def text(*entries: dict[str, str]) -> str:
    lines = ["accepted:"]
    for entry in entries:
        lines += [f"  {'- ' if not index else '  '}{key}: {value}" for index, (key, value) in enumerate(entry.items())]
    return "\n".join(lines) + "\n"


def accepted(folder: Path, written: str) -> tuple[Acceptance, ...]:
    (folder / "accepted.yaml").write_text(written)
    return read_acceptances(folder / "accepted.yaml", KNOWN, TODAY)


def problems(folder: Path, written: str) -> tuple[Problem, ...]:
    with pytest.raises(StackFileError) as refused:
        accepted(folder, written)
    return refused.value.problems


def test_an_entry_is_read_with_its_place(stacks: Path) -> None:
    found = accepted(stacks, "# why\n" + text(ENTRY))
    until = datetime.date(2027, 5, 31)
    expected = Acceptance(
        ENTRY["what"], "production", ENTRY["resource"], ENTRY["reason"], until, "stacks/accepted.yaml", 3
    )
    assert found == (expected,)
    assert found[0].place == "stacks/accepted.yaml:3"


@pytest.mark.parametrize("written", ["", "# nothing yet\n", "accepted:\n", "accepted: []\n"])
def test_a_register_may_be_empty(stacks: Path, written: str) -> None:
    assert accepted(stacks, written) == (), "the last entry could not be removed"


def test_a_project_without_a_register_accepts_nothing(stacks: Path) -> None:
    assert read_acceptances(stacks / "accepted.yaml") == ()


def test_a_link_to_nowhere_is_no_absent_register(stacks: Path) -> None:
    (stacks / "accepted.yaml").symlink_to("gone.yaml")
    with pytest.raises(StackFileError, match="cannot be read"):
        read_acceptances(stacks / "accepted.yaml")


@pytest.mark.parametrize(
    ("change", "line", "rule", "remedy"),
    [
        ({"what": "elasticache-own-kee"}, 2, "no policy, stack check or effect", "Did you mean elasticache-own-key?"),
        ({"what": "data-los"}, 2, "no policy, stack check or effect", "Did you mean data-loss?"),
        ({"stack": "prodction"}, 3, "no file of this stack", "Did you mean production?"),
        ({"stack": "everything"}, 3, "no file of this stack", "production, staging"),
        ({"resource": '""'}, 4, "has `resource`", "name or URN"),
        ({"reason": "ok"}, 5, "at least 10 characters", "Write why"),
        ({"reason": '"  ok        so  "'}, 5, "at least 10 characters", "Write why"),
        ({"reason": "[because]"}, 5, "Text is expected", "Write why"),
        ({"until": "soon"}, 6, "is a date", "2027-01-31"),
        ({"until": "2027-02-30"}, 6, "is a date", "2027-01-31"),
        ({"until": "31.05.2027"}, 6, "is a date", "2027-01-31"),
        ({"until": "2027-11-25"}, 6, "at most a year ahead", "Write 2027-11-23 or an earlier day."),
        ({"untill": "2027-05-31"}, 7, "no such key", "Did you mean until?"),
    ],
)
def test_a_mistake_names_place_value_rule_and_remedy(
    stacks: Path, change: dict[str, str], line: int, rule: str, remedy: str
) -> None:
    found = problems(stacks, text({**ENTRY, **change}))
    assert len(found) == 1, "one mistake gives one message"
    assert rule in found[0].rule and remedy in found[0].remedy
    assert (found[0].line, bool(found[0].column)) == (line, True), "a person could not find it"


@pytest.mark.parametrize("key", ENTRY)
def test_an_entry_lacks_nothing(stacks: Path, key: str) -> None:
    found = problems(stacks, text({name: value for name, value in ENTRY.items() if name != key}))
    assert [problem.rule for problem in found] == [f"Every entry has `{key}`."]
    assert found[0].line, "a person could not find the entry"


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("- what: data-loss\n", "mapping with a key `accepted`"),
        ("accepted: {}\n", "A list is expected"),
        ("accepted: [7]\n", "An entry is a mapping."),
        ("acepted: []\n", "no such key"),
        ("accepted: []\naccepted: []\n", "stands here twice"),
    ],
)
def test_another_shape_is_refused(stacks: Path, written: str, rule: str) -> None:
    found = problems(stacks, written)
    assert rule in found[0].rule and found[0].line


def test_every_problem_is_listed_at_once(stacks: Path) -> None:
    wrong = {**ENTRY, "what": "nothing", "stack": "nowhere", "reason": "ok", "until": "never"}
    assert len(problems(stacks, text(wrong, {**wrong, "resource": "other"}))) == 8


def test_the_same_thing_is_accepted_once(stacks: Path) -> None:
    found = problems(stacks, text(ENTRY, {**ENTRY, "until": "2027-01-31"}))
    assert [problem.rule for problem in found] == ["This is accepted already in line 2."]


def test_the_year_ahead_is_counted_to_the_day(stacks: Path) -> None:
    assert accepted(stacks, text({**ENTRY, "until": "2027-11-23"}))


def test_a_caller_who_does_not_know_the_policies_takes_any_of_them(stacks: Path) -> None:
    (stacks / "accepted.yaml").write_text(text({**ENTRY, "what": "a-policy-of-another-pack"}))
    assert len(read_acceptances(stacks / "accepted.yaml", today=TODAY)) == 1


def test_the_register_lies_where_the_project_keeps_its_stack_files(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\nstackConfigDir: environments\n")
    assert accepted_file(tmp_path) == tmp_path / "environments" / "accepted.yaml"


# ---- what an acceptance fits

URN = "urn:pulumi:production::shop::a:b/c:D$aws:elasticache/replicationGroup:ReplicationGroup::chat-prod-cache"


def entry(resource: str, until: datetime.date = TODAY) -> Acceptance:
    return Acceptance("elasticache-own-key", "production", resource, "A reason of some length.", until)


@pytest.mark.parametrize(
    "resource", ["chat-prod-cache", URN, "chat-*", "*", "urn:*::chat-prod-cache", "*::chat-prod-cache"]
)
def test_a_resource_is_found_by_name_urn_and_pattern(resource: str) -> None:
    assert entry(resource).fits("elasticache-own-key", "production", URN)
    assert entry(resource).fits("elasticache-own-key", "production", "chat-prod-cache"), (
        "a stack check knows the name alone"
    )


@pytest.mark.parametrize(
    "resource", ["chat-prod-cach", "chat-prod-cache-alarms", "cache", "[c]hat-prod-cache", "chat?prod-cache"]
)
def test_nothing_but_the_star_stands_for_other_characters(resource: str) -> None:
    assert not entry(resource).fits("elasticache-own-key", "production", URN), "it accepts what it does not name"


def test_another_policy_or_stack_is_not_accepted() -> None:
    assert not entry("*").fits("elasticache-tls", "production", URN)
    assert not entry("*").fits("elasticache-own-key", "staging", URN)


def test_the_last_day_still_counts_and_the_next_does_not() -> None:
    one = entry("*")
    assert one.counts(TODAY) and not one.counts(TODAY + datetime.timedelta(days=1))


def test_an_expired_entry_does_not_hide_one_that_counts() -> None:
    expired, counting = entry("chat-*", TODAY - datetime.timedelta(days=1)), entry("*")
    assert acceptance_of((expired, counting), "elasticache-own-key", "production", URN, TODAY) is counting
    assert acceptance_of((expired,), "elasticache-own-key", "production", URN, TODAY) is expired, "nobody would be told"


ANYTHING = st.none() | st.booleans() | st.integers() | st.dates().map(str) | st.text(max_size=12) | st.lists(st.text())
ROW = st.dictionaries(st.sampled_from([*ENTRY, "other"]), ANYTHING | st.sampled_from(list(ENTRY.values())))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | st.lists(ROW | ANYTHING, max_size=3).map(lambda rows: json.dumps({"accepted": rows})))
def test_any_file_is_a_register_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, written: str) -> None:
    file = tmp_path_factory.getbasetemp() / "accepted.yaml"
    file.write_text(written, encoding="utf-8", errors="surrogatepass", newline="")
    try:
        read_acceptances(file, KNOWN, TODAY)
    except StackFileError as error:
        assert error.problems and all(problem.rule for problem in error.problems)


def test_a_reason_that_fills_a_report_is_refused(stacks: Path) -> None:
    (problem,) = problems(stacks, text({**ENTRY, "reason": "because " * 80}))
    assert "at most 500 characters" in problem.rule
