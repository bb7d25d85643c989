"""Who may log in to the cache."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from .. import names
from ..arguments import check, given_or, plain
from ..generations import slot_of, slots
from ..outputs import register
from . import access_string
from .access_arguments import AUTHENTICATION, ENGINE, GENERATION, CacheAccessArgs, CacheUser
from .access_limits import problems

PASSWORD_LENGTH = 40
"""ElastiCache takes 16 to 128 characters; letters and digits alone are safe in URIs, shells and YAML."""
DISABLED = "off ~* -@all"


class CacheLogin:
    """One login as the rest of the program sees it; each value depends on that login alone."""

    def __init__(self, user: aws.elasticache.User, password: pulumi.Output[str] | None) -> None:
        self.user_id: pulumi.Output[str] = user.user_id
        self.user_name: pulumi.Output[str] = user.user_name
        """The name to log in with."""
        self.user_arn: pulumi.Output[str] = user.arn
        self.password = password
        """The password that clients read, once the user holds it; `None` for a user that logs in with IAM."""


class CacheAccess(pulumi.ComponentResource):
    """Users with generated passwords, and the one user group of a replication group.

    Access control is by users from the first day: moving from a single token to users later locks clients out. A user
    holds the passwords of two generations at once, which is what makes a rotation free of downtime. With engine redis
    the group also holds a user *named* `default` that can neither log in nor do anything: without one of our own,
    ElastiCache would put in a user that needs no password.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
    """

    user_group_id: pulumi.Output[str]
    """The user group to give to the replication group."""
    user_names: pulumi.Output[dict[str, str]]
    """The name each login is known by to the server."""
    user_arns: pulumi.Output[dict[str, str]]
    """The ARN of each user: what an IAM policy for `elasticache:Connect` names."""
    passwords: pulumi.Output[dict[str, str]]
    """The password that clients read, by login; secret. Logins with IAM have none."""

    def __init__(self, name: str, args: CacheAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, CacheAccessArgs, problems(args))
        super().__init__("dolmen:index:CacheAccess", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        engine = given_or(args.get("engine"), ENGINE)
        self.logins = {key: _login(name, key, user, args, child) for key, user in plain("users", args["users"]).items()}
        """By login, for programs in this language."""
        members = [login.user_id for login in self.logins.values()]
        if engine == "redis":
            members.append(_disabled_default_user(name, args, child).user_id)
        group = aws.elasticache.UserGroup(
            name,
            user_group_id=names.user_group_id(args["platform"]),
            engine=engine,
            user_ids=members,
            tags=args.get("tags"),
            opts=child,
        )
        self.user_group_id = group.user_group_id
        self.user_names = pulumi.Output.all(**{key: login.user_name for key, login in self.logins.items()})
        self.user_arns = pulumi.Output.all(**{key: login.user_arn for key, login in self.logins.items()})
        self.passwords = pulumi.Output.secret(
            pulumi.Output.all(
                **{key: login.password for key, login in self.logins.items() if login.password is not None}
            )
        )
        register(self)


def access_string_of(user: CacheUser) -> str:
    """In the canonical form that AWS gives back: any other would show as a change in every later preview."""
    if (own := user.get("access_string")) is not None:
        return access_string.canonical(own)
    keys = given_or(user.get("keys"), [])
    return access_string.application(keys, given_or(user.get("channels"), keys), given_or(user.get("commands"), []))


def _login(owner: str, key: str, user: CacheUser, args: CacheAccessArgs, child: pulumi.ResourceOptions) -> CacheLogin:
    name, user_id = names.keyed(owner, key), names.cache_user_id(args["platform"], key)
    engine, tags = given_or(args.get("engine"), ENGINE), args.get("tags")
    if given_or(user.get("authentication"), AUTHENTICATION) == "iam":
        with_iam = aws.elasticache.User(
            name,
            user_id=user_id,
            user_name=user_id,  # AWS wants both equal for IAM
            engine=engine,
            access_string=access_string_of(user),
            authentication_mode={"type": "iam"},
            tags=tags,
            opts=child,
        )
        return CacheLogin(with_iam, None)
    generation = int(given_or(user.get("generation"), GENERATION))
    passwords = {slot: _password(names.keyed(name, slot), held, child) for slot, held in slots(generation).items()}
    with_passwords = aws.elasticache.User(
        name,
        user_id=user_id,
        user_name=key,
        engine=engine,
        access_string=access_string_of(user),
        passwords=[passwords[slot].result for slot in sorted(passwords)],
        tags=tags,
        opts=child,
    )
    active = int(given_or(user.get("active"), generation))
    return CacheLogin(with_passwords, _once_held(with_passwords, passwords[slot_of(active)]))


def _disabled_default_user(owner: str, args: CacheAccessArgs, child: pulumi.ResourceOptions) -> aws.elasticache.User:
    name = names.keyed(owner, "default")
    return aws.elasticache.User(
        name,
        user_id=names.cache_user_id(args["platform"], "default"),
        user_name="default",
        engine="redis",
        access_string=DISABLED,
        passwords=[_password(name, 1, child).result],
        tags=args.get("tags"),
        opts=child,
    )


def _password(name: str, generation: int, child: pulumi.ResourceOptions) -> random.RandomPassword:
    return random.RandomPassword(
        name,
        length=PASSWORD_LENGTH,
        special=False,
        min_lower=1,
        min_upper=1,
        min_numeric=1,
        keepers={"generation": str(generation)},
        opts=child,
    )


def _once_held(user: aws.elasticache.User, password: random.RandomPassword) -> pulumi.Output[str]:
    """The password as an output of the user too, so that nobody publishes it before the server takes it."""
    both = pulumi.Output.all(password.result, user.arn)
    return pulumi.Output.secret(both.apply(lambda values: str(values[0])))
