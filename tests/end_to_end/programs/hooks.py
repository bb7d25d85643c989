"""Resource hooks: callbacks that the engine would make; everything else about the resources stays the same."""

import pulumi
import pulumi_random as random


def before(args):
    print("before", args.urn)


async def after(args):
    print("after", args.urn)


dry = pulumi.ResourceHook("dry", before, opts=pulumi.ResourceHookOptions(on_dry_run=True))
wet = pulumi.ResourceHook("wet", after)
first = random.RandomPet(
    "first", opts=pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_create=[dry], after_create=[wet]))
)


class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Box", name, {}, opts)
        random.RandomPet(f"{name}-pet", prefix=first.id, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


Box("box", pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_delete=[wet])))
