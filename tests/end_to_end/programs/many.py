"""Many resources at once, in no particular order."""

import pulumi
import pulumi_random as random

pets = [random.RandomPet(f"pet-{number}", keepers={"n": str(number)}) for number in range(60)]
for number in range(len(pets)):
    random.RandomPet(
        f"of-{number}", prefix=pets[-number].id, opts=pulumi.ResourceOptions(depends_on=pets[: number % 4])
    )
