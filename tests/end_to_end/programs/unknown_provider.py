"""A provider whose configuration is not known in a preview: nothing of its resources is known either."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random

name = random.RandomPet("name")
east = aws.Provider("east", region=name.id)
group = aws.cloudwatch.LogGroup("group", name="/group", opts=pulumi.ResourceOptions(provider=east))
aws.cloudwatch.LogGroup("after", name="/after", tags={"of": group.name}, opts=pulumi.ResourceOptions(provider=east))
random.RandomPet("pet", prefix=group.name)
pulumi.export("name", group.name)
