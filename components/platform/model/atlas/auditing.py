"""What the audit log of the databases records."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from ..base import Section


class Auditing(Section):
    """The audit log of the project's databases. `{}` is enough: logins of people, refused logins and operations, and
    changes of collections, indexes, users, roles and the deployment."""

    filter: Mapping[str, JsonValue] | None = None
    """A query over audit messages in place of the default one, such as `{atype: authenticate}`."""
    authorization_successes: bool | None = None
    """Whether reads and writes that were allowed are recorded too, where the filter asks for authCheck. It can slow the
    cluster down severely. Default: no."""
