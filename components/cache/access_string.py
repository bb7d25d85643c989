"""Access strings: what a user of the cache may do. Rules apply from left to right, so their order is their meaning.

Pure: `parse` reads one, `canonical` writes it as ElastiCache gives it back, `findings` says what ElastiCache would refuse
and what would leave a door open. Sources:
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html and https://valkey.io/topics/acl/
"""

from collections.abc import Sequence

SAFE = "+@all -@dangerous +info"
"""Everything but what can destroy, stop or reconfigure the server; INFO again, because clients ask for it on connecting."""
_OPTIONS = {"role": ("+role",), "sort": ("+sort", "+sort_ro")}
EXPORTER = (
    "on resetchannels -@all +ping +info +dbsize +client|setname +client|setinfo +cluster|info +cluster|nodes "
    "+slowlog|len +slowlog|get +latency|latest +latency|histogram"
)
"""For redis_exporter with `--config-command=-`: statistics of the server, and no key.
Source: https://github.com/oliver006/redis_exporter#authenticating-with-redis"""
OPERATIONS = f"on ~* &* {SAFE} +role +sort +sort_ro +slowlog +latency +client|list +client|kill"
"""For people who look into a running cache: every key, the slow log, latencies and connections; still nothing that
empties, saves, stops or reconfigures it."""


def application(keys: Sequence[str], channels: Sequence[str], options: Sequence[str] = ()) -> str:
    """The access string of an application's user: its own keys and channels, and every command that is not dangerous."""
    patterns = [f"~{key}" for key in keys]
    heard = ["&*"] if "*" in channels else ["resetchannels", *(f"&{channel}" for channel in channels)]
    return " ".join(["on", *patterns, *heard, SAFE, *(rule for name in options for rule in _OPTIONS[name])])
