"""Numbers and booleans that nobody knows here, and what is reckoned from them.

secret: small:count=3
secret: small:ratio=0.5
secret: small:enabled=true
"""

import json
import math

import pulumi
import pulumi_random as random

config = pulumi.Config()
count, ratio, enabled = config.require_int("count"), config.require_float("ratio"), config.require_bool("enabled")
random.RandomPet(
    "numbers",
    length=count + 1,
    keepers={
        "text": f"{count:02d} {ratio:.2f} {enabled}",
        "json": json.dumps({"count": count, "on": [enabled], "ratio": ratio, "plain": 1}),
        "whole": str(math.ceil(ratio * 10)),
        "rest": str(divmod(count, 2)),
        "bits": str(count << 2 | 1),
        "mixed": str(count * ratio),
        "sum": str(sum([count, count, 1])),
        "rounded": str(round(ratio, 1)),
        "plain": str(2**3),
    },
)
random.RandomPassword("password", length=count, special=enabled)
