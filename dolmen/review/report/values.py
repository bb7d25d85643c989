"""The values of a change as a reader sees them: the stack file's key speaks for the properties that it alone causes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from dolmen.review.diff.changes import Cause, Operation, ResourceChange
from dolmen.review.diff.values import Difference, PropertyChange, frozen
from dolmen.review.diff.values import shown as in_words
from dolmen.review.effects.model import EffectKind

_STAYING = (Operation.UPDATE, Operation.REPLACE, Operation.OPTIONS, Operation.SAME, Operation.READ)


@dataclass(frozen=True, slots=True)
class Values:
    """One line: an old and a new value."""

    label: str
    """A property's path, or the stack file's key."""
    change: PropertyChange
    prefix: str = ""
    """`ignored: ` or `option `."""
    cause: Cause | None = None
    """Where the label is a key."""
    properties: tuple[str, ...] = ()
    """For which the key speaks."""
    items: tuple[tuple[str, str], ...] = ()
    """Of a list of plain values: `+` or `−`, and the value that comes or goes."""

    @property
    def likeness(self) -> Hashable:
        """What two lines share that say the same."""
        change = self.change
        said = (self.label, self.prefix, change.difference, frozen(change.old), frozen(change.new), self.cause)
        return (*said, self.also, self.items)

    @property
    def also(self) -> tuple[str, ...]:
        """Last names of the properties that the key does not say itself."""
        own = _last(self.label)
        return tuple(dict.fromkeys(name for one in self.properties if (name := _last(one)) != own))


@dataclass(frozen=True, slots=True)
class ToldValues:
    shown: tuple[Values, ...]
    causes: tuple[Cause, ...]
    """Those that no key among the values names."""
    silent: frozenset[str]
    """Labels of properties that do nothing, and for which a key speaks that does something elsewhere."""


def told_values(change: ResourceChange, causes: Sequence[Cause]) -> ToldValues:
    if change.operation not in _STAYING:
        ignored = tuple(Values(one.label, one, "ignored: ") for one in change.ignored)
        return ToldValues(
            (*ignored, *(Values(one.label, one, "option ") for one in change.options)), tuple(causes), frozenset()
        )
    spoken: dict[tuple[Cause, Hashable], list[PropertyChange]] = {}
    for one in change.properties:
        for cause in causes:
            if one.path in cause.carries:
                spoken.setdefault((cause, (frozen(one.old), frozen(one.new))), []).append(one)
    shown: list[Values] = []
    through: dict[str | None, list[PropertyChange]] = {}
    items: dict[str, list[tuple[PropertyChange, tuple[str, str]]]] = {}
    for one in change.properties:
        found = next((key for key, some in spoken.items() if one in some), None)
        if found is None and one.difference is Difference.MAY_CHANGE:
            through.setdefault(one.because, []).append(one)
        elif found is None and (listed := _listed(one)):
            items.setdefault(listed[0], []).append((one, listed[1:]))
        elif found is None:
            shown.append(Values(one.label, one))
        elif one is spoken[found][0]:
            labels = tuple(each.label for each in spoken[found])
            shown.append(Values(found[0].key, one, "", found[0], labels))
    shown += [Values(name, some[0][0], items=tuple(item for _, item in some)) for name, some in items.items()]
    shown += [Values(", ".join(one.label for one in some), some[0]) for some in through.values()]
    shown += [Values(one.label, one, "ignored: ") for one in change.ignored]
    shown += [Values(one.label, one, "option ") for one in change.options]
    named = {key[0] for key in spoken}
    silent = frozenset(label for some in spoken.values() for label in _silent(change, some))
    return ToldValues(tuple(shown), tuple(cause for cause in causes if cause not in named), silent)


def _listed(one: PropertyChange) -> tuple[str, str, str] | None:
    """(list, sign, value) of an item that is its own name."""
    if one.difference not in (Difference.ADDED, Difference.REMOVED):
        return None
    came = one.difference is Difference.ADDED
    value = in_words(one.new if came else one.old)
    return (one.label[: -len(value) - 2], "+" if came else "−", value) if one.label.endswith(f"[{value}]") else None


def _silent(change: ResourceChange, together: Sequence[PropertyChange]) -> Iterator[str]:
    """Those of the properties of one key that do nothing, where another does something."""
    doing = {
        label for effect in change.effects if effect.kind is not EffectKind.DOES_NOTHING for label in effect.properties
    }
    labels = [one.label for one in together]
    if doing & set(labels):
        yield from (label for label in labels if label not in doing)


def _last(label: str) -> str:
    return label.replace(":", ".").rstrip("]").rpartition(".")[2]
