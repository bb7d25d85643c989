"""Where Dolmen knows no effect, a replacement that the SDK documents is told, as the SDK's word and no more."""

from __future__ import annotations

import json
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine.plan import Options, Unknown
from dolmen.knowledge.documentation.sdk import NO_SDKS, InstalledSdks
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.compare import compare
from dolmen.review.effects.harm import Harm, harms
from dolmen.review.effects.judge import judge_with
from dolmen.review.effects.model import Effect, EffectKind
from dolmen.review.fail_on import FailOn, reasons
from dolmen.review.formats import names
from dolmen.review.formats import text as render
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.model import Review, Side
from tests.knowledge.test_documentation import THING, sdk
from tests.review.plans import CACHE, cache_inputs, plan, resource
from tests.review.small_programs import IMPORTS, reviewed, told, worst
from tests.review.test_formats import schema

OURS = InstalledSdks((Path(sysconfig.get_paths()["purelib"]),))
PARAMETER = "aws:ssm/parameter:Parameter"
NETWORK = "aws:odb/network:Network"
MOUNT_TARGET = "aws:efs/mountTarget:MountTarget"
PETS = "random:index/randomPet:RandomPet"
FORCES = "Changing this forces a new resource."


def changed(
    token: str, old: dict[str, Any], new: dict[str, Any], sdks: InstalledSdks = OURS, **options: Any
) -> ResourceChange:
    before, after = (plan(resource(token, "it", side, options=Options(**options))) for side in (old, new))
    (found,) = compare(before, after, judge_with(sdks))
    return found


def effect(token: str, old: dict[str, Any], new: dict[str, Any], sdks: InstalledSdks = OURS) -> Effect:
    found = changed(token, old, new, sdks).worst
    assert found is not None
    return found


def report(sdks: InstalledSdks, token: str = THING) -> Review:
    before, after = (plan(resource(token, "it", {"instanceSize": size})) for size in "ab")
    return review([stack_review(Pair(before, after, sdks=sdks))], Side("b"), Side("a"))


