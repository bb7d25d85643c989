"""Who waits for whom: directly, through values, through components and through what they hold."""

import pulumi
import pulumi_random as random


class Inner(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Inner", name, {}, opts)
        self.one = random.RandomPet(f"{name}-one", opts=pulumi.ResourceOptions(parent=self))
        self.two = random.RandomPet(f"{name}-two", prefix=self.one.id, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({"one": self.one.id})


class Outer(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Outer", name, {}, opts)
        self.inner = Inner(f"{name}-inner", pulumi.ResourceOptions(parent=self))
        self.pet = random.RandomPet(f"{name}-pet", opts=pulumi.ResourceOptions(parent=self, depends_on=[self.inner]))
        self.grandchild = random.RandomPet(f"{name}-grandchild", opts=pulumi.ResourceOptions(parent=self.pet))
        self.register_outputs({})


base = random.RandomPet("base")
number = random.RandomInteger("number", min=1, max=9)
outer = Outer("outer", pulumi.ResourceOptions(depends_on=[base]))
random.RandomPet("after-component", opts=pulumi.ResourceOptions(depends_on=[outer]))
random.RandomPet("after-inner", opts=pulumi.ResourceOptions(depends_on=[outer.inner, base]))
random.RandomPet("after-one", opts=pulumi.ResourceOptions(depends_on=outer.inner.one))
random.RandomPet("after-output", opts=pulumi.ResourceOptions(depends_on=pulumi.Output.from_input([base, number])))
random.RandomPet("after-known", opts=pulumi.ResourceOptions(depends_on=[base.id.apply(lambda _: number)]))
random.RandomPet("by-value", prefix=base.id, length=number.result)
random.RandomPet(
    "by-values", keepers={"a": base.id, "b": pulumi.Output.all(number.result, outer.pet.id).apply(str), "c": "no"}
)
random.RandomPet("through-apply", prefix=base.id.apply(lambda _: number.result.apply(str)))
random.RandomPet("both", prefix=base.id, opts=pulumi.ResourceOptions(depends_on=[base, number]))
random.RandomPet("through-urn", keepers={"urn": outer.urn, "pet": outer.pet.urn})
random.RandomPet("known-but-dependent", prefix=base.length.apply(lambda length: f"{length}"))
random.RandomPet("of-output", prefix=pulumi.Output.from_input(outer.inner.two.separator))
pulumi.export("all", pulumi.Output.all(base.id, number.result))
