"""One typed stack file, and the platform that it becomes."""


def deploy() -> None:
    """Registers the platform of the stack that Pulumi is running, and exports its output `dolmen`.

    Raises `pulumi.RunError` with every problem of the stack file."""
    import pulumi

    from .arguments.platform import platform_args
    from .loader import load
    from .platform import DataPlatform

    config = load()
    platform = DataPlatform(config.name, platform_args(config))
    pulumi.export("dolmen", platform.contract_parts)
