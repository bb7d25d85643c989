"""Arguments of lookups in other types than their results have."""

import json

import pulumi_aws as aws
import pulumi_random as random

vpc = aws.ec2.get_vpc(id="vpc-a", default="true")
subnet = aws.ec2.get_subnet(id="subnet-a", default_for_az="false")
random.RandomPet(
    "types", keepers={"vpc": json.dumps(vpc.default), "subnet": json.dumps(subnet.default_for_az), "id": vpc.id}
)
