"""An object whose contents nobody knows here, on its way through outputs.

secret: small:settings={"network": {"cidr": "10.1.0.0/16"}, "zones": ["a", "b"], "size": 3, "on": true, "tags": {"a": "b"}}
"""

import copy

import pulumi
import pulumi_random as random

settings = pulumi.Config().require_object("settings")
output = pulumi.Output.from_input(settings)
nested = pulumi.Output.all(plain="here", settings=settings, listed=[settings])
random.RandomPet(
    "fields",
    length=settings.get("size", 2),
    keepers={
        "direct": settings["network"]["cidr"],
        "output": output.apply(lambda it: it["network"]["cidr"]),
        "nested": nested.apply(lambda it: it["settings"]["network"]["cidr"]),
        "listed": nested.apply(lambda it: it["listed"][0]["network"]["cidr"]),
        "secret": pulumi.Output.secret(settings).apply(lambda it: it["network"]["cidr"]),
        "copied": copy.deepcopy(settings)["network"]["cidr"],
        "zone": settings["zones"][0],
        "zones": ",".join(settings["zones"]),
        "plain": nested.apply(lambda it: it["plain"]),
    },
)
