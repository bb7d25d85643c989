"""Every resource option, alone and inherited."""

import pulumi
import pulumi_random as random


class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Group", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.plain = random.RandomPet(f"{name}-plain", opts=child)
        self.open = random.RandomPet(
            f"{name}-open", opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(protect=False))
        )
        self.inner = random.RandomPet(f"{name}-inner", opts=pulumi.ResourceOptions(parent=self.plain))
        self.register_outputs({"pet": self.plain.id})


kept = Group("kept", pulumi.ResourceOptions(protect=True, retain_on_delete=True))
loose = Group("loose")
first = random.RandomPet("first")
random.RandomPassword(
    "everything",
    length=20,
    keepers={"a": "1"},
    opts=pulumi.ResourceOptions(
        protect=True,
        retain_on_delete=True,
        delete_before_replace=True,
        ignore_changes=["length", "keepers.a"],
        replace_on_changes=["special"],
        hide_diffs=["overrideSpecial"],
        additional_secret_outputs=["bcryptHash"],
        custom_timeouts=pulumi.CustomTimeouts(create="1h30m", update="90s", delete="1500ms"),
        deleted_with=kept,
        replace_with=[first],
        depends_on=[first],
        version="4.21.4",
    ),
)
random.RandomPet(
    "explicitly-open", opts=pulumi.ResourceOptions(protect=False, retain_on_delete=False, delete_before_replace=False)
)
random.RandomPet("all-changes", length=3, opts=pulumi.ResourceOptions(ignore_changes=["*"], replace_on_changes=["*"]))
