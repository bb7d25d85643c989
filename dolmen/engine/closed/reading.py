"""Names the files that a Python program needs to run at all."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Collection
from pathlib import Path

SYSTEM = (
    *("/bin", "/lib", "/lib32", "/lib64", "/libx32", "/sbin", "/usr", "/nix/store", "/gnu/store"),
    *("/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ld.so.preload"),
    *("/etc/locale.alias", "/etc/localtime", "/etc/timezone", "/etc/mime.types", "/etc/os-release"),
    *("/etc/nsswitch.conf", "/etc/passwd", "/etc/group", "/etc/hosts", "/etc/protocols", "/etc/services"),
    *("/etc/ca-certificates", "/etc/pki/tls/certs", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/ssl/cert.pem"),
    "/sys/devices/system/cpu",  # how many processors there are
)
"""Programs, libraries, and those parts of /etc that are read at start and hold no secret.

/proc is not among them: it shows the environment and the command line of every process of the user.
"""


def own_interpreter() -> tuple[str, ...]:
    """The folders of the running interpreter: its library and its packages."""
    folders = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    libraries = (sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    return tuple(dict.fromkeys([*folders, *libraries, str(Path(sys.executable).resolve())]))


def leaving_out(folder: Path, names: Collection[str] = (".git",)) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The `read` and `listed` of a folder without some of its entries.

    Landlock only adds: what is below a named folder can't be taken out again, so the entries are named instead. The
    names in the folder (those in the entries left out, too) can be listed, their contents not. An entry that comes
    later is not readable: https://docs.kernel.org/userspace-api/landlock.html#good-practices
    """
    with os.scandir(folder) as entries:
        return tuple(sorted(entry.path for entry in entries if entry.name not in names)), (str(folder),)
