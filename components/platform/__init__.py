"""One typed stack file, and the platform that it becomes."""


def deploy() -> None:
    """Registers the platform of the stack that Pulumi is running, and exports its output `dolmen`.

    Raises `pulumi.RunError` with every problem of the stack file."""
    import pulumi

    from .loader import load
    from .platform import Platform

    stack = load()
    platform = Platform(stack.name, {"stack": stack, "secret": pulumi.Config("dolmen").require_secret})
    pulumi.export("dolmen", platform.stack_output)
