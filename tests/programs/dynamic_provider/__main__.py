"""A provider in the program itself."""

import uuid

import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class Names(ResourceProvider):
    def create(self, props: dict) -> CreateResult:
        return CreateResult(id_=str(uuid.uuid4()), outs={**props, "result": props["prefix"] + "-1"})


class Name(Resource):
    result: pulumi.Output[str]

    def __init__(self, name: str, prefix: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(Names(), name, {"prefix": prefix, "result": None}, opts)


first = Name("first", "chat")
Name("second", first.result)
pulumi.export("name", first.result)
