"""What judges a change is its base's, and what the change does to that is told in every format."""

from __future__ import annotations

import datetime
import json
from importlib.metadata import version
from pathlib import Path

import jsonschema
import pytest

from dolmen.cli.log_commands import json_without_commands, without_commands
from dolmen.cli.project import refuse_lost_identifiers
from dolmen.engine.lookups import Lookups
from dolmen.engine.project import read_project, stack_file
from dolmen.review import formats
from dolmen.review.fail_on import FailOn, reasons
from dolmen.review.policies.levels import differences
from dolmen.review.report import words
from dolmen.review.report.altered import TITLE, Alteration, AlterationKind, register
from dolmen.review.report.model import Review, Side
from dolmen.review.sides import git, locks
from dolmen.review.sides.altered import pins_another_dolmen
from dolmen.review.sides.base import base_commit
from dolmen.review.sides.changed import changed_files
from dolmen.review.sides.lookups import judging_lookups
from dolmen.review.sides.uncompared import elsewhere_in_base
from dolmen.stackfile import Acceptance
from tests.review.hostile.repositories import PACK
from tests.review.test_base import commit, compared, repository, run, statuses

__all__ = ["repository"]
DAY = datetime.date(2026, 12, 31)
LATER = DAY + datetime.timedelta(days=1)


def entry(what: str = "data-loss", resource: str = "cache", until: datetime.date = DAY, reason: str = "Agreed.") -> Acceptance:  # fmt: skip
    return Acceptance(what, "prod", resource, reason, until, "stacks/accepted.yaml", 2)


# ---- acceptances


@pytest.mark.parametrize(
    ("base", "head"),
    [
        ([], [entry()]),
        ([entry()], [entry(until=LATER)]),
        ([entry()], [entry(reason="For another reason.")]),
        ([entry()], [entry(resource="*")]),
        ([entry()], [entry("downtime")]),
        ([entry(until=DAY)], [entry(until=DAY - datetime.timedelta(days=9), reason="Sooner, for another reason.")]),
    ],
)
def test_what_a_change_accepts_anew_does_not_count_and_is_told(base: list[Acceptance], head: list[Acceptance]) -> None:
    found = register(base, head)
    assert found.counting == () and found.new == tuple(head), "a change would open its own gate"
    assert found.altered and not found.altered[0].counts and found.altered[0].quote == head[0].reason
    assert register(base, head, accept_new=True).counting == tuple(head), "an owner could not accept anything"


def test_what_both_sides_accept_counts_until_the_earlier_day() -> None:
    assert register([entry()], [entry()]).altered == (), "what does not change would be told every time"
    shorter = register([entry(until=LATER)], [entry()])
    assert shorter.counting == (entry(),) and "only" in shorter.altered[0].text


def test_what_the_change_no_longer_accepts_counts_no_more() -> None:
    found = register([entry()], [])
    assert found.counting == () and "No longer accepts" in found.altered[0].text


# ---- policies


def test_a_weaker_pack_is_told_policy_by_policy() -> None:
    base = {"gone": "mandatory", "weaker": "mandatory", "off": "advisory", "same": "advisory", "up": "advisory"}
    head = {"weaker": "advisory", "off": "disabled", "same": "advisory", "up": "mandatory", "new": "mandatory"}
    assert list(differences(base, head)) == [
        "It removes `gone`.",
        "It weakens `off (advisory → disabled)`, `weaker (mandatory → advisory)`.",
        "It adds `new`.",
        "It strengthens `up (advisory → mandatory)`.",
    ]


def test_a_removed_pack_is_not_called_unreadable(repository: Path) -> None:
    pack = repository / "policies"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (pack / "__main__.py").write_text(PACK)
    commit(repository, "a pack")
    run(repository, "git", "rm", "-q", "-r", "policies")
    (told,) = [one.text for one in compared(repository).altered if one.kind is AlterationKind.POLICY]
    assert told.startswith("Removes the policy pack") and "cannot be read" not in told


