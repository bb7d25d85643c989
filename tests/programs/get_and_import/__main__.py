"""Resources that are there already: read by id, and imported."""

import pulumi
import pulumi_aws as aws

group = aws.ec2.SecurityGroup.get("existing", "sg-0123456789abcdef0")
bucket = aws.s3.Bucket("adopted", bucket="adopted", opts=pulumi.ResourceOptions(import_="adopted"))
aws.ec2.Instance("web", ami="ami-1", instance_type="t3.micro", vpc_security_group_ids=[group.id])
pulumi.export("vpc", group.vpc_id)
pulumi.export("bucket", bucket.id)
