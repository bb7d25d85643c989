"""As whom an application connects, how that is proved, and which database knows it.

Atlas keeps users with a password in `admin`, and those of other services in `$external`.
Sources: https://github.com/mongodb/specifications/blob/master/source/auth/auth.md and
https://www.mongodb.com/docs/atlas/security-add-mongodb-users/
"""

from __future__ import annotations

from collections.abc import Iterator

from dolmen.appenv.mongo_uri.catalog import Mechanism, catalog
from dolmen.appenv.mongo_uri.parts import Fault, Parts, decoded
from dolmen.appenv.placeholder import framed, named

_TAKE = "Take `mongo_uri` from the secret as it is."
_DEFAULT = "SCRAM-SHA-256"


def faults(parts: Parts, local: bool) -> Iterator[Fault]:
    yield from _placeholders(parts, local)
    mechanisms = catalog().mechanisms
    given = parts.given("authMechanism")
    unknown = [name for name in given if name not in mechanisms]
    if unknown:
        yield Fault(
            "authMechanism",
            f"Atlas's ways to log in are {', '.join(mechanisms)}, in capitals.",
            "Write one of them, or remove authMechanism for SCRAM.",
        )
        return
    mechanism = mechanisms[given[-1] if given else _DEFAULT]
    if given or parts.user is not None or not local:
        yield from _who(parts, mechanism)
    yield from _source(parts, mechanism, local)
    yield from _properties(parts, mechanism)
    if local and mechanism.tls and set(parts.given("tls") + parts.given("ssl")) != {"true"}:
        yield Fault(
            "authMechanism",
            f"{mechanism.name} sends the password as it is, so the connection is encrypted.",
            "Write tls=true.",
        )


def _placeholders(parts: Parts, local: bool) -> Iterator[Fault]:
    user, password = parts.user or "", parts.password or ""
    both = user.startswith("<") and password.endswith(">")
    for what, text in (("user", user), ("password", password)):
        bare = decoded(text)
        if text and (both or framed(text) or framed(bare) or (not local and named(bare))):
            yield Fault(what, f"The {what} in the URI is a placeholder that nobody filled in.", _TAKE)


def _who(parts: Parts, mechanism: Mechanism) -> Iterator[Fault]:
    scram = mechanism.auth_source == "admin"
    if (mechanism.user and not parts.user) or (mechanism.password and not parts.password):
        yield Fault(
            "user" if mechanism.user and not parts.user else "password",
            "Atlas takes no connection without a user and a password."
            if scram
            else f"{mechanism.name} needs a user and a password.",
            _TAKE,
        )
    elif parts.user == "":
        yield Fault("user", "A login has a user before the colon.", "Write the user, or remove the : and the @.")
    elif mechanism.password is False and parts.password:
        yield Fault("password", f"{mechanism.name} takes no password.", "Remove the password and its colon.")
    elif mechanism.password is None and bool(parts.user) != bool(parts.password):
        yield Fault(
            "user",
            f"{mechanism.name} takes an access key with its secret, or neither.",
            "Remove user and password: the application's role is enough.",
        )


def _source(parts: Parts, mechanism: Mechanism, local: bool) -> Iterator[Fault]:
    external = mechanism.auth_source == "$external"
    written = "authSource=%24external" if external else "authSource=admin"
    given = parts.given("authSource")
    if given:
        if (external or not local) and set(given) != {mechanism.auth_source}:
            yield Fault(
                "authSource",
                f"Logins of {mechanism.name} are kept in {mechanism.auth_source}; any other database knows no such user."
                if external
                else "Atlas keeps users with a password in admin; any other database knows no such user.",
                f"Write {written}.",
            )
    elif external and (parts.srv or (mechanism.user and parts.path)):
        yield Fault(
            "authSource",
            f"Logins of {mechanism.name} are kept in $external, and Atlas's DNS or the database in the URI says otherwise.",
            f"Write {written}.",
        )
    elif not external and not local and parts.path and not parts.source_from_dns:
        yield Fault(
            "authSource",
            "Without authSource a driver looks for the user in the URI's database, and Atlas keeps users in admin.",
            f"Write {written}.",
        )


def _properties(parts: Parts, mechanism: Mechanism) -> Iterator[Fault]:
    given = parts.given("authMechanismProperties")
    pairs = [pair.partition(":") for text in given for pair in text.split(",")]
    known = {name: value for name, _, value in pairs}
    if any(name not in mechanism.properties or not value for name, _, value in pairs):
        takes = " and ".join(mechanism.properties)
        yield Fault(
            "authMechanismProperties",
            f"{mechanism.name} takes the properties {takes}, as NAME:value joined by commas."
            if takes
            else f"{mechanism.name} takes no properties.",
            "Correct the properties, or remove authMechanismProperties.",
        )
    elif "ENVIRONMENT" in mechanism.properties:
        environment = known.get("ENVIRONMENT")
        if environment not in ("azure", "gcp", "k8s") or (environment != "k8s" and "TOKEN_RESOURCE" not in known):
            yield Fault(
                "authMechanismProperties",
                "In a URI MONGODB-OIDC needs ENVIRONMENT (azure, gcp or k8s), and for azure and gcp TOKEN_RESOURCE.",
                "Write authMechanismProperties=ENVIRONMENT:k8s, or the others with TOKEN_RESOURCE.",
            )
