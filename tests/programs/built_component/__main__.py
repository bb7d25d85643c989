"""Components of a package that lies in the project's folder, through an SDK as Pulumi generates it."""

import names
import pulumi
import pulumi_aws as aws
import pulumi_random as random


class Box(pulumi.ComponentResource):
    login: pulumi.Output[str]
    password: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **inputs: object) -> None:
        super().__init__("boxes:index:Box", name, {"login": None, "password": None, **inputs}, opts, remote=True)


elsewhere = aws.Provider("elsewhere", region="eu-central-1")
first = random.RandomPet("first", prefix=names.NAME)
box = Box("box", length=20, opts=pulumi.ResourceOptions(depends_on=[first]))
unknown = Box("unknown", length=first.id.apply(len), label=pulumi.Output.secret("hidden"))
random.RandomPet("after", prefix=box.login, keepers={"unknown": unknown.login})
for number in range(10):
    Box(f"many-{number}", length=30 + number, inner=True, opts=pulumi.ResourceOptions(protect=number == 1))
several = pulumi.ResourceOptions(
    aliases=[pulumi.Alias(name="formerly")],
    ignore_changes=["length"],
    replace_on_changes=["length"],
    retain_on_delete=True,
    delete_before_replace=True,
    deleted_with=first,
    custom_timeouts=pulumi.CustomTimeouts(create="5m"),
    additional_secret_outputs=["login"],
)
Box("several", length=15, opts=several)
Box("nested", length=16, remote=True)
Box("elsewhere", length=12, opts=pulumi.ResourceOptions(providers=[elsewhere], parent=box))
pulumi.export("login", box.login)
pulumi.export("password", box.password)
