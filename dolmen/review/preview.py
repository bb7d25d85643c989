"""`pulumi preview --json`: what each step would do, as far as the gate asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from dolmen.engine.urns import STACK_TYPE
from dolmen.review.diff.paths import text
from dolmen.review.diff.values import comparison, differences
from dolmen.review.json_files import without_defaults


class GateInputError(Exception):
    """One of the two files cannot be used. The text is for people."""


@dataclass(frozen=True, slots=True)
class Step:
    op: str
    urn: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    detail: Mapping[str, Any]
    diffs: tuple[str, ...]

    @property
    def stack(self) -> str:
        return self.urn.split("::", 1)[0].removeprefix("urn:pulumi:")

    @property
    def type(self) -> str:
        parts = self.urn.split("::")
        return parts[2].rsplit("$", 1)[-1] if len(parts) > 2 else ""

    @property
    def name(self) -> str:
        return self.urn.rsplit("::", 1)[-1]

    @property
    def belongs_to_the_engine(self) -> bool:
        """The stack itself and default providers stand in no program."""
        default = self.type.startswith("pulumi:providers:") and self.name.startswith("default")
        return default or self.type == STACK_TYPE

    @property
    def changed(self) -> Iterator[str]:
        """The paths that differ; where the provider names whole properties only, what differs in their inputs."""
        yield from self.detail
        for name in () if self.detail else self.diffs:
            old, new = ({name: side[name]} if name in side else {} for side in (self.old, self.new))
            yield from [text(one.path) for one in differences(old, new, comparison(self.type))] or [name]

    def differs_in_inputs(self, path: str) -> bool:
        """What differs only in the cloud's own outputs is not the program's doing."""
        detail = self.detail.get(path)
        only_outputs = isinstance(detail, dict) and cast("dict[str, Any]", detail).get("inputDiff") is False
        return self.op == "replace" or not only_outputs


def steps(preview: Mapping[str, Any]) -> list[Step]:
    """The steps of a preview. Raises `GateInputError` where it is none, or where it failed."""
    written = preview.get("steps")
    if written is None and "changeSummary" in preview:
        written = []
    if not isinstance(written, list):
        raise GateInputError("The second file is not a preview: `pulumi preview --json`.")
    for diagnostic in preview.get("diagnostics") or []:
        if isinstance(diagnostic, dict) and cast("dict[str, Any]", diagnostic).get("severity") == "error":
            raise GateInputError(
                "The preview failed, so it does not say what would be done. Mend it and preview again."
            )
    return [_step(one) for one in cast("list[Any]", written) if isinstance(one, dict)]


def _step(step: dict[str, Any]) -> Step:
    op, urn = step.get("op"), step.get("urn")
    if not isinstance(op, str) or not isinstance(urn, str):
        raise GateInputError("The second file has a step without `op` or `urn`.")
    old, new = (_inputs(step.get(side)) for side in ("oldState", "newState"))
    return Step(op, urn, old, new, step.get("detailedDiff") or {}, tuple(step.get("diffReasons") or ()))


def _inputs(state: Any) -> Mapping[str, Any]:
    found = cast("dict[str, Any]", state).get("inputs") if isinstance(state, dict) else None
    return without_defaults(found) if isinstance(found, dict) else {}
