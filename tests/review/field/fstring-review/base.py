import pulumi_aws as aws
import pulumi_random as random

pw = random.RandomPassword("pw", length=24)
s = aws.secretsmanager.Secret("uri", name="shop/uri")
aws.secretsmanager.SecretVersion(
    "uri",
    secret_id=s.id,
    secret_string=pw.result.apply(lambda p: f"mongodb+srv://shop:{p}@shop.abcde.mongodb.net/shop"),
)
