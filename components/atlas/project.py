"""The Atlas project: the boundary of networks, users, alerts and access lists."""

import re
from collections.abc import Iterator, Mapping
from typing import NotRequired, TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas

from ..arguments import Problem, between, check, given_or, known
from ..outputs import register
from .weekdays import WEEKDAYS, weekday_problems

DEFAULT_DAY, DEFAULT_HOUR = "sunday", 18
"""18 o'clock in UTC is three in the morning in Seoul."""


class AtlasProtectedHours(TypedDict):
    start: int
    """The first hour of a day, 0 to 23, in the project's time zone; UTC unless it was changed in Atlas."""
    end: int
    """The hour at which they end, 0 to 23; earlier than `start` where they last over midnight."""


class AtlasMaintenanceWindow(TypedDict):
    day: NotRequired[str | None]
    """The day of the week: `sunday`, which is the default."""
    hour: NotRequired[int | None]
    """The hour at which the window begins, 0 to 23, in the project's time zone; UTC unless it was changed in Atlas.
    Default 18."""
    auto_defer: NotRequired[bool | None]
    """Whether Atlas puts off every maintenance once, by a week. Default: yes."""
    protected_hours: NotRequired[AtlasProtectedHours | None]
    """Hours of each day in which Atlas begins no maintenance that can wait. Default: none."""


class AtlasProjectArgs(TypedDict):
    adopt: NotRequired[str | None]
    """The id of an existing project, in which nothing is changed. Exactly one of this and `organization_id`."""
    organization_id: NotRequired[pulumi.Input[str] | None]
    """Create a project in this organization."""
    project_name: NotRequired[pulumi.Input[str] | None]
    """The name of the project that is created, at most 64 characters and unique in its organization. Default: the
    component's name."""
    maintenance: NotRequired[AtlasMaintenanceWindow | None]
    """When Atlas may restart nodes. Default: when Atlas likes."""
    limits: NotRequired[Mapping[str, int] | None]
    """Atlas's own limits to lower or raise, by name (`atlas.project.deployment.clusters`). Default: Atlas's defaults."""
    data_explorer: NotRequired[pulumi.Input[bool] | None]
    """Whether people may read and change data in Atlas's web console. Default: no."""
    extended_storage_sizes: NotRequired[pulumi.Input[bool] | None]
    """Whether disks may grow beyond the usual limit of their instance size. Default: no."""
    protect_data: bool
    """Whether the project is protected against deletion, as in production."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
    """Tags of the project that is created."""


class AtlasProject(pulumi.ComponentResource):
    """An Atlas project, created or adopted.

    A created project has no default alerts: the platform's own alerts are all there are (`AtlasAlerts`), so that what
    wakes people up stands in one place. An adopted project is somebody else's: nothing in it is set, not even a
    maintenance window."""

    project_id: pulumi.Output[str]
    """The project's id."""

    def __init__(self, name: str, args: AtlasProjectArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasProjectArgs, problems(args))
        super().__init__("dolmen:index:AtlasProject", name, {}, opts)
        if (organization := args.get("organization_id")) is not None:
            self.project_id = self._create(name, args, organization)
        else:
            self.project_id = pulumi.Output.from_input(given_or(args.get("adopt"), ""))
        register(self)

    def _create(self, name: str, args: AtlasProjectArgs, organization: pulumi.Input[str]) -> pulumi.Output[str]:
        project = mongodbatlas.Project(
            name,
            org_id=organization,
            name=given_or(args.get("project_name"), name),
            with_default_alerts_settings=False,  # create-only: a change fails the preview, so it is no argument
            is_collect_database_specifics_statistics_enabled=True,
            is_data_explorer_enabled=given_or(args.get("data_explorer"), False),
            is_data_explorer_gen_ai_features_enabled=False,
            is_data_explorer_gen_ai_sample_document_passing_enabled=False,
            is_extended_storage_sizes_enabled=given_or(args.get("extended_storage_sizes"), False),
            is_performance_advisor_enabled=True,
            is_realtime_performance_panel_enabled=True,
            is_schema_advisor_enabled=True,
            limits=[{"name": key, "value": value} for key, value in sorted(given_or(args.get("limits"), {}).items())],
            # No region_usage_restrictions: it belongs to Atlas for Government, and commercial Atlas rejects the request.
            tags=given_or(args.get("tags"), {}),
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect_data"]),
        )
        if (window := args.get("maintenance")) is not None:
            hours = window.get("protected_hours")
            mongodbatlas.MaintenanceWindow(
                name,
                project_id=project.id,
                day_of_week=WEEKDAYS.index(given_or(window.get("day"), DEFAULT_DAY).lower()) + 1,  # Atlas: Sunday is 1
                hour_of_day=given_or(window.get("hour"), DEFAULT_HOUR),
                auto_defer_once_enabled=given_or(window.get("auto_defer"), True),
                protected_hours=None
                if hours is None
                else {"start_hour_of_day": hours["start"], "end_hour_of_day": hours["end"]},
                # The provider's update goes to the project that the window was created in: another project needs
                # another window.
                opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["projectId"]),
            )
        return project.id