@pytest.mark.parametrize(
    ("token", "old", "new"),
    [
        (NETWORK, {"displayName": "a"}, {"displayName": "b"}),
        (NETWORK, {"displayName": "a"}, {"displayName": Unknown()}),
        (PETS, {"keepers": {"a": "1"}}, {"keepers": {"a": "2"}}),
    ],
)
def test_a_documented_replacement_is_one(token: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    assert changed(token, old, new, NO_SDKS).operation is Operation.UPDATE, "the type is known, so this shows nothing"
    found = changed(token, old, new)
    assert found.operation is Operation.REPLACE, "the SDK says that it is replaced, and the report does not"
    assert found.worst is not None and found.worst.documented and found.worst.certain
    assert harms(found.effects) >= {Harm.REPLACEMENT, Harm.UNKNOWN, Harm.DOWNTIME}, (
        "what is lost with the old one is known to nobody, and some gate passes"
    )


def test_a_condition_is_the_worst_that_can_happen() -> None:
    found = effect(PARAMETER, {"tier": "Advanced"}, {"tier": "Standard"})
    assert found.replaces and not found.certain, "a condition is told as certain"
    assert "Downgrading" in found.why, "a reviewer cannot see the condition"


@pytest.mark.parametrize(("old", "new"), [({}, {"displayName": "a"}), ({"displayName": "a"}, {})])
def test_what_comes_or_goes_may_be_filled_in_by_the_provider(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert not effect(NETWORK, old, new).certain, "the provider may have filled in the same value"


def test_an_item_that_comes_has_the_words_of_its_parts(tmp_path: Path) -> None:
    sdks, one, other = sdk(tmp_path), {"kmsKey": "a"}, {"kmsKey": "b", "size": 1}
    for old, new in (([one], [one, other]), ([one, other], [one])):
        found = effect(THING, {"disks": old}, {"disks": new}, sdks)
        assert found.replaces and not found.certain, "a disk comes or goes, and what its key does is not told"
    assert effect(THING, {"disks": [one]}, {"disks": [one, {"size": 1}]}, sdks).kind is EffectKind.UNKNOWN


def test_silence_is_no_evidence() -> None:
    found = effect(MOUNT_TARGET, {"subnetId": "a"}, {"subnetId": "b"})
    assert found.kind is EffectKind.UNKNOWN, "a mount target is replaced, although nobody says so"
    assert "no promise" in found.why, "a reviewer takes the silence of the documentation for an update"


@pytest.mark.parametrize("text", ["Does not force a new resource.", "Can be changed without recreating the resource."])
def test_what_documentation_denies_stays_unknown(tmp_path: Path, text: str) -> None:
    found = effect(THING, {"instanceSize": "a"}, {"instanceSize": "b"}, sdk(tmp_path, text))
    assert found.kind is EffectKind.UNKNOWN, "a package can take back that nobody knows what happens"


def test_a_type_of_a_package_that_is_not_installed_reads_as_before() -> None:
    before = effect(THING, {"instanceSize": "a"}, {"instanceSize": "b"}, NO_SDKS)
    assert effect(THING, {"instanceSize": "a"}, {"instanceSize": "b"}) == before


def test_what_dolmen_knows_stands_before_what_an_sdk_says(tmp_path: Path) -> None:
    sdks = InstalledSdks((*sdk(tmp_path, FORCES).folders, *OURS.folders))
    for change in ({"engineVersion": "9.1"}, {"transitEncryptionMode": "preferred"}, {"engine": "redis"}):
        new = cache_inputs(**change)
        assert changed(CACHE, cache_inputs(), new, sdks) == changed(CACHE, cache_inputs(), new, NO_SDKS), (
            f"{change}: an SDK's word counts more than what was measured"
        )


def test_a_reason_of_dolmens_own_is_told_alone(tmp_path: Path) -> None:
    old, new = ({"instanceSize": size, "name": size} for size in "ab")
    found = changed(THING, old, new, sdk(tmp_path, FORCES), replace_on_changes=("name",)).worst
    assert found is not None and not found.documented and "SDK" not in found.why, (
        "the program's own demand is told as the SDK's"
    )


def test_what_the_program_names_is_deleted_first(tmp_path: Path) -> None:
    sdks = sdk(tmp_path, FORCES)
    old, new = ({"instanceSize": size, "name": "mine"} for size in "ab")
    assert changed(THING, old, new, sdks).delete_first, "a name that is taken is told to be created twice"
    assert not changed(THING, old, new, sdks, delete_before_replace=False).delete_first
    assert not changed(THING, {"instanceSize": "a"}, {"instanceSize": "b"}, sdks).delete_first


@pytest.mark.parametrize("name", [name for name in names() if name != "junit"])
def test_every_format_says_whose_word_it_is(tmp_path: Path, name: str) -> None:
    shown = " ".join(render(report(sdk(tmp_path, FORCES)), name).replace("&#39;", "'").split())
    assert "SDK's documentation says" in shown, f"--format {name} tells an SDK's word as Dolmen's"
    if name != "sarif":
        assert "is replaced, the SDK's documentation says so" in shown, (
            f"--format {name}: its first line says whose word"
        )


@pytest.mark.parametrize("name", ["html", "json", "markdown", "sarif"])
def test_a_documented_replacement_names_package_and_version(tmp_path: Path, name: str) -> None:
    shown = render(report(sdk(tmp_path, FORCES)), name).replace("\\", "")
    assert "documentation of instanceSize in pulumi-made 1.2.3" in shown, f"--format {name}: nobody can look it up"
    assert "1.2.3, " not in shown, f"--format {name}: an SDK's word has a day that nobody named"


def test_json_tells_the_evidence_apart(tmp_path: Path) -> None:
    document = json.loads(render(report(sdk(tmp_path, FORCES)), "json"))
    schema("review").validate(document)
    (change,) = document["stacks"][0]["changes"]
    assert change["effects"][0]["source"]["evidence"] == "sdk-documentation", "a tool cannot tell whose word it is"


def test_a_documented_replacement_stops_for_replacement(tmp_path: Path) -> None:
    (reason,) = reasons(report(sdk(tmp_path, FORCES)), [FailOn.REPLACEMENT])
    assert reason.endswith("it is replaced, the SDK's documentation says so (replacement)."), reason
    assert not reasons(report(sdk(tmp_path / "silent")), [FailOn.REPLACEMENT])


@pytest.mark.parametrize("name", names())
def test_documentation_cannot_act_in_a_report(tmp_path: Path, name: str) -> None:
    hostile = "Changing this (<img src=x onerror=alert(1)> [click](https://evil.example) @everyone `x` ‮“) forces a new resource."
    shown = render(report(sdk(tmp_path, hostile)), name)
    if name in ("html", "junit", "markdown"):
        assert "<img" not in shown, f"--format {name}: documentation becomes a picture"
    if name in ("markdown", "sarif"):
        assert "](https://evil" not in shown, f"--format {name}: documentation becomes a link"
    if name == "markdown":
        assert "@everyone" not in shown, "documentation calls everybody"
    assert "‮" not in shown, f"--format {name}: documentation turns the text around it"


def test_a_long_sentence_is_quoted_in_part(tmp_path: Path) -> None:
    text = f"Changing this forces a new resource, because {'of this and of that ' * 25}."
    found = effect(THING, {"instanceSize": "a"}, {"instanceSize": "b"}, sdk(tmp_path, text))
    assert found.replaces and len(found.why) < 500, "one docstring fills the report"


def test_a_review_reads_the_packages_of_the_project(tmp_path: Path) -> None:
    program = IMPORTS + 'random.RandomPet("pet", keepers={"a": pulumi.Config("aws").require("region")})\n'
    found = reviewed(tmp_path, program, program, head_stack="config:\n  aws:region: eu-west-2\n")
    assert worst(found, "pet").documented, "a review of a foreign type is one long 'effect not known'"
    assert "will trigger recreation" in told(found, "pet")
