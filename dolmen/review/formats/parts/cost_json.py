"""What a stack costs, as JSON: `docs/reference/review-json.md`."""

from __future__ import annotations

from typing import Any

from dolmen.review.cost.change import Cost, CostLine
from dolmen.review.cost.estimate import Estimate
from dolmen.review.cost.lines import Line
from dolmen.review.cost.price import Amount


def cost_json(cost: Cost) -> dict[str, Any]:
    return {
        "currency": "USD",
        "before": estimate_json(cost.before),
        "after": estimate_json(cost.after),
        "stays": cost.stays,
        "difference": _amount(cost.difference),
        "unknown": bool(cost.unknown) or not cost.comparable,
        "changed": [_changed(one) for one in cost.changed],
    }


def _changed(one: CostLine) -> dict[str, Any]:
    line = one.line
    before, after = (_amount(side.monthly) if side else None for side in (one.before, one.after))
    known = not one.unknown and not line.usage
    return {
        "urn": line.urn,
        "resource": line.resource,
        "part": line.part,
        "item": line.item,
        "before": before,
        "after": after,
        "difference": _amount(one.difference) if known else None,
    }


def estimate_json(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    return {
        "total": _amount(estimate.total),
        "exact": estimate.exact,
        "lines": [
            {**_line(line), "monthly": _amount(line.monthly), "kind": line.kind.value if line.kind else None}
            for line in estimate.priced
        ],
        "notPriced": [{**_line(line), "reason": line.reason} for line in estimate.unknown],
        "byUse": [{**_line(line), "usage": line.usage} for line in estimate.by_use],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "urn": line.urn,
        "resource": line.resource,
        "part": line.part,
        "item": line.item,
        "source": line.source,
        "rule": line.rule,
    }


def _amount(amount: Amount | None) -> list[float] | None:
    return [round(amount.low, 2), round(amount.high, 2)] if amount else None
