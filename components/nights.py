"""When it is night in a region: the hours for maintenance and snapshots that nobody chose.

AWS and Atlas take times in UTC (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/maintenance-window.html), and
three in the morning in Seoul is midday in New York.
"""

import functools
import json
from pathlib import Path

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = 24 * 60
_WEEK = 7 * _DAY
_MAINTENANCE, _ATLAS, _SNAPSHOTS = 2 * 60, 3 * 60, 4 * 60
"""Minutes into Monday: the cache is patched, Atlas after it, and snapshots follow, every day."""


@functools.cache
def hours_ahead() -> dict[str, float]:
    """AWS region → hours that its clocks are ahead of UTC, in winter."""
    return json.loads(Path(__file__).with_name("nights.json").read_text(encoding="utf-8"))["regions"]


def cache_maintenance(region: str) -> str | None:
    """Monday 02:00 to 03:00 in the region, as ElastiCache writes it: `sun:17:00-sun:18:00`; `None`: not known where."""
    start = _utc(region, _MAINTENANCE)
    return None if start is None else "-".join(f"{_day(at)[:3]}:{_time(at)}" for at in (start, (start + 60) % _WEEK))


def cache_snapshots(region: str) -> str | None:
    """04:00 to 05:00 in the region, as ElastiCache writes it: `19:00-20:00`; `None`: not known where."""
    start = _utc(region, _SNAPSHOTS)
    return None if start is None else f"{_time(start)}-{_time(start + 60)}"


def atlas_maintenance(region: str) -> tuple[str, int] | None:
    """Day and hour, in UTC, of Monday 03:00 in the region; the hour before where clocks there show half hours."""
    start = _utc(region, _ATLAS)
    return None if start is None else (_day(start), start % _DAY // 60)


def _utc(region: str, local: int) -> int | None:
    ahead = hours_ahead().get(region)
    return None if ahead is None else int(local - ahead * 60) % _WEEK


def _day(minutes: int) -> str:
    return _DAYS[minutes // _DAY]


def _time(minutes: int) -> str:
    return f"{minutes % _DAY // 60:02}:{minutes % 60:02}"
