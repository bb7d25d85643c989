"""Lookups, plain and as outputs: known, unknown, secret, dependent."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_random as random

account = aws.get_caller_identity()
region = aws.get_region_output()
pet = random.RandomPet("pet")
known = aws.iam.get_policy_document(
    statements=[{"actions": ["s3:*"], "resources": [f"arn:aws:s3:::{account.account_id}"], "sid": "A"}]
)
later = aws.iam.get_policy_document_output(statements=[{"actions": ["s3:GetObject"], "resources": [pet.id]}])
hidden = aws.iam.get_policy_document_output(
    statements=[{"actions": [pulumi.Output.secret("s3:PutObject")], "resources": ["*"]}]
)
waits = aws.get_partition_output(opts=pulumi.InvokeOutputOptions(depends_on=[pet]))
aws.iam.Policy("known", name="known", policy=known.json)
aws.iam.Policy("later", name="later", policy=later.json)
aws.iam.Policy("hidden", name="hidden", policy=hidden.json)
aws.cloudwatch.LogGroup(
    "named", name=pulumi.Output.concat("/", region.name, "/", account.account_id), tags={"p": waits.partition}
)
role = aws.iam.Role("role", name="role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": []}))
aws.iam.RolePolicy("inline", name="inline", role=role.name, policy=known.json)
pulumi.export("account", account.account_id)
pulumi.export("later", later.json)
