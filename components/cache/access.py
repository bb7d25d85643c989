"""Who may log in to the cache."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from .passwords import LENGTH, SLOTS, slot_of, slots

DISABLED = "off ~* -@all"


class CacheUser(TypedDict):
    """One login."""

    access_string: str
    """What it may do, in ElastiCache's canonical form (see `access_string.py`): AWS gives that form back, and any other
    would show as a change in every later preview."""
    iam: NotRequired[bool]
    """Log in with short-lived IAM tokens instead of passwords. Default: no."""
    generation: NotRequired[int]
    """The newest generation of its passwords. Default 1."""
    active: NotRequired[int]
    """The generation that clients read: `generation` or the one before. Default: `generation`."""


class CacheAccessArgs(TypedDict):
    platform: str
    """Prefix of every user id and of the user group id: both are unique in an account and region."""
    engine: str
    """`valkey` or `redis`; a user group fits clusters of its own engine."""
    users: dict[str, CacheUser]
    """The logins, by name. Adding one never changes another."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the users and the user group."""


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
        super().__init__("dolmen:index:CacheAccess", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        engine, tags = args["engine"], args.get("tags")
        self.logins = {
            key: _login(f"{name}-{key}", _user_id(args["platform"], key), key, user, engine, tags, child)
            for key, user in args["users"].items()
        }
        """By login, for programs in this language."""
        members = [login.user_id for login in self.logins.values()]
        if engine == "redis":
            members.append(_disabled_default_user(f"{name}-default", args["platform"], tags, child).user_id)
        group = aws.elasticache.UserGroup(
            f"{name}-users",
            user_group_id=f"{args['platform']}-cache",
            engine=engine,
            user_ids=members,
            tags=tags,
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
        self.register_outputs(
            {
                "userGroupId": self.user_group_id,
                "userNames": self.user_names,
                "userArns": self.user_arns,
                "passwords": self.passwords,
            }
        )


def _login(
    name: str,
    user_id: str,
    user_name: str,
    user: CacheUser,
    engine: str,
    tags: pulumi.Input[dict[str, pulumi.Input[str]]] | None,
    child: pulumi.ResourceOptions,
) -> CacheLogin:
    if user.get("iam", False):
        with_iam = aws.elasticache.User(
            name,
            user_id=user_id,
            user_name=user_id,  # AWS wants both equal for IAM
            engine=engine,
            access_string=user["access_string"],
            authentication_mode={"type": "iam"},
            tags=tags,
            opts=child,
        )
        return CacheLogin(with_iam, None)
    generation = int(user.get("generation", 1))
    active = int(user.get("active", generation))
    if not generation - 1 <= active <= generation or active < 1:
        raise ValueError(f"{name}: active generation {active} is neither {generation} nor the one before")
    passwords = {slot: _password(f"{name}-password-{slot}", held, child) for slot, held in slots(generation).items()}
    with_passwords = aws.elasticache.User(
        name,
        user_id=user_id,
        user_name=user_name,
        engine=engine,
        access_string=user["access_string"],
        passwords=[passwords[slot].result for slot in SLOTS if slot in passwords],
        tags=tags,
        opts=child,
    )
    return CacheLogin(with_passwords, _once_held(with_passwords, passwords[slot_of(active)]))


def _disabled_default_user(
    name: str,
    platform: str,
    tags: pulumi.Input[dict[str, pulumi.Input[str]]] | None,
    child: pulumi.ResourceOptions,
) -> aws.elasticache.User:
    return aws.elasticache.User(
        name,
        user_id=_user_id(platform, "default"),
        user_name="default",
        engine="redis",
        access_string=DISABLED,
        passwords=[_password(f"{name}-password", 1, child).result],
        tags=tags,
        opts=child,
    )


def _password(name: str, generation: int, child: pulumi.ResourceOptions) -> random.RandomPassword:
    return random.RandomPassword(
        name,
        length=LENGTH,
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


def _user_id(platform: str, login: str) -> str:
    """AWS stores ids in lower case and would show any other spelling as a change."""
    return f"{platform}-{login}".lower()
