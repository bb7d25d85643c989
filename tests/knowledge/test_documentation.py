"""What an SDK's documentation says of a change is read from its sources: what is promised, what is not, and nothing run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from dolmen.knowledge.documentation.sdk import InstalledSdks, Said
from dolmen.knowledge.documentation.statement import Says
from dolmen.knowledge.documentation.wording import LONGEST_TEXT, read

THING = "made:shop/bigThing:BigThing"
_INIT = '''
_utilities.register(
    resource_modules="""
[
 {
  "pkg": "made",
  "mod": "shop/bigThing",
  "fqn": "pulumi_made.shop",
  "classes": {
   "made:shop/bigThing:BigThing": "BigThing"
  }
 }
]
""",
)
'''
_CLASS = '''
raise SystemExit("a source of an SDK was run")
__all__ = ['BigThingArgs', 'BigThing']

@pulumi.input_type
class BigThingArgs:
    def __init__(__self__, *, name: pulumi.Input[str]):
        """
        :param name: Changing this forces a new resource.
        """

    @_builtins.property
    @pulumi.getter(name="instanceSize")
    def instance_size(self) -> pulumi.Input[Optional[_builtins.str]]:
        """
        {text}
        """
        return pulumi.get(self, "instance_size")

    @instance_size.setter
    def instance_size(self, value):
        pulumi.set(self, "instance_size", value)

    @_builtins.property
    @pulumi.getter
    def disks(self) -> pulumi.Input[Optional[Sequence[pulumi.Input['BigThingDiskArgs']]]]:
        """
        The disks.
        """
        return pulumi.get(self, "disks")

    @_builtins.property
    @pulumi.getter
    @_utilities.deprecated("""Use another.""")
    def tags(self) -> pulumi.Input[Mapping[str, pulumi.Input[str]]]:
        """
        Tags. Changing this forces a new resource.
        """
        return pulumi.get(self, "tags")

@pulumi.type_token("made:shop/bigThing:BigThing")
class BigThing(pulumi.CustomResource):
    @_builtins.property
    @pulumi.getter
    def output(self) -> pulumi.Output[str]:
        """
        Changing this forces a new resource.
        """
'''
_INPUTS = '''
@pulumi.input_type
class BigThingDiskArgs:
    @property
    @pulumi.getter(name="kmsKey")
    def kms_key(self) -> Optional[pulumi.Input[str]]:
        """
        Changing this forces a new resource to be created.
        """
        return pulumi.get(self, "kms_key")

    @property
    @pulumi.getter
    def size(self) -> Optional[pulumi.Input[int]]:
        """
        Gigabytes.
        """
        return pulumi.get(self, "size")
'''


def sdk(site: Path, text: str = "The size.") -> InstalledSdks:
    """A made-up SDK that is installed in a folder."""
    package = site / "pulumi_made"
    (package / "shop").mkdir(parents=True)
    (package / "pulumi-plugin.json").write_text('{"resource": true, "name": "made", "version": "1.2.3"}')
    (package / "__init__.py").write_text(_INIT)
    (package / "shop" / "big_thing.py").write_text(_CLASS.replace("{text}", text))
    (package / "shop" / "_inputs.py").write_text(_INPUTS)
    return InstalledSdks((site,))


def said(sdks: InstalledSdks, path: str, token: str = THING) -> Said:
    found = sdks.says(token, path.split("."))
    assert found is not None, f"{path} of {token} was not found in the SDK's sources"
    return found


@pytest.mark.parametrize(
    "text",
    [
        "The size. Changing this forces a new resource to be created.",
        "Changing this forces a new Kubernetes Cluster Trusted Access Role Binding to be created.",
        "(Optional, Forces new resource) The size, with a unit.",
        "Forces replacement if changed.",
        "Changing `instance_size` will cause the resource to be destroyed and re-created.",
        "If `instance_size` is changed, creates a new resource.",
        "**Modifying this attribute will force creation of a new resource.**",
        "Arbitrary values that, when changed, will trigger recreation of resource.",
        "Conflicts with `other` Changing this forces a new resource to be created.",
        "You can only choose it once, changing this value will force a new cluster to be created.",
        "Changing this creates a new server.",
        "Changing this forces a new\nresource to be created.",
    ],
)
def test_what_is_promised_of_every_change_counts(text: str) -> None:
    assert read(text, "instance_size").says is Says.REPLACES, "a replacement is told as an unknown effect"


@pytest.mark.parametrize(
    "text",
    [
        "Forces new resource only if the engine changes.",
        "Downgrading an `Advanced` parameter to `Standard` will recreate the resource.",
        "If `vpc_type` is anything other than `Interface`, changing this value forces a new resource to be created.",
        "Changing this forces a new resource to be created unless `kind` is set.",
        "Reducing the number forces a new resource to be created.",
        "Changing between `AzureLinux` and `Ubuntu` forces replacement of the resource.",
        "Once added, this block cannot be removed without recreating the resource.",
        "This can be updated without recreating the resource. Changing this forces a new resource.",
        "Changing this from `a` does not force a new resource. Changing it to others forces a new resource.",
        "With the exception of `tags`, changing an argument in this block forces a new resource to be created.",
        "**Write-once:** once set, it stays — any modification forces the workspace to be destroyed and recreated.",
    ],
)
def test_what_names_a_condition_is_no_certainty(text: str) -> None:
    assert read(text, "instance_size").says is Says.PERHAPS, "a condition is told as a certainty, or not at all"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The size.",
        "Does not force a new resource.",
        "Changing this doesn't force a new resource to be created.",
        "Changing this no longer forces a new resource.",
        "Can be updated in place without recreating the channel.",
        "Changing this updates the existing server.",
        "Changing any values in `key_schema` will re-create the resource.",
        "* `table_name` - (Required - Forces new resource) The table.",
        "Whether to force the deletion when the resource is replaced.",
        "If setting this field in the same operation that would require replacing the bucket, this flag will not work.",
        "Fewer than three zones show as a difference that is settled by resource recreation, requiring replacement.",
        "Text that replaces the part of the path. Valid values are `COPY` and `REPLACE`.",
    ],
)
def test_what_denies_it_or_speaks_of_something_else_says_nothing(text: str) -> None:
    assert read(text, "instance_size").says is Says.NOTHING, (
        "a reviewer is sent after a replacement that nobody documents"
    )


@pytest.mark.parametrize("piece", ["a ", "new ", "forces a new ", "`", "“", "\n* `", "Changing this ", "if ", "not "])
def test_endless_documentation_is_read_in_part(piece: str) -> None:
    endless = piece * (4 * LONGEST_TEXT // len(piece))
    assert read(endless + ". Changing this forces a new resource.", "instance_size").says is not Says.REPLACES, (
        "documentation of any length is read, so that a package can make a review endless"
    )


def test_a_property_is_found_by_the_name_that_plans_give_it(tmp_path: Path) -> None:
    found = said(sdk(tmp_path, "Changing `instance_size` forces a new resource."), "instanceSize")
    assert (found.says, str(found.package)) == (Says.REPLACES, "pulumi-made 1.2.3"), "nobody knows whose word it is"


def test_a_nested_property_has_its_own_words(tmp_path: Path) -> None:
    sdks = sdk(tmp_path)
    assert said(sdks, "disks.kmsKey").says is Says.REPLACES, "only outermost properties are looked for"
    assert said(sdks, "disks.size").says is Says.NOTHING, "a property is told by the words of its neighbour"
    assert said(sdks, "disks").says is Says.NOTHING


def test_what_stands_in_a_property_has_the_words_of_the_property(tmp_path: Path) -> None:
    found = said(sdk(tmp_path), "tags.cost-center")
    assert (found.says, found.property) == (Says.REPLACES, "tags"), "a map's entry has nobody's words"


def test_an_output_is_no_input(tmp_path: Path) -> None:
    assert sdk(tmp_path).says(THING, ["output"]) is None, "words on an output are told of an input"


def test_nothing_of_a_package_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    said(sdk(tmp_path), "instanceSize")
    assert not {name for name in set(sys.modules) - before if name.startswith("pulumi_made")}, "a package is imported"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("shop/big_thing.py", None),
        ("shop/big_thing.py", "not Python ("),
        ("shop/_inputs.py", "\0"),
        ("__init__.py", None),
        ("__init__.py", _INIT.replace("pulumi_made.shop", "pulumi_made..shop")),
        ("__init__.py", _INIT.replace("pulumi_made.shop", "os.shop")),
        ("pulumi-plugin.json", None),
        ("pulumi-plugin.json", "[]"),
        ("pulumi-plugin.json", '{"name": "another"}'),
    ],
)
def test_a_package_without_sources_says_nothing(tmp_path: Path, file: str, content: str | None) -> None:
    sdks = sdk(tmp_path)
    if content is None:
        (tmp_path / "pulumi_made" / file).unlink()
    else:
        (tmp_path / "pulumi_made" / file).write_text(content)
    found = sdks.says(THING, ["disks", "kmsKey"])
    assert found is None or found.says is Says.NOTHING, "something is told that stands nowhere"


@pytest.mark.parametrize("file", ["shop/big_thing.py", "__init__.py", "pulumi-plugin.json"])
def test_a_source_that_is_no_file_is_not_waited_for(tmp_path: Path, file: str) -> None:
    sdks = sdk(tmp_path)
    place = tmp_path / "pulumi_made" / file
    place.unlink()
    os.mkfifo(place)
    assert sdks.says(THING, ["instanceSize"]) is None, "a package makes a review wait for ever"


def test_endless_decorators_end(tmp_path: Path) -> None:
    sdks = sdk(tmp_path)
    file = tmp_path / "pulumi_made" / "shop" / "big_thing.py"
    getter = '    @pulumi.getter(name="instanceSize")\n'
    file.write_text(file.read_text().replace(getter, getter * 100_000))
    assert sdks.says(THING, ["instanceSize"]) is None, "a package makes a review endless"


@pytest.mark.parametrize("lines", ["(", "\0", "x = " + "(" * 5000 + ")" * 5000])
def test_a_property_that_is_no_python_says_nothing(tmp_path: Path, lines: str) -> None:
    sdks = sdk(tmp_path)
    file = tmp_path / "pulumi_made" / "shop" / "big_thing.py"
    file.write_text(file.read_text().replace('        return pulumi.get(self, "instance_size")', f"        {lines}"))
    assert sdks.says(THING, ["instanceSize"]) is None


@pytest.mark.parametrize(
    "token",
    [
        "made:shop/../../bigThing:BigThing",
        "../made:shop/bigThing:BigThing",
        "made",
        "",
        ":::",
        "made:shop/bigThing:Big*",
        "made:\ud800:A",
    ],
)
def test_a_token_that_is_none_says_nothing(tmp_path: Path, token: str) -> None:
    assert sdk(tmp_path / "site").says(token, ["instanceSize"]) is None


def test_the_name_and_version_of_a_package_are_no_place_for_words(tmp_path: Path) -> None:
    sdks = sdk(tmp_path, "Changing this forces a new resource.")
    plugin = '{"name": "made", "version": "1 [click](https://evil.example)"}'
    (tmp_path / "pulumi_made" / "pulumi-plugin.json").write_text(plugin)
    assert str(said(sdks, "instanceSize").package) == "pulumi-made", "a package writes a link into the report"


def test_a_changed_source_is_read_again(tmp_path: Path) -> None:
    sdks = sdk(tmp_path)
    assert said(sdks, "instanceSize").says is Says.NOTHING
    file = tmp_path / "pulumi_made" / "shop" / "big_thing.py"
    file.write_text(file.read_text().replace("The size.", "The size. Forces a new resource."))
    assert said(sdks, "instanceSize").says is Says.REPLACES, (
        "a review that goes on watching tells what stood there before"
    )
