"""Connection strings for one application, from Atlas's own."""

from urllib.parse import parse_qsl, quote, urlencode


def application_uri(
    connection_string: str,
    *,
    database: str,
    application: str,
    user: str | None = None,
    password: str | None = None,
    iam: bool = False,
) -> str:
    """The URI that an application connects with; without `user` the same without a login.

    User, password and database are percent-encoded (RFC 3986 reserves `:/?#[]@` and `%`). The path names the
    application's database, while users are kept in `admin`, hence `authSource`; IAM logins are kept outside. Writes are
    retried and acknowledged by a majority. What Atlas put into the query stays (`replicaSet`, `authSource` excepted).

    Raises `ValueError` for anything but `mongodb://` and `mongodb+srv://` strings without a login.

    Source: https://www.mongodb.com/docs/manual/reference/connection-string/
    """
    scheme, separator, rest = connection_string.partition("://")
    before_query, _, query = rest.partition("?")
    hosts = before_query.partition("/")[0]
    if scheme not in {"mongodb", "mongodb+srv"} or not separator or not hosts:
        raise ValueError("a connection string reads mongodb+srv://<host> or mongodb://<host>:<port>,…")
    if "@" in hosts:
        raise ValueError("the connection string holds a login already")
    wanted = {"retryWrites": "true", "w": "majority", "appName": application, "authSource": "admin"}
    if iam:
        wanted |= {"authSource": "$external", "authMechanism": "MONGODB-AWS"}
    taken = {key.lower() for key in wanted}
    options = {key: value for key, value in parse_qsl(query, keep_blank_values=True) if key.lower() not in taken}
    if not {"tls", "ssl"} & {key.lower() for key in options}:
        options["tls"] = "true"
    login = "" if user is None else f"{quote(user, safe='')}:{quote(password or '', safe='')}@"
    parameters = urlencode({**options, **wanted}, quote_via=quote, safe="")
    return f"{scheme}://{login}{hosts}/{quote(database, safe='')}?{parameters}"
