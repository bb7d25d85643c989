"""Right URIs: those that the platform makes, and those that every driver reads alike."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

CANARY = "cAnArY-0123456789"


@dataclass(frozen=True)
class Uri:
    """A URI in the parts that a mistake changes."""

    scheme: str = "mongodb+srv://"
    login: str = f"chat-app:{CANARY}@"
    hosts: str = "chat.abcde.mongodb.net"
    path: str = "/chatdb?"
    options: tuple[str, ...] = ("retryWrites=true", "w=majority", "authSource=admin", "tls=true")
    joined: str = "&"
    around: str = "{}"

    def __str__(self) -> str:
        return self.around.format(f"{self.scheme}{self.login}{self.hosts}{self.path}{self.joined.join(self.options)}")

    def with_option(self, *options: str) -> Uri:
        """The options at the end, in place of those of the same name."""
        names = {option.partition("=")[0].lower() for option in options}
        kept = (option for option in self.options if option.partition("=")[0].lower() not in names)
        return replace(self, options=(*kept, *options))

    def and_option(self, *options: str) -> Uri:
        return replace(self, options=(*self.options, *options))

    def without(self, name: str) -> Uri:
        return replace(self, options=tuple(o for o in self.options if not o.lower().startswith(f"{name.lower()}=")))


SRV = Uri()
LISTED = Uri(
    scheme="mongodb://",
    hosts="chat-shard-00-00.abcde.mongodb.net:27017,chat-shard-00-01.abcde.mongodb.net:27017",
    options=(*SRV.options, "replicaSet=atlas-abc-shard-0"),
)
IAM = replace(SRV, login="").with_option("authSource=%24external", "authMechanism=MONGODB-AWS")
OIDC = IAM.with_option("authMechanism=MONGODB-OIDC", "authMechanismProperties=ENVIRONMENT:k8s")
ONE = replace(LISTED, hosts="pl-0-ap-northeast-2.abcde.mongodb.net:1024")
BASES = (SRV, LISTED, ONE, IAM)


GOOD_OPTIONS: tuple[tuple[str, ...], ...] = (
    (),
    ("appName=chat-app",),
    ("readPreference=secondaryPreferred", "readPreferenceTags=dc:a,rack:1", "readPreferenceTags="),
    ("readPreference=nearest", "maxStalenessSeconds=120"),
    ("readConcernLevel=majority", "journal=true", "wTimeoutMS=5000"),
    ("maxPoolSize=50", "minPoolSize=5", "maxIdleTimeMS=60000", "waitQueueTimeoutMS=2000", "maxConnecting=2"),
    ("connectTimeoutMS=10000", "socketTimeoutMS=45000", "serverSelectionTimeoutMS=5000", "heartbeatFrequencyMS=10000"),
    ("compressors=zlib", "zlibCompressionLevel=6"),
    ("retryReads=true", "directConnection=false", "loadBalanced=false"),
    ("tlsInsecure=false",),
    ("tlsAllowInvalidCertificates=false", "tlsAllowInvalidHostnames=false"),
    ("ssl=true", "uuidRepresentation=standard", "serverMonitoringMode=poll"),
)
GOOD_LOGINS = (
    f"chat-app:{CANARY}@",
    "chat%40app:p%40ss%2Fw%3Ard%25%2B%C3%A4@",
    "chat-app:a!$'()*,;=b-._~@",
    "u:100%25@",
    "chat-prod_chat-app_a:Passw0rd-of-the-day@",
)
GOOD_HOSTS: Mapping[str, tuple[str, ...]] = {
    "mongodb+srv://": ("chat.abcde.mongodb.net", "chat-pl-0.abcde.mongodb.net", "CHAT.ABCDE.MONGODB.NET"),
    "mongodb://": (
        LISTED.hosts,
        "pl-0-ap-northeast-2.abcde.mongodb.net:1024,pl-0-ap-northeast-2.abcde.mongodb.net:1025",
        "db.company.com.kr",
        "10.1.2.3:27017",
        "[2001:db8::1]:27017",
    ),
}


def right() -> Iterator[Uri]:
    """URIs that every driver reads alike and that keep all rules."""
    for scheme, hosts in GOOD_HOSTS.items():
        for host, login, options, path in itertools.product(
            hosts, GOOD_LOGINS, GOOD_OPTIONS, ("/chatdb?", "/?", "/chat-db_2?")
        ):
            yield replace(SRV, scheme=scheme, hosts=host, login=login, path=path).and_option(*options)
        for host, options in itertools.product(hosts, GOOD_OPTIONS):
            yield replace(IAM, scheme=scheme, hosts=host).and_option(*options)
            yield replace(OIDC, scheme=scheme, hosts=host).and_option(*options)
            x509 = IAM.with_option("authMechanism=MONGODB-X509")
            yield replace(x509, scheme=scheme, hosts=host, login="CN%3Dchat-app%2COU%3Dchat@").and_option(*options)
    yield SRV.without("authSource").without("tls")
    yield replace(SRV.without("authSource"), path="/?")
    yield replace(LISTED.without("authSource"), path="/?")
    yield replace(SRV, scheme="mongodb+srv://").and_option("srvMaxHosts=0", "replicaSet=rs")
    yield IAM.with_option("authMechanismProperties=AWS_SESSION_TOKEN:abc%2Fdef%3D")
    yield OIDC.with_option("authMechanismProperties=ENVIRONMENT:azure,TOKEN_RESOURCE:mongodb://chat")


LOCAL_HOSTS = (
    "localhost",
    "localhost:27017",
    "127.0.0.1:27018",
    "[::1]:27017",
    "localhost:27017,localhost:27018",
    "%2Ftmp%2Fmongodb-27017.sock",
)


def local() -> Iterator[Uri]:
    """URIs of servers on the developer's own machine: login, TLS and authSource as the developer likes."""
    plain = replace(SRV, scheme="mongodb://", login="", options=("retryWrites=true", "w=majority"))
    for host, login, path, options in itertools.product(
        LOCAL_HOSTS,
        ("", "root:example@", "dev:p%40ss@"),
        ("/chatdb?", "/?"),
        ((), ("tls=false",), ("tls=true", "tlsCAFile=/etc/ca.pem"), ("authSource=chatdb",), ("replicaSet=rs0",)),
    ):
        yield replace(plain, hosts=host, login=login, path=path).and_option(*options)
    yield replace(plain, hosts="localhost").and_option("directConnection=true")
