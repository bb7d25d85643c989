"""Secrets: nested, joined, transformed, equal and unequal, known and unknown.

secret: small:token=hunter2-hunter2
secret: small:object={"user": "a", "password": "b"}
config: small:plain=visible
"""

import json

import pulumi
import pulumi_aws as aws
import pulumi_random as random

config = pulumi.Config()
token, plain = config.require_secret("token"), config.require("plain")
thing = config.require_secret_object("object")
password = random.RandomPassword("password", length=16, keepers={"token": token, "plain": plain})
secret = aws.secretsmanager.Secret("secret", name="fixed", description=pulumi.Output.concat("about ", plain))
for name, value in {
    "text": token,
    "joined": pulumi.Output.concat("a-", token, "-b"),
    "formatted": pulumi.Output.format("{0}:{1}", plain, token),
    "unknown": password.result,
    "with-unknown": pulumi.Output.all(token, password.result).apply(lambda both: ":".join(both)),
    "json": pulumi.Output.json_dumps({"token": token, "plain": plain, "nested": [{"again": token}]}),
    "applied": token.apply(str.upper),
    "field": thing.apply(lambda found: found["password"]),
    "made": pulumi.Output.secret("made here"),
    "same-as-made": pulumi.Output.secret("made here"),
    "config-in-clear": pulumi.Output.from_input(config.require("token")),
    "twice-secret": pulumi.Output.secret(pulumi.Output.secret(token)),
    "loaded": pulumi.Output.json_loads(pulumi.Output.secret(json.dumps({"k": "v"}))).apply(lambda found: found["k"]),
}.items():
    aws.secretsmanager.SecretVersion(f"version-{name}", secret_id=secret.id, secret_string=value)
random.RandomPet("nested", keepers={"open": plain, "hidden": token, "unhidden": pulumi.Output.unsecret(token)})
random.RandomShuffle("list", inputs=[plain, token, pulumi.Output.secret("x"), "y"], result_count=2)
random.RandomShuffle("whole-list", inputs=pulumi.Output.secret(["a", "b"]))
random.RandomShuffle("mixed", inputs=pulumi.Output.all(plain, token))


class Holder(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__(
            "test:index:Holder", name, {"token": token, "deep": {"list": [plain, token]}, "plain": plain}, opts
        )
        self.register_outputs({"token": token, "unknown": password.result, "open": plain, "hash": password.bcrypt_hash})


Holder("holder")
pulumi.export("token", token)
pulumi.export("password", password.result)
pulumi.export("mixed", {"a": plain, "b": [token, plain], "c": password.id})
