import pulumi_kubernetes as kubernetes

kubernetes.core.v1.Namespace("apps")
