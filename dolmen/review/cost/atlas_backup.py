"""What MongoDB Atlas bills for backups: snapshots and the oplog are one sum, at either rate and never both.

https://www.mongodb.com/docs/atlas/billing/cluster-configuration-costs/
"""

from __future__ import annotations

from collections.abc import Iterator

from dolmen.review.cost.lines import Counting, Line, cited, listed, mapping
from dolmen.review.cost.price import NOTHING, Kind, Share
from dolmen.review.regions import aws_region

_SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"
_FREE_BACKUP_GB = 5
_BANDS = (("5-100 GB", 5, 100), ("100-250 GB", 100, 250), ("250-500 GB", 250, 500), ("over 500 GB", 500, None))


def backup(counting: Counting, region: str | None, disk: float | None) -> Iterator[Line]:
    """Counts snapshots or continuous backup; `disk`: GB of one node's."""
    inputs = counting.resource.inputs
    continuous = inputs.get("pitEnabled") is True
    yield from _copies(counting)
    if inputs.get("backupEnabled") is not True and not continuous:
        return
    what = "continuous backup" if continuous else "snapshots"
    said = counting.share(counting.usage.backup_gb, counting.resource.type)
    if said is not None:
        volume, told, rule = (said, said), f"{said:g} GB", ""
    elif disk is not None:
        volume, told = (0.0, disk), f"0–{disk:g} GB"
        rule = "assumed: from nothing to a full disk; `usage.backupGb` says more"
    else:
        item = f"atlas continuous backup {_BANDS[0][0]}" if continuous else "atlas snapshot storage"
        yield counting.by_use("backup", item, "depends on the data and the retention", region)
        return
    if continuous:
        yield _continuous(counting, f"{what}, {told}", volume, rule, region)
    else:
        yield _volume(counting, "atlas snapshot storage", f"{what}, {told}", volume, rule, region)


def _copies(counting: Counting) -> Iterator[Line]:
    """Copies in other regions, which are paid for there by their size.

    https://www.mongodb.com/docs/atlas/billing/cluster-configuration-costs/"""
    for schedule in (one for one in counting.plan.resources if one.type == _SCHEDULE):
        for copy in map(mapping, listed(schedule.inputs.get("copySettings"))):
            region = aws_region(copy.get("regionName"))
            depends = "depends on the data and the retention, beside the transfer there"
            yield counting.by_use(f"copies in {region}", "atlas snapshot storage", depends, region)


def _volume(
    counting: Counting, item: str, what: str, volume: tuple[float, float], rule: str, region: str | None
) -> Line:
    price = counting.prices.find(item, region)
    if price is None:
        return counting.unknown("backup", what, counting.why_not(item, region))
    low, high = (price.amount.times(one) for one in volume)
    return counting.priced("backup", what, price, low, rule, high if rule else None)


def _continuous(counting: Counting, what: str, volume: tuple[float, float], rule: str, region: str | None) -> Line:
    low, high, kinds = NOTHING, NOTHING, set[Kind]()
    rule = "; ".join(one for one in (f"the first {_FREE_BACKUP_GB} GB are free", rule) if one)
    price = None
    for name, start, end in _BANDS:
        inside = tuple(max(0.0, min(gb, gb if end is None else end) - start) for gb in volume)
        price = counting.prices.find(f"atlas continuous backup {name}", region)
        if price is None:
            return counting.unknown("backup", what, counting.why_not(f"atlas continuous backup {name}", region))
        low, high = low + price.amount.times(inside[0]), high + price.amount.times(inside[1])
        kinds |= {price.kind} if inside[1] else set()
    assert price is not None, "there are bands"
    kind = Kind.ESTIMATE if low.low != high.high else Kind.OWN if Kind.OWN in kinds else Kind.LIST
    share = Share(f"atlas continuous backup in {region}", "backup" if low != high else "", low, high)
    return counting.amount("backup", what, (share,), kind, rule, cited(price))
