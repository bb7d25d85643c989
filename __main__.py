"""The Pulumi program: one stack file becomes one platform."""

from components.platform import deploy

deploy()
