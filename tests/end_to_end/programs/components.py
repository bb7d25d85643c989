"""Components: inputs, outputs, missing outputs, nested ones, resources made late."""

import pulumi
import pulumi_random as random


class WithInputs(pulumi.ComponentResource):
    out: pulumi.Output[str]

    def __init__(self, name, pet, opts=None):
        super().__init__(
            "test:index:WithInputs", name, {"snake_case": pet.id, "list": [pet.length, "x"], "none": None}, opts
        )
        self.out = pet.id
        self.register_outputs({"snake_case": pet.id, "known": pet.length, "nested": {"a": [pet.prefix]}})


class Silent(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Silent", name, None, opts)


class Late(pulumi.ComponentResource):
    def __init__(self, name, pet, opts=None):
        super().__init__("test:index:Late", name, {}, opts)
        for letter in "ab":
            random.RandomPet(f"{name}-{letter}", prefix=pet.length.apply(str), opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


pet = random.RandomPet("pet", length=3)
component = WithInputs("with-inputs", pet, pulumi.ResourceOptions(depends_on=[pet]))
silent = Silent("silent", pulumi.ResourceOptions(parent=component, protect=True))
Late("late", pet, pulumi.ResourceOptions(parent=silent))
random.RandomPet("uses", prefix=component.out)
pulumi.export("component", component.out)
pulumi.export("urn", component.urn)
