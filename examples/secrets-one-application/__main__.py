"""The secrets of an application whose users exist already, and a role for its ECS tasks that reads them."""

import pulumi

from dolmen.appenv.definition import definition
from dolmen.appenv.sources import template
from dolmen.components.secrets import ApplicationSecrets, SecretReader, application_environment

config = pulumi.Config()
region = pulumi.Config("aws").require("region")
secrets = ApplicationSecrets(
    "shop-secrets",
    {
        "platform": "demo",
        "application": "shop",
        "region": region,
        # Of a login that is not given, nothing is in the secret.
        "mongo": {
            "connection_string": config.require("mongoConnectionString"),
            "user": "shop",
            "password": config.require_secret("mongoPassword"),
            "database": "shopdb",
        },
        "redis": {
            "host": config.require("redisHost"),
            "port": 6379,
            "user": "shop",
            "password": config.require_secret("redisPassword"),
            "tls": True,
            "cluster_mode": False,
        },
        "jwt": {"generation": 1, "active": 1},
        "generated": {"webhook-key": {}},
        "protect_data": False,
        "recovery_window_days": 0,
    },
)
reader = SecretReader(
    "shop-reader",
    {"platform": "demo", "application": "shop", "secret_arns": secrets.arn_patterns, "ecs_tasks": "execution"},
)
pulumi.export("secretArns", secrets.secret_arns)
pulumi.export("readerRole", reader.role_arn)
pulumi.export(
    "environment",
    application_environment(
        template(definition(), mongo_pool_size=10, cache_login_with_iam=False),
        facts={
            "redis_host": config.require("redisHost"),
            "redis_port": 6379,
            "redis_user": "shop",
            "redis_tls": True,
            "redis_cluster_mode": False,
            "aws_region": region,
            "jwt_secret_name": "demo/shop/jwt-secrets",
        },
        secret_arns=secrets.arns,
    ),
)
