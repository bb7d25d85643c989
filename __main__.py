"""The Pulumi program: one stack file becomes one platform."""

import pulumi

import stacks.loader
from components.platform import DataPlatform
from stacks.arguments.platform import platform_args

config = stacks.loader.load()
platform = DataPlatform(config.name, platform_args(config))
pulumi.export("dolmen", platform.contract_parts)
