import pulumi
import pulumi_aws as aws

s = aws.secretsmanager.Secret("uri", name="shop/uri")
aws.secretsmanager.SecretVersion("v", secret_id=s.id, secret_string=pulumi.Output.secret("initial"))
aws.secretsmanager.SecretRotation(
    "r",
    secret_id=s.id,
    rotation_lambda_arn="arn:aws:lambda:eu-west-1:123456789012:function:rotate",
    rotation_rules={"automatically_after_days": 30},
)
