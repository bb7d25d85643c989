"""Atlas: clusters, backups, access, alerts, projects, organizations."""

from __future__ import annotations

from typing import Any

import pulumi

from tests.policies.programs import Case, Program

PROJECT = "mongodbatlas:index/project:Project"
CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
LEGACY = "mongodbatlas:index/cluster:Cluster"
FLEX = "mongodbatlas:index/flexCluster:FlexCluster"
SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"
USER = "mongodbatlas:index/databaseUser:DatabaseUser"
ROLE = "mongodbatlas:index/customDbRole:CustomDbRole"
ENTRY = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList"
SERVICE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"
ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
WINDOW = "mongodbatlas:index/maintenanceWindow:MaintenanceWindow"
ENCRYPTION = "mongodbatlas:index/encryptionAtRest:EncryptionAtRest"
AUDITING = "mongodbatlas:index/auditing:Auditing"
ORGANIZATION = "mongodbatlas:index/organization:Organization"
INTEGRATION = "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration"
SERVICE_ACCOUNT = "mongodbatlas:index/serviceAccount:ServiceAccount"
PROVIDER = "pulumi:providers:mongodbatlas"
ID = "5f0000000000000000000001"

ADVANCED = {"minimumEnabledTlsProtocol": "TLS1_2", "javascriptEnabled": False, "defaultWriteConcern": "majority"}


def region(**over: Any) -> dict[str, Any]:
    return {
        "providerName": "AWS",
        "regionName": "AP_NORTHEAST_2",
        "priority": 7,
        "electableSpecs": {"instanceSize": "M20", "nodeCount": 3},
        "autoScaling": {"diskGbEnabled": True},
        **over,
    }


def over(name: str, nodes: int, priority: int) -> dict[str, Any]:
    """One of several regions."""
    return region(regionName=name, priority=priority, electableSpecs={"instanceSize": "M20", "nodeCount": nodes})


def cluster(p: Program, name: str = "chat", options: Any = None, /, **over: Any) -> Any:
    regions = over.pop("regions", None)
    return p.add(
        CLUSTER,
        name,
        options or {"protect": True},
        **{
            "projectId": ID,
            "name": name,
            "clusterType": "REPLICASET",
            "replicationSpecs": [{"regionConfigs": regions or [region()]}],
            "advancedConfiguration": ADVANCED,
            "backupEnabled": True,
            "pitEnabled": True,
            "retainBackupsEnabled": True,
            "terminationProtectionEnabled": True,
            "redactClientLogData": True,
            "encryptionAtRestProvider": "AWS",
            "mongoDbMajorVersion": "8.0",
            **over,
        },
    )


def legacy(p: Program, **over: Any) -> Any:
    return p.add(
        LEGACY,
        "old",
        **{
            "projectId": ID,
            "name": "old",
            "providerName": "AWS",
            "providerInstanceSizeName": "M20",
            "cloudBackup": True,
            **over,
        },
    )


def small(p: Program, **over: Any) -> Any:
    """A shared cluster, which has none of a dedicated one's settings."""
    shared = {
        "providerName": "TENANT",
        "backingProviderName": "AWS",
        "regionName": "AP_NORTHEAST_2",
        "priority": 7,
        "electableSpecs": {"instanceSize": "M0"},
    }
    return p.add(CLUSTER, "small", projectId=ID, name="small", replicationSpecs=[{"regionConfigs": [shared]}], **over)


def advanced(p: Program, **over: Any) -> Any:
    settings = {key: value for key, value in {**ADVANCED, **over}.items() if value is not None}
    return cluster(p, advancedConfiguration=settings)


def item(value: int, unit: str, interval: int = 1) -> dict[str, Any]:
    return {"frequencyInterval": interval, "retentionUnit": unit, "retentionValue": value}


def schedule(p: Program, name: Any = "chat", /, **over: Any) -> Any:
    return p.add(
        SCHEDULE,
        "schedule",
        **{
            "projectId": ID,
            "clusterName": name,
            "restoreWindowDays": 1,
            "policyItemHourly": item(2, "days", 6),
            "policyItemDaily": item(7, "days"),
            "policyItemWeeklies": [item(4, "weeks", 7)],
            "policyItemMonthlies": [item(12, "months")],
            **over,
        },
    )


def entry(p: Program, cidr: str | None = None, name: str = "entry", /, **over: Any) -> Any:
    return p.add(ENTRY, name, projectId=ID, cidrBlock=cidr, **over)


