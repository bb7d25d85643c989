"""What exists already: read by id, and imported."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random

found = aws.cloudwatch.LogGroup.get("found", "given-group")
pet = random.RandomPet("pet", prefix=found.name, keepers={"arn": found.arn})
aws.cloudwatch.LogGroup(
    "taken", name="taken-group", retention_in_days=7, opts=pulumi.ResourceOptions(import_="taken-group", protect=True)
)
aws.cloudwatch.LogGroup(
    "beside", name="/beside", tags={"of": found.arn}, opts=pulumi.ResourceOptions(depends_on=[found])
)
