"""What a change costs: two estimates, line by line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dolmen.review.cost.estimate import Estimate
from dolmen.review.cost.lines import Line
from dolmen.review.cost.price import NOTHING, Amount, Share


@dataclass(frozen=True, slots=True)
class CostLine:
    """One item of one resource on both sides; `None`: it is not there."""

    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        line = self.after or self.before
        assert line is not None, "a line is on one side at least"
        return line

    @property
    def changed(self) -> bool:
        return _counted(self.before) != _counted(self.after)

    @property
    def unknown(self) -> bool:
        """Whether it changes, and nobody knows what that costs."""
        return self.changed and any(one is not None and bool(one.reason) for one in (self.before, self.after))

    @property
    def difference(self) -> Amount:
        return difference((self,))


@dataclass(frozen=True)
class Cost:
    """What a stack costs a month, before and after. `None`: that side does not exist, or nobody knows what it holds."""

    before: Estimate | None = None
    after: Estimate | None = None
    stays: bool = False
    """Whether what is before stays deployed, though no file describes it any more."""
    comparable: bool = True
    """Whether a side that is missing does not exist; else nobody knows what it holds."""
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    """URN → the one that it had before."""

    @cached_property
    def lines(self) -> tuple[CostLine, ...]:
        """The largest difference first."""
        olds = {(one.urn, one.part): one for one in (self.before.lines if self.before else ())}
        after = self.after.lines if self.after else ()
        news = {(self.renamed.get(one.urn, one.urn), one.part): one for one in after}
        found = (CostLine(olds.get(key), news.get(key)) for key in dict.fromkeys((*news, *olds)))
        return tuple(sorted(found, key=_weight, reverse=True))

    @property
    def changed(self) -> tuple[CostLine, ...]:
        """Of a stack that is added every line: it is compared with nothing, which costs nothing."""
        return () if self.stays or not self.comparable else tuple(one for one in self.lines if one.changed)

    @property
    def unknown(self) -> tuple[CostLine, ...]:
        """What changes, and nobody knows what that costs."""
        return tuple(one for one in self.changed if one.unknown)

    @property
    def difference(self) -> Amount | None:
        """What the change adds a month, at least and at most; `None` where nobody knows."""
        if self.unknown or not self.comparable:
            return None
        return difference(self.changed)

    @property
    def uses(self) -> tuple[str, ...]:
        """Parts that depend on a use, and of which there are more, fewer or others."""
        before, after = (_uses(side) for side in (self.before, self.after))
        return tuple(dict.fromkeys(part for part, _, _ in (before - after) + (after - before))) if self.changed else ()

    @property
    def joined(self) -> bool:
        """Whether both totals hold the same: then one may stand beside the other."""
        both = self.before is not None and self.after is not None
        return both and self.comparable and not self.unknown and not self.uses


def _counted(line: Line | None) -> tuple[object, ...] | None:
    """What of a line makes a difference; a line of nothing is as good as none."""
    if line is None or line.monthly == NOTHING:
        return None
    return line.monthly, line.item, line.shares, line.usage, line.reason, line.basis


def difference(lines: Iterable[CostLine]) -> Amount:
    """At least and at most, of what has an amount. What is in doubt for one reason is wrong by as much on both sides."""
    # Doubt → what has a load of its own → the least and the most load, each at the doubt's low and at its high end.
    moved: defaultdict[str, defaultdict[tuple[str, str], _Ends]] = defaultdict(lambda: defaultdict(_Ends))
    for one in lines:
        for sign, line in ((-1, one.before), (1, one.after)):
            for share in line.shares if one.changed and line is not None else ():
                moved[share.doubt][one.line.urn, share.load].add(sign, share)
    found = [_both_ends(some.values()) for some in moved.values()]
    return Amount(sum(one.low for one in found), sum(one.high for one in found))


@dataclass(slots=True)
class _Ends:
    """What the cost of one that has a load differs by."""

    least: Amount = NOTHING
    most: Amount = NOTHING

    def add(self, sign: int, share: Share) -> None:
        self.least += share.least.times(sign)
        self.most += share.most.times(sign)


def _both_ends(some: Iterable[_Ends]) -> Amount:
    """The doubt is the same of all of them; the load is each one's own."""
    ends = list(some)
    lows = [sorted((one.least.low, one.most.low)) for one in ends]
    highs = [sorted((one.least.high, one.most.high)) for one in ends]
    sides = [[round(sum(values), 6) for values in zip(*side, strict=True)] for side in (lows, highs)]
    return Amount(min(side[0] for side in sides), max(side[1] for side in sides))


def _uses(side: Estimate | None) -> Counter[tuple[str, str, str]]:
    return Counter((line.part, line.item, line.usage) for line in (side.by_use if side else ()))


def _weight(one: CostLine) -> tuple[bool, float, float]:
    return one.unknown, max(abs(one.difference.low), abs(one.difference.high)), (one.line.monthly or NOTHING).high


def total(costs: Iterable[Cost]) -> Amount | None:
    """What several stacks change together; `None` where nobody knows of one."""
    found = [one.difference for one in costs]
    return None if None in found else sum((one for one in found if one is not None), NOTHING)
