import pulumi
import pulumi_aws as aws

pulumi.log.warn("PARAMETER GROUP OF PRODUCTION IS SHARED")
pulumi.log.error("something failed but the program goes on")
aws.secretsmanager.Secret("uri", name="shop/uri", description="x")
