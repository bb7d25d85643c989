"""Outputs: lifted, combined, defaulted, deferred; known and unknown, in every nesting."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random

known = random.RandomPet("known", length=3, prefix="p", keepers={"a": "b", "c.d": "e"})
number = random.RandomInteger("number", min=1, max=2)
group = aws.cloudwatch.LogGroup("group", name="/outputs", tags={"k": "v"}, retention_in_days=7)
role = aws.iam.Role("role", name="role", assume_role_policy='{"Statement": []}')
for name, value in {
    "lifted-index": known.keepers["a"],
    "lifted-dotted": known.keepers["c.d"],
    "known-number": known.length.apply(lambda length: str(length + 1)),
    "unknown": number.result.apply(str),
    "conditional": known.length.apply(lambda length: known.prefix if length > 2 else number.id),
    "combined": pulumi.Output.all(known.prefix, known.length, group.tags).apply(
        lambda found: f"{found[0]}{found[1]}{found[2]['k']}"
    ),
    "half-unknown": pulumi.Output.all(known.prefix, number.result).apply(lambda found: f"{found[0]}{found[1]}"),
    "by-name": pulumi.Output.all(prefix=known.prefix, days=group.retention_in_days).apply(
        lambda found: f"{found['prefix']}{found['days']}"
    ),
    "format": pulumi.Output.format("{0}-{name}", known.prefix, name=group.name),
    "concat": pulumi.Output.concat("arn:", group.arn),
    "chain": known.prefix.apply(str.upper)
    .apply(lambda text: text + "!")
    .apply(lambda text: pulumi.Output.from_input(text)),
    "literal": pulumi.Output.from_input("plain"),
    "json": pulumi.Output.json_dumps({"a": known.prefix, "b": [group.retention_in_days, None, True], "c": group.tags}),
    "json-unknown": pulumi.Output.json_dumps([number.result, known.prefix]),
    "unprovided": group.kms_key_id.apply(lambda key: key or "none"),
    "tags-all": group.tags_all.apply(str),
}.items():
    random.RandomPet(name, prefix=value)
random.RandomPet(
    "map",
    keepers=pulumi.Output.all(known.prefix, known.length).apply(lambda found: {"x": found[0], "y": str(found[1])}),
)
random.RandomPet("map-unknown", keepers=number.result.apply(lambda value: {"n": str(value)}))
random.RandomPet(
    "map-half", keepers={"known": known.prefix, "unknown": number.id, "secret": pulumi.Output.secret(number.id)}
)
random.RandomShuffle("list-half", inputs=[known.prefix, number.id, "c"])
pulumi.export("group", group.name)
pulumi.export("nested", {"a": [known.id, {"b": known.prefix}], "secret": pulumi.Output.secret({"k": known.prefix})})
pulumi.export("all", pulumi.Output.all(known.length, number.result))
