"""A review as JSON, version 2: `docs/reference/review-json.md`, `review.schema.json` beside the format.

`dolmen gate` reads it back, so property values are kept as data: what is not plain is a marked object (`$secret`,
`$unknown`, `$placeholder`, `$resource`, `$asset`, `$absent`), and what is large is its digest.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from dolmen.engine.masking import MASK
from dolmen.engine.plan import Resource
from dolmen.engine.plan_values import marked
from dolmen.knowledge.effects import Source, endless
from dolmen.review.access.section import AccessChange
from dolmen.review.diff import paths
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.values import MISSING, PropertyChange, has_unknown
from dolmen.review.effects.harm import harms
from dolmen.review.effects.model import Effect
from dolmen.review.formats.parts.bound_json import bound_json
from dolmen.review.formats.parts.cost_json import cost_json
from dolmen.review.formats.parts.plan_json import failure_json, finding_json, position_json, schemas_json
from dolmen.review.formats.parts.surroundings_json import surroundings_json
from dolmen.review.report import words
from dolmen.review.report.altered import Alteration
from dolmen.review.report.baseline import Baseline, states
from dolmen.review.report.model import Review, StackReview
from dolmen.stackfile import Acceptance

VERSION = 2
_MADE = (Operation.CREATE, Operation.IMPORT, Operation.REPLACE)
LARGEST_VALUE = 4096
"""Characters of a value's JSON; a larger one is given as its digest."""


def review_json(review: Review) -> dict[str, Any]:
    return {
        "version": VERSION,
        "verdict": words.verdict(review),
        "base": {
            "label": review.base.label,
            "reference": review.base.reference,
            "mergeBase": review.base.merge_base,
            "tip": review.base.tip or None,
        }
        if review.base
        else None,
        "head": {"label": review.head.label},
        "bound": bound_json(review.bound),
        "surroundings": surroundings_json(review.surroundings),
        "stacks": [_stack(stack) for stack in review.stacks],
        "findings": [finding_json(finding) for finding in review.findings],
        "notCompared": list(review.not_compared),
        "altered": [_alteration(one) for one in review.altered],
        "notAnalysed": words.not_analysed(review),
        "seconds": round(review.seconds, 3),
        "evaluated": review.evaluated,
    }


def _alteration(one: Alteration) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "text": one.text,
        "quote": one.quote or None,
        "position": position_json(one.position),
        "counts": one.counts,
    }


def _stack(stack: StackReview) -> dict[str, Any]:
    worst = stack.worst
    accepted = dict(stack.accepted)
    return {
        "name": stack.name,
        "project": stack.project,
        "status": stack.status.value,
        "region": stack.region,
        "tier": stack.tier,
        "stackFile": stack.stack_file,
        "renamedFrom": stack.renamed_from or None,
        "resources": stack.resources,
        "counts": asdict(stack.counts),
        "config": {key: value_json(value) for key, value in stack.config.items()},
        "worst": {"urn": worst[0].urn, "effect": _effect(worst[1])} if worst else None,
        "changes": [_change(change, accepted.get(change.urn)) for change in stack.changes],
        "outputs": [_property(change) for change in stack.outputs],
        **_findings(stack),
        "cost": cost_json(stack.cost),
        "access": [_access(one) for one in stack.access],
        "providerSchemas": schemas_json(stack.refused),
        "failure": failure_json(stack.failure),
    }


def _findings(stack: StackReview) -> dict[str, Any]:
    """Those of the head, each with whether the base has it, and those that only the base has."""
    found = states(stack)
    known = {id(finding): state is Baseline.UNCHANGED for finding, state in found if state is not None}
    head = [replace(one, in_base=known.get(id(one), one.in_base)) for one in stack.findings]
    gone = [finding for finding, state in found if state is Baseline.ABSENT]
    return {"findings": [finding_json(one) for one in head], "goneFindings": [finding_json(one) for one in gone]}


def _access(one: AccessChange) -> dict[str, Any]:
    return {
        "urn": one.urn,
        "type": one.type,
        "name": one.name,
        "lines": [{"state": line.state.value, "text": line.text, "wildcard": line.wildcard} for line in one.lines],
        "before": list(one.before),
        "after": list(one.after),
    }


def _change(change: ResourceChange, accepted: Acceptance | None) -> dict[str, Any]:
    return {
        "operation": change.operation.value,
        "urn": change.urn,
        "oldUrn": change.renamed_from,
        "type": change.type,
        "name": change.name,
        "component": change.component,
        "custom": change.custom,
        "deleteFirst": change.delete_first,
        "replacedBecause": list(change.replaced_because),
        "harms": sorted(harms(change.effects)),
        "effects": [_effect(effect) for effect in change.effects],
        "properties": [_property(one) for one in change.properties],
        "inputs": {name: value_json(value) for name, value in change.new.inputs.items() if value is not None}
        if change.new is not None and change.operation in _MADE
        else None,
        "resourceOptions": {side: options_json(one) for side, one in (("old", change.old), ("new", change.new))},
        "ignored": [_property(one) for one in change.ignored],
        "options": [_property(one) for one in change.options],
        "blocked": list(change.blocked),
        "causes": [
            {**(position_json(cause.position) or {}), "key": cause.key or None, "certain": cause.certain}
            for cause in change.causes
        ],
        "accepted": {"effect": accepted.what, "reason": accepted.reason, "until": accepted.until.isoformat()}
        if accepted
        else None,
    }


def _effect(effect: Effect) -> dict[str, Any]:
    downtime = effect.downtime
    return {
        "kind": effect.kind.name.lower().replace("_", "-"),
        "text": words.effect_line(effect),
        "why": effect.why,
        "properties": list(effect.properties),
        "downtime": {
            "known": downtime is not None,
            "untilUndone": endless(downtime),
            "seconds": list(downtime) if downtime is not None and not endless(downtime) else None,
        },
        "data": effect.data.name.lower().replace("_", "-"),
        "dataNote": effect.data_note,
        "safePath": effect.safe_path,
        "source": _source(effect.source) if effect.source else None,
        "certain": effect.certain,
        "protection": effect.protection or None,
    }


def _source(source: Source) -> dict[str, str]:
    return {"reference": source.reference, "date": source.date, "evidence": source.evidence.value}


def _property(change: PropertyChange) -> dict[str, Any]:
    return {
        "path": paths.text(change.path),
        "label": change.label,
        "difference": change.difference.value,
        "old": value_json(change.old),
        "new": value_json(change.new),
        "because": change.because,
    }


def options_json(resource: Resource | None) -> dict[str, Any] | None:
    """The options that decide what a step may do, those that are off left out."""
    if resource is None:
        return None
    options = resource.options
    written = {
        "protect": options.protect,
        "retainOnDelete": options.retain_on_delete,
        "provider": options.provider,
        "deletedWith": options.deleted_with,
        "import": options.import_id,
        "pluginDownloadURL": options.plugin_download_url,
        "additionalSecretOutputs": list(options.additional_secret_outputs),
    }
    return {name: value for name, value in written.items() if value}


# ---- values


def value_json(value: Any) -> Any:
    if value is MISSING or value is None:
        return {"$absent": True}
    written = marked(value)
    text = canonical(written)
    if len(text) <= LARGEST_VALUE:
        return written
    known = None if has_unknown(value) or '"$secret"' in text or MASK in text else digest(written)
    return {"$large": len(text), "$sha256": known}


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()
