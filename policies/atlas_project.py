"""Atlas: what a project as a whole has."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.policy import Settings, resource_policy, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.values import UNKNOWN
from .resource_types import (
    ATLAS_ALERT,
    ATLAS_AUDITING,
    ATLAS_CLUSTERS,
    ATLAS_ENCRYPTION,
    ATLAS_MAINTENANCE,
    ATLAS_PROJECT,
)


def of_project(stack: Stack, project: Resource, *types: str) -> list[Resource]:
    return [one for one in stack.of(*types) if stack.points_at(one, "projectId", project)]


@stack_policy("atlas-maintenance-window", severity="low", enforcement="production")
@words(
    title="A project says when Atlas may restart nodes.",
    rationale="Without a window it happens at noon; put off for ever, patches never come.",
    remedy="Make a MaintenanceWindow with a day and an hour.",
    source="https://www.mongodb.com/docs/atlas/tutorial/cluster-maintenance-window/",
)
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


@stack_policy("atlas-default-alerts", severity="high", enforcement="from-staging")
@words(
    title="A project without Atlas's default alerts has its own.",
    rationale="Switched off when the project is made, they never come back by themselves.",
    remedy="Make alerts (AtlasAlerts), or leave withDefaultAlertsSettings on; in a stack file, alerts: { email: [ops@company.com] }.",
    source="https://www.mongodb.com/docs/atlas/reference/default-alerts/",
)
def default_alerts(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    """On unless switched off when the project is made."""
    for project in stack.of(ATLAS_PROJECT):
        if unwatched(stack, project):
            yield project, "It has neither Atlas's default alerts nor any of its own."


def unwatched(stack: Stack, project: Resource) -> bool:
    """Whether a project has no alert at all."""
    off = project.flag("withDefaultAlertsSettings", default=True) is False
    return off and not of_project(stack, project, ATLAS_ALERT)


@resource_policy("atlas-data-explorer", ATLAS_PROJECT, severity="medium", enforcement="production")
@words(
    title="Nobody reads and changes documents in the browser.",
    rationale="Every member of the project could; it is on unless switched off.",
    remedy="Set isDataExplorerEnabled: false; in a stack file, remove dataExplorer: true.",
    source="https://www.mongodb.com/docs/atlas/atlas-ui/",
)
def data_explorer(project: Resource, settings: Settings) -> Iterator[str]:
    if project.flag("isDataExplorerEnabled", default=True) is True:
        yield "isDataExplorerEnabled is on: people read and change documents in the browser."


@resource_policy("atlas-no-sample-documents", ATLAS_PROJECT, severity="high", enforcement="always")
@words(
    title="No document is sent to a language model.",
    rationale="Sample documents hold personal data.",
    remedy="Leave isDataExplorerGenAiSampleDocumentPassingEnabled off.",
    source="https://www.mongodb.com/docs/atlas/atlas-ui/query-with-natural-language/",
)
def no_sample_documents(project: Resource, settings: Settings) -> Iterator[str]:
    if project.flag("isDataExplorerGenAiSampleDocumentPassingEnabled", default=False):
        yield "Documents of the database are sent to a language model."


@stack_policy("atlas-auditing", severity="medium", enforcement="advice-in-production")
@words(
    title="A production project is audited.",
    rationale="Without it nobody can say afterwards who logged in, and who changed users or indexes.",
    remedy="Make an Auditing resource.",
    source="https://www.mongodb.com/docs/atlas/database-auditing/",
)
def auditing(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for project in stack.of(ATLAS_PROJECT):
        if not of_project(stack, project, ATLAS_AUDITING):
            yield project, "Nothing records who logged in, and who changed users and indexes."


@resource_policy("atlas-auditing-enabled", ATLAS_AUDITING, severity="medium", enforcement="beyond-development")
@words(
    title="Auditing is on.",
    rationale="The resource alone records nothing.",
    remedy="Set enabled: true.",
    source="https://www.mongodb.com/docs/atlas/database-auditing/",
)
def auditing_enabled(audit: Resource, settings: Settings) -> Iterator[str]:
    if audit.flag("enabled", default=False) is False:
        yield "enabled is not on: nothing is recorded."


@resource_policy("atlas-key-valid", ATLAS_ENCRYPTION, severity="high", enforcement="always")
@words(
    title="A project's own key is in use, through a role.",
    rationale="A configuration that is off encrypts nothing; an access key is a credential that never ends.",
    remedy="Set enabled: true and roleId.",
    source="https://www.mongodb.com/docs/atlas/security-aws-kms/",
)
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


@stack_policy("atlas-key-used", severity="high", enforcement="always")
@words(
    title="A project's own key encrypts all its clusters.",
    rationale="A cluster that does not ask for the key is encrypted without it, while everybody believes otherwise.",
    remedy="Set encryptionAtRestProvider: AWS.",
    source="https://www.mongodb.com/docs/atlas/security-aws-kms/",
)
def key_used(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    keyed = {stack.identity(one, "projectId") for one in stack.of(ATLAS_ENCRYPTION)}
    for cluster in stack.of(*ATLAS_CLUSTERS):
        project = stack.identity(cluster, "projectId")
        uses = cluster.text("encryptionAtRestProvider")
        if uses is UNKNOWN or project is None:
            continue
        if project in keyed and (uses or "NONE") == "NONE":
            yield cluster, "The project has a key of yours, and this cluster is encrypted without it."
