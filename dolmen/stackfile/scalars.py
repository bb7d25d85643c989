"""Scalars as the Pulumi CLI reads them: the rules of its YAML package (gopkg.in/yaml.v3, resolve.go), in Python.

They are neither YAML 1.1 nor 1.2: `010` is 8, `0o10` is 8, `on` and `yes` are strings, `13:00` is a string,
`2024-01-01` is a timestamp that reaches the program as `2024-01-01 00:00:00 +0000 UTC`.
Source: https://github.com/go-yaml/yaml/blob/v3.0.1/resolve.go; held against the CLI by tests/stackfile.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

Scalar = None | bool | int | float | str

_CONSTANTS: dict[str, Scalar] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DOTTED_FLOAT = re.compile(r"\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?")
_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)|(?P<dec>0|[1-9][0-9]*))"
)
_BASES = {"hex": 16, "bin": 2, "oct": 8, "dec": 10}
_TIMESTAMP = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:(?P<sep>[Tt ])(?P<hour>\d{1,2}):(?P<minute>\d{1,2}):(?P<second>\d{1,2})(?P<fraction>\.\d{1,9})?"
    r"(?P<zone>Z|[-+]\d{2}:\d{2})?)?"
)
_PREFIX = "tag:yaml.org,2002:"


class WrongTagError(ValueError):
    """An explicit tag (`!!int`) on a scalar that is not one."""


def resolve(text: str, tag: str | None, plain: bool) -> Scalar:
    """The value of a scalar node; `tag` is its explicit tag, `plain` says that it is not quoted."""
    kind = (tag or "").removeprefix(_PREFIX).removeprefix("!!")
    if kind == "binary":
        try:
            return base64.b64decode(text, validate=False).decode("utf-8", "surrogateescape")
        except (binascii.Error, ValueError):
            raise WrongTagError("!!binary value contains invalid base64 data") from None
    if kind == "str" or (tag is not None and kind not in ("int", "float", "bool", "null", "timestamp")):
        return text
    if tag is None and not plain:
        return text
    value = _resolve_plain(text, dates=tag is None or kind == "timestamp")
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind and not _fits(kind, value, text):
        raise WrongTagError(f"cannot decode `{text}` as a !!{kind}")
    return value


def _fits(kind: str, value: Scalar, text: str) -> bool:
    wanted = {"int": int, "float": float, "bool": bool, "null": type(None)}.get(kind, str)
    return type(value) is wanted and (wanted is not str or value != text)


def _resolve_plain(text: str, dates: bool) -> Scalar:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text.startswith("."):
        return float(text) if _DOTTED_FLOAT.fullmatch(text) else text
    if text[0] not in "+-0123456789":
        return text
    if dates and (moment := _timestamp(text)) is not None:
        return moment
    digits = text.replace("_", "")
    if (whole := _integer(digits)) is not None:
        return whole
    if _FLOAT.fullmatch(digits):
        number = float(digits)
        return text if math.isinf(number) else number
    return text


def _integer(digits: str) -> int | None:
    found = _INTEGER.fullmatch(digits)
    if not found:
        return None
    base = next(name for name in _BASES if found[name] is not None)
    number = int(found[base], _BASES[base]) * (-1 if found["sign"] == "-" else 1)
    # A sign excludes the unsigned range (strconv.ParseUint takes none).
    highest = 2**63 - 1 if found["sign"] else 2**64 - 1
    return number if -(2**63) <= number <= highest else None


def _timestamp(text: str) -> str | None:
    """A date as Go prints it (`time.Time.String`), which is what the CLI hands to the program."""
    found = _TIMESTAMP.fullmatch(text)
    if not found or (found["sep"] == " " and found["zone"]) or (found["sep"] in ("T", "t") and not found["zone"]):
        return None
    offset = timedelta()
    if (zone := found["zone"]) and zone != "Z":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6])) * (-1 if zone[0] == "-" else 1)
    try:
        moment = datetime(
            *(int(found[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")),
            tzinfo=timezone(offset),
        )
    except ValueError:
        return None
    fraction = (found["fraction"] or "").rstrip("0").rstrip(".")
    shown_zone = moment.strftime("%z")
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction} {shown_zone} {shown_zone if offset else 'UTC'}"


def go_number(value: int | float) -> str:
    """A number as Go's encoding/json writes it."""
    if isinstance(value, int):
        return str(value)
    if not value:  # minus zero too: the CLI writes it as an integer on the way
        return "0"
    if 1e-6 <= abs(value) < 1e21:
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    mantissa, exponent = f"{Decimal(repr(value)).normalize():e}".split("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:].lstrip('0')}"


def go_json(value: Any) -> str:
    """Compact JSON with sorted keys, numbers and escapes as Go's encoding/json writes them."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{go_json(str(k))}:{go_json(v)}" for k, v in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(go_json(v) for v in value) + "]"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int) and value >= 2**63:
        value = float(value)  # inside an object the CLI reads JSON numbers back as int64 or float64
    if isinstance(value, int | float):
        return go_number(value)
    text = json.dumps(str(value), ensure_ascii=False)  # a `secure:` value has a text, too
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
