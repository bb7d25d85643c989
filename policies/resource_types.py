"""Type tokens, and which types are of one kind."""

from __future__ import annotations

REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
CACHE_CLUSTER = "aws:elasticache/cluster:Cluster"
SERVERLESS_CACHE = "aws:elasticache/serverlessCache:ServerlessCache"
NODE_BASED_CACHES = (REPLICATION_GROUP, CACHE_CLUSTER)
CACHES = (REPLICATION_GROUP, SERVERLESS_CACHE)
"""Those that can have users, keys of one's own and several zones."""
ANY_CACHE = (*NODE_BASED_CACHES, SERVERLESS_CACHE)
PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup"
CACHE_USER = "aws:elasticache/user:User"
CACHE_USER_GROUP = "aws:elasticache/userGroup:UserGroup"
CACHE_USER_GROUP_ASSOCIATION = "aws:elasticache/userGroupAssociation:UserGroupAssociation"

SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_SECURITY_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
SECURITY_GROUPS = (SECURITY_GROUP, DEFAULT_SECURITY_GROUP)
SECURITY_GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
SECURITY_GROUP_RULES = (SECURITY_GROUP_RULE, INGRESS_RULE, EGRESS_RULE)
PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
PREFIX_LIST_ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"
PREFIX_LISTS = (PREFIX_LIST, PREFIX_LIST_ENTRY)
VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
VPC_ENDPOINT_POLICY = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"
VPC_ENDPOINT_SERVICE = "aws:ec2/vpcEndpointService:VpcEndpointService"
ROUTE = "aws:ec2/route:Route"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
DEFAULT_ROUTE_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable"
SUBNET = "aws:ec2/subnet:Subnet"

SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105  (a type, not a secret)
SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105
SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"  # noqa: S105
SECRET_ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"  # noqa: S105

KMS_KEY = "aws:kms/key:Key"
KMS_EXTERNAL_KEY = "aws:kms/externalKey:ExternalKey"
KMS_REPLICA_KEY = "aws:kms/replicaKey:ReplicaKey"
KMS_KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
KMS_KEYS = (KMS_KEY, KMS_EXTERNAL_KEY, KMS_REPLICA_KEY)

IAM_ROLE = "aws:iam/role:Role"
IAM_POLICY = "aws:iam/policy:Policy"
IAM_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
IAM_USER_POLICY = "aws:iam/userPolicy:UserPolicy"
IAM_GROUP_POLICY = "aws:iam/groupPolicy:GroupPolicy"
IAM_USER = "aws:iam/user:User"
IAM_ACCESS_KEY = "aws:iam/accessKey:AccessKey"
IAM_ROLE_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
IAM_POLICY_ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment"
IAM_USER_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
IAM_GROUP_ATTACHMENT = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
IAM_ATTACHMENTS = (IAM_ROLE_ATTACHMENT, IAM_POLICY_ATTACHMENT, IAM_USER_ATTACHMENT, IAM_GROUP_ATTACHMENT)
IDENTITY_POLICIES = (IAM_POLICY, IAM_ROLE_POLICY, IAM_USER_POLICY, IAM_GROUP_POLICY, IAM_ROLE)

SNS_TOPIC = "aws:sns/topic:Topic"
SNS_TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
SNS_SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
LOG_RESOURCE_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm"

LAMBDA_PERMISSION = "aws:lambda/permission:Permission"
LAMBDA_URL = "aws:lambda/functionUrl:FunctionUrl"

ATLAS_PROJECT = "mongodbatlas:index/project:Project"
ATLAS_CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
ATLAS_LEGACY_CLUSTER = "mongodbatlas:index/cluster:Cluster"
ATLAS_FLEX_CLUSTER = "mongodbatlas:index/flexCluster:FlexCluster"
ATLAS_SERVERLESS = "mongodbatlas:index/serverlessInstance:ServerlessInstance"
ATLAS_BACKUP_SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"
ATLAS_DATABASE_USER = "mongodbatlas:index/databaseUser:DatabaseUser"
ATLAS_ROLE = "mongodbatlas:index/customDbRole:CustomDbRole"
ATLAS_ACCESS_LIST = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList"
ATLAS_ENDPOINT = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
ATLAS_ENDPOINT_SERVICE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"
ATLAS_PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"
ATLAS_CONTAINER = "mongodbatlas:index/networkContainer:NetworkContainer"
ATLAS_ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
ATLAS_MAINTENANCE = "mongodbatlas:index/maintenanceWindow:MaintenanceWindow"
ATLAS_ENCRYPTION = "mongodbatlas:index/encryptionAtRest:EncryptionAtRest"
ATLAS_AUDITING = "mongodbatlas:index/auditing:Auditing"
ATLAS_ACCESS_AUTHORIZATION = "mongodbatlas:index/cloudProviderAccessAuthorization:CloudProviderAccessAuthorization"
ATLAS_INTEGRATION = "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration"
ATLAS_ORGANIZATION = "mongodbatlas:index/organization:Organization"
ATLAS_API_ACCESS_LISTS = (
    "mongodbatlas:index/accessListApiKey:AccessListApiKey",
    "mongodbatlas:index/serviceAccountAccessListEntry:ServiceAccountAccessListEntry",
    "mongodbatlas:index/projectServiceAccountAccessListEntry:ProjectServiceAccountAccessListEntry",
)
ATLAS_API_IDENTITIES = (
    "mongodbatlas:index/apiKey:ApiKey",
    "mongodbatlas:index/projectApiKey:ProjectApiKey",
    "mongodbatlas:index/serviceAccount:ServiceAccount",
    "mongodbatlas:index/projectServiceAccount:ProjectServiceAccount",
)
ATLAS_CLUSTERS = (ATLAS_CLUSTER, ATLAS_LEGACY_CLUSTER)
"""Dedicated clusters; the legacy type spells some arguments differently."""
ANY_ATLAS_CLUSTER = (*ATLAS_CLUSTERS, ATLAS_FLEX_CLUSTER, ATLAS_SERVERLESS)

ATLAS_PROVIDER = "pulumi:providers:mongodbatlas"
AWS_PROVIDER = "pulumi:providers:aws"

RANDOM_PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105
SECRET_SOURCES = (
    RANDOM_PASSWORD,
    IAM_ACCESS_KEY,
    "random:index/randomBytes:RandomBytes",
    "tls:index/privateKey:PrivateKey",
    "mongodbatlas:index/apiKey:ApiKey",
    "mongodbatlas:index/projectApiKey:ProjectApiKey",
    "mongodbatlas:index/serviceAccountSecret:ServiceAccountSecret",
    "mongodbatlas:index/x509AuthenticationDatabaseUser:X509AuthenticationDatabaseUser",
)
"""Resources that generate secret values."""
OPEN_SOURCES = (
    "random:index/randomString:RandomString",
    "random:index/randomId:RandomId",
    "random:index/randomUuid:RandomUuid",
    "random:index/randomPet:RandomPet",
    "random:index/randomInteger:RandomInteger",
)
"""Resources whose random values Pulumi keeps and shows in the clear."""
