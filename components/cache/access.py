"""Who may log in to the cache."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from .. import names
from ..arguments import check, given_or, plain
from ..generations import slot_of, slots
from ..outputs import register
from . import access_string
from .access_arguments import AUTHENTICATION, ENGINE, GENERATION, CacheAccessArgs, CacheUser, logins_of
from .access_limits import problems

PASSWORD_LENGTH = 40
"""ElastiCache takes 16 to 128 characters; letters and digits alone are safe in URIs, shells and YAML."""
DISABLED = "off ~* -@all"


@dataclass(frozen=True, slots=True)
class _Users:
    """The users of one login: one for each way to log in."""

    told: str
    by_way: dict[str, aws.elasticache.User]
    password: pulumi.Output[str] | None
    """The password that clients read, once its user holds it."""


class CacheLogin:
    """One login as the rest of the program sees it. Each value depends on that login alone; while there are two ways to
    log in, on the user group too, so that clients are told of a way that works already."""

    def __init__(self, users: _Users, group: aws.elasticache.UserGroup) -> None:
        def usable(value: pulumi.Output[str]) -> pulumi.Output[str]:
            if len(users.by_way) == 1:
                return value
            return pulumi.Output.all(value, group.arn).apply(lambda known: str(known[0]))

        self.user_names = {way: usable(user.user_name) for way, user in users.by_way.items()}
        """Way to log in, `password` or `iam` → the name for it."""
        self.authentication: str = users.told
        """The way that clients are told to log in."""
        self.user_name: pulumi.Output[str] = self.user_names[users.told]
        """The name to log in with."""
        self.user_arn: pulumi.Output[str] = users.by_way.get("iam", users.by_way[users.told]).arn
        """What a policy for `elasticache:Connect` names."""
        self.password: pulumi.Output[str] | None = None if users.password is None else usable(users.password)
        """The password that clients read; `None` where none may log in with one."""


class CacheAccess(pulumi.ComponentResource):
    """Users with generated passwords, and the one user group of a replication group.

    Access control is by users from the first day: moving from a single token to users later locks clients out. A user
    holds the passwords of two generations at once, which is what makes a rotation free of downtime. With engine redis
    the group also holds a user *named* `default` that can neither log in nor do anything: without one of our own,
    ElastiCache would put in a user that needs no password.

    Passwords and IAM are two users, since AWS wants an IAM user's name to be its id; while clients move from one to the
    other both exist and both are in the group.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
    """

    user_group_id: pulumi.Output[str]
    """The user group to give to the replication group."""
    user_names: pulumi.Output[dict[str, str]]
    """The name that each login's clients are told to log in with."""
    iam_user_names: pulumi.Output[dict[str, str]]
    """The name to log in with IAM, by login; logins without IAM have none."""
    user_arns: pulumi.Output[dict[str, str]]
    """The ARN of each user: what an IAM policy for `elasticache:Connect` names."""
    passwords: pulumi.Output[dict[str, str]]
    """The password that clients read, by login; secret. Logins with IAM have none."""

    def __init__(self, name: str, args: CacheAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, CacheAccessArgs, problems(args))
        super().__init__("dolmen:index:CacheAccess", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        engine = given_or(args.get("engine"), ENGINE)
        users = {key: _users(name, key, user, args, child) for key, user in plain("users", args["users"]).items()}
        members = [user.user_id for of_one in users.values() for user in of_one.by_way.values()]
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
        self.logins = {key: CacheLogin(of_one, group) for key, of_one in users.items()}
        """By login, for programs in this language."""
        self.user_group_id = group.user_group_id
        self.user_names = pulumi.Output.all(**{key: login.user_name for key, login in self.logins.items()})
        self.iam_user_names = pulumi.Output.all(
            **{key: login.user_names["iam"] for key, login in self.logins.items() if "iam" in login.user_names}
        )
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


def _users(owner: str, key: str, user: CacheUser, args: CacheAccessArgs, child: pulumi.ResourceOptions) -> _Users:
    told = given_or(user.get("authentication"), AUTHENTICATION)
    by_way: dict[str, aws.elasticache.User] = {}
    password: pulumi.Output[str] | None = None
    for way in logins_of(user):
        if way == "iam":
            by_way[way] = _user_with_iam(owner, key, user, args, child)
        else:
            by_way[way], password = _user_with_passwords(owner, key, user, args, child)
    return _Users(told, by_way, password)


def _user_with_iam(
    owner: str, key: str, user: CacheUser, args: CacheAccessArgs, child: pulumi.ResourceOptions
) -> aws.elasticache.User:
    user_id = names.cache_iam_user_id(args["platform"], key)
    return aws.elasticache.User(
        names.keyed(owner, f"{key}_iam"),  # no login's key has a `_`
        user_id=user_id,
        user_name=user_id,  # AWS wants both equal for IAM
        engine=given_or(args.get("engine"), ENGINE),
        access_string=access_string_of(user),
        authentication_mode={"type": "iam"},
        tags=args.get("tags"),
        opts=child,
    )


def _user_with_passwords(
    owner: str, key: str, user: CacheUser, args: CacheAccessArgs, child: pulumi.ResourceOptions
) -> tuple[aws.elasticache.User, pulumi.Output[str]]:
    name = names.keyed(owner, key)
    generation = int(given_or(user.get("generation"), GENERATION))
    passwords = {slot: _password(names.keyed(name, slot), held, child) for slot, held in slots(generation).items()}
    made = aws.elasticache.User(
        name,
        user_id=names.cache_user_id(args["platform"], key),
        user_name=key,
        engine=given_or(args.get("engine"), ENGINE),
        access_string=access_string_of(user),
        passwords=[passwords[slot].result for slot in sorted(passwords)],
        tags=args.get("tags"),
        opts=child,
    )
    active = int(given_or(user.get("active"), generation))
    return made, _once_held(made, passwords[slot_of(active)])


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
