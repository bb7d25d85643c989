"""Says which prices changed from those that counted until now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from dolmen.prices.model import Key, PriceList, plain


@dataclass(frozen=True, slots=True)
class Difference:
    changed: tuple[tuple[Key, Decimal, Decimal], ...]
    """Item and region, the price until now, the new one."""
    new: tuple[Key, ...]
    gone: tuple[Key, ...]
    same: int


def difference(before: Callable[[Key], Decimal | None], written: PriceList, now: PriceList) -> Difference:
    """`before`: what counted until now; `written`: the file that `now` takes the place of."""
    old = {key: before(key) for key in now.prices}
    pairs = [(key, known, now.prices[key].usd) for key in sorted(now.prices) if (known := old[key]) is not None]
    changed = tuple(pair for pair in pairs if pair[1] != pair[2])
    new = tuple(key for key in sorted(now.prices) if old[key] is None)
    return Difference(changed, new, tuple(sorted(written.prices.keys() - now.prices.keys())), len(pairs) - len(changed))


def lines(found: Difference, prices: PriceList) -> Iterator[str]:
    """What a person reads, who will decide whether these prices count."""
    counts = [
        f"{len(found.changed)} changed",
        f"{len(found.new)} new",
        f"{len(found.gone)} gone",
        f"{found.same} as before",
    ]
    dates = ", ".join(f"{name} of {source.date}" for name, source in sorted(prices.sources.items()))
    yield f"{len(prices.prices)} prices: {', '.join(counts)} ({dates})."
    width = max((len(item) for (item, _), _, _ in found.changed), default=0)
    for (item, region), old, new in found.changed:
        share = f" ({(new / old - 1) * 100:+.1f} %)" if old else ""
        yield f"  {item:<{width}}  {region}: {plain(old)} → {plain(new)}{share}"
    for item, region in found.gone:
        yield f"  gone: {item} in {region}"
    yield from (f"  left out: {text}" for text in prices.left_out)
