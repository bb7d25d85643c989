"""boto3 beside Pulumi: an account, a parameter, every page of a list."""

import json

import boto3
import pulumi_random as random

WORLD = None  # where the tests' own AWS answers; without it, AWS itself
session = boto3.Session(profile_name=None, region_name="eu-west-1")
keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "endpoint_url": WORLD} if WORLD else {}
account = session.client("sts", **keys).get_caller_identity()["Account"]
parameters = session.client("ssm", **keys)
image = parameters.get_parameter(Name="/image")["Parameter"]
pages = parameters.get_paginator("get_parameters_by_path").paginate(Path="/all")
random.RandomPet(
    "answers",
    length=image["Version"],
    keepers={
        "account": account,
        "policy": json.dumps({"Resource": f"arn:aws:s3:::logs-{account}"}),
        "image": image["Value"],
        "since": image["LastModifiedDate"].isoformat(),
        "all": ",".join(one["Value"] for page in pages for one in page["Parameters"]),
        "plain": session.region_name,
    },
)
