"""How a URI is written: what copying, templates and other formats leave in it, and what is not percent-encoded.

Sources: https://github.com/mongodb/specifications/blob/master/source/connection-string/connection-string-spec.md and
https://www.mongodb.com/docs/manual/reference/connection-string-formats/
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from dolmen.appenv.mongo_uri.parts import ENCODED, Fault, Parts, decoded
from dolmen.appenv.placeholder import framed

WITHOUT_SCHEME = Fault(
    "", "A MongoDB URI begins with mongodb+srv:// or mongodb://.", "Take `mongo_uri` from the secret as it is."
)
_RESERVED = re.compile(r"[:/?#\[\]@%+\s]|[^\x21-\x7e]")
_HTML = re.compile(r"&(amp|lt|gt|quot|apos|#\d{1,5}|#x[0-9a-f]{1,4});", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u00(26|3c|3d|3e)|\\(?=[&?=@$;])", re.IGNORECASE)
_ESCAPED_AT_MOST = 3
_NO_TEXT = re.compile(r"[\ud800-\udfff]")
"""What Python makes of an environment's bytes that are no UTF-8."""
_QUOTES = "\"'`\u2018\u2019\u201c\u201d"
_IN_NO_DATABASE = re.compile(r'[/\\. "$*<>:|?\x00-\x1f\x7f]')
_LONGEST_DATABASE = 63
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")
_NEEDLESS = re.compile(r"%(?:2[0-9A-F]|3[A-F]|40|5[B-E]|60|7[B-D])")
"""What encoding makes of the characters that need it."""


def has_scheme(uri: str) -> bool:
    return uri.startswith(("mongodb://", "mongodb+srv://"))


def repaired(uri: str) -> tuple[str, list[Fault]]:
    """The URI that was meant, and what was put right: so the rest of it is judged as well."""
    found: list[Fault] = []
    uri = _NO_TEXT.sub("\ufffd", uri)
    bare = uri.strip()
    if bare[:1] in _QUOTES or bare[-1:] in _QUOTES:
        found.append(
            Fault(
                "",
                "A MongoDB URI stands without quotes: in an environment they are a part of the value.",
                "Remove them; `docker --env-file` and Kubernetes hand quotes on as they are.",
            )
        )
        bare = bare.strip(_QUOTES)
    if uri != uri.strip() or re.search(r"\s", bare):
        found.append(
            Fault(
                "",
                "A MongoDB URI holds no spaces or line breaks.",
                "Remove them, or percent-encode them as %20; `echo` adds a line break, `printf %s` does not.",
            )
        )
        bare = re.sub(r"\s", "", bare)
    plain = bare
    for _ in range(_ESCAPED_AT_MOST):
        plain = _HTML.sub(lambda match: html.unescape(match[0]), plain)
    if plain != bare:
        found.append(
            Fault("", "A MongoDB URI is not written in HTML: options behind &amp; are lost.", "Write & for &amp;.")
        )
    unescaped = _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else "", plain)
    if unescaped != plain:
        found.append(
            Fault("", "A MongoDB URI is not escaped for JSON or a shell.", "Write & for \\u0026, and no backslashes.")
        )
    scheme, separator, rest = unescaped.partition("://")
    if separator and scheme != scheme.lower() and has_scheme(f"{scheme.lower()}://"):
        found.append(Fault("", "The scheme of a MongoDB URI is in lower case.", "Write mongodb+srv:// or mongodb://."))
        unescaped = f"{scheme.lower()}://{rest}"
    return unescaped, found


def faults(parts: Parts) -> Iterator[Fault]:
    for what, text in (("user", parts.user), ("password", parts.password)):
        if text is not None and not framed(text):
            yield from _encoding(what, text)
    yield from _database(parts)
    if parts.query is not None:
        yield from _query(parts.query, parts.path is not None)


def _encoding(what: str, text: str) -> Iterator[Fault]:
    raw = unquote_to_bytes(text)
    if _RESERVED.search(ENCODED.sub("", text)):
        yield Fault(
            what,
            f"The {what} in a URI is percent-encoded, or the driver reads another one.",
            "Encode : / ? # [ ] @ % + and everything that is not ASCII (@ is %40); or take `mongo_uri` from the secret.",
        )
    elif not _is_text(raw) or re.search(rb"[\x00-\x1f\x7f]", raw):
        yield Fault(
            what,
            f"The {what} in a URI is UTF-8 without control characters, or drivers read different ones.",
            f"Encode the {what} alone, without the line break that `echo` adds (%0A).",
        )
    elif _encoded_twice(raw.decode()):
        yield Fault(
            what,
            f"The {what} in a URI is percent-encoded once; a second time makes another one of it.",
            "Write %40 for @, not %2540; or take `mongo_uri` from the secret.",
        )


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _encoded_twice(text: str) -> bool:
    """Whether a decoded text is itself percent-encoded from end to end, with nothing else that would need it.

    A short one is so by mistake; one of 40 characters that a generator made has a single such escape by chance once in
    tens of thousands, and two of them once in tens of millions.
    """
    escapes = _NEEDLESS.findall(text)
    return _UNRESERVED.fullmatch(_NEEDLESS.sub("", text)) is not None and len(escapes) > (len(text) >= 40)


def _database(parts: Parts) -> Iterator[Fault]:
    path = parts.path or ""
    if "@" in path:
        yield Fault(
            "password",
            "A slash in a user or password is percent-encoded, or the URI ends there.",
            "Write %2F for /, and encode : ? # [ ] @ % as well.",
        )
    elif framed(decoded(path)):
        yield Fault("database", "A placeholder is no database.", "Write the application's database: …/chatdb?…")
    elif _RESERVED.search(ENCODED.sub("", path)) or not _is_text(unquote_to_bytes(path)):
        yield Fault(
            "database",
            "The database in a URI is percent-encoded.",
            "Write the application's database after the host: …/chatdb?…",
        )
    elif _IN_NO_DATABASE.search(decoded(path)) or len(unquote_to_bytes(path)) > _LONGEST_DATABASE:
        # https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions
        yield Fault(
            "database",
            f"A database's name has at most {_LONGEST_DATABASE} bytes and none of / \\ . \" $ * < > : | ? or a space.",
            "Write the database alone, without a collection.",
        )


def _query(query: str, after_slash: bool) -> Iterator[Fault]:
    if not after_slash:
        yield Fault(
            "options",
            "A slash stands between the hosts and the options; older drivers refuse a URI without it.",
            "Write …/?… or …/chatdb?….",
        )
    if "@" in query:
        yield Fault(
            "password",
            "A question mark in a user or password is percent-encoded, or the options begin there.",
            "Write %3F for ?, and %40 for an @ in an option.",
        )
    if ";" in query:
        yield Fault(
            "options",
            "Options are joined by &: many drivers take ; and what follows for a part of the value.",
            "Write & for ;, and %3B for a ; in a value.",
        )
    if re.search(r"#|[^\x21-\x7e]", query):
        yield Fault(
            "options",
            "Options are percent-encoded: # ends a URI for many drivers, and what is not ASCII is not one.",
            "Write %23 for #; if it is in the password, encode it there.",
        )
