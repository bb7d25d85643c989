import pulumi
import pulumi_aws as aws

network = pulumi.StackReference("organization/network/prod")
vpc_id = network.require_output("vpcId")
subnets = network.get_output("subnetIds")
group = aws.ec2.SecurityGroup("group", vpc_id=vpc_id)
aws.elasticache.SubnetGroup("cache", subnet_ids=subnets)


async def details() -> None:
    found = await network.get_output_details("zone")
    pulumi.export("zone", found.value or "unknown")


pulumi.run(details)
pulumi.export("first", subnets.apply(lambda ids: ids[0]))
pulumi.export("group", group.id)
