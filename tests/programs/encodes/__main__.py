"""Made-up texts, encoded and quoted in the ways that programs have for it."""

import base64
import gzip
import json
from urllib.parse import quote, quote_plus, urlencode, urljoin, urlsplit

import pulumi_aws as aws
import pulumi_random as random

me = aws.get_caller_identity()
arn = f"arn:aws:iam::{me.account_id}:role/deploy"
document = json.dumps({"Statement": [{"Effect": "Allow", "Resource": arn}]}, indent=1)
login = base64.b64encode(f"x:{me.account_id}".encode("ascii")).decode("ascii")
random.RandomPet(
    "texts",
    keepers={
        "ascii": document.encode("ascii").decode("ascii"),
        "latin": arn.encode("latin-1").decode("latin-1"),
        "quoted": quote(arn, safe=""),
        "plus": quote_plus(f"role {arn}"),
        "query": urlencode({"account": me.account_id, "plain": "a b"}),
        "joined": urljoin(f"https://{me.account_id}.example.com/a/", "b"),
        "host": urlsplit(f"https://{me.account_id}.example.com/a").hostname,
        "base64": base64.b64encode(document.encode("ascii")).decode("ascii"),
        "url safe": base64.urlsafe_b64encode(arn.encode()).decode().rstrip("="),
        "header": f"Basic {login}",
        "after a slash": f"data/{login}",
        "lines": base64.encodebytes(document.encode() * 2).decode(),
        "base32": base64.b32encode(arn.encode()).decode(),
        "hex": arn.encode().hex(),
        "zipped": base64.b64encode(gzip.compress(document.encode(), mtime=0)).decode(),
        "twice": base64.b64encode(base64.b64encode(arn.encode())).decode(),
        "capitals": me.account_id.upper(),
        "beginning": me.account_id[:4],
        "cut": f"role-{me.account_id}"[:17],
        "plain": base64.b64encode(b"nothing that is made up stands in here").decode(),
        "plain query": urlencode({"a": "b c", "d": "é"}),
    },
)
