"""The secrets of an application whose users exist already, and a role for its ECS tasks that reads them."""

import pulumi

from dolmen.appenv.definition import definition
from dolmen.appenv.sources import template
from dolmen.components.secrets.application import ApplicationSecrets

config = pulumi.Config()
secrets = ApplicationSecrets(
    "shop",
    {
        "application": "shop",
        "platform": "demo",
        "region": pulumi.Config("aws").require("region"),
        "mongo_connection_string": config.require("mongoConnectionString"),
        "mongo_user": "shop",
        "mongo_password": config.require_secret("mongoPassword"),
        "mongo_database": "shopdb",
        "mongo_pool_size": 10,
        "redis_host": config.require("redisHost"),
        "redis_port": 6379,
        "redis_user": "shop",
        "redis_password": config.require_secret("redisPassword"),
        "redis_tls": True,
        "redis_cluster_mode": False,
        "jwt_generation": 1,
        "jwt_active": 1,
        "generated": {"webhook-key": {"length": 48, "generation": 1}},
        "reader_trust": "ecs",
        "contract": template(definition(), mongo_pool_size=10, cache_login_with_iam=False),
        "protect_data": False,
        "recovery_window_days": 0,
    },
)
pulumi.export("secretArns", secrets.secret_arns)
pulumi.export("readerRole", secrets.reader_role_arn)
pulumi.export("environment", secrets.environment)
