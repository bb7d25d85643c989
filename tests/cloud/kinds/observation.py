"""CloudWatch and SNS."""

from __future__ import annotations

from typing import Any

from tests.cloud.cloud import Cloud, Live, Refused, arn
from tests.cloud.contracts import Properties
from tests.cloud.kinds.base import Kind, behaves


@behaves("aws:cloudwatch/logGroup:LogGroup")
class LogGroup(Kind):
    already_exists = "ResourceAlreadyExistsException"

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {**super().outputs(cloud, live), "arn": arn("logs", f"log-group:{live.id}", live.inputs)}


@behaves("aws:cloudwatch/metricAlarm:MetricAlarm")
class MetricAlarm(Kind):
    """PutMetricAlarm overwrites an alarm of the same name: creating it twice is no error, and makes one alarm."""

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        cloud.live.get(self.token, {}).pop(str(inputs["name"]), None)

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {**super().outputs(cloud, live), "arn": arn("cloudwatch", f"alarm:{live.id}", live.inputs)}


@behaves("aws:cloudwatch/logResourcePolicy:LogResourcePolicy")
class LogResourcePolicy(Kind):
    """PutResourcePolicy overwrites the policy of the same name."""

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return str(inputs.get("policyName") or inputs.get("resourceArn"))

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        cloud.live.get(self.token, {}).pop(self.identify(cloud, inputs), None)
        if len(cloud.all(self.token)) >= 10:
            raise Refused("LimitExceededException: Resource limit exceeded (10 resource policies in an account)")


@behaves("aws:sns/topic:Topic")
class Topic(Kind):
    """CreateTopic answers with the topic that already has the name."""

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return arn("sns", str(inputs["name"]), inputs)

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        cloud.live.get(self.token, {}).pop(self.identify(cloud, inputs), None)

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {**super().outputs(cloud, live), "arn": live.id}


@behaves("aws:sns/topicSubscription:TopicSubscription")
class TopicSubscription(Kind):
    """Subscribe answers with the subscription that already exists; an email address is pending until confirmed."""

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        import uuid

        return f"{inputs['topic']}:{uuid.uuid4()}"

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        for same in cloud.find(self.token, **{name: inputs[name] for name in ("topic", "protocol", "endpoint")}):
            del cloud.live[self.token][same.id]

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        pending = str(live.inputs["protocol"]).startswith("email")
        return {**super().outputs(cloud, live), "arn": live.id, "pendingConfirmation": pending}


@behaves("aws:sns/topicPolicy:TopicPolicy")
class TopicPolicy(Kind):
    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return str(inputs["arn"])
