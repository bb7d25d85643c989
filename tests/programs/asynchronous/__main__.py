"""asyncio at import time, an asynchronous main, and outputs awaited in the background."""

import asyncio

import pulumi
import pulumi_aws as aws


async def zone_names() -> list[str]:
    await asyncio.sleep(0.01)
    return ["a", "b"]


async def blocking() -> str:
    return await asyncio.to_thread(lambda: "thread")


async def main() -> dict:
    names, thread = await asyncio.gather(zone_names(), blocking())
    buckets = [aws.s3.Bucket(f"bucket-{name}", tags={"thread": thread}) for name in names]
    return {"buckets": [bucket.id for bucket in buckets]}


early = asyncio.ensure_future(zone_names())
aws.s3.Bucket("early", tags={"zones": pulumi.Output.from_input(early).apply(",".join)})
pulumi.run(main)
