"""boto3 without credentials, region or profile, in the ways that programs have."""

import json

import boto3
import pulumi
import pulumi_random as random
from botocore.exceptions import ParamValidationError

ec2 = boto3.client("ec2")
databases = boto3.Session(profile_name="nobody-has-it").client("rds")
while databases.describe_db_instances(DBInstanceIdentifier="main")["DBInstances"][0]["DBInstanceStatus"] != "available":
    pass  # a program would wait here for ever
ec2.get_waiter("instance_running").wait(InstanceIds=["i-0123456789abcdef0"])
token, instances = None, []
while True:  # every page, by hand
    page = ec2.describe_instances(**({"NextToken": token} if token else {}))
    instances += [one["InstanceId"] for group in page["Reservations"] for one in group["Instances"]]
    token = page.get("NextToken")
    if not token:
        break
secret = json.loads(boto3.client("secretsmanager").get_secret_value(SecretId="login")["SecretString"])
role = boto3.client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/reader", RoleSessionName="plan")
other = boto3.client(
    "s3",
    aws_access_key_id=role["Credentials"]["AccessKeyId"],
    aws_secret_access_key=role["Credentials"]["SecretAccessKey"],
    aws_session_token=role["Credentials"]["SessionToken"],
)
try:
    ec2.describe_vpcs(Wrong=1)
except ParamValidationError as error:
    pulumi.export("refused", "Wrong" in str(error))
failed = boto3.client("events").put_events(Entries=[{"Source": "a"}])["FailedEntryCount"]
if failed > 0:
    raise RuntimeError("a call that is made up does not fail")
random.RandomPet(
    "answers",
    keepers={
        "network": ",".join(vpc.cidr_block for vpc in boto3.resource("ec2").vpcs.filter(VpcIds=["vpc-1"])),
        "item": boto3.resource("dynamodb").Table("t").get_item(Key={"id": "1"})["Item"]["name"],
        "file": other.get_object(Bucket="b", Key="k")["Body"].read().decode("ascii"),
        "instances": ",".join(instances),
        "password": secret["password"],
        "region": f"{boto3.Session().region_name}a",
        "policy": boto3.client("iam").get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]["Statement"],
        "signed": other.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"}),
    },
)
