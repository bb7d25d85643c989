"""Names and nesting: what a URN is made of."""

import pulumi
import pulumi_random as random


class Node(pulumi.ComponentResource):
    def __init__(self, kind, name, opts=None):
        super().__init__(kind, name, {}, opts)
        self.register_outputs({"name": name})


a = Node("test:index:A", "same")
b = Node("test:index:B", "same", pulumi.ResourceOptions(parent=a))
c = Node("test:mod/deep:C", "same", pulumi.ResourceOptions(parent=b))
random.RandomPet("same", opts=pulumi.ResourceOptions(parent=c))
random.RandomPet("same")
random.RandomString("same", length=2)
outer = random.RandomPet("outer")
middle = random.RandomPet("middle", opts=pulumi.ResourceOptions(parent=outer))
random.RandomPet("inner", opts=pulumi.ResourceOptions(parent=middle))
for name in (
    "with space",
    "with:colon",
    "with::two",
    "with$dollar",
    "ünïcödé",
    "日本語",
    "a/b\\c",
    "-",
    "1",
    "a" * 120,
    "UPPER",
    "with'quote",
    "with.dot",
):
    random.RandomPet(name)
