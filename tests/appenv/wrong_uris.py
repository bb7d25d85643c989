"""Wrong URIs: what each way to go wrong makes of right ones."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from tests.appenv.spelling import cases, spelt
from tests.appenv.uris import BASES, GOOD_OPTIONS, ONE, SRV, Uri
from tests.appenv.wrong_logins import logins, mechanisms, sources

TLS_OFF = {
    "tls": "false",
    "ssl": "false",
    "tlsInsecure": "true",
    "tlsAllowInvalidCertificates": "true",
    "tlsAllowInvalidHostnames": "true",
    "tlsDisableOCSPEndpointCheck": "true",
    "tlsDisableCertificateRevocationCheck": "true",
}
TLS_OFF_ELSEWHERE = {
    "sslInvalidHostNameAllowed": "true",
    "sslValidate": "false",
    "rejectUnauthorized": "false",
    "checkServerIdentity": "false",
    "sslInsecure": "true",
    "sslVerifyCertificate": "false",
    "sslAllowInvalidCertificates": "true",
    "sslAllowInvalidHostnames": "true",
    "weak_cert_validation": "true",
    "allow_invalid_hostname": "true",
    "ssl_cert_reqs": "CERT_NONE",
    "ssl_match_hostname": "false",
    "ssl_verify": "false",
    "ssl_verify_hostname": "false",
    "tls_insecure": "true",
    "tls-insecure": "1",
}
UNFIT = {
    "retryWrites": ("false", "TRUE", "yes", "1", "", "%66alse"),
    "retryReads": ("no", "False", "0", ""),
    "w": ("0", "1", "2", "-1", "Majority", "", "%30"),
    "journal": ("false", "0", ""),
    "readPreference": ("slave", "Primary", "", "secondary_preferred"),
    "readPreferenceTags": ("dc", "dc:a:b", "dc%3Aa"),
    "readConcernLevel": ("strong", ""),
    "maxStalenessSeconds": ("0", "5", "-2", "x"),
    "connectTimeoutMS": ("0", "-1", "1e99", "99999999999", "ten", "", "1.5", "%2D1"),
    "socketTimeoutMS": ("0", "-1", "99999999999", "1s"),
    "serverSelectionTimeoutMS": ("0", "-1", "99999999999", "x"),
    "heartbeatFrequencyMS": ("0", "-1", "1", "x"),
    "waitQueueTimeoutMS": ("0", "-1", "x"),
    "maxPoolSize": ("-1", "0", "100000", "ten", "1_0", "%20"),
    "minPoolSize": ("-1", "101", "x"),
    "maxIdleTimeMS": ("0", "-1", "x"),
    "maxConnecting": ("0", "-1", "x"),
    "zlibCompressionLevel": ("10", "-2", "x"),
    "compressors": ("gzip", "", "zstd;zlib"),
    "replicaSet": ("",),
    "appName": ("a" * 129, "%FF", ""),
    "directConnection": ("true", "yes"),
    "loadBalanced": ("yes", "1"),
    "srvMaxHosts": ("-1", "x"),
    "srvServiceName": ("other", ""),
    "srvAllowedHostsSuffix": ("evil.com", "mongodb.net", "com"),
    "serverMonitoringMode": ("never",),
    "uuidRepresentation": ("java",),
    "unknownOption": ("true",),
    "connectMS": ("5",),
    "safe": ("false",),
    "j": ("false",),
    "slaveOk": ("true",),
    "proxyHost": ("proxy.company.com",),
}


def wrong() -> Iterator[tuple[str, Uri]]:
    """URIs that go wrong in one way, with the way's name; each of every base that has the part."""
    for base in BASES:
        yield from _tls(base)
        yield from _options(base)
        yield from _topology(base)
        yield from _around(base)
        if base.login:
            yield from logins(base)
    yield from sources()
    yield from mechanisms()


def _tls(base: Uri) -> Iterator[tuple[str, Uri]]:
    for name, off in (TLS_OFF | TLS_OFF_ELSEWHERE).items():
        way = "TLS checks off" if name in TLS_OFF else "TLS checks off in another driver's words"
        for cased, value in itertools.product(cases(name), spelt(off)):
            yield way, base.without(name).and_option(f"{cased}={value}")
        yield f"{way}, name encoded", base.and_option(f"%{ord(name[0]):02x}{name[1:]}={off}")
        yield f"{way}, twice", base.and_option(f"{name}=true", f"{name}=false")
        yield f"{way}, twice", base.and_option(f"{name}=false", f"{name}=true")
        yield f"{way}, first", replace(base, options=(f"{name}={off}", *base.options))
        for company in GOOD_OPTIONS if name in TLS_OFF else ():
            yield f"{way}, in company", base.without(name).and_option(*company, f"{name}={off}")
            yield f"{way}, in company", base.without(name).and_option(f"{name}={off}", *company)
    for one, other in itertools.combinations(TLS_OFF, 2):
        for first, second in itertools.product(("true", "false"), repeat=2):
            if (one, other, first, second) != ("tls", "ssl", "true", "true"):
                yield (
                    "TLS options in contradiction",
                    base.with_option(f"{one}={first}", f"{other}={second}").and_option("tlsInsecure=true"),
                )
    for value in ("True", "1", "yes", "", "tru", "%46alse", "true%20"):
        yield "TLS by a word that is not true", base.with_option(f"tls={value}")


