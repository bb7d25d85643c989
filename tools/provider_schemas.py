"""Writes what the product keeps of a provider's own schema: `python tools/provider_schemas.py CONSTRAINTS.json PACKAGE`.

The constraints say what a provider demanded when it was asked; the installed SDK (`pulumi_aws`, `pulumi_mongodbatlas`)
says what is newer than that. `dolmen/knowledge/provider_schema.py` reads the result.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
import json
import re
import sys
import typing
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from pulumi import _types

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "dolmen/knowledge/provider_schemas"

NOT_KEPT = frozenset({"optional", "measuredAccepted", "measuredRefused", "deprecated", "writeOnly"})
"""`optional` follows from what else is said; sample values have become formats; the rest nobody reads."""
ASKED = {"mongodbatlas": "pulumi-mongodbatlas 4.14", "aws": "terraform-provider-aws 6.58.0"}
"""What gave the answers."""
SETTLED_BY_SAMPLES: Mapping[tuple[str, str], tuple[str, ...]] = {
    # No word says these formats; the sample values and the services' own documentation do.
    ("mongodbatlas:index/customDbRole:CustomDbRole", "roleName"): (),  # its pattern says it all
    ("mongodbatlas:index/cluster:Cluster", "providerInstanceSizeName"): (),  # every sample was accepted
    ("mongodbatlas:index/streamProcessor:StreamProcessor", "pipeline"): ("json",),
    ("aws:iam/policy:Policy", "path"): ("iamPath",),
    ("aws:iam/rolePolicy:RolePolicy", "role"): ("noArn",),
    ("aws:elasticache/replicationGroup:ReplicationGroup", "engineVersion"): ("elasticacheVersion",),
    ("aws:elasticache/replicationGroup:ReplicationGroup", "snapshotArns[*]"): ("s3ObjectArn",),
    ("aws:elasticache/cluster:Cluster", "snapshotArns"): ("s3ObjectArn",),
    ("aws:elasticache/globalReplicationGroup:GlobalReplicationGroup", "engineVersion"): ("elasticacheVersion",),
}
ADDED: Mapping[tuple[str, str], Mapping[str, Any]] = {
    # What the schema's walk could not read, from the services' documentation, and seen to be refused.
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html
    ("aws:elasticache/cluster:Cluster", "clusterId"): {
        "minLength": 1,
        "maxLength": 50,
        "regex": ["^[0-9A-Za-z-]+$", "^[A-Za-z]"],
        "notRegex": ["--", "-$"],
    },
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
    ("aws:kms/key:Key", "description"): {"maxLength": 8192},
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html
    ("aws:ec2/subnet:Subnet", "enableLniAtDeviceIndex"): {"format": ["notZero"]},
}
IGNORE_CASE = frozenset(
    {
        ("aws:cloudwatch/metricAlarm:MetricAlarm", "treatMissingData"),
        ("aws:elasticache/globalReplicationGroup:GlobalReplicationGroup", "engine"),
        ("aws:elasticache/replicationGroup:ReplicationGroup", "engine"),
        ("aws:elasticache/user:User", "engine"),
        ("aws:elasticache/userGroup:UserGroup", "engine"),
    }
)
"""Enumerations that were seen to take their members in capitals and in small letters."""

_ANYTHING = re.compile(r"\[[^\]]*\]\*")
"""A pattern that every text matches: not anchored, and satisfied by nothing."""


def main(constraints: Path, package: str) -> None:
    written: Any = json.loads(constraints.read_text(encoding="utf-8"))
    sdk = importlib.import_module(package)
    provider = package.removeprefix("pulumi_")
    classes = dict(_classes(sdk, written["types"]))
    types = {token: _type(token, one, classes.get(token)) for token, one in sorted(written["types"].items())}
    head = {
        "source": written["source"],
        "date": written["date"],
        "version": ASKED[provider],
        "sdk": importlib.metadata.version(package),
    }
    lines = [f"{_json(key)}: {_json(value)}" for key, value in head.items()]
    rows = ",\n".join(f"{_json(token)}: {_json(one)}" for token, one in types.items())
    (FOLDER / f"{provider}.json").write_text(
        "{\n" + ",\n".join(lines) + ',\n"types": {\n' + rows + "\n}\n}\n", encoding="utf-8"
    )


def _type(token: str, written: Mapping[str, Any], cls: type | None) -> dict[str, Any]:
    properties = {path: _property(token, path, one) for path, one in written["properties"].items()}
    found: dict[str, Any] = {key: value for key, value in written.items() if key != "properties"}
    inputs = {one.path: one for one in _inputs(cls)} if cls is not None else {}
    newer = [path for path in inputs if path not in properties]
    # What lies below a new property is not listed: it is new with it.
    if added := [path for path in newer if not any(path.startswith((f"{up}.", f"{up}[")) for up in newer)]:
        found["additions"] = added
    for path, one in properties.items():
        mine = inputs.get(path)
        if mine is None:
            continue
        if one.get("required") and not one.get("autonamed") and not mine.required:
            one["requiredNoLonger"] = True
        if one["type"] == "string" and mine.takes_objects:
            one["objectAsText"] = True
    if written["schema"] == "framework":
        _mark_blocks(properties, written["properties"])
    found["properties"] = properties
    return found


def _mark_blocks(properties: Mapping[str, dict[str, Any]], written: Mapping[str, Mapping[str, Any]]) -> None:
    """The framework's blocks, which refuse an empty list where one is required: a block is neither optional nor computed,
    and a resource that has one has no other kind of nested object."""
    nested = [path for path, one in written.items() if one.get("elements") == "object"]
    if any(not written[path].keys() & {"optional", "required", "computed"} for path in nested):
        for path in nested:
            properties[path]["block"] = True


def _property(token: str, path: str, written: Mapping[str, Any]) -> dict[str, Any]:
    one = {key: value for key, value in written.items() if key not in NOT_KEPT}
    if written.get("computed") and not (written.get("optional") or written.get("required")):
        one["notSettable"] = True
    one.update(ADDED.get((token, path), {}))
    if (token, path) in IGNORE_CASE:
        one["enumIgnoresCase"] = True
    if "regex" in one:
        one["regex"] = [written for written in one["regex"] if not _ANYTHING.fullmatch(written)]
    if (token, path) in SETTLED_BY_SAMPLES:
        one.pop("format", None)
        if words := SETTLED_BY_SAMPLES[token, path]:
            one["format"] = list(words)
        one.pop("alternatives", None)
    elif "format" in one:
        one["format"] = [_word(token, path, word) for word in one["format"]]
    return one


def _word(token: str, path: str, word: str) -> str:
    """`ip` is an address in Atlas; AWS means a network by it, of the version that the property's name says."""
    if word == "ip" and token.startswith("aws:"):
        return "ipv6Network" if "ipv6" in path.lower() else "ipv4Network"
    if word == "cidrNetwork" and token.endswith(":Vpc"):
        return "vpcNetwork"
    return word


