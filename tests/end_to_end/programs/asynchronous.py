"""A program that awaits, gathers and defers."""

import asyncio

import pulumi
import pulumi_random as random


async def slowly(value, seconds=0.01):
    await asyncio.sleep(seconds)
    return value


first = random.RandomPet("first", prefix=slowly("late"))
second = random.RandomPet("second", prefix=pulumi.Output.from_input(slowly("later")), keepers={"a": slowly("b")})
third = random.RandomPet("third", prefix=first.length.apply(lambda length: slowly(f"{length}")))
gathered = pulumi.Output.all(a=first.length, b=slowly("x"), c=[slowly(1), {"d": second.prefix}])
random.RandomPet("gathered", keepers={"g": gathered.apply(lambda found: f"{found['b']}{found['c'][0]}")})
random.RandomShuffle("lifted", inputs=pulumi.Output.from_input([slowly("p"), "q"]))


async def more():
    await asyncio.sleep(0.02)
    random.RandomPet("from-a-task", prefix="t")
    return "done"


pulumi.export("task", pulumi.Output.from_input(more()))
