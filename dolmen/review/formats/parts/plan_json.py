"""Plans as JSON, version 1: `docs/reference/plan-json.md`, `plan.schema.json` beside the format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dolmen.engine.plan import Failure, Position, Resource
from dolmen.engine.plan_values import marked
from dolmen.engine.surroundings import together
from dolmen.review.formats.parts.cost_json import estimate_json
from dolmen.review.formats.parts.surroundings_json import surroundings_json
from dolmen.review.report.findings import Finding
from dolmen.review.report.plans import PlannedStack
from dolmen.review.report.refused import RefusedInputs

VERSION = 1


def plans_json(stacks: Sequence[PlannedStack], findings: Sequence[Finding] = ()) -> dict[str, Any]:
    """Plans, each with what providers refuse of it where they were asked; `findings` belong to no single one."""
    return {
        "version": VERSION,
        "plans": [_plan(one) for one in stacks],
        "findings": [finding_json(finding) for finding in findings],
        "surroundings": surroundings_json(together(one.plan.surroundings for one in stacks)),
    }


def _plan(stack: PlannedStack) -> dict[str, Any]:
    plan, refused = stack.plan, stack.refused
    return {
        "project": plan.project,
        "stack": plan.stack,
        "organization": plan.organization,
        "stackFile": plan.stack_file,
        "failure": failure_json(plan.failure),
        "config": marked(plan.config),
        "resources": [_resource(resource) for resource in plan.resources],
        "outputs": marked(plan.outputs),
        "invokes": [
            {
                "token": invoke.token,
                "arguments": marked(invoke.arguments),
                "outcome": invoke.outcome,
                "source": position_json(invoke.source),
            }
            for invoke in plan.invokes
        ],
        "diagnostics": [{"severity": d.severity.value, "message": d.message, "urn": d.urn} for d in plan.diagnostics],
        "notes": [{"kind": n.kind, "subject": n.subject, "detail": n.detail} for n in plan.notes],
        "refused": [finding_json(finding) for finding in refused.findings],
        "ignored": [finding_json(finding) for finding in refused.ignored],
        "providerSchemas": schemas_json(refused),
        "cost": estimate_json(stack.cost) if plan.failure is None else None,
        "output": plan.output,
        "seconds": round(plan.seconds, 3),
    }


def schemas_json(refused: RefusedInputs) -> dict[str, Any]:
    """How many resources were checked against their provider's schema, and which types have none here."""
    return {"known": refused.known, "unknown": dict(refused.unknown)}


def finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "kind": finding.kind.value,
        "title": finding.title,
        "message": finding.message,
        "severity": finding.severity.value,
        "enforcement": finding.enforcement.value,
        "urn": finding.urn,
        "property": finding.path or None,
        "reason": finding.reason or None,
        "inBase": finding.in_base,
        "remedy": finding.remedy,
        "source": finding.source,
        "position": position_json(finding.position),
        "registered": position_json(finding.registered),
        "acceptance": {"reason": finding.acceptance.reason, "until": finding.acceptance.until}
        if finding.acceptance
        else None,
    }


def failure_json(failure: Failure | None) -> dict[str, Any] | None:
    if failure is None:
        return None
    return {"kind": failure.kind.value, "message": failure.message, "position": position_json(failure.position)}


def position_json(position: Position | None) -> dict[str, Any] | None:
    return {"file": position.file, "line": position.line} if position else None


def _resource(resource: Resource) -> dict[str, Any]:
    options = resource.options
    return {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "parent": resource.parent,
        "custom": resource.custom,
        "remote": resource.remote,
        "read": resource.read,
        "id": resource.id,
        "inputs": marked(resource.inputs),
        "outputs": marked(resource.outputs) if resource.outputs is not None else None,
        "dependencies": list(resource.dependencies),
        "propertyDependencies": {key: list(urns) for key, urns in resource.property_dependencies.items()},
        "assumed": list(resource.assumed),
        "source": position_json(resource.source),
        "options": {
            "protect": options.protect,
            "retainOnDelete": options.retain_on_delete,
            "deleteBeforeReplace": options.delete_before_replace,
            "ignoreChanges": list(options.ignore_changes),
            "replaceOnChanges": list(options.replace_on_changes),
            "aliases": list(options.aliases),
            "additionalSecretOutputs": list(options.additional_secret_outputs),
            "customTimeouts": dict(options.custom_timeouts),
            "provider": options.provider,
            "providers": dict(options.providers),
            "import": options.import_id,
            "deletedWith": options.deleted_with,
        },
    }
