"""Drives Pulumi itself."""

import pulumi
from pulumi import automation


def program() -> None:
    pulumi.export("answer", 42)


stack = automation.create_or_select_stack("dev", "inline", program)
stack.up()
