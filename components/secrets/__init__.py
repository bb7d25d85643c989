"""What an application reads from AWS Secrets Manager, and who may read it."""

from .application import ApplicationSecrets, ApplicationSecretsArgs
from .cache_user import CacheUserSecret, CacheUserSecretArgs
from .database import DatabaseSecret, DatabaseSecretArgs
from .environment import ApplicationEnvironment, application_environment
from .generated import GeneratedSecret, GeneratedSecretArgs
from .given import GivenSecret, GivenSecretArgs
from .jwt import JwtSecret, JwtSecretArgs
from .key import secrets_key_policy
from .reader import SecretReader, SecretReaderArgs

__all__ = [
    "ApplicationEnvironment",
    "ApplicationSecrets",
    "ApplicationSecretsArgs",
    "CacheUserSecret",
    "CacheUserSecretArgs",
    "DatabaseSecret",
    "DatabaseSecretArgs",
    "GeneratedSecret",
    "GeneratedSecretArgs",
    "GivenSecret",
    "GivenSecretArgs",
    "JwtSecret",
    "JwtSecretArgs",
    "SecretReader",
    "SecretReaderArgs",
    "application_environment",
    "secrets_key_policy",
]
