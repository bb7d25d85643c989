"""A program that cannot do with a placeholder."""

import pulumi

sizes = {"small": 1, "large": 3}
pulumi.export("size", sizes[pulumi.Config().require("size")])