def problems(args: AtlasProjectArgs) -> Iterator[Problem]:
    """What Atlas would refuse of a project, and a window in it."""
    if (args.get("adopt") is None) == (args.get("organization_id") is None):
        yield Problem(
            (),
            "A project is either created or adopted: give exactly one of adopt and organization_id.",
            "Remove one of the two, or add one.",
        )
    yield from _id_problems("adopt", known(args.get("adopt")))
    yield from _id_problems("organization_id", known(args.get("organization_id")))
    name = known(args.get("project_name"))
    if name is not None and not re.fullmatch(r"[\w\-.(),:&@+']{1,64}", name):
        # Atlas Administration API: the pattern of a project's name.
        yield Problem(
            ("project_name",),
            "A project's name has 1 to 64 letters, digits and - _ . ( ) , : & @ + '",
            "Write a name without spaces, such as chat-prod.",
        )
    window: AtlasMaintenanceWindow = known(args.get("maintenance")) or {}
    yield from weekday_problems(("maintenance", "day"), known(window.get("day")))
    yield from between(("maintenance", "hour"), known(window.get("hour")), 0, 23)
    yield from _protected_problems(window)
    for limit, value in (known(args.get("limits")) or {}).items():
        if not re.fullmatch(r"(atlas|dataFederation)\.[A-Za-z.]+", limit):
            yield Problem(
                ("limits", limit),
                "A limit's name is Atlas's own, and begins with atlas. or dataFederation.",
                "Take it from https://www.mongodb.com/docs/atlas/reference/atlas-limits/, such as "
                "atlas.project.deployment.clusters.",
            )
        yield from between(("limits", limit), value, 0)


def _protected_problems(window: AtlasMaintenanceWindow) -> Iterator[Problem]:
    """What contradicts itself. https://www.mongodb.com/docs/atlas/tutorial/cluster-maintenance-window/"""
    hours, place = known(window.get("protected_hours")), ("maintenance", "protected_hours")
    start, end = (None, None) if hours is None else (known(hours.get("start")), known(hours.get("end")))
    wrong = [*between((*place, "start"), start, 0, 23), *between((*place, "end"), end, 0, 23)]
    yield from wrong
    if start is None or end is None or wrong:
        return
    begins = known(given_or(window.get("hour"), DEFAULT_HOUR))
    if start == end:
        yield Problem(place, "Protected hours begin and end at different hours.", "Write such as {start: 0, end: 12}.")
    elif begins is not None and (begins - start) % 24 < (end - start) % 24:
        yield Problem(
            place,
            f"The maintenance window begins at {begins} o'clock, inside the hours that are protected from it.",
            "Move one of the two.",
        )


def _id_problems(argument: str, value: str | None) -> Iterator[Problem]:
    if value is not None and not re.fullmatch(r"[a-f0-9]{24}", value):
        yield Problem(
            (argument,),
            "Atlas's ids are 24 hexadecimal digits, in lower case.",
            "Copy the id from the address of the page in Atlas, or from `atlas organizations list`.",
        )
