from typing import TypedDict

import names
import pulumi
import pulumi_aws as aws
import pulumi_random as random


class BoxArgs(TypedDict):
    length: pulumi.Input[float]
    label: pulumi.Input[str] | None
    inner: bool | None
    remote: bool | None


class Inner(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("boxes:index:Inner", name, {}, opts)
        random.RandomPet(name, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


class Remote(pulumi.ComponentResource):
    """A component that this package has the engine build, by itself."""

    def __init__(self, name: str, length: pulumi.Input[float], opts: pulumi.ResourceOptions) -> None:
        super().__init__("boxes:index:Box", name, {"length": length}, opts, remote=True)


class Box(pulumi.ComponentResource):
    login: pulumi.Output[str]
    password: pulumi.Output[str]

    def __init__(self, name: str, args: BoxArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("boxes:index:Box", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        keepers = {"from": names.NAME, "stack": pulumi.get_stack(), "label": args.get("label")}
        password = random.RandomPassword(name, length=args["length"], keepers=keepers, opts=child)
        login = random.RandomPet(name, length=3, opts=pulumi.ResourceOptions(parent=self, depends_on=[password]))
        aws.cloudwatch.LogGroup(name, retention_in_days=7, opts=child)
        if args.get("remote"):
            Remote(f"{name}-remote", args["length"], child)
        if args.get("inner"):
            Inner(f"{name}-inner", child)
        self.login, self.password = login.id, password.result
        self.register_outputs({"login": self.login, "password": self.password})