def test_answers_to_lookups_are_the_bases_when_the_folder_is_reached_by_a_link(repository: Path) -> None:
    file = repository / "lookups.yaml"
    file.write_text("[]\n")
    commit(repository, "answers")
    file.write_text("[ ]\n")
    (repository.parent / "workspace").symlink_to(repository)
    for path in (file, repository.parent / "workspace/lookups.yaml"):
        _, altered = judging_lookups(path, Lookups(), base_commit(repository, "HEAD"))
        assert [one.kind for one in altered] == [AlterationKind.LOOKUPS], "the change answers its own lookups, unseen"


# ---- the base itself


def test_a_project_file_of_either_suffix_has_not_moved(repository: Path) -> None:
    run(repository, "git", "mv", "Pulumi.yaml", "Pulumi.yml")
    for stack in ("dev", "prod"):
        run(repository, "git", "mv", f"stacks/Pulumi.{stack}.yaml", f"stacks/Pulumi.{stack}.yml")
    commit(repository, "another suffix")
    run(repository, "git", "mv", "Pulumi.yml", "Pulumi.yaml")
    base = base_commit(repository, "HEAD")
    said = elsewhere_in_base(read_project(repository), base, changed_files(read_project(repository), base))
    assert "lies in" not in said, "the report sends the reader to another folder"


def test_a_stack_file_of_another_suffix_is_not_the_stacks(repository: Path) -> None:
    other = repository / "stacks/Pulumi.dev.yml"
    other.write_text("config:\n  aws:allowedAccountIds: [012345678901]\n")
    project = read_project(repository)
    refuse_lost_identifiers(project, ["dev"])  # Pulumi does not read it
    assert stack_file(project, "organization/dev") == repository / "stacks/Pulumi.dev.yaml"
    report = compared(repository)
    assert statuses(report)["dev"] == "same", "a file that nobody reads is the cause of a change"


def test_a_name_that_means_several_commits_is_refused(repository: Path) -> None:
    run(repository, "git", "tag", "origin/main")
    (repository / "README.md").write_text("more\n")
    commit(repository, "more")
    run(repository, "git", "update-ref", "refs/remotes/origin/main", "HEAD")
    with pytest.raises(git.GitError, match="refs/remotes/origin/main and refs/tags/origin/main"):
        base_commit(repository, "origin/main")
    assert base_commit(repository, "refs/remotes/origin/main").side.reference == "refs/remotes/origin/main"


def test_a_name_that_means_one_commit_in_several_ways_is_taken(repository: Path) -> None:
    run(repository, "git", "tag", "main")
    assert base_commit(repository, "main").commit == run(repository, "git", "rev-parse", "HEAD").strip()


def test_only_files_in_the_folder_of_stack_files_are_stacks_of_the_base(repository: Path) -> None:
    (repository / "Pulumi.stray.yaml").write_text("config: {}\n")
    (repository / "examples").mkdir()
    (repository / "examples/Pulumi.other.yaml").write_text("config: {}\n")
    commit(repository, "strays")

    found = base_commit(repository, "HEAD").stack_names(read_project(repository))
    assert found == {"dev", "prod"}, "`plan stray --base` would be compared with nothing, and not refused"


@pytest.mark.parametrize("line", ["-r locks/base.txt", "--requirement=locks/base.txt", "-c locks/base.txt"])
def test_a_file_that_the_lock_includes_is_part_of_the_lock(tmp_path: Path, line: str) -> None:
    (tmp_path / "locks").mkdir()
    (tmp_path / "requirements.txt").write_text(f"{line}\n")
    (tmp_path / "locks/base.txt").write_text("-r deeper.txt\n")
    (tmp_path / "locks/deeper.txt").write_text("-r ../requirements.txt\npulumi\n")
    for name in ("locks/base.txt", "locks/deeper.txt"):
        assert locks.differ({f"app/{name}"}, "app/", [tmp_path]), "other packages would be compared with the same ones"
    assert not locks.differ({"app/README.md"}, "app/", [tmp_path])


