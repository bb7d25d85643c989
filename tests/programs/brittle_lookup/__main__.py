"""A lookup whose made-up result no code inside `apply` can stand: it stays unknown instead."""

import pulumi_aws as aws

identity = aws.get_caller_identity_output()
checked = identity.account_id.apply(lambda account: {"123456789012": "production"}[account])
aws.s3.Bucket("bucket", tags={"environment": checked})
