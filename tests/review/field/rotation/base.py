import pulumi
import pulumi_aws as aws

s = aws.secretsmanager.Secret("uri", name="shop/uri")
aws.secretsmanager.SecretVersion("v", secret_id=s.id, secret_string=pulumi.Output.secret("initial"))