# ---- what the installed SDK takes


@dataclass(frozen=True, slots=True)
class Input:
    path: str
    required: bool
    takes_objects: bool
    """Whether a mapping may stand where text is meant: the provider writes it as JSON."""


def _classes(sdk: Any, tokens: Collection[str]) -> Iterator[tuple[str, type]]:
    """Token → the class of a resource's arguments."""
    source = Path(sdk.__file__).read_text(encoding="utf-8")
    match = re.search(r'resource_modules="""\n(.*?)\n"""', source, re.DOTALL)
    assert match is not None, "the SDK lists its resources"
    for module in json.loads(match.group(1)):
        for token, name in module["classes"].items():
            if token in tokens:
                home = inspect.getmodule(getattr(importlib.import_module(module["fqn"]), name))
                # A nested type of the name `…Args` makes the resource's own `…InitArgs`.
                yield token, getattr(home, f"{name}InitArgs", None) or getattr(home, f"{name}Args")


_NAMES: Mapping[str, Any] = {**vars(pulumi), "T": Any}
"""What the SDK's own types name and its modules do not."""


def _inputs(cls: type, prefix: str = "", above: tuple[type, ...] = ()) -> Iterator[Input]:
    parameters = inspect.signature(cls.__init__).parameters
    for name, pulumi_name in _types.input_type_py_to_pulumi_names(cls).items():
        hints = typing.get_type_hints(getattr(cls, name).fget, localns=_NAMES)
        path = prefix + pulumi_name
        below = list(_below(hints["return"], path))
        texts = _mentions_text(hints["return"])
        yield Input(path, parameters[name].default is inspect.Parameter.empty, texts and bool(below))
        for inner, at in below if not texts else ():
            if inner not in above:
                yield from _inputs(inner, f"{at}.", (*above, inner))


def _below(hint: Any, path: str) -> Iterator[tuple[type, str]]:
    """Argument classes in a type, with the path at which each stands."""
    origin = typing.get_origin(hint)
    if isinstance(hint, type) and _types.is_input_type(hint):
        yield hint, path
    elif hint is pulumi.Output or getattr(origin, "__name__", "") in ("Awaitable", "Output"):
        return  # the same types again
    else:
        name = getattr(origin, "__name__", "")
        step = {"Sequence": "[*]", "Mapping": "{*}"}.get(name, "")
        for inner in typing.get_args(hint):
            yield from _below(inner, path + step)


def _mentions_text(hint: Any) -> bool:
    origin = typing.get_origin(hint)
    if hint is str:
        return True
    if getattr(origin, "__name__", "") not in ("Union", "UnionType", "Optional") and origin is not typing.Union:
        return False
    return any(_mentions_text(inner) for inner in typing.get_args(hint))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
