"""The Atlas project: the boundary of networks, users, alerts and access lists."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas


class AtlasProjectArgs(TypedDict):
    adopt_project_id: NotRequired[str]
    """Use this existing project, and change nothing in it. Exactly one of this and `organization_id`."""
    organization_id: NotRequired[pulumi.Input[str]]
    """Create a project in this organization."""
    project_name: NotRequired[pulumi.Input[str]]
    """The name of the project that is created: unique in its organization, at most 64 characters."""
    maintenance_day_of_week: NotRequired[pulumi.Input[int]]
    """The day on which Atlas may restart nodes: 1 is Sunday, 7 is Saturday (backup schedules count from Monday)."""
    maintenance_hour_of_day: NotRequired[pulumi.Input[int]]
    """The hour at which the window begins, 0 to 23, in the project's time zone; UTC unless it was changed in Atlas."""
    maintenance_auto_defer: NotRequired[pulumi.Input[bool]]
    """Whether Atlas puts off every maintenance once, by a week. Default: yes."""
    limits: NotRequired[Mapping[str, int]]
    """Atlas's own limits to lower or raise, by name (`atlas.project.deployment.clusters`). Default: Atlas's defaults."""
    data_explorer_enabled: NotRequired[pulumi.Input[bool]]
    """Whether people may read and change data in Atlas's web console. Default: no."""
    extended_storage_sizes: NotRequired[pulumi.Input[bool]]
    """Whether disks may grow beyond the usual limit of their instance size. Default: no."""
    protect_data: bool
    """Whether the project is protected against deletion, as in production."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the project that is created."""


class AtlasProject(pulumi.ComponentResource):
    """An Atlas project, created or adopted.

    A created project has no default alerts: the platform's own alerts are all there are (`AtlasAlerts`), so that what
    wakes people up stands in one place. An adopted project is somebody else's: nothing in it is set, not even a
    maintenance window."""

    project_id: pulumi.Output[str]
    """The project's id."""

    def __init__(self, name: str, args: AtlasProjectArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:AtlasProject", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        adopted = args.get("adopt_project_id")
        organization = args.get("organization_id")
        if (adopted is None) == (organization is None):
            raise ValueError(f"{name}: give exactly one of adopt_project_id and organization_id.")
        if adopted is not None:
            self.project_id = pulumi.Output.from_input(adopted)
        else:
            self.project_id = self._create(name, args, child)
        self.register_outputs({"projectId": self.project_id})

    def _create(self, name: str, args: AtlasProjectArgs, child: pulumi.ResourceOptions) -> pulumi.Output[str]:
        project = mongodbatlas.Project(
            f"{name}-project",
            org_id=args["organization_id"],  # pyright: ignore[reportTypedDictNotRequiredAccess]  checked by the caller
            name=args.get("project_name", name),
            with_default_alerts_settings=False,  # create-only: a change fails the preview, so it is no argument
            is_collect_database_specifics_statistics_enabled=True,
            is_data_explorer_enabled=args.get("data_explorer_enabled", False),
            is_data_explorer_gen_ai_features_enabled=False,
            is_data_explorer_gen_ai_sample_document_passing_enabled=False,
            is_extended_storage_sizes_enabled=args.get("extended_storage_sizes", False),
            is_performance_advisor_enabled=True,
            is_realtime_performance_panel_enabled=True,
            is_schema_advisor_enabled=True,
            limits=[{"name": key, "value": value} for key, value in sorted(args.get("limits", {}).items())],
            region_usage_restrictions="COMMERCIAL_FEDRAMP_REGIONS_ONLY",
            tags=args.get("tags", {}),
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(protect=args["protect_data"])),
        )
        day, hour = args.get("maintenance_day_of_week"), args.get("maintenance_hour_of_day")
        if day is not None and hour is not None:
            mongodbatlas.MaintenanceWindow(
                f"{name}-maintenance",
                project_id=project.id,
                day_of_week=day,
                hour_of_day=hour,
                auto_defer_once_enabled=args.get("maintenance_auto_defer", True),
                # The provider's update goes to the project that the window was created in: another project needs
                # another window.
                opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(replace_on_changes=["projectId"])),
            )
        return project.id
