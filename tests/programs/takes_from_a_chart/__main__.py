"""Resources taken out of a Helm chart, which only Kubernetes' provider can read.

The package beside this file does what Pulumi's own does with a chart, and no more.
"""

import pulumi
import pulumi_random as random
from pulumi_kubernetes.helm.v3.helm import Chart

chart = Chart("web", "nginx")
service = chart.get_resource("v1/Service", "nginx", "web")
random.RandomPet(
    "answers",
    keepers={
        "host": service.status.load_balancer.ingress[0].hostname,
        "applied": service.status.apply(lambda status: status.load_balancer.ingress[0].ip),
        "name": chart.resources["v1/Service:web/nginx"].metadata["name"],
        "key": chart.resources.apply(lambda found: found["v1/Secret:web/key"].data["key"]),
    },
    opts=pulumi.ResourceOptions(depends_on=[service]),
)
random.RandomPet("after", opts=pulumi.ResourceOptions(depends_on=chart.ready))
