"""Secrets Manager and KMS."""

from __future__ import annotations

import string
import uuid
from typing import Any

from tests.cloud.cloud import Cloud, Live, Refused, arn, fresh, region_of
from tests.cloud.contracts import Properties
from tests.cloud.kinds.base import Kind, behaves


@behaves("aws:secretsmanager/secret:Secret")
class Secret(Kind):
    """A deleted secret keeps its name until its recovery window is over."""

    already_exists = "ResourceExistsException"
    unique = (("name",),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        # Secrets Manager adds a hyphen and six random characters to the name.
        return arn(
            "secretsmanager", f"secret:{inputs['name']}-{fresh(6, string.ascii_letters + string.digits)}", inputs
        )

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        if inputs["name"] in cloud.facts.get("scheduled for deletion", set()):
            raise Refused(
                "InvalidRequestException: You can't create this secret because a secret with this name is already "
                "scheduled for deletion."
            )

        self._refuse_replicas(inputs)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        self._refuse_replicas(inputs)

    def _refuse_replicas(self, inputs: Properties) -> None:
        """A copy lies in another region, once, under a key of that region (ReplicateSecretToRegions)."""
        regions = [one["region"] for one in inputs.get("replicas") or []]
        if region_of(inputs) in regions or len(set(regions)) < len(regions):
            raise Refused("InvalidParameterException: Invalid replica region.")
        for one in inputs.get("replicas") or []:
            key = str(one.get("kmsKeyId") or "")
            if key.startswith("arn:") and key.split(":")[3] != one["region"]:
                raise Refused(f"InvalidParameterException: the key {key} does not lie in {one['region']}")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {**super().outputs(cloud, live), "arn": live.id}

    def deleted(self, cloud: Cloud, live: Live) -> None:
        versions = "aws:secretsmanager/secretVersion:SecretVersion"
        for version in cloud.find(versions, secretId=live.id):
            del cloud.live[versions][version.id]
        if live.inputs.get("recoveryWindowInDays", 30) != 0:
            cloud.facts.setdefault("scheduled for deletion", set()).add(live.inputs["name"])


@behaves("aws:secretsmanager/secretVersion:SecretVersion")
class SecretVersion(Kind):
    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return f"{inputs['secretId']}|{uuid.uuid4()}"

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        if all(inputs.get(name) is None for name in ("secretString", "secretBinary", "secretStringWo")):
            raise Refused("InvalidRequestException: a version needs a secretString or a secretBinary")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        secret, version = live.id.split("|")
        return {
            "arn": secret,
            "secretArn": secret,
            "versionId": version,
            "hasSecretStringWo": bool(live.inputs.get("secretStringWo")),
        }

    def created(self, cloud: Cloud, live: Live) -> None:
        """The newest version takes the AWSCURRENT stage from the one before."""
        for other in cloud.find(self.token, secretId=live.inputs["secretId"]):
            other.extra["current"] = other is live


@behaves("aws:secretsmanager/secretPolicy:SecretPolicy")
class SecretPolicy(Kind):
    unique = (("secretArn",),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return str(inputs["secretArn"])


@behaves("aws:kms/key:Key")
class Key(Kind):
    """Deleting a key only schedules its deletion: nothing refuses it."""

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return str(uuid.uuid4())

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {**super().outputs(cloud, live), "arn": arn("kms", f"key/{live.id}", live.inputs), "keyId": live.id}


@behaves("aws:kms/alias:Alias")
class Alias(Kind):
    already_exists = "AlreadyExistsException"
    unique = (("name",),)

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        key = str(live.inputs["targetKeyId"]).rsplit("/", 1)[-1]
        key_arn = arn("kms", f"key/{key}", live.inputs)
        return {"arn": arn("kms", str(live.inputs["name"]), live.inputs), "targetKeyArn": key_arn}


@behaves("aws:kms/keyPolicy:KeyPolicy")
class KeyPolicy(Kind):
    """An update writes the policy of the key that the resource was made for, whatever `keyId` says by then."""

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return str(inputs["keyId"])

    def apply(self, cloud: Cloud, live: Live, inputs: dict[str, Any]) -> None:
        live.inputs = {**inputs, "keyId": live.inputs["keyId"]}
