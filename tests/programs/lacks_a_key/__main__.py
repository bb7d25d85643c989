"""A key that is required, and that a stack's file may lack."""

import pulumi
import pulumi_random as random

config = pulumi.Config("small")
random.RandomPet("pet", prefix=config.require("prefix"), length=config.require_int("length"))
