"""Gives the inside its own processes, network, names and view of files.

https://man7.org/linux/man-pages/man7/namespaces.7.html. An ordinary user may make them where the system lets him:
Ubuntu 24.04 (AppArmor) and Docker (seccomp) do not.
"""

from __future__ import annotations

import os
from pathlib import Path

from dolmen.engine.closed import kernel
from dolmen.engine.closed.model import Closing

RESERVED = 300
"""Numbers that the kernel gives to nobody a second time; it refuses a lower bound."""
SPARE = 64


class BrokenError(Exception):
    """Half of a namespace was made: this process can't go on."""


def separate() -> str:
    """Makes a user namespace and one for the processes to come; says why it could not."""
    user, group = os.geteuid(), os.getegid()
    try:
        kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID)
    except OSError as error:
        return f"this system allows no user namespace ({error.strerror})"
    try:  # everyone stays who he is, so that files of the user stay his; setgroups is what an ordinary user must give up
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError as error:
        raise BrokenError(f"a user namespace could not be set up ({error.strerror})") from error
    return ""


def furnish(closing: Closing, private: str) -> dict[str, object]:
    """Called by the first process inside: the other namespaces, each as far as it goes."""
    made = ["user", "pid"]
    wanted = (("ipc", kernel.CLONE_NEWIPC), ("uts", kernel.CLONE_NEWUTS), ("net", kernel.CLONE_NEWNET))
    for name, flag in (*wanted, ("mount", kernel.CLONE_NEWNS)):
        try:
            kernel.unshare(flag)
        except OSError:
            continue
        made.append(name)
    facts: dict[str, object] = {"namespaces": made, "read_only": False, "private_disk": False}
    facts["numbered"] = _numbered(closing.limits.processes)
    if "mount" in made:
        _mounts(closing, private, facts)
    return facts


def _numbered(processes: int) -> bool:
    """Bound the numbers of processes of this pid namespace, which binds root as well (Linux 6.14).

    Source: https://docs.kernel.org/admin-guide/sysctl/kernel.html#pid-max
    """
    try:
        Path("/proc/sys/kernel/pid_max").write_text(str(max(processes, RESERVED) + SPARE))
    except OSError:
        return False
    return True


def _mounts(closing: Closing, private: str, facts: dict[str, object]) -> None:
    """Everything read-only but the folders to write; the private folder in memory, with its limits.

    Read-only mounts also keep modes, owners and times, which Landlock does not look at.
    """
    try:
        kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
        kernel.make_read_only("/")
        facts["read_only"] = True
        for folder in closing.write:
            kernel.mount(folder, folder, "", kernel.MS_BIND | kernel.MS_REC)
            kernel.make_read_only(folder, read_only=False)
    except OSError as error:
        facts["mounts_why"] = str(error)
    try:
        options = f"size={closing.limits.disk},nr_inodes={closing.limits.files},mode=700"
        kernel.mount("tmpfs", private, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, options)
        facts["private_disk"] = True
    except OSError as error:
        facts["disk_why"] = str(error)
        if facts["read_only"]:
            kernel.mount(private, private, "", kernel.MS_BIND | kernel.MS_REC)
            kernel.make_read_only(private, read_only=False)
