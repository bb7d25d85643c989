"""Configuration of every type, and what is made of it.

config: small:text=hello
config: small:number=010
config: small:float=1.50
config: small:flag=true
config: small:object={"a": [1, 2.5, null, {"b": true}]}
config: small:list=["x", "y"]
config: other:key=elsewhere
config: aws:region=eu-west-3
secret: small:hidden={"k": "v"}
"""

import pulumi
import pulumi_aws as aws
import pulumi_random as random

config, other = pulumi.Config(), pulumi.Config("other")
random.RandomPet(
    "all",
    length=config.require_int("number"),
    prefix=config.get("missing", "fallback"),
    separator=config.require("text"),
    keepers={
        "float": str(config.require_float("float")),
        "flag": str(config.require_bool("flag")),
        "object": str(config.require_object("object")),
        "other": other.require("key"),
        "project": pulumi.get_project(),
        "stack": pulumi.get_stack(),
        "organization": pulumi.get_organization(),
        "region": aws.config.region or "none",
        "secret": config.require_secret_object("hidden").apply(lambda found: found["k"]),
        "dry": str(pulumi.runtime.is_dry_run()),
    },
)
random.RandomShuffle("list", inputs=config.require_object("list"))
aws.cloudwatch.LogGroup("group", name="/config")
