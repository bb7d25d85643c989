"""Which provider each resource gets: default, explicit, inherited, overridden, several of one package."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random


class Pair(pulumi.ComponentResource):
    def __init__(self, name, opts=None, child=None):
        super().__init__("test:index:Pair", name, {}, opts)
        mine = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(parent=self), child or pulumi.ResourceOptions())
        self.group = aws.cloudwatch.LogGroup(f"{name}-group", name=f"/{name}", opts=mine)
        self.pet = random.RandomPet(f"{name}-pet", opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({"name": self.group.name})


secret = pulumi.Output.secret("hidden")
west = aws.Provider("west", region="eu-west-1", default_tags=aws.ProviderDefaultTagsArgs(tags={"a": "b"}))
east = aws.Provider(
    "east", region="us-east-1", access_key="AKIASIMULATED0000000", secret_key=secret, skip_region_validation=True
)
pets = random.Provider("pets")
Pair("default")
Pair("one", pulumi.ResourceOptions(provider=west))
Pair("listed", pulumi.ResourceOptions(providers=[west, pets]))
Pair("mapped", pulumi.ResourceOptions(providers={"aws": east, "random": pets}))
outer = Pair("outer", pulumi.ResourceOptions(providers=[west, pets]))
Pair("inherited", pulumi.ResourceOptions(parent=outer))
Pair("overridden", pulumi.ResourceOptions(parent=outer, providers=[east]))
Pair("child-overrides", pulumi.ResourceOptions(providers=[west]), pulumi.ResourceOptions(provider=east))
child = aws.cloudwatch.LogGroup("child-of-custom", name="/child", opts=pulumi.ResourceOptions(parent=outer.group))
aws.cloudwatch.LogGroup("sibling", name="/sibling", opts=pulumi.ResourceOptions(provider=west, depends_on=[child]))
aws.cloudwatch.LogGroup(
    "by-list",
    name="/by-list",
    opts=pulumi.ResourceOptions(provider=east),
)
aws.cloudwatch.LogGroup("own-region", name="/own", region="us-west-2", opts=pulumi.ResourceOptions(provider=west))
