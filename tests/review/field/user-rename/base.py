import pulumi_aws as aws

u = aws.elasticache.User(
    "u",
    user_id="shop-user",
    user_name="shop",
    engine="valkey",
    access_string="on ~* +@all",
    passwords=["abcdefghijklmnop1"],
)
aws.elasticache.UserGroup("g", engine="valkey", user_group_id="shop-group", user_ids=[u.user_id])
