"""Aliases of every form."""

import pulumi
import pulumi_random as random


class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Box", name, {}, opts)
        random.RandomPet(f"{name}-pet", opts=pulumi.ResourceOptions(parent=self, aliases=[pulumi.Alias(name="pet")]))


box = Box("box", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="crate"), pulumi.Alias(type_="test:index:Crate")]))
other = Box("other")
for name, alias in {
    "renamed": pulumi.Alias(name="former"),
    "retyped": pulumi.Alias(type_="random:index/randomString:RandomString"),
    "moved": pulumi.Alias(parent=other),
    "moved-by-urn": pulumi.Alias(parent=other.urn),
    "from-the-top": pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE),
    "from-another-stack": pulumi.Alias(stack="elsewhere"),
    "from-another-project": pulumi.Alias(project="elsewhere", name="former"),
    "by-urn": "urn:pulumi:test::small::random:index/randomPet:RandomPet::long-ago",
}.items():
    random.RandomPet(name, opts=pulumi.ResourceOptions(parent=box, aliases=[alias]))
random.RandomPet("several", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="one"), pulumi.Alias(name="two")]))