# ---- what is said


EVIL = "**fine**\n### nothing changes <b>ok</b> \x1b[32m\u202e"


def altered() -> Review:
    one = Alteration(AlterationKind.ACCEPTANCE, f"Asks to accept `{EVIL}`.", EVIL)
    return Review((), Side("head"), Side("base"), altered=(one,), not_compared=("Nothing is compared.", f"{EVIL} is."))


@pytest.mark.parametrize("name", formats.names())
def test_every_format_tells_it_and_nothing_in_it_is_markup(name: str) -> None:
    text = formats.text(altered(), name)
    assert "Nothing is compared" in text and "Asks to accept" in text, "a reviewer of this format is not told"
    if name != "json":
        assert TITLE in text
    assert not any(raw in text for raw in ("\x1b", "\u202e", "\n### nothing", "\nnothing")), (
        "an author writes their own verdict"
    )
    assert name in ("terminal", "json", "sarif", "markdown") or "<b>ok" not in text


def test_the_json_is_as_its_schema_says() -> None:
    schema = json.loads((Path(formats.__file__).parent / "review.schema.json").read_text())
    jsonschema.validate(json.loads(formats.text(altered(), "json")), schema)


@pytest.mark.parametrize("asked", FailOn)
def test_what_was_not_compared_closes_every_gate_and_stands_first(asked: FailOn) -> None:
    assert reasons(altered(), {asked}) == list(altered().not_compared), f"{asked} passes what nobody compared"
    assert words.verdict(altered()).startswith("Nothing is compared; 1 more reason not to rely on the comparison")


def test_nothing_seen_is_not_nothing_changed(repository: Path) -> None:
    (repository / "poetry.lock").write_text("one\n")
    commit(repository, "lock")
    (repository / "poetry.lock").write_text("two\n")
    found = compared(repository)
    for name in formats.names():
        assert "nothing changes" not in formats.text(found, name).lower(), name


def test_a_stack_that_goes_counts_and_is_billed_as_before(repository: Path) -> None:
    (repository / "stacks/Pulumi.prod.yaml").unlink()
    found = compared(repository)
    gone = next(one for one in found.stacks if one.name == "prod")
    assert gone.changes == () and gone.counts.delete == 0
    assert gone.cost.stays and gone.cost.changed == (), "what stays deployed would seem to cost nothing any more"
    assert "stays deployed" in words.verdict(found)
    assert not reasons(found, {FailOn.DATA_LOSS}) and reasons(found, {FailOn.UNKNOWN})


@pytest.mark.parametrize("name", ["terminal", "markdown", "html"])
def test_an_added_stack_reads_as_its_plan(repository: Path, name: str) -> None:
    (repository / "__main__.py").write_text(
        "import pulumi\nclass Raw(pulumi.CustomResource):\n    pass\n"
        "for n in range(30):\n    Raw('aws:cloudwatch/logGroup:LogGroup', f'log-{n}', {'retentionInDays': 7})\n"
        "Raw('aws:elasticache/replicationGroup:ReplicationGroup', 'cache', {'description': 'x', 'engine': 'valkey',"
        " 'engineVersion': '8.1', 'nodeType': 'cache.r7g.large', 'numCacheClusters': 3})\n"
    )
    (repository / "stacks/Pulumi.test.yaml").write_text("config:\n  shop:length: 9\n  shop:a: b\n  shop:c: d\n")
    commit(repository, "program")
    run(repository, "git", "rm", "-q", "stacks/Pulumi.test.yaml")
    commit(repository, "without")
    (repository / "stacks/Pulumi.test.yaml").write_text("config:\n  shop:length: 9\n  shop:a: b\n  shop:c: d\n")
    text = formats.text(compared(repository), name)
    assert "cache.r7g.large" in text, "a reviewer does not see which nodes they are about to pay"
    assert text.split("Every resource")[0].count("created") < 10


