"""A review's binding as JSON: what `dolmen gate` holds a deployment to."""

from __future__ import annotations

from typing import Any

from dolmen.review.binding.model import Bound

_MOST = 50


def bound_json(bound: Bound | None) -> dict[str, Any] | None:
    if bound is None:
        return None
    tree, tool, held = bound.tree, bound.tool, bound.protections
    return {
        "base": bound.base,
        "head": bound.head,
        "tree": tree.tree if tree else None,
        "contents": tree.contents if tree else None,
        "unbound": bound.unbound,
        "clean": not tree.uncommitted if tree else None,
        "uncommitted": list(tree.uncommitted[:_MOST]) if tree else [],
        "folder": bound.folder,
        "tool": {
            "version": tool.version,
            "digest": tool.digest,
            "knowledge": tool.knowledge,
            "prices": tool.prices,
        },
        "protections": {
            "policies": held.policies,
            "failOn": list(held.fail_on),
            "lookups": held.lookups,
            "evaluator": list(held.evaluator),
        },
    }
