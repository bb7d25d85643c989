"""Waiting for something without being made of it."""

import pulumi


def after(*values: pulumi.Input[str]) -> list[pulumi.Input[pulumi.Resource]]:
    """For `depends_on`: the resources that these values come from.

    A value that is merely waited for must not enter a property: as long as it is unknown the property would be unknown
    too, and a preview would report a replacement that never happens (an unknown project id replaces a cluster).
    """
    waited_for: pulumi.Output[list[pulumi.Resource]] = pulumi.Output.all(*values).apply(lambda _: [])
    # The SDK waits for an output given as `depends_on` and depends on every resource that the output came from; its
    # type stub does not know this form (pulumi/runtime/_depends_on.py).
    return waited_for  # pyright: ignore[reportReturnType]
