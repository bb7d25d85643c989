"""For each policy a program that keeps it, one that breaks it, and the nearest one that must not alarm."""

from tests.policies.cases import atlas, aws_data, aws_network, providers, stacks

CASES = {**aws_data.CASES, **aws_network.CASES, **atlas.CASES, **providers.CASES, **stacks.CASES}