def _options(base: Uri) -> Iterator[tuple[str, Uri]]:
    for name, values in UNFIT.items():
        for cased, value in itertools.product(cases(name), values):
            yield f"unfit {name}", base.without(name).and_option(f"{cased}={value}")
    for value in ("true%26w=0", "true&amp;w=0", "true w=0", "true?w=0", "=true", "<value>", "${VALUE}", "tr%ue"):
        yield "options run together", base.with_option(f"retryWrites={value}")
    for joined in (";", "&amp;", "&amp;amp;", "&#38;", "&#x26;", "\\u0026", "%26", ",", "&&", "?", " & ", "\\&"):
        yield "options joined wrongly", replace(base, joined=joined)
    for end in ("&", "&=", "&x", "&=x", "&a=b=c", "#end", ";"):
        yield "options that end wrongly", replace(base, around=f"{{}}{end}")
    for name in ("retryWrites", "w"):
        yield f"no {name}", base.without(name)
    for tags in ("readPreferenceTags=dc:a", "maxStalenessSeconds=120"):
        yield "primary with tags", base.and_option(tags)
    for file in ("tlsCAFile=", "tlsCertificateKeyFile="):
        yield "no file", base.and_option(file)


def _topology(base: Uri) -> Iterator[tuple[str, Uri]]:
    srv = base.scheme == SRV.scheme
    for conflict in (
        ("directConnection=true",),
        ("directConnection=true", "loadBalanced=true"),
        ("loadBalanced=true", "replicaSet=rs"),
        ("srvMaxHosts=2", "replicaSet=rs"),
        ("srvMaxHosts=2", "loadBalanced=true"),
        ("srvMaxHosts=2",) if not srv else ("directConnection=true", "replicaSet=rs"),
        ("srvServiceName=mongodb",) if not srv else ("srvServiceName=customers",),
    ):
        yield "topology in contradiction", base.with_option(*conflict)
    for company, (cased, value) in itertools.product(
        GOOD_OPTIONS, itertools.product(cases("directConnection"), spelt("true"))
    ):
        if base is ONE and "directConnection=false" not in company:
            yield "one member", base.and_option(*company, f"{cased}={value}")
    for hosts in (
        "", ",", "a.b.mongodb.net,", ",a.b.mongodb.net", "a b.mongodb.net", "a.b.mongodb.net::27017", "a.b.mongodb.net:",
        "a.b.mongodb.net:0", "a.b.mongodb.net:65536", "a.b.mongodb.net:x", "a.b.mongodb.net:-1", "[::1", "[::x]", "::1",
        "%2Ftmp%2Fmongodb-27017.sock", "/tmp/mongodb-27017.sock", "a%2Eb.mongodb.net", "<host>", "${HOST}", "undefined",
        "cluster0.xxxxx.mongodb.net", "cluster.example.com", "a..mongodb.net", "-", "host;other", "a.b.mongodb.net@",
    ):  # fmt: skip
        yield "hosts", replace(base, hosts=hosts)
    for host in (
        "a.b.mongodb.net:27017",
        "a.b.mongodb.net,c.b.mongodb.net",
        "localhost",
        "10.0.0.1",
        "[::1]",
        "mongodb.net",
    ):
        yield "no seed for srv", replace(base, scheme=SRV.scheme, hosts=host)
    yield "no seed for srv", replace(base, scheme=SRV.scheme, hosts="chat-shard-00-00.abcde.mongodb.net")
    for path in (
        "?", "/chat db?", "/chat/db?", "/chat%2Fdb?", "/chat%20db?", '/chat"db?', "/$db?", "/%24db?", "/db.users?",
        "/chat%5Cdb?", "/<database>?", "/${DB}?", f"/{'d' * 64}?", "/%ff?", "/d%zz?", "/ä?", "/chatdb&", "/chatdb",
    ):  # fmt: skip
        yield "database", replace(base, path=path)


def _around(base: Uri) -> Iterator[tuple[str, Uri]]:
    for around in (
        '"{}"',
        "'{}'",
        "`{}`",
        " {}",
        "{} ",
        "{}\n",
        "{}\r",
        "\t{}",
        "\ufeff{}",
        '{}"',
        "MONGO_URI={}",
        "“{}”",
    ):
        yield "something around the URI", replace(base, around=around)
    for scheme in ("MongoDB://", "mongodb:", "mongodb:/", "mongo://", "http://", "", "mongodb+rawsrv://", "mongodb%3A%2F%2F", "MONGODB+SRV://", "jdbc:mongodb://"):  # fmt: skip
        yield "scheme", replace(base, scheme=scheme)
