import pulumi_aws as aws

aws.secretsmanager.Secret("uri", name="shop/uri")
