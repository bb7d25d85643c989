"""The project: created with every setting said, or adopted and left alone."""

from __future__ import annotations

from tests.components.atlas.programs import failure_of, of_type, only, outputs, plan_of


def created() -> None:
    from components.atlas import AtlasProject

    AtlasProject(
        "chat",
        {
            "organization_id": "5f0000000000000000000001",
            "project_name": "chat-prod",
            "maintenance": {"day": "saturday", "hour": 18},
            "limits": {"atlas.project.deployment.nodesPerPrivateLinkRegion": 2, "atlas.project.deployment.clusters": 1},
            "protect_data": True,
            "tags": {"team": "chat"},
        },
    )


def test_a_created_project_says_every_setting_instead_of_taking_defaults() -> None:
    plan = plan_of(created)
    project = only(plan, "Project")
    assert project.inputs["name"] == "chat-prod", "without a name Pulumi invents one"
    assert project.inputs["withDefaultAlertsSettings"] is False, "Atlas would add alerts that no file knows"
    assert project.inputs["isDataExplorerEnabled"] is False, "people could change data in the console"
    assert project.inputs["tags"] == {"team": "chat"}
    assert project.inputs["limits"] == [
        {"name": "atlas.project.deployment.clusters", "value": 1},
        {"name": "atlas.project.deployment.nodesPerPrivateLinkRegion", "value": 2},
    ], "limits in another order would show a change where there is none"
    assert project.options.protect, "a production project could be deleted"
    assert None not in project.inputs.values(), "a null leaves the choice to Atlas"


def test_a_project_sends_nothing_that_belongs_to_atlas_for_government() -> None:
    project = only(plan_of(created), "Project")
    assert "regionUsageRestrictions" not in project.inputs, "commercial Atlas rejects the request, and nothing deploys"


def test_another_project_gets_another_maintenance_window() -> None:
    window = only(plan_of(created), "MaintenanceWindow")
    assert (window.inputs["dayOfWeek"], window.inputs["hourOfDay"]) == (7, 18), "Atlas counts days from Sunday"
    assert "projectId" in window.options.replace_on_changes, (
        "the provider would write the window of the new project into the old one"
    )


def test_an_adopted_project_is_left_alone() -> None:
    def adopted() -> None:
        from components.atlas import AtlasProject

        AtlasProject("chat", {"adopt": "5f0000000000000000000009", "protect_data": True})

    plan = plan_of(adopted)
    assert not [resource for resource in plan if resource.custom], "somebody else's project would be changed"
    assert outputs(plan, "chat") == {"projectId": "5f0000000000000000000009"}


def test_a_project_is_created_or_adopted_never_both_never_neither() -> None:
    def both() -> None:
        from components.atlas import AtlasProject

        AtlasProject("chat", {"adopt": f"{1:024}", "organization_id": f"{2:024}", "protect_data": False})

    def neither() -> None:
        from components.atlas import AtlasProject

        AtlasProject("chat", {"protect_data": False})

    for program in (both, neither):
        assert "exactly one of adopt and organization_id" in failure_of(program)


def test_without_a_window_none_is_set() -> None:
    def bare() -> None:
        from components.atlas import AtlasProject

        AtlasProject("chat", {"organization_id": "5f0000000000000000000001", "protect_data": False})

    plan = plan_of(bare)
    assert of_type(plan, "MaintenanceWindow") == []
    assert not only(plan, "Project").options.protect, "a development project could not be removed"
