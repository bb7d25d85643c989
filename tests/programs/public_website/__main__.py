"""Shaped like public examples: files of a folder as objects of a bucket."""

import mimetypes
import os

import pulumi
import pulumi_aws as aws

bucket = aws.s3.BucketV2("site")
website = aws.s3.BucketWebsiteConfigurationV2("website", bucket=bucket.bucket, index_document={"suffix": "index.html"})
access = aws.s3.BucketPublicAccessBlock("access", bucket=bucket.bucket, block_public_acls=False)
for file in sorted(os.listdir("www")):
    aws.s3.BucketObject(
        file,
        bucket=bucket.id,
        source=pulumi.FileAsset(os.path.join("www", file)),
        content_type=mimetypes.guess_type(file)[0],
        opts=pulumi.ResourceOptions(depends_on=[access]),
    )
aws.s3.BucketPolicy(
    "policy",
    bucket=bucket.id,
    policy=bucket.id.apply(lambda name: pulumi.Output.json_dumps({"Resource": [f"arn:aws:s3:::{name}/*"]})),
)
certificate = aws.acm.get_certificate(domain="example.com", statuses=["ISSUED"])
zone = aws.route53.get_zone(name="example.com.")
distribution = aws.cloudfront.Distribution(
    "cdn",
    enabled=True,
    origins=[{"origin_id": bucket.arn, "domain_name": website.website_endpoint}],
    default_cache_behavior={
        "target_origin_id": bucket.arn,
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": ["GET"],
        "cached_methods": ["GET"],
    },
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={"acm_certificate_arn": certificate.arn, "ssl_support_method": "sni-only"},
)
aws.route53.Record(
    "record",
    zone_id=zone.zone_id,
    name="www",
    type="A",
    aliases=[
        {"name": distribution.domain_name, "zone_id": distribution.hosted_zone_id, "evaluate_target_health": True}
    ],
)
pulumi.export("url", pulumi.Output.format("http://{0}", website.website_endpoint))
