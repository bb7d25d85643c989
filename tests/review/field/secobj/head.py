import pulumi
import pulumi_aws as aws

cfg = pulumi.Config()
s = aws.secretsmanager.Secret("uri", name="shop/uri")
aws.secretsmanager.SecretVersion("uri", secret_id=s.id, secret_string=cfg.require_secret_object("db"))
