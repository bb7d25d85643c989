"""A provider whose configuration is an output: in a preview nothing is known of its resources."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random

name = random.RandomPet("name")
east = aws.Provider("east", region=name.id)
group = aws.cloudwatch.LogGroup("group", name="/group", opts=pulumi.ResourceOptions(provider=east))
zones = aws.get_availability_zones_output(opts=pulumi.InvokeOptions(provider=east))
random.RandomPet("pet", prefix=group.name)
pulumi.export("zones", zones.names)
