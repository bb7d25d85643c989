"""A resource's method that its provider answers."""

import pulumi
import pulumi_aws as aws


class Cluster(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("eks:index:Cluster", name, {}, opts, remote=True)

    def get_kubeconfig(self, profile: str) -> pulumi.Output[str]:
        answer = pulumi.runtime.call("eks:index:Cluster/getKubeconfig", {"__self__": self, "profile": profile}, self)
        return answer.apply(lambda result: result["result"])


cluster = Cluster("cluster")
aws.ssm.Parameter("kubeconfig", type="String", value=cluster.get_kubeconfig("admin"))
