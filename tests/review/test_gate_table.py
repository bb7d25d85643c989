"""The gate's table of documents made by hand: hostile ones, rare ones, and those that no simulated cloud gives.

Previews of the real engine are in `tests/end_to_end/test_gate.py`.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import pytest

from dolmen.engine.plan import Asset, Placeholder, Reference, Secret, Unknown
from dolmen.engine.values import ARCHIVE, ASSET, RESOURCE, SIGNATURE, UNKNOWN
from dolmen.review.gate import GateInputError, compare, text
from tests.review.gate_documents import (
    BUCKET,
    CREATED,
    DEFAULT,
    DELETED,
    FORGOTTEN,
    GONE_MODE,
    IMPORTED,
    LET_GO,
    MOVED,
    NOTHING,
    PLUGIN,
    PROTECTED,
    READ,
    REPLACED,
    RESIZED,
    UNKNOWN_TYPE,
    UNPROTECTED,
    WEST,
    Document,
    changed,
    preview,
    resized,
    reviewed,
    step,
)
from tests.review.plans import CACHE, CLUSTER, SECRET, cache_inputs, cluster_inputs, plan, resource, urn

STACK = "pulumi:pulumi:Stack"
AWS = "pulumi:providers:aws"
POLICY = "aws:iam/policy:Policy"
MADE = reviewed(plan(), plan(resource(BUCKET, "store", {"size": 2})))
SET = reviewed(plan(), plan(resource(CACHE, "cache", cache_inputs(securityGroupIds=["a", "b", "c"]))))
NAMELESS = reviewed(plan(), plan(resource(SECRET, "s", {})))
FILE = Asset("file asset", "x", "1" * 64)
LEAF = {"path": "ids[0]", "label": "ids[0]", "difference": "may-change", "because": None}
LIST_MAY_CHANGE = changed(UNKNOWN_TYPE, properties=[{**LEAF, "old": {"$unknown": True}, "new": {"$unknown": True}}])
CALLED_DEFAULT = reviewed(plan(), plan(resource(AWS, "default", {"region": "eu-west-1"})))
SECRET_CHANGES = reviewed(
    plan(resource(BUCKET, "store", {"value": Secret("a")})), plan(resource(BUCKET, "store", {"value": Secret("b")}))
)
ITEMS = [
    [{"name": "x", "v": 1}, {"name": "y", "v": 1}],
    [{"name": "x", "v": 2}, {"name": "y", "v": 6}],
    [{"name": "x", "v": 6}, {"name": "y", "v": 2}],
]
"""Before, reviewed, and the other way round."""


@dataclass(frozen=True)
class Case:
    says: str
    review: Document
    preview: Document
    stops: str = ""
    """Words of the sentence that stops; empty where it passes."""
    also: str = ""
    """Words of what is said beside it."""
    most: int | None = None


def replacement(*order: str) -> list[Document]:
    old, new = cache_inputs(), cache_inputs(engineVersion="8.0")
    sides = {"create-replacement": (old, new), "replace": (old, new), "delete-replaced": (old, None)}
    return [step(op, CACHE, "cache", *sides[op]) for op in order]


def bucket(old: Document, new: Document, **more: Any) -> Document:
    return step("update", BUCKET, "store", old, new, **more)


def word(new: Any, old: Any = 1) -> tuple[Document, Document]:
    """A review of an unknown type whose value becomes `new`, and the inputs before it."""
    base = plan(resource(BUCKET, "store", {"value": old}))
    return reviewed(base, plan(resource(BUCKET, "store", {"value": new}))), {"value": old}


def against(new: Any, actual: Any, old: Any = 1, before: Any = None) -> tuple[Document, Document]:
    """A value that becomes `new` by the review, and `actual` by the preview; `old` as the preview writes it is `before`."""
    review, inputs = word(new, old)
    return review, preview(bucket(inputs if before is None else {"value": before}, {"value": actual}))


def with_status(status: str) -> Document:
    found = copy.deepcopy(RESIZED)
    found["stacks"][0]["status"] = status
    return found


PASSES = (
    Case("the reviewed update", RESIZED, preview(resized())),
    Case("a provider that gives no details", RESIZED, preview(resized(step={"diffReasons": ["replicationSpecs"]}))),
    Case("what the cloud answers to an update", RESIZED, preview(resized(step={"detailedDiff": {"stateName": {}}}))),
    Case("a replacement that deletes first, as reviewed", REPLACED, preview(*replacement("delete-replaced", "replace", "create-replacement"))),
    Case("an update where a replacement was reviewed", REPLACED, preview(step("update", CACHE, "cache", cache_inputs(), cache_inputs(engineVersion="8.0")))),
    Case("a loss of protection that was reviewed", UNPROTECTED, preview(step("same", CLUSTER, "db", cluster_inputs(), cluster_inputs(), old_state={"protect": True}))),
    Case("a deletion that was reviewed", DELETED, preview(step("delete", CACHE, "cache", cache_inputs()))),
    Case("what is forgotten and was to be deleted", DELETED, preview(step("delete", CACHE, "cache", cache_inputs(), old_state={"retainOnDelete": True}))),
    Case("a creation with what the provider fills in", CREATED, preview(step("create", CLUSTER, "db", None, {**cluster_inputs("M20"), "__defaults": ["redactClientLogData"], "redactClientLogData": False}))),
    Case("another version of a default provider", RESIZED, preview(resized(old_state={"provider": DEFAULT}, new_state={"provider": DEFAULT.replace("4_15_0", "4_16_0")}))),
    Case("a default provider with the reviewed settings", RESIZED, preview(step("create", AWS, "default_7_52_0", None, {"region": "us-east-1", "version": "7.52.0"}))),
    Case("a reviewed provider that is called like a default one", CALLED_DEFAULT, preview(step("create", AWS, "default", None, {"region": "eu-west-1", "version": "7.52.0"}))),
    Case("a predecessor of a default provider that goes", RESIZED, preview(step("create", AWS, "default_7_52_0", None, {"region": "us-east-1", "skipRegionValidation": "true"}), step("delete", AWS, "default_7_51_0", {"region": "us-east-1", "skipRegionValidation": "true"}))),
    Case("a summary that fits", RESIZED, preview(resized(), changeSummary={"update": 1})),
    Case("resources that stay and are not shown", RESIZED, preview(resized(), changeSummary={"update": 1, "same": 9}), also="9 resources"),
    Case("a preview without a step", RESIZED, {"steps": [], "changeSummary": {}}, also="nothing would be done"),
    Case("a warning", RESIZED, preview(resized(), diagnostics=[{"severity": "warning", "message": "old"}])),
    Case("a number that is a text for its provider", *against(5, "5")),
    Case("a whole number that is written with a point", *against(3, 3.0)),
    Case("a document that is laid out otherwise", *against('{"a": [1, 2]}', '{"a":[1,2]}')),
    Case("a resource as a value", *against(Reference(urn(CACHE, "cache")), {SIGNATURE: RESOURCE, "urn": urn(CACHE, "cache")})),
    Case("what both sides know after apply", *against(Unknown(), UNKNOWN)),
    Case("what turned out after the review", *against(Unknown(), "sg-1"), also="value"),
    Case("a secret on both sides", *against(Secret("a"), "[secret]"), also="value"),
    Case("an assumed value", *against(Placeholder("account"), "123456789012"), also="value"),
    Case("a text around an assumed value", *against("arn:aws:iam::‹account›:role/reader", "arn:aws:iam::123456789012:role/reader"), also="value"),
    Case("a large value that is the reviewed one", *against("x" * 9000, "x" * 9000)),
    Case("a hidden value where one may be", *against(5, UNKNOWN), most=1, also="value"),
    Case("a replacement that creates first", changed(REPLACED, deleteFirst=False), preview(*replacement("create-replacement", "replace", "delete-replaced")), also="or less: 1 resource changes.\n"),
    Case("a replacement without its order", changed(REPLACED, deleteFirst=False), preview(*replacement("replace")), also="the order of its replacement is not shown"),
    Case("protection that stays", RESIZED, preview(resized(old_state={"protect": True}, new_state={"protect": True}))),
    Case("protection that comes", RESIZED, preview(resized(new_state={"protect": True, "retainOnDelete": True}))),
    Case("a creation that is protected, as reviewed", PROTECTED, preview(step("create", CLUSTER, "db", None, cluster_inputs(), new_state={"protect": True, "provider": WEST}))),
    Case("secret outputs and a container that go, as reviewed", LET_GO, preview(step("same", CACHE, "cache", cache_inputs(), cache_inputs(), old_state={"additionalSecretOutputs": ["token"], "deletedWith": "urn:a"}, new_state={"deletedWith": "urn:b"}))),
    Case("a plugin from where it came", NOTHING, preview(step("same", AWS, "west", {"__internal": {"pluginDownloadURL": "x"}}, {"__internal": {"pluginDownloadURL": "x"}}))),
    Case("a plugin from where it was reviewed", PLUGIN, preview(step("create", AWS, "west", None, {"version": "7.0.0", "pluginDownloadURL": "https://mirror.example"}))),
    Case("a move without an alias", MOVED, preview(step("create", CACHE, "moved", None, cache_inputs()), step("delete", CACHE, "cache", cache_inputs()))),
    Case("a read of the reviewed object", READ, preview(step("read", CACHE, "given", None, {}, new_state={"id": "a"}))),
    Case("a first read that nobody asked about", NOTHING, preview(step("read", CACHE, "given", None, {}, new_state={"id": "a"}))),
    Case("an unknown object that turns out", *against({"a": Unknown()}, {"a": 2}, {"a": 1}), also="value.a"),
    Case("an object that nobody knew, leaf by leaf", *against(Unknown(), {"a": 2}, {"a": 1}), also="value"),
    Case("what a provider of an unknown type chooses", MADE, preview(step("create", BUCKET, "store", None, {"size": 2, "name": "b", "__defaults": ["name"]})), also="name, which the provider chooses"),
    Case("a region that a provider chooses", MADE, preview(step("create", BUCKET, "store", None, {"size": 2, "region": "b", "__defaults": ["region"]})), also="or less: 1 resource changes.\n"),
    Case("what a provider chooses for the first time", UNKNOWN_TYPE, preview(bucket({"size": 1, "name": "a"}, {"size": 2, "name": "a", "mode": "x", "__defaults": ["mode"]})), also="mode: the provider would choose"),
    Case("a region that a provider chooses for the first time", UNKNOWN_TYPE, preview(bucket({"size": 1, "name": "a"}, {"size": 2, "name": "a", "region": "x", "__defaults": ["region"]}, step={"detailedDiff": {"__defaults": {}, "size": {}}})), also="or less: 1 resource changes.\n"),
    Case("a new made-up name of a replacement", changed(UNKNOWN_TYPE, operation="replace", deleteFirst=True, inputs={"size": 2, "name": "a"}), preview(step("replace", BUCKET, "store", {"size": 1, "name": "a", "id": "x1", "__defaults": ["id"]}, {"size": 2, "name": "a", "id": "x2", "__defaults": ["id"]}))),
    Case("a document that is laid out otherwise and stays", NOTHING, preview(step("same", POLICY, "p", {"policy": '{"a":1}'}, {"policy": '{"a": 1}'}))),
    Case("a secret whose change cannot be seen", SECRET_CHANGES, preview(bucket({"value": "[secret]"}, {"value": "[secret]"}, step={"detailedDiff": {"value": {"kind": "update"}}})), also="value"),
    Case("what is forgotten, as reviewed", FORGOTTEN, preview(step("delete", CACHE, "cache", cache_inputs(), old_state={"retainOnDelete": True}))),
    Case("an import of the reviewed object", IMPORTED, preview(step("import", CLUSTER, "db", None, cluster_inputs(), new_state={"importID": "a"}))),
    Case("a provider that changes, as reviewed", changed(RESIZED, resourceOptions={"old": {"provider": "default:mongodbatlas@4.15.0"}, "new": {"provider": WEST}}), preview(resized(old_state={"provider": DEFAULT}, new_state={"provider": WEST}))),
    Case("an unknown key that stays", RESIZED, preview(resized(old_state={"evicts": True}, new_state={"evicts": True}))),
    Case("a value that the provider chooses from now on", GONE_MODE, preview(bucket({"mode": "x", "size": 1}, {"mode": "y", "size": 1, "__defaults": ["mode"]}))),
    Case("the stack itself", RESIZED, preview(resized(), *(step(op, STACK, "shop-prod", {}, {}) for op in ("same", "create", "update"))), also="or less: 1 resource changes.\n"),
    Case("a preview of a stack without configuration", RESIZED, {"steps": [resized()], "duration": 1}),
    Case("an address whose user info is masked", *against("mongodb://[secret]@host/db", "mongodb://u:p@host/db"), also="value"),
    Case("a text that holds a secret and is one", *against("mongodb://[secret]@host/db", "[secret]"), also="value"),
    Case("a text that is masked as a whole", *against("[secret]", "[secret]", "a"), also="value"),
    Case("a large text with a secret inside", *against("[secret]" + "x" * 9000, "y" + "x" * 9000), also="value"),
    Case("a set in another order", SET, preview(step("create", CACHE, "cache", None, cache_inputs(securityGroupIds=["b", "c", "a"])))),
    Case("a file with the reviewed contents", *against(FILE, {SIGNATURE: ASSET, "hash": "1" * 64, "path": "elsewhere/x"})),
    Case("a file whose contents nobody hashed", *against(Asset("file asset", "x"), {SIGNATURE: ASSET, "path": "x"}), also="value"),
    Case("a key that begins with a dollar", *against({"$ref": 2}, {"$ref": 2}, {"$ref": 1})),
    Case("a list of which no item is known", LIST_MAY_CHANGE, preview(bucket({"ids": ["a"]}, {"ids": UNKNOWN})), also="ids"),
    Case("an item of a list that is not known", LIST_MAY_CHANGE, preview(bucket({"ids": ["a"]}, {"ids": [UNKNOWN]})), also="ids"),
    Case("what a provider fills into the items of a list", *against([{"name": "x", "v": 2}], [{"name": "x", "v": 2, "w": 1, "__defaults": ["w"]}], [{"name": "x", "v": 1}], [{"name": "x", "v": 1, "w": 1, "__defaults": ["w"]}])),
    Case("a made-up name of a known type", NAMELESS, preview(step("create", SECRET, "s", None, {"name": "s-1a2b3c", "__defaults": ["name"]})), also="or less: 1 resource changes.\n"),
    Case("an object that a read refers to as before", NOTHING, preview(step("read", CACHE, "given", {}, {}, old_state={"id": "a"}, new_state={"id": "a"}))),
)  # fmt: skip
STOPS = (
    Case("another value", RESIZED, preview(resized("M80")), "would become another value"),
    Case("another starting point", RESIZED, preview(resized(old="M80")), "is another value"),
    Case("a value in another item's place", RESIZED, preview(step("update", CLUSTER, "db", cluster_inputs("M20"), cluster_inputs("M30", pitEnabled=False))), "pitEnabled would change"),
    Case("a difference that the step does not name", UNKNOWN_TYPE, preview(bucket({"size": 1, "name": "a"}, {"size": 2, "name": "b"}, step={"detailedDiff": {"size": {"kind": "update"}}})), "name would change"),
    Case("a difference that the step calls no input", UNKNOWN_TYPE, preview(bucket({"size": 1, "name": "a"}, {"size": 2, "name": "b"}, step={"detailedDiff": {"name": {"kind": "update", "inputDiff": False}}})), "name would change"),
    Case("what is set again though inputs stay", UNKNOWN_TYPE, preview(bucket({"size": 1, "name": "a"}, {"size": 2, "name": "a"}, step={"detailedDiff": {"name": {"kind": "update"}}})), "name would be set"),
    Case("a change under `same`", RESIZED, preview(step("same", CACHE, "cache", cache_inputs(), cache_inputs(nodeType="cache.t4g.micro"))), "nodeType would change"),
    Case("a deletion beside a creation of one name", CREATED, preview(step("create", CLUSTER, "db", None, cluster_inputs("M20")), step("delete", CLUSTER, "db", cluster_inputs("M80"))), "create and delete"),
    Case("a deletion first where creating first was reviewed", changed(REPLACED, deleteFirst=False), preview(*replacement("delete-replaced", "replace", "create-replacement")), "before its replacement"),
    Case("a forget that deletes", FORGOTTEN, preview(step("delete", CACHE, "cache", cache_inputs())), "stays in the cloud"),
    Case("a protected object that goes", DELETED, preview(step("delete", CACHE, "cache", cache_inputs(), old_state={"protect": True})), "is protected"),
    Case("a leftover of an earlier update", RESIZED, preview(resized(), step("delete", CACHE, "cache", cache_inputs(), old_state={"delete": True})), "an earlier update left"),
    Case("a dropped `protect`", RESIZED, preview(resized(), step("same", CACHE, "cache", {}, {}, old_state={"protect": True})), "`protect` would be dropped"),
    Case("a dropped `retainOnDelete` beside a reviewed change", RESIZED, preview(resized(old_state={"retainOnDelete": True})), "`retainOnDelete` would be dropped"),
    Case("a dropped `protect` where the review keeps it", PROTECTED, preview(step("update", CLUSTER, "db", cluster_inputs(), cluster_inputs(), old_state={"protect": True})), "`protect` would be dropped"),
    Case("a dropped `protect` where the review has none to drop", CREATED, preview(step("update", CLUSTER, "db", cluster_inputs(), cluster_inputs(), old_state={"protect": True})), "`protect` would be dropped"),
    Case("a creation without protection", PROTECTED, preview(step("create", CLUSTER, "db", None, cluster_inputs(), new_state={"provider": WEST})), "made without `protect`"),
    Case("a creation by another provider", PROTECTED, preview(step("create", CLUSTER, "db", None, cluster_inputs(), new_state={"protect": True, "provider": DEFAULT})), "would be made by the default provider"),
    Case("a new provider's plugin from elsewhere", PLUGIN, preview(step("create", AWS, "west", None, {"pluginDownloadURL": "https://evil.example"})), "pluginDownloadURL"),
    Case("the wrong half of a move", MOVED, preview(step("delete", CACHE, "moved", cache_inputs())), "moves without an alias"),
    Case("a creation where a move takes it away", MOVED, preview(step("create", CACHE, "cache", None, cache_inputs())), "moves without an alias"),
    Case("a move to another value", MOVED, preview(step("create", CACHE, "moved", None, cache_inputs(nodeType="cache.t4g.micro"))), "nodeType would be another"),
    Case("a replacement in place of an update", RESIZED, preview(step("replace", CLUSTER, "db", cluster_inputs("M20"), cluster_inputs("M30"))), "the preview says replace, the review says update"),
    Case("a creation in place of an update", RESIZED, preview(step("create", CLUSTER, "db", None, cluster_inputs("M30"))), "the preview says create, the review says update"),
    Case("an update of what was to be read", READ, preview(step("update", CACHE, "given", {}, {})), "the preview says update, the review says read"),
    Case("a read of another object than the reviewed one", READ, preview(step("read", CACHE, "given", None, {}, new_state={"id": "b"})), "another object would be read than the reviewed one"),
    Case("an update that was not reviewed, by name", NOTHING, preview(step("update", CACHE, "cache", cache_inputs(), cache_inputs(nodeType="cache.t4g.micro"))), "it would be changed (nodeType)"),
    Case("an update without a visible difference", NOTHING, preview(step("update", CACHE, "cache", {}, {})), "it would be changed (update)"),
    Case("an update of what was to be created", CREATED, preview(resized("M20", "M80")), "would change"),
    Case("an operation of tomorrow", RESIZED, preview(step("transmogrify", CLUSTER, "db", {}, {})), "not understood"),
    Case("an operation that is understood in part", RESIZED, preview(resized(), step("diff", CLUSTER, "db", {}, {})), "not understood"),
    Case("a step without a state", RESIZED, preview({"op": "update", "urn": urn(CLUSTER, "db")}), "does not say how"),
    Case("a step with an unknown key", RESIZED, preview(resized(step={"alsoDeletes": ["x"]})), "alsoDeletes"),
    Case("a document with an unknown key", RESIZED, preview(resized(), furtherSteps=[1]), "furtherSteps"),
    Case("a state that differs in an unknown key", RESIZED, preview(resized(new_state={"evicts": True})), "`evicts`"),
    Case("a step that comes twice", RESIZED, preview(resized(), resized()), "two steps say update"),
    Case("a summary that counts more", RESIZED, preview(resized(), changeSummary={"update": 1, "delete": 2}), "2 × delete"),
    Case("a summary that counts less", RESIZED, preview(resized(), changeSummary={"same": 4}), "0 × update"),
    Case("what may be corrupt", RESIZED, preview(resized(), maybeCorrupt=True), "corrupt"),
    Case("two stacks at once", RESIZED, preview(resized(), {**resized(), "urn": urn(CLUSTER, "db", stack="staging")}), "several stacks"),
    Case("another stack", RESIZED, preview({**resized(), "urn": urn(CLUSTER, "db", stack="staging")}), "was not reviewed"),
    Case("another project", RESIZED, preview({**resized(), "urn": urn(CLUSTER, "db").replace("shop", "other")}), "of the project other"),
    Case("another region for everything", RESIZED, preview(resized(), config={"aws:region": "us-west-2"}), "aws:region is another"),
    Case("a further setting of a provider", RESIZED, preview(resized(), config={"aws:region": "us-east-1", "mongodbatlas:baseUrl": "https://evil.example"}), "mongodbatlas:baseUrl is set"),
    Case("a default provider that goes elsewhere", RESIZED, preview(step("create", AWS, "default_7_52_0", None, {"region": "us-east-1", "endpoints": "[]"})), "endpoints would be set"),
    Case("a default provider's plugin from elsewhere", RESIZED, preview(step("create", AWS, "default_7_52_0", None, {"region": "us-east-1", "__internal": {"pluginDownloadURL": "https://evil.example"}})), "pluginDownloadURL"),
    Case("an explicit provider that is called like a default one", RESIZED, preview(resized(old_state={"provider": DEFAULT}, new_state={"provider": DEFAULT.replace("default_4_15_0", "default_evil")})), "its provider would change"),
    Case("a step of two names", RESIZED, preview(resized(new_state={"urn": urn(CLUSTER, "other")})), "two names"),
    Case("a default provider that is replaced", RESIZED, preview(step("replace", AWS, "default_7_52_0", {"region": "us-east-1"}, {"region": "us-east-1"})), "stays as it is"),
    Case("a default provider that changes", RESIZED, preview(step("update", AWS, "default_7_52_0", {"region": "us-east-1"}, {"region": "us-west-2"})), "region would change"),
    Case("a default provider that differs from its predecessor", RESIZED, preview(step("create", AWS, "default_7_52_0", None, {"region": "us-east-1", "insecure": "true"}), step("delete", AWS, "default_7_51_0", {"region": "us-east-1"})), "insecure would change"),
    Case("an explicit provider in a default one's place", RESIZED, preview(resized(old_state={"provider": DEFAULT}, new_state={"provider": WEST})), "its provider would change"),
    Case("a plugin from elsewhere", NOTHING, preview(step("same", AWS, "west", {"__internal": {}}, {"__internal": {"pluginDownloadURL": "https://evil.example"}})), "pluginDownloadURL"),
    Case("an output that is no longer secret", NOTHING, preview(step("same", CACHE, "cache", {}, {}, old_state={"additionalSecretOutputs": ["token"]})), "token would no longer be secret"),
    Case("what would go with another one", NOTHING, preview(step("same", CACHE, "cache", {}, {}, new_state={"deletedWith": urn(CLUSTER, "db")})), "`deletedWith`"),
    Case("the end of the stack itself", NOTHING, preview(step("delete", STACK, "shop-prod", {})), "stays as it is"),
    Case("another object that is read", NOTHING, preview(step("read", CACHE, "given", {}, {}, old_state={"id": "a"}, new_state={"id": "b"})), "another object would be read"),
    Case("a managed resource that is only read", NOTHING, preview(step("same", CACHE, "cache", {}, {}, old_state={"external": False}, new_state={"external": True})), "`external`"),
    Case("what a provider chooses otherwise", UNKNOWN_TYPE, preview(bucket({"size": 1, "name": "a", "mode": "x", "__defaults": ["mode"]}, {"size": 2, "name": "a", "mode": "y", "__defaults": ["mode"]})), "mode: the provider would choose another"),
    Case("values of two items that swap", *against(ITEMS[1], ITEMS[2], ITEMS[0], ITEMS[0]), "another value"),
    Case("a whole object that the preview hides", *against({"a": 2}, UNKNOWN, {"a": 1}), "is not shown in the preview"),
    Case("a part of a new item that is there already", *against([{"name": "x", "v": 1}, {"name": "y", "v": 2}], [{"name": "x", "v": 1}, {"name": "y", "v": 2}], [{"name": "x", "v": 1}], [{"name": "x", "v": 1}, {"name": "y", "v": 9}]), "another value"),
    Case("an address on another host", *against("mongodb://[secret]@host/db", "mongodb://u:p@evil/db"), "another value"),
    Case("a deployment of what no file describes", with_status("undescribed"), preview(resized()), "could not be reviewed"),
    Case("a set with another item", SET, preview(step("create", CACHE, "cache", None, cache_inputs(securityGroupIds=["b", "c", "d"]))), "securityGroupIds[0] would be another"),
    Case("a file with other contents", *against(FILE, {SIGNATURE: ASSET, "hash": "2" * 64, "path": "x"}), "another value"),
    Case("an archive in a file's place", *against(Asset("file asset", "x"), {SIGNATURE: ARCHIVE, "path": "x"}), "another value"),
    Case("what a provider fills into a list otherwise", *against([{"name": "x", "v": 2}], [{"name": "x", "v": 2, "w": 2, "__defaults": ["w"]}], [{"name": "x", "v": 1}], [{"name": "x", "v": 1, "w": 1, "__defaults": ["w"]}]), "w: the provider would choose another"),
    Case("another object that is imported", IMPORTED, preview(step("import", CLUSTER, "db", None, cluster_inputs(), new_state={"importID": "b"})), "another object would be imported"),
    Case("a component that becomes a resource", NOTHING, preview(step("same", CACHE, "cache", {}, {}, old_state={"custom": False})), "`custom`"),
    Case("a value that the preview hides", *against(5, UNKNOWN), "is not shown in the preview"),
    Case("a value that the preview calls secret", *against("plain", "[secret]"), "is not shown in the preview"),
    Case("more hidden values than there may be", *against([1, 2], [UNKNOWN, UNKNOWN]), "2 places could not be compared", most=1),
    Case("open values where none may be", *against(Unknown(), "sg-1"), "1 places could not be compared", most=0),
    Case("more open values than anybody reads", *against([Unknown()] * 101, [f"sg-{n}" for n in range(101)]), "101 places could not be compared"),
    Case("another text around an assumed value", *against("arn:aws:iam::‹account›:role/reader", "arn:aws:iam::123456789012:role/admin"), "another value"),
    Case("an assumed value that swallows the rest", *against("‹a›/x‹b›", "x"), "another value"),
    Case("another large value", *against("x" * 9000, "y" * 9000), "another value"),
    Case("a secret that is not set", *against({"a": Secret("x"), "b": 2}, {"b": 2}), "another value"),
    Case("another resource as a value", *against(Reference(urn(CACHE, "cache")), {SIGNATURE: RESOURCE, "urn": urn(CACHE, "x")}), "another value"),
    Case("a creation with a further input", CREATED, preview(step("create", CLUSTER, "db", None, {**cluster_inputs("M20"), "paused": True})), "paused would be set"),
    Case("a creation that lacks an input", CREATED, preview(step("create", CLUSTER, "db", None, {k: v for k, v in cluster_inputs("M20").items() if k != "backupEnabled"})), "backupEnabled would be another"),
    Case("a reviewed value that hides as a default", CREATED, preview(step("create", CLUSTER, "db", None, {**cluster_inputs("M80"), "__defaults": ["replicationSpecs"]})), "replicationSpecs would be another"),
    Case("a replacement with a further input", REPLACED, preview(step("replace", CACHE, "cache", cache_inputs(), cache_inputs(engineVersion="8.0", transitEncryptionEnabled=False))), "transitEncryptionEnabled would change"),
    Case("a stack that was not compared", with_status("uncompared"), preview(resized()), "could not be reviewed"),
    Case("a stack of a status of tomorrow", with_status("guessed"), preview(resized()), "could not be reviewed"),
    Case("a review that says itself what it left out", {**RESIZED, "notCompared": ["The base has no stack file."]}, preview(resized()), "no stack file"),
)  # fmt: skip


@pytest.mark.parametrize("case", PASSES, ids=[case.says for case in PASSES])
def test_the_gate_lets_through(case: Case) -> None:
    verdict = compare(case.review, case.preview, case.most)
    assert verdict.more == (), "an honest deployment would be stopped"
    assert case.also in text(verdict), "a reader would not learn what was not compared"


@pytest.mark.parametrize("case", STOPS, ids=[case.says for case in STOPS])
def test_the_gate_stops(case: Case) -> None:
    verdict = compare(case.review, case.preview, case.most)
    assert any(case.stops in sentence for sentence in verdict.more), f"it would be deployed unseen: {verdict}"


def test_a_review_and_a_preview_of_the_real_shape_are_needed() -> None:
    for second in ({}, {"steps": {}}, {"steps": [7]}, {"steps": [{"op": "update", "urn": "x"}]}):
        with pytest.raises(GateInputError):
            compare(RESIZED, second)


def test_a_failed_preview_is_no_preview() -> None:
    with pytest.raises(GateInputError, match="failed"):
        compare(RESIZED, preview(resized(), diagnostics=[{"severity": "error", "message": "boom"}]))


def test_nothing_of_a_file_moves_the_terminal() -> None:
    name = "x\n\x1b[2JThis is what was reviewed, or less\u202e"
    said = text(compare(NOTHING, preview(step("create", CACHE, name, None, {}))))
    assert "\x1b" not in said and "\u202e" not in said, "a name could write a verdict of its own"
    assert not any(line.startswith("This is what was reviewed") for line in said.splitlines())


def test_values_are_in_no_sentence() -> None:
    review, seen = against("canary-one", "canary-two")
    assert "canary" not in text(compare(review, seen)), "a log of a pipeline would hold what may be secret"


def test_what_is_as_reviewed_is_said_in_one_line() -> None:
    assert text(compare(RESIZED, preview(resized()))) == "This is what was reviewed, or less: 1 resource changes.\n"


def test_a_long_list_is_cut_and_says_so() -> None:
    said = text(compare(NOTHING, preview(*(step("delete", CACHE, f"c{n}", {}) for n in range(90)))))
    assert len(said.splitlines()) < 50 and "and 50 more" in said
