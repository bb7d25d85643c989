"""One typed stack file, and the platform that it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pulumi


def deploy(transform: pulumi.ResourceTransform | None = None) -> None:
    """Registers the platform of the stack that Pulumi is running, and exports its output `dolmen`.

    `transform` is called with every resource before it is registered, and may change what it is made of; the stack
    file's `overrides` come after it. Raises `pulumi.RunError` with every problem of the stack file."""
    import pulumi

    from dolmen.stackfile import StackFileError

    from .loader import load
    from .platform import Platform

    stack = load()
    options = pulumi.ResourceOptions(transforms=[transform]) if transform is not None else None
    try:
        platform = Platform(stack.name, {"stack": stack, "secret": pulumi.Config("dolmen").require_secret}, options)
    except StackFileError as error:
        raise pulumi.RunError(str(error)) from None
    pulumi.export("dolmen", platform.stack_output)
