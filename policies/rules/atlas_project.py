"""Atlas: what a project as a whole has."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.resources import Resource, Stack
from .framework.rule import Settings, resource_rule, stack_rule
from .framework.values import UNKNOWN
from .types import (
    ATLAS_ALERT,
    ATLAS_AUDITING,
    ATLAS_CLUSTERS,
    ATLAS_ENCRYPTION,
    ATLAS_MAINTENANCE,
    ATLAS_PROJECT,
)


def of_project(stack: Stack, project: Resource, *types: str) -> list[Resource]:
    return [one for one in stack.of(*types) if stack.points_at(one, "projectId", project)]


@stack_rule("atlas-maintenance-window")
def maintenance_window(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for project in stack.of(ATLAS_PROJECT):
        windows = of_project(stack, project, ATLAS_MAINTENANCE)
        if not windows:
            yield project, "It has no maintenance window: Atlas restarts nodes when it likes."
    for window in stack.of(ATLAS_MAINTENANCE):
        day, hour = window.number("dayOfWeek"), window.number("hourOfDay")
        if not window.given("dayOfWeek") or (day is not None and not 1 <= day <= 7):
            yield window, "It names no day from 1 (Sunday) to 7."
        if not window.given("hourOfDay") or (hour is not None and not 0 <= hour <= 23):
            yield window, "It names no hour from 0 to 23."
        if window.flag("defer", default=False):
            yield window, "It puts off maintenance again with every deployment, patches too."


@stack_rule("atlas-default-alerts")
def default_alerts(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """On unless switched off when the project is made."""
    for project in stack.of(ATLAS_PROJECT):
        off = project.flag("withDefaultAlertsSettings", default=True) is False
        if off and not of_project(stack, project, ATLAS_ALERT):
            yield project, "It has neither Atlas's default alerts nor any of its own."


@resource_rule("atlas-data-explorer", ATLAS_PROJECT)
def data_explorer(project: Resource, settings: Settings) -> Iterator[str]:
    if project.flag("isDataExplorerEnabled", default=True) is True:
        yield "isDataExplorerEnabled is on: people read and change documents in the browser."


@resource_rule("atlas-no-sample-documents", ATLAS_PROJECT)
def no_sample_documents(project: Resource, settings: Settings) -> Iterator[str]:
    if project.flag("isDataExplorerGenAiSampleDocumentPassingEnabled", default=False):
        yield "Documents of the database are sent to a language model."


@stack_rule("atlas-auditing")
def auditing(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for project in stack.of(ATLAS_PROJECT):
        if not of_project(stack, project, ATLAS_AUDITING):
            yield project, "Nothing records who logged in, and who changed users and indexes."


@resource_rule("atlas-auditing-enabled", ATLAS_AUDITING)
def auditing_enabled(audit: Resource, settings: Settings) -> Iterator[str]:
    if audit.flag("enabled", default=False) is False:
        yield "enabled is not on: nothing is recorded."


@resource_rule("atlas-key-valid", ATLAS_ENCRYPTION)
def key_valid(encryption: Resource, settings: Settings) -> Iterator[str]:
    configurations = ("awsKmsConfig", "azureKeyVaultConfig", "googleCloudKmsConfig")
    given = [view for name in configurations if (view := encryption.view(name))]
    if not given and not any(encryption.raw(name) is UNKNOWN for name in configurations):
        yield "It names no key."
    for view in given:
        if view.flag("enabled", default=True) is False:
            yield f"{view.path} is off: the project encrypts with no key of yours."
        if view.given("secretAccessKey") or view.given("accessKeyId"):
            yield "It holds an access key: Atlas takes on a role instead (roleId)."


@stack_rule("atlas-key-used")
def key_used(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    keyed = {stack.identity(one, "projectId") for one in stack.of(ATLAS_ENCRYPTION)}
    for cluster in stack.of(*ATLAS_CLUSTERS):
        project = stack.identity(cluster, "projectId")
        uses = cluster.text("encryptionAtRestProvider")
        if uses is UNKNOWN or project is None:
            continue
        if project in keyed and (uses or "NONE") == "NONE":
            yield cluster, "The project has a key of yours, and this cluster is encrypted without it."
