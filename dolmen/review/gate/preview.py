"""Reads `pulumi preview --json`: steps, configuration, and what forbids to rely on it.

Source of the format: pulumi v3.259.0, pkg/display/json.go and sdk/go/common/apitype/core.go (`ResourceV3`). Steps of
default providers and of what stays the same are left out there (`--show-sames` gives the latter), as are the physical
steps of a replacement (`--show-replacement-steps`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from dolmen.engine.urns import STACK_TYPE, is_default_provider, is_provider
from dolmen.review.gate.errors import GateInputError
from dolmen.review.gate.reading import of_preview
from dolmen.review.json_files import without_defaults

_STEP = frozenset({"op", "urn", "provider", "oldState", "newState", "diffReasons", "replaceReasons", "detailedDiff"})
_DOCUMENT = frozenset({"config", "steps", "diagnostics", "duration", "changeSummary", "maybeCorrupt"})
_COUNTED = frozenset({"create", "update", "delete", "replace", "import", "same"})
"""Operations that the summary counts as the steps show them."""


@dataclass(frozen=True, slots=True)
class State:
    """A resource before or after a step."""

    written: Mapping[str, Any]

    @property
    def raw(self) -> Mapping[str, Any]:
        """Inputs with what the provider filled in."""
        found = self.written.get("inputs")
        return cast("Mapping[str, Any]", found) if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Step:
    op: str
    urn: str
    old: State | None
    new: State | None
    detail: Mapping[str, Any]
    reasons: tuple[str, ...]
    unknown_keys: tuple[str, ...] = ()

    @property
    def stack(self) -> str:
        return self.urn.split("::", 1)[0].removeprefix("urn:pulumi:")

    @property
    def project(self) -> str:
        return self.urn.split("::")[1]

    @property
    def type(self) -> str:
        return self.urn.split("::")[2].rsplit("$", 1)[-1]

    @property
    def name(self) -> str:
        return self.urn.split("::", 3)[3]

    @property
    def called(self) -> str:
        return f"{self.type.rsplit(':', 1)[-1]} {self.name}"

    @property
    def is_stack(self) -> bool:
        return self.type == STACK_TYPE

    @property
    def is_default_provider(self) -> bool:
        return is_default_provider(self.urn)

    def inputs(self, side: Literal["old", "new"]) -> Mapping[str, Any]:
        """Inputs as the program says them, without what provider and engine add."""
        state = self.old if side == "old" else self.new
        found = cast("dict[str, Any]", of_preview(without_defaults(state.raw))) if state is not None else {}
        told = ("version", "pluginDownloadURL") if is_provider(self.type) else ()
        return {name: value for name, value in found.items() if name not in told}

    @property
    def said_to_change(self) -> tuple[str, ...]:
        """The paths that the provider names; whole properties where it gives no details."""
        return tuple(self.detail) or self.reasons


@dataclass(frozen=True, slots=True)
class Preview:
    steps: tuple[Step, ...]
    config: Mapping[str, Any] | None
    problems: tuple[str, ...] = ()
    """Why nobody should rely on it: sentences."""
    not_shown: int = 0
    """Resources that stay the same, and are counted but not shown."""
    stacks: frozenset[tuple[str, str]] = field(default_factory=frozenset[tuple[str, str]])
    """(stack, project)"""


def read_preview(document: Mapping[str, Any]) -> Preview:
    """Raises `GateInputError` where it is no preview, or a failed one."""
    written = document.get("steps")
    if written is None and ("changeSummary" in document or "duration" in document):
        written = []
    if not isinstance(written, list):
        raise GateInputError(
            "The second file is neither a preview (`pulumi preview --json`) nor a review (`dolmen plan --base … --json`)."
        )
    for diagnostic in document.get("diagnostics") or []:
        if isinstance(diagnostic, dict) and cast("dict[str, Any]", diagnostic).get("severity") == "error":
            raise GateInputError(
                "The preview failed, so it does not say what would be done. Mend it and preview again."
            )
    steps = tuple(_step(one) for one in cast("list[Any]", written))
    config = document.get("config")
    return Preview(
        steps,
        cast("Mapping[str, Any]", config) if isinstance(config, dict) else None,
        tuple(_problems(document, steps)),
        _not_shown(document, steps),
        frozenset((step.stack, step.project) for step in steps),
    )


def _step(written: Any) -> Step:
    step = cast("dict[str, Any]", written) if isinstance(written, dict) else {}
    op, urn = step.get("op"), step.get("urn")
    if not isinstance(op, str) or not isinstance(urn, str):
        raise GateInputError("The second file has a step without `op` or `urn`.")
    if not urn.startswith("urn:pulumi:") or urn.count("::") < 3:
        raise GateInputError(f"The second file has a step whose `urn` is none: {urn[:200]!r}.")
    detail = step.get("detailedDiff") or {}
    return Step(
        op,
        urn,
        _state(step.get("oldState")),
        _state(step.get("newState")),
        detail if isinstance(detail, dict) else {},
        tuple(str(one) for one in step.get("diffReasons") or ()),
        tuple(sorted(step.keys() - _STEP)),
    )


def _state(written: Any) -> State | None:
    return State(cast("dict[str, Any]", written)) if isinstance(written, dict) else None


def _problems(document: Mapping[str, Any], steps: Sequence[Step]) -> Iterator[str]:
    if document.get("maybeCorrupt"):
        yield "The preview says that resources may be corrupt: look at the state first."
    unknown = sorted({*(document.keys() - _DOCUMENT), *(key for step in steps for key in step.unknown_keys)})
    if unknown:
        yield f"The preview says {', '.join(unknown)}, which this Dolmen does not know: use one that knows this Pulumi."
    seen: set[tuple[str, str]] = set()
    for step in steps:
        if (step.op, step.urn) in seen:
            yield (
                f"{step.stack}: {step.called}: two steps say {step.op}. With --refresh, what the clouds did is mixed "
                "with what the program does: run `pulumi refresh` first, then preview without it."
            )
        seen.add((step.op, step.urn))
    summary = document.get("changeSummary")
    if isinstance(summary, dict) and summary:
        yield from _disagreements(cast("dict[str, Any]", summary), steps)


def _disagreements(summary: Mapping[str, Any], steps: Sequence[Step]) -> Iterator[str]:
    for op in sorted({*summary, *(step.op for step in steps)} & _COUNTED):
        shown = sum(1 for step in steps if step.op == op and not step.is_default_provider)
        counted = summary.get(op, 0)
        if counted != shown and not (op == "same" and isinstance(counted, int) and counted > shown):
            yield f"The preview counts {counted} × {op} and shows {shown}: it does not show what would be done."


def _not_shown(document: Mapping[str, Any], steps: Sequence[Step]) -> int:
    summary = document.get("changeSummary")
    counted = cast("dict[str, Any]", summary).get("same", 0) if isinstance(summary, dict) else 0
    shown = sum(1 for step in steps if step.op == "same" and not step.is_default_provider)
    return max(0, counted - shown) if isinstance(counted, int) else 0