@pytest.mark.long
def test_a_head_that_runs_with_other_packages_than_it_locks_is_not_compared(repository: Path) -> None:
    installed = version("pulumi")
    (repository / "requirements.txt").write_text(f"pulumi=={installed} \\\n    --hash=sha256:00\n")
    assert dict(locks.pins(repository)) == {"pulumi": installed}
    commit(repository, "lock")
    (repository / "requirements.txt").write_text("Pulumi==999.1\nno.such_package==1\n")
    found = compared(repository, ["dev"])
    assert f"pulumi {installed} for 999.1" in found.not_compared[0], "an upgrade would read as no change at all"


def test_another_dolmen_is_not_compared(repository: Path) -> None:
    (repository / "requirements-dev.txt").write_text("dolmen[platform]==0.1\n")
    commit(repository, "lock")
    (repository / "requirements-dev.txt").write_text("dolmen[platform]==0.2\n")
    found = compared(repository, ["dev"])
    assert "Another Dolmen is required" in found.not_compared[0]


@pytest.mark.parametrize(
    "line", ["::notice::all is well", "  ::add-mask::3", "\t::error file=x::y", "see ##[error]x", "##vso[task.x]"]
)
def test_no_line_is_a_command_to_the_build_server(line: str) -> None:
    text = without_commands(f"one\n{line}\nurn:pulumi:dev::shop::x::y\n")
    assert "urn:pulumi:dev::shop::x::y" in text and "##[" not in text and "##vso[" not in text
    assert not any(one.strip().startswith("::") for one in text.splitlines()), "a program makes its own annotation"


@pytest.mark.parametrize("value", ["see ##[error]x", "##vso[task.setvariable]y", "::notice::z", "#\n#[x", "a ## b"])
def test_json_on_a_build_server_says_the_same_without_commands(value: str) -> None:
    text = json.dumps({"a": value, value: ["b"]}, indent=2)
    guarded = json_without_commands(text)
    assert json.loads(guarded) == json.loads(text), "a value of the document is not the one of the plan"
    assert "##[" not in guarded and "##vso[" not in guarded
    assert not any(one.strip().startswith("::") for one in guarded.splitlines())


@pytest.mark.parametrize(
    ("name", "old", "new", "other"),
    [
        ("requirements.txt", "dolmen==1\n", "dolmen==2\n", True),
        ("requirements.txt", "dolmen==1 \\\n  --hash=a\n", "dolmen==1 \\\n  --hash=b\n", True),
        ("requirements.txt", "Dolmen[platform]>=1\n", "dolmen @ https://example.com/x.whl\n", True),
        ("requirements.txt", "dolmen-extras==1\n", "dolmen-extras==2\n", False),
        ("requirements.txt", "dolmen==1\na==1\n", "a==2\ndolmen==1\n", False),
        ("uv.lock", '[[package]]\nname = "dolmen"\nversion = "1"\n', '[[package]]\nname = "dolmen"\nversion = "2"\n', True),
        ("pyproject.toml", 'dependencies = [\n  "dolmen>=1",\n]\n', 'dependencies = [\n  "dolmen>=2",\n]\n', True),
        ("pyproject.toml", '[project]\nname = "dolmen"\nversion = "1"\n', '[project]\nname = "dolmen"\nversion = "2"\n', False),
    ],
)  # fmt: skip
def test_another_pin_of_dolmen_is_found_in_every_spelling(
    repository: Path, name: str, old: str, new: str, other: bool
) -> None:
    (repository / name).write_text(old)
    commit(repository, "pinned")
    (repository / name).write_text(new)
    project = read_project(repository)
    assert pins_another_dolmen(changed_files(project, base_commit(repository, "HEAD"))) is other
