import pulumi_aws as aws

aws.ssm.Parameter("p", name="/shop/flag", type="String", value="on")
aws.sqs.Queue("q", name="shop-jobs")