def entries(p: Program, *ranges: str) -> None:
    for index, one in enumerate(ranges):
        entry(p, one, f"entry-{index}")


def user(p: Program, *roles: tuple[str, str], **over: Any) -> Any:
    given = roles or (("app", "admin"),)
    return p.add(
        USER,
        "user",
        **{
            "projectId": ID,
            "username": "app",
            "password": pulumi.Output.secret("‹config app:password›"),
            "authDatabaseName": "admin",
            "roles": [{"roleName": name, "databaseName": database} for name, database in given],
            "scopes": [{"name": "chat", "type": "CLUSTER"}],
            **over,
        },
    )


EMAIL = {"typeName": "EMAIL", "emailAddress": "ops@company.com", "intervalMin": 60}


def alert(p: Program, name: str = "alert", metric: str | None = None, event: str = "NO_PRIMARY", /, **over: Any) -> Any:
    watched: dict[str, Any] = {"eventType": event}
    if metric:
        config = {"metricName": metric, "operator": "GREATER_THAN", "threshold": 80, "units": "RAW", "mode": "AVERAGE"}
        watched = {"eventType": "OUTSIDE_METRIC_THRESHOLD", "metricThresholdConfig": config}
    return p.add(ALERT, name, **{"projectId": ID, "enabled": True, "notifications": [EMAIL], **watched, **over})


METRICS = (
    "NORMALIZED_SYSTEM_CPU_USER",
    "CONNECTIONS_PERCENT",
    "DISK_PARTITION_SPACE_USED_DATA",
    "OPLOG_SLAVE_LAG_MASTER_TIME",
)
EVENTS = (
    "CPS_SNAPSHOT_FAILED",
    "CPS_SNAPSHOT_FALLBACK_FAILED",
    "CPS_SNAPSHOT_BEHIND",
    "NO_PRIMARY",
    "REPLICATION_OPLOG_WINDOW_RUNNING_OUT",
    "HOST_DOWN",
)


def covered(p: Program, events: tuple[str, ...] = EVENTS, **over: Any) -> None:
    cluster(p)
    for metric in METRICS:
        alert(p, metric, metric)
    for event in events:
        alert(p, event, None, event, **(over if event == "HOST_DOWN" else {}))


def project(p: Program, **over: Any) -> Any:
    return p.add(
        PROJECT, "project", {"protect": True}, **{"orgId": ID, "name": "chat", "isDataExplorerEnabled": False, **over}
    )


def windowed(p: Program, **over: Any) -> None:
    made = project(p)
    p.add(WINDOW, "window", **{"projectId": made.id, "dayOfWeek": 1, "hourOfDay": 18, **over})


def keyed(p: Program, **over: Any) -> None:
    p.add(ENCRYPTION, "key", projectId=ID, awsKmsConfig={"enabled": True, "roleId": "r", "customerMasterKeyId": "k"})
    cluster(p, **over)


def organization(p: Program, **over: Any) -> Any:
    return p.add(
        ORGANIZATION,
        **{
            "name": "company",
            "multiFactorAuthRequired": True,
            "apiAccessListRequired": True,
            "securityContact": "security@company.com",
            **over,
        },
    )


TOKEN = pulumi.Output.secret

