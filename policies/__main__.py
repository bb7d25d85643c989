"""The policy pack, as Pulumi's engine starts it (`pulumi preview --policy-pack policies`)."""

from pathlib import Path

from pulumi_policy import EnforcementLevel, PolicyPack
from rules.framework.pack import policies

PolicyPack(
    name="dolmen",
    enforcement_level=EnforcementLevel.ADVISORY,
    policies=policies(Path(__file__).parent),
    display_name="Dolmen",
    description="What no environment of a data platform on MongoDB Atlas and ElastiCache may become.",
)
