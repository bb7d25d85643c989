"""What children take over from parents, through several levels, and what they do not."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random


class Level(pulumi.ComponentResource):
    def __init__(self, name, depth, opts=None, child=None):
        super().__init__("test:index:Level", name, {}, opts)
        own = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(parent=self), child or pulumi.ResourceOptions())
        self.group = aws.cloudwatch.LogGroup(f"{name}-group", name=f"/{name}", opts=own)
        self.pet = random.RandomPet(f"{name}-pet", opts=pulumi.ResourceOptions(parent=self.group))
        if depth:
            Level(f"{name}-{depth}", depth - 1, pulumi.ResourceOptions(parent=self), child)
        self.register_outputs({"group": self.group.name})


west, east = aws.Provider("west", region="eu-west-1"), aws.Provider("east", region="us-east-1")
base = random.RandomPet("base")
Level("deep", 2, pulumi.ResourceOptions(protect=True, provider=west, retain_on_delete=True, depends_on=[base]))
Level("aliased", 1, pulumi.ResourceOptions(aliases=[pulumi.Alias(name="once")], providers=[east]))
Level(
    "ignoring",
    1,
    pulumi.ResourceOptions(ignore_changes=["tags"], replace_on_changes=["name"], delete_before_replace=True),
)
Level(
    "timed",
    0,
    pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="1m"), additional_secret_outputs=["arn"]),
)
Level(
    "child", 1, pulumi.ResourceOptions(provider=west), pulumi.ResourceOptions(protect=False, ignore_changes=["tags.a"])
)
Level("with", 1, pulumi.ResourceOptions(deleted_with=base, replace_with=[base]))
Level("versioned", 0, pulumi.ResourceOptions(), pulumi.ResourceOptions(version="7.51.1"))
other = Level("other", 0)
random.RandomPet("under-provider", opts=pulumi.ResourceOptions(parent=west))
aws.Provider(
    "child-provider", region="eu-west-2", opts=pulumi.ResourceOptions(parent=other, protect=True, depends_on=[base])
)