CASES = {
    "atlas-tls": Case(
        keeps=cluster,
        breaks=lambda p: advanced(p, minimumEnabledTlsProtocol=None),
        near=lambda p: advanced(p, minimumEnabledTlsProtocol="TLS1_3"),
    ),
    "atlas-ciphers": Case(
        keeps=cluster,
        breaks=lambda p: advanced(
            p, tlsCipherConfigMode="CUSTOM", customOpensslCipherConfigTls12s=["TLS_RSA_WITH_AES_128_CBC_SHA"]
        ),
        near=lambda p: advanced(
            p, tlsCipherConfigMode="CUSTOM", customOpensslCipherConfigTls12s=["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"]
        ),
    ),
    "atlas-javascript": Case(
        keeps=cluster,
        breaks=lambda p: advanced(p, javascriptEnabled=None),
        near=lambda p: advanced(p, javascriptEnabled="false"),
    ),
    "atlas-write-concern": Case(keeps=cluster, breaks=lambda p: advanced(p, defaultWriteConcern="1"), near=small),
    "atlas-backup": Case(
        keeps=cluster, breaks=lambda p: cluster(p, backupEnabled=None), near=lambda p: legacy(p, backupEnabled=False)
    ),
    "atlas-continuous-backup": Case(keeps=cluster, breaks=lambda p: cluster(p, pitEnabled=False), near=small),
    "atlas-retain-backups": Case(keeps=cluster, breaks=lambda p: cluster(p, retainBackupsEnabled=None), near=small),
    "atlas-termination-protection": Case(
        keeps=cluster,
        breaks=lambda p: cluster(p, terminationProtectionEnabled=False),
        near=lambda p: cluster(p, terminationProtectionEnabled=False),
        near_tier="staging",
    ),
    "atlas-region-loss": Case(
        keeps=cluster,
        breaks=lambda p: cluster(p, regions=[over("AP_NORTHEAST_2", 2, 7), over("AP_NORTHEAST_1", 1, 6)]),
        near=lambda p: cluster(
            p,
            regions=[over("AP_NORTHEAST_2", 2, 7), over("AP_NORTHEAST_1", 2, 6), over("AP_SOUTHEAST_1", 1, 5)],
        ),
    ),
    "atlas-electable-nodes": Case(
        keeps=cluster,
        breaks=lambda p: cluster(p, regions=[region(electableSpecs={"instanceSize": "M20", "nodeCount": 4})]),
        near=lambda p: cluster(
            p,
            regions=[
                region(electableSpecs={"instanceSize": "M20", "nodeCount": 2}),
                region(electableSpecs={"instanceSize": "M20", "nodeCount": 1}, regionName="AP_NORTHEAST_1", priority=6),
            ],
        ),
    ),
    "atlas-supported-version": Case(
        keeps=cluster,
        breaks=lambda p: cluster(p, mongoDbMajorVersion="6.0"),
        near=lambda p: cluster(p, mongoDbMajorVersion=8),
    ),
    "atlas-stable-version": Case(
        keeps=cluster,
        breaks=lambda p: cluster(p, versionReleaseSystem="CONTINUOUS"),
        near=lambda p: cluster(p, versionReleaseSystem="LTS"),
    ),
    "atlas-log-redaction": Case(
        keeps=cluster,
        breaks=lambda p: cluster(p, redactClientLogData=None),
        near=lambda p: cluster(p, redactClientLogData="true"),
    ),
    "atlas-tier": Case(
        keeps=cluster,
        breaks=lambda p: cluster(
            p,
            regions=[
                region(autoScaling={"diskGbEnabled": True, "computeEnabled": True, "computeMinInstanceSize": "M10"})
            ],
        ),
        near=lambda p: cluster(p, regions=[region(electableSpecs={"instanceSize": "R40", "nodeCount": 3})]),
    ),
    "atlas-storage-autoscaling": Case(
        keeps=cluster,
        breaks=lambda p: cluster(p, regions=[region(autoScaling={"diskGbEnabled": False})]),
        near=lambda p: cluster(
            p, regions=[region(electableSpecs={"instanceSize": "M40_NVME", "nodeCount": 3}, autoScaling=None)]
        ),
    ),
    "atlas-not-paused": Case(
        keeps=cluster, breaks=lambda p: cluster(p, paused=True), near=lambda p: cluster(p, paused="false")
    ),
    "atlas-bi-connector": Case(
        keeps=cluster,
        breaks=lambda p: cluster(p, biConnectorConfig={"enabled": True}),
        near=lambda p: cluster(p, biConnectorConfig={"enabled": False, "readPreference": "secondary"}),
    ),
    "atlas-current-type": Case(keeps=cluster, breaks=legacy, near=lambda p: p.add(FLEX, projectId=ID, name="flex")),
    "atlas-own-key": Case(keeps=cluster, breaks=lambda p: cluster(p, encryptionAtRestProvider="NONE"), near=small),
    "atlas-key-used": Case(
        keeps=keyed,
        breaks=lambda p: keyed(p, encryptionAtRestProvider="NONE"),
        near=lambda p: keyed(p, projectId="5f0000000000000000000002", encryptionAtRestProvider="NONE"),
    ),
    "atlas-key-valid": Case(
        keeps=keyed,
        breaks=lambda p: p.add(ENCRYPTION, projectId=ID, awsKmsConfig={"enabled": False, "roleId": "r"}),
        near=lambda p: p.add(ENCRYPTION, projectId=ID, awsKmsConfig=project(p).id),
    ),
    "atlas-host-names": Case(
        keeps=cluster,
        breaks=lambda p: (cluster(p, "company-chat-production-blue"), cluster(p, "company-chat-production-green")),
        near=lambda p: (
            cluster(p, "company-chat-production-blue"),
            cluster(p, "company-chat-production-green", projectId="5f0000000000000000000002"),
        ),
    ),
    "atlas-backup-schedule": Case(
        keeps=lambda p: (cluster(p), schedule(p)),
        breaks=lambda p: (cluster(p), schedule(p, "other")),
        near=lambda p: schedule(p, cluster(p).id),
    ),
    "atlas-backup-ladder": Case(
        keeps=schedule,
        breaks=lambda p: schedule(p, policyItemDaily=item(30, "days")),
        near=lambda p: schedule(p, policyItemDaily=item(28, "days")),
    ),
    "atlas-restore-window": Case(
        keeps=schedule,
        breaks=lambda p: schedule(p, restoreWindowDays=3),
        near=lambda p: schedule(p, restoreWindowDays=2),
    ),
    "atlas-backup-retention": Case(
        keeps=schedule,
        breaks=lambda p: schedule(p, policyItemMonthlies=[item(11, "months")]),
        near=lambda p: schedule(p, policyItemDaily=item(1, "weeks")),
    ),
    "atlas-no-public-access": Case(
        keeps=lambda p: entry(p, "203.0.113.10/32"),
        breaks=lambda p: entry(p, "1.2.3.4/0"),
        near=lambda p: entry(p, awsSecurityGroup="sg-0000000000000000"),
    ),
    "atlas-no-public-access-together": Case(
        keeps=lambda p: entries(p, "203.0.113.10/32", "203.0.113.11/32"),
        breaks=lambda p: entries(p, *(f"{first}.0.0.0/5" for first in range(0, 256, 8))),
        near=lambda p: entries(p, "10.0.0.0/9", "10.128.0.0/9"),
    ),
    "atlas-narrow-access": Case(
        keeps=lambda p: entry(p, "203.0.113.0/24"),
        breaks=lambda p: entry(p, "52.0.0.0/11"),
        near=lambda p: entry(p, "10.20.0.0/16"),
    ),
    "atlas-private-connectivity": Case(
        keeps=lambda p: (cluster(p), p.add(SERVICE, "way", projectId=ID)),
        breaks=lambda p: (cluster(p), p.add(SERVICE, "way", projectId="5f0000000000000000000002")),
        near=lambda p: cluster(p),
        near_tier="development",
    ),
    "atlas-no-public-entry": Case(
        keeps=lambda p: entry(p, "10.20.0.0/16"),
        breaks=lambda p: entry(p, ipAddress="203.0.113.10"),
        near=lambda p: entry(p, "172.31.0.0/16"),
    ),
    "atlas-no-broad-role": Case(
        keeps=lambda p: user(p, ("readWrite", "chatdb")),
        breaks=lambda p: p.add(
            ROLE,
            projectId=ID,
            roleName="app",
            actions=[{"action": "FIND", "resources": [{"databaseName": "", "collectionName": ""}]}],
        ),
        near=lambda p: p.add(
            ROLE,
            projectId=ID,
            roleName="atlasAdminReadOnly",
            inheritedRoles=[{"roleName": "readWrite", "databaseName": "atlasAdmin"}],
        ),
    ),
    "atlas-user-scopes": Case(
        keeps=user,
        breaks=lambda p: user(p, scopes=[]),
        near=lambda p: user(p, scopes=[{"name": cluster(p).id, "type": "CLUSTER"}]),
    ),
    "atlas-user-authentication": Case(
        keeps=user,
        breaks=lambda p: user(p, authDatabaseName="$external", awsIamType="ROLE"),
        near=lambda p: user(p, password=None, authDatabaseName="$external", awsIamType="ROLE"),
    ),
    "atlas-password-secret": Case(
        keeps=user,
        breaks=lambda p: user(p, password="‹config app:password›"),
        near=lambda p: user(p, password=None, awsIamType="ROLE", authDatabaseName="$external"),
    ),
    "atlas-notification-secrets": Case(
        keeps=lambda p: alert(
            p, notifications=[{"typeName": "SLACK", "channelName": "#a", "apiToken": TOKEN("‹config app:token›")}]
        ),
        breaks=lambda p: alert(
            p, notifications=[EMAIL, {"typeName": "SLACK", "channelName": "#a", "apiToken": "‹config app:token›"}]
        ),
        near=lambda p: p.add(INTEGRATION, projectId=ID, type="WEBHOOK", url="https://example.com/alerts"),
    ),
    "atlas-alert-coverage": Case(
        keeps=covered,
        breaks=lambda p: covered(p, matchers=[{"fieldName": "CLUSTER_NAME", "operator": "EQUALS", "value": "other"}]),
        near=lambda p: covered(p, matchers=[{"fieldName": "CLUSTER_NAME", "operator": "EQUALS", "value": "chat"}]),
    ),
    "atlas-alert-enabled": Case(
        keeps=alert, breaks=lambda p: alert(p, enabled=None), near=lambda p: alert(p, enabled="true")
    ),
    "atlas-alert-routed": Case(
        keeps=alert,
        breaks=lambda p: alert(p, notifications=[{"typeName": "GROUP", "emailEnabled": False, "smsEnabled": False}]),
        near=lambda p: alert(p, notifications=[{"typeName": "GROUP", "emailEnabled": True, "smsEnabled": False}]),
    ),
    "atlas-alert-threshold": Case(
        keeps=lambda p: alert(p, "cpu", "CONNECTIONS_PERCENT"),
        breaks=lambda p: alert(
            p,
            metricThresholdConfig={
                "metricName": "OPLOG_SLAVE_LAG_MASTER_TIME",
                "operator": "GREATER_THAN",
                "threshold": 2,
                "units": "HOURS",
            },
        ),
        near=lambda p: alert(
            p,
            metricThresholdConfig={
                "metricName": "OPLOG_SLAVE_LAG_MASTER_TIME",
                "operator": "GREATER_THAN",
                "threshold": 10_000,
                "units": "MILLISECONDS",
            },
        ),
    ),
    "atlas-maintenance-window": Case(
        keeps=windowed, breaks=project, near=lambda p: windowed(p, dayOfWeek=7, hourOfDay=0)
    ),
    "atlas-default-alerts": Case(
        keeps=project,
        breaks=lambda p: project(p, withDefaultAlertsSettings=False),
        near=lambda p: alert(p, projectId=project(p, withDefaultAlertsSettings=False).id),
    ),
    "atlas-data-explorer": Case(
        keeps=project,
        breaks=lambda p: project(p, isDataExplorerEnabled=None),
        near=lambda p: project(p, isDataExplorerEnabled="false"),
    ),
    "atlas-no-sample-documents": Case(
        keeps=project,
        breaks=lambda p: project(p, isDataExplorerGenAiSampleDocumentPassingEnabled=True),
        near=lambda p: project(p, isDataExplorerGenAiFeaturesEnabled=True),
    ),
    "atlas-auditing": Case(
        keeps=lambda p: p.add(AUDITING, projectId=project(p).id, enabled=True),
        breaks=project,
        near=project,
        near_tier="staging",
    ),
    "atlas-auditing-enabled": Case(
        keeps=lambda p: p.add(AUDITING, projectId=ID, enabled=True),
        breaks=lambda p: p.add(AUDITING, projectId=ID, auditFilter="{}"),
        near=lambda p: p.add(AUDITING, projectId=ID, enabled="true"),
    ),
    "atlas-organization-mfa": Case(
        keeps=organization,
        breaks=lambda p: organization(p, multiFactorAuthRequired=None),
        near=lambda p: organization(p, multiFactorAuthRequired="true"),
    ),
    "atlas-organization-api-access": Case(
        keeps=organization,
        breaks=lambda p: organization(p, apiAccessListRequired=False),
        near=lambda p: organization(p, apiAccessListRequired="true"),
    ),
    "atlas-organization-contact": Case(
        keeps=organization,
        breaks=lambda p: organization(p, securityContact=""),
        near=lambda p: organization(p, securityContact=project(p).id),
    ),
    "atlas-api-roles": Case(
        keeps=lambda p: p.add(SERVICE_ACCOUNT, orgId=ID, roles=["ORG_READ_ONLY"], secretExpiresAfterHours=720),
        breaks=lambda p: p.add(SERVICE_ACCOUNT, orgId=ID, roles=["ORG_OWNER"], secretExpiresAfterHours=720),
        near=lambda p: p.add(SERVICE_ACCOUNT, orgId=ID, roles=["ORG_MEMBER"], description="ORG_OWNER"),
    ),
    "atlas-service-account-lifetime": Case(
        keeps=lambda p: p.add(SERVICE_ACCOUNT, orgId=ID, roles=["ORG_READ_ONLY"], secretExpiresAfterHours=2160),
        breaks=lambda p: p.add(SERVICE_ACCOUNT, orgId=ID, roles=["ORG_READ_ONLY"], secretExpiresAfterHours=8760),
        near=lambda p: p.add("mongodbatlas:index/apiKey:ApiKey", orgId=ID, roleNames=["ORG_READ_ONLY"]),
    ),
}
