"""Reviews and previews made by hand, as short as a case of the gate needs them."""

from __future__ import annotations

import copy
import json
from typing import Any

from dolmen.engine.plan import Options, Plan, Resource
from dolmen.review.formats.parts.review_json import review_json
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.model import Side
from tests.review.plans import CACHE, CLUSTER, PASSWORD, cache_inputs, cluster_inputs, plan, resource, urn

Document = dict[str, Any]
BUCKET = "other:index:Bucket"
"""A type that nobody knows."""
ID = "::04da6b54-80e4-46f7-96ec-b56ff0331ba9"
DEFAULT = f"urn:pulumi:prod::shop::pulumi:providers:mongodbatlas::default_4_15_0{ID}"
WEST = f"urn:pulumi:prod::shop::pulumi:providers:mongodbatlas::west{ID}"


def reviewed(base: Plan | None, head: Plan | None) -> Document:
    found = review([stack_review(Pair(base, head))], Side("head"), Side("base"))
    return json.loads(json.dumps(review_json(found)))


def with_options(token: str, name: str, inputs: Document, **options: Any) -> Resource:
    return resource(token, name, inputs, options=Options(**options))


def step(op: str, token: str, name: str, old: Any = None, new: Any = None, **more: Any) -> Document:
    """`old` and `new` are inputs; `old_state`, `new_state` and `step` add keys of the states and of the step."""
    found: Document = {"op": op, "urn": urn(token, name), **more.get("step", {})}
    for key, inputs, extra in (("oldState", old, "old_state"), ("newState", new, "new_state")):
        if inputs is not None:
            found[key] = {"urn": found["urn"], "type": token, "custom": True, "inputs": inputs, **more.get(extra, {})}
    return found


def preview(*steps: Document, **more: Any) -> Document:
    return {"config": {"aws:region": "us-east-1"}, "steps": list(steps), **more}


def resized(new: str = "M30", old: str = "M20", **more: Any) -> Document:
    """The step of the reviewed change."""
    return step("update", CLUSTER, "db", cluster_inputs(old), cluster_inputs(new), **more)


def changed(document: Document, **keys: Any) -> Document:
    """The review with other keys in its only change."""
    found = copy.deepcopy(document)
    found["stacks"][0]["changes"][0].update(keys)
    return found


CACHE_IS = plan(resource(CACHE, "cache", cache_inputs()))
NOTHING = reviewed(CACHE_IS, CACHE_IS)
RESIZED = reviewed(
    plan(resource(CLUSTER, "db", cluster_inputs("M20"))), plan(resource(CLUSTER, "db", cluster_inputs("M30")))
)
REPLACED = reviewed(CACHE_IS, plan(resource(CACHE, "cache", cache_inputs(engineVersion="8.0"))))
CREATED = reviewed(plan(), plan(resource(CLUSTER, "db", cluster_inputs("M20"))))
DELETED = reviewed(CACHE_IS, plan())
FORGOTTEN = reviewed(plan(with_options(CACHE, "cache", cache_inputs(), retain_on_delete=True)), plan())
UNPROTECTED = reviewed(
    plan(with_options(CLUSTER, "db", cluster_inputs(), protect=True)), plan(resource(CLUSTER, "db", cluster_inputs()))
)
OPEN = reviewed(
    plan(resource(PASSWORD, "word", {"length": 20})), plan(resource(PASSWORD, "word", {"length": 24, "special": True}))
)
UNKNOWN_TYPE = reviewed(
    plan(resource(BUCKET, "store", {"size": 1, "name": "a"})), plan(resource(BUCKET, "store", {"size": 2, "name": "a"}))
)
MOVED = reviewed(CACHE_IS, plan(resource(CACHE, "moved", cache_inputs())))
PROTECTED = reviewed(plan(), plan(with_options(CLUSTER, "db", cluster_inputs(), protect=True, provider=WEST)))
READ = reviewed(plan(), plan(resource(CACHE, "given", {}, read=True, id="a")))
PLUGIN = reviewed(
    plan(), plan(with_options("pulumi:providers:aws", "west", {}, plugin_download_url="https://mirror.example"))
)
LET_GO = reviewed(
    plan(with_options(CACHE, "cache", cache_inputs(), additional_secret_outputs=("token",), deleted_with="urn:a")),
    plan(with_options(CACHE, "cache", cache_inputs(), deleted_with="urn:b")),
)
IMPORTED = reviewed(plan(), plan(with_options(CLUSTER, "db", cluster_inputs(), import_id="a")))
GONE_MODE = reviewed(
    plan(resource(BUCKET, "store", {"mode": "x", "size": 1})), plan(resource(BUCKET, "store", {"size": 1}))
)
