"""A stack on both sides, and what is said where one side has none of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dolmen.engine.evaluation import ORGANIZATION
from dolmen.engine.plan import Failure, FailureKind, Plan
from dolmen.engine.project import Project
from dolmen.engine.unreadable import UNCOMPARED
from dolmen.review.diff.cause import Leaves
from dolmen.review.diff.changes import SIGNS, Operation
from dolmen.review.diff.compare import compare
from dolmen.review.effects.judge import JUDGE
from dolmen.review.listing import listed
from dolmen.review.report.build import Pair
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity
from dolmen.review.sides.stack_files import encrypted_values, leaves, lost_zeros
from dolmen.stackfile import Acceptance

_MOST = 6


@dataclass(frozen=True, slots=True)
class Sides:
    project: Project
    old: Project | None
    code_changed: bool
    """Whether more than stack files and prose differs."""
    reference: str
    new: tuple[Acceptance, ...]
    """Acceptances of the change, which do not count yet."""

    def pair(self, name: str, old_name: str, head: Plan, base: Plan | None) -> Pair:
        """A stack of both sides; `base`: its plan there, where that is another one."""
        if self.old is None:
            return Pair(_no_plan(name, "The base has no Pulumi project."), self._head(head))
        before = {one.message for one in lost_zeros(self.old, old_name)}
        found = [replace(one, in_base=one.message in before) for one in lost_zeros(self.project, name)]
        head = self._head(head)
        base = head if base is None else base
        if base.failure is not None and head.failure is None:
            found.append(_base_failed(base, self.reference))
        if old_name != name:
            found.append(_renamed(name, old_name))
        head_leaves = leaves(self.project, name)
        base_leaves = self._base_leaves(old_name)
        encrypted = encrypted_values((self.old, old_name), (self.project, name)) if base is not head else ()
        unread = tuple(one for one in base.notes if one.detail.endswith(UNCOMPARED))
        head = replace(head, notes=tuple(dict.fromkeys((*head.notes, *unread))))
        return Pair(base, head, base_leaves, head_leaves, self.code_changed, tuple(found), encrypted)

    def added(self, name: str, head: Plan, base: Plan | None) -> Pair:
        """A stack without a file in the base; `base`: what the base's program would do with the head's file."""
        head = self._head(head)
        found = (*lost_zeros(self.project, name), *_by_the_base(name, head, base or head))
        return Pair(None, head, None, leaves(self.project, name), self.code_changed, found)

    def undescribed(self, name: str, base: Plan) -> Pair:
        """A stack without a file in the head: it stays deployed."""
        number = sum(1 for one in base if one.custom and not one.type.startswith("pulumi:"))
        held = "" if base.failure is not None else f" ({number} resource{'' if number == 1 else 's'})"
        finding = _finding(
            "undescribed",
            "The stack stays deployed, and no file describes it any more",
            f"The change removes {base.stack_file or 'its stack file'}. Pulumi deletes nothing by that: what the "
            f"stack has{held} stays in the cloud, and nobody sees what becomes of it.",
            f"Run `pulumi destroy -s {name}` and `pulumi stack rm {name}` first, or keep the file.",
        )
        return Pair(base, None, self._base_leaves(name), None, findings=(finding,))

    def not_compared(self, pairs: Sequence[Pair]) -> Iterator[str]:
        """Sentences on the stacks that were compared with nothing."""
        failed = [_name(one) for one in pairs if one.base and one.head and one.base.failure and not one.head.failure]
        if failed and self.old is not None:
            yield f"{listed(failed, _MOST)}: the base cannot be evaluated, so nothing is compared."
        added = [_name(one) for one in pairs if one.base is None and one.head and one.head.failure is None]
        if added:
            yield f"{listed(added, _MOST)}: no stack file in the base, so compared with nothing that may be deployed."
        if all(one.head is None for one in pairs):
            yield "No stack is compared: none of those asked for has a file here."

    def _head(self, head: Plan) -> Plan:
        """The head; where it was refused for an acceptance that does not count yet, that is said."""
        failure = head.failure
        if failure is None or failure.kind is not FailureKind.REFUSED:
            return head
        mine = [one for one in self.new if one.stack == head.stack and one.what in failure.message]
        if not mine:
            return head
        places = ", ".join(one.place for one in mine)
        said = f"Accepted in this change only ({places}), which does not count before it is in the base; --accept-new lets it count."
        return replace(head, failure=replace(failure, kind=FailureKind.PROGRAM, message=f"{failure.message}\n{said}"))

    def _base_leaves(self, name: str) -> Leaves | None:
        return leaves(self.old, name) if self.old is not None else None


def _by_the_base(name: str, head: Plan, base: Plan) -> Iterator[Finding]:
    """What the base's program would do with the stack file of the head."""
    title = "The base has no stack file of this stack"
    if head.failure is not None:
        return
    if base.failure is not None:
        said = "With the head's file the base's program cannot be evaluated."
        yield _finding("no-base-file", title, said)
        return
    changes = [one for one in compare(base, head, JUDGE) if one.custom and one.operation is not Operation.SAME]
    if not changes:
        return
    told = [f"{SIGNS[one.operation].strip() or '·'} {one.short_type} `{one.name}`" for one in changes]
    yield _finding(
        "no-base-file",
        title,
        f"With the head's file the base's program gives other resources: {listed(told, _MOST)}.",
        f"If {name} is deployed already, compare with its state: `dolmen plan {name} --state state.json`.",
    )


def _renamed(name: str, old_name: str) -> Finding:
    return _finding(
        "stack-renamed",
        "Pulumi does not know that the stack has another name",
        f"{old_name} stays deployed, and {name} would be created beside it; what is compared here is what holds once "
        "the stack itself is renamed.",
        f"Run `pulumi stack rename {name} -s {old_name}` before the first deployment.",
    )


def _base_failed(plan: Plan, reference: str) -> Finding:
    failure = plan.failure or Failure(FailureKind.CRASH, "")
    how = "did not end in time" if failure.kind is FailureKind.TIMEOUT else "cannot be evaluated"
    last = failure.message.strip().splitlines()[-1] if failure.message.strip() else failure.kind.value
    found = _finding(
        "base-failed",
        f"The base {how}",
        f"{reference}: {last}",
        "Nothing is compared for this stack; read what it would create with `dolmen plan`.",
    )
    return replace(found, position=failure.position)


def _finding(identifier: str, title: str, message: str, remedy: str = "") -> Finding:
    return Finding(identifier, title, message, Severity.HIGH, Enforcement.ADVISORY, FindingKind.BASE, remedy=remedy)


def _no_plan(stack: str, message: str) -> Plan:
    return Plan("", stack, ORGANIZATION, (), {}, failure=Failure(FailureKind.REFUSED, message))


def _name(pair: Pair) -> str:
    plan = pair.head or pair.base
    return plan.stack if plan is not None else ""
