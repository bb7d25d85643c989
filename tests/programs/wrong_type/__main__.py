import pulumi

pulumi.Config().require_int("count")
