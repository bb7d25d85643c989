"""Refuses system calls that no evaluation needs: a seccomp filter.

Whatever isn't named is allowed; what is refused gets an error, so that libraries take their other way. Calls of another
architecture's table (32-bit, x32) are refused as a whole: https://man7.org/linux/man-pages/man2/seccomp.2.html
"""

from __future__ import annotations

import errno
import os
import platform
import socket
from contextlib import suppress
from types import ModuleType

from dolmen.engine.closed import kernel

REFUSED = (
    # a network, and services of this machine: a stream socket that was passed in, and pairs of them, go on working
    *("socket", "connect", "bind", "listen", "accept", "accept4"),
    # other processes: their memory, descriptors, limits, places
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "kcmp"),
    *("process_madvise", "process_mrelease", "migrate_pages", "move_pages"),
    # memory that belongs to no process, and messages through the kernel
    *("memfd_create", "memfd_secret", "shmget", "semget", "msgget", "mq_open"),
    # other views of the file system
    *("mount", "umount", "umount2", "move_mount", "open_tree", "open_tree_attr", "mount_setattr", "fsopen", "fsconfig"),
    *("fsmount", "fspick", "unshare", "setns", "chroot", "pivot_root", "open_by_handle_at", "fanotify_init"),
    *("quotactl", "quotactl_fd", "swapon", "swapoff", "acct"),
    # ways around this filter, and parts of the kernel with a history
    *("io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open", "userfaultfd"),
    *("keyctl", "add_key", "request_key", "personality", "lookup_dcookie", "uselib", "modify_ldt", "vm86", "syslog"),
    *("kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot"),
)
MODES = (
    *("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "utime", "utimes"),
    *("utimensat", "futimesat", "setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr", "lremovexattr"),
    *("fremovexattr", "removexattrat", "file_setattr"),
)
"""Modes, owners, times and attributes of files, which Landlock does not look at."""
NEW = {
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "pidfd_open": 434,
    "clone3": 435,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "quotactl_fd": 443,
    "memfd_secret": 447,
    "process_mrelease": 448,
    "fchmodat2": 452,
    "setxattrat": 463,
    "removexattrat": 466,
    "open_tree_attr": 467,
    "file_setattr": 469,
}
"""Numbers of calls that are younger than many a libseccomp; they are the same on all architectures."""

NAMESPACES = (*(1 << bit for bit in (7, 17, 25)), *(1 << bit for bit in range(26, 31)))
"""CLONE_NEW…: time, mount, cgroup; uts, ipc, user, pid, net."""
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
"""Writing into the input of a terminal: https://man7.org/linux/man-pages/man2/TIOCSTI.2const.html"""
LOW = 0xFFFFFFFF


def load_library() -> tuple[ModuleType | None, str]:
    """The library that makes filters, or why there is none."""
    try:
        with kernel.libraries_by_name():
            import pyseccomp
    except (ImportError, OSError, RuntimeError) as error:
        return None, f"pyseccomp or the system's libseccomp can't be loaded: {error}"
    return pyseccomp, ""


def refuse(library: ModuleType, *, spared: tuple[int, ...], modes: bool) -> None:
    """Puts the filter on this thread and all that it starts.

    `spared` are processes that get no signal, nor their groups; `modes` says that changes of mode, owner, time and
    attributes are answered as done and not made: they would reach files outside, and copying a file fails on an error.
    """
    arg, equal, masked, different = library.Arg, library.EQ, library.MASKED_EQ, library.NE
    refused = library.ERRNO(errno.EPERM)
    rules = library.SyscallFilter(library.ALLOW)
    rules.set_attr(library.Attr.ACT_BADARCH, refused)
    for attribute, value in ((library.Attr.CTL_SSB, 1), (library.Attr.CTL_OPTIMIZE, 2)):
        with suppress(OSError):  # no slower processor: its own process has no secret to guard; a tree, not a list
            rules.set_attr(attribute, value)

    def add(action: int, name: str, *conditions: object) -> None:
        number = NEW.get(name) or library.resolve_syscall(library.Arch.NATIVE, name)
        if number >= 0:  # else this architecture has no such call
            rules.add_rule(action, number, *conditions)

    for name in REFUSED:
        add(refused, name)
    for name in MODES if modes else ():
        add(library.ERRNO(0), name)
    add(library.ERRNO(errno.ENOSYS), "clone3")  # its flags are behind a pointer; libc goes on with clone
    for flag in NAMESPACES:
        add(refused, "clone", arg(1 if platform.machine() == "s390x" else 0, masked, flag, flag))
    add(refused, "socketpair", arg(0, different, socket.AF_UNIX))
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):  # one of a pair of these can send to any address
        add(refused, "socketpair", arg(0, equal, socket.AF_UNIX), arg(1, masked, 0xF, kind))
    add(refused, "sendto", arg(4, different, 0))
    add(refused, "prlimit64", arg(0, different, 0))
    for request in (TIOCSTI, TIOCLINUX):
        add(refused, "ioctl", arg(1, masked, LOW, request))
    for name in ("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
        for process in spared:
            add(refused, name, arg(0, masked, LOW, process & LOW))
    rules.load()


def spared(processes: tuple[int, ...]) -> tuple[int, ...]:
    """The processes, their groups, and everyone at once, as `kill` names them."""
    return (-1, *dict.fromkeys([*processes, *(-os.getpgid(process) for process in processes)]))
