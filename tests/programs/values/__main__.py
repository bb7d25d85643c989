"""Values of every shape."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random

password = random.RandomPassword("password", length=16)
pet = random.RandomPet("pet", prefix=pulumi.Output.secret("hidden"))
aws.ssm.Parameter(
    "parameter", type="String", value=pulumi.Output.all(password.result, pet.id, 3).apply(lambda all: f"{all}")
)
aws.s3.BucketObject("text", bucket="b", source=pulumi.StringAsset("hello"))
aws.s3.BucketObject("file", bucket="b", source=pulumi.FileAsset("page.html"))
aws.s3.BucketObject("remote", bucket="b", source=pulumi.RemoteAsset("https://example.com/x"))
aws.lambda_.Function(
    "function",
    role="arn:aws:iam::123456789012:role/x",
    runtime="python3.13",
    handler="main.handler",
    code=pulumi.AssetArchive({"main.py": pulumi.StringAsset("x = 1"), "site": pulumi.FileArchive("site")}),
    environment={"variables": {"EMPTY": "", "UNICODE": "\u00e9\u4e16", "PASSWORD": password.result}},
)
aws.iam.Role(
    "role",
    assume_role_policy=pulumi.Output.json_dumps(
        {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": pet.id}}]}
    ),
    tags=pulumi.Output.from_input({"pet": pet.id, "plain": "text"}),
)
pulumi.export("password", password.result)
pulumi.export("nested", {"list": [1, 2.5, True, None, pet.id], "none": None})
pulumi.export("unsecret", pulumi.Output.unsecret(pulumi.Output.secret("shown")))
