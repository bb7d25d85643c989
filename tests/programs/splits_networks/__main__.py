"""Two networks that were looked up, split and counted."""

from ipaddress import IPv4Network, ip_network

import pulumi_aws as aws
import pulumi_random as random

networks = {name: ip_network(aws.ec2.get_vpc(id=f"vpc-{name}").cidr_block) for name in ("a", "b")}
assert not networks["a"].overlaps(networks["b"]), "two networks of their own do not overlap"
for name, network in networks.items():
    for index, part in enumerate(list(network.subnets(new_prefix=24))[:3]):
        assert IPv4Network(str(part)).subnet_of(network), "what was written is read again"
        random.RandomPet(
            f"{name}-{index}",
            keepers={"range": str(part), "first": f"{part.network_address + 1}/32", "again": part.with_prefixlen},
        )
random.RandomPet("own", keepers={"ranges": ",".join(map(str, ip_network("10.9.0.0/16").subnets(new_prefix=17)))})
