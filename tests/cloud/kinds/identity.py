"""IAM and EKS pod identity."""

from __future__ import annotations

import json
from typing import Any

from tests.cloud.cloud import Cloud, Live, Refused, arn
from tests.cloud.contracts import Properties
from tests.cloud.kinds.base import Kind, behaves


def _refuse_document(inputs: Properties, name: str) -> None:
    """Raise `Refused` for what is JSON and no policy; that it is JSON is Check's matter."""
    text = inputs.get(name)
    found = json.loads(text) if isinstance(text, str) else text
    if found is not None and not (isinstance(found, dict) and "Statement" in found):
        raise Refused(f"MalformedPolicyDocument: {name} has no Statement")


def path_of(inputs: Properties) -> str:
    return str(inputs.get("path") or "/")


@behaves("aws:iam/role:Role")
class Role(Kind):
    already_exists = "EntityAlreadyExists"

    def refuse_values(self, inputs: Properties) -> None:
        super().refuse_values(inputs)
        _refuse_document(inputs, "assumeRolePolicy")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {
            **super().outputs(cloud, live),
            "arn": arn("iam", f"role{path_of(live.inputs)}{live.id}", live.inputs),
            "uniqueId": f"AROA{live.extra['unique'][:17].upper()}",
        }

    def refuse_delete(self, cloud: Cloud, live: Live) -> None:
        if not live.inputs.get("forceDetachPolicies"):
            super().refuse_delete(cloud, live)


@behaves("aws:iam/policy:Policy")
class Policy(Kind):
    already_exists = "EntityAlreadyExists"

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return arn("iam", f"policy{path_of(inputs)}{inputs['name']}", inputs)

    def refuse_values(self, inputs: Properties) -> None:
        super().refuse_values(inputs)
        _refuse_document(inputs, "policy")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        used = len(cloud.find("aws:iam/rolePolicyAttachment:RolePolicyAttachment", policyArn=live.id))
        unique = f"ANPA{live.extra['unique'][:17].upper()}"
        return {**super().outputs(cloud, live), "arn": live.id, "policyId": unique, "attachmentCount": used}


@behaves("aws:iam/rolePolicy:RolePolicy")
class RolePolicy(Kind):
    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return f"{inputs['role']}:{inputs['name']}"

    def refuse_values(self, inputs: Properties) -> None:
        super().refuse_values(inputs)
        _refuse_document(inputs, "policy")


@behaves("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
class RolePolicyAttachment(Kind):
    delete_before_replace = True

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return f"{inputs['role']}/{inputs['policyArn']}"


@behaves("aws:eks/podIdentityAssociation:PodIdentityAssociation")
class PodIdentityAssociation(Kind):
    already_exists = "ResourceInUseException"
    unique = (("clusterName", "namespace", "serviceAccount"),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        from tests.cloud.cloud import fresh

        return f"a-{fresh(17)}"

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        path = f"podidentityassociation/{live.inputs['clusterName']}/{live.id}"
        return {
            **super().outputs(cloud, live),
            "associationArn": arn("eks", path, live.inputs),
            "associationId": live.id,
        }

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        for role in cloud.all("aws:iam/role:Role"):
            if cloud.kind(role.type).outputs(cloud, role)["arn"] != inputs["roleArn"]:
                continue
            if "pods.eks.amazonaws.com" not in str(role.inputs.get("assumeRolePolicy")):
                raise Refused("InvalidParameterException: Trust policy of role must allow pods.eks.amazonaws.com")
