"""Calls the kernel where Python 3.11 has no function for it."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from types import ModuleType

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
"""https://man7.org/linux/man-pages/man2/unshare.2.html"""
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 24, 36, 38
"""https://man7.org/linux/man-pages/man2/prctl.2.html"""
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 4096, 16384, 1 << 18
"""https://man7.org/linux/man-pages/man2/mount.2.html"""
_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY = 442, -100, 0x8000, 1
"""https://man7.org/linux/man-pages/man2/mount_setattr.2.html; new calls have one number on all architectures."""
_CAPABILITY_VERSION_3 = 0x20080522
"""https://man7.org/linux/man-pages/man2/capget.2.html"""

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _checked(result: int, call: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    _checked(_libc.unshare(flags), "unshare")


def prctl(option: int, argument: int) -> None:
    number = ctypes.c_ulong
    _checked(_libc.prctl(option, number(argument), number(0), number(0), number(0)), "prctl")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    result = _libc.mount(
        source.encode(), os.fsencode(target), kind.encode(), ctypes.c_ulong(flags), options.encode() or None
    )
    _checked(result, "mount")


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns", ctypes.c_uint64),
    )


def make_read_only(path: str, *, read_only: bool = True) -> None:
    """Makes every mount from a folder on read-only, or that of one folder writable again."""
    attributes = _MountAttributes()
    setattr(attributes, "set" if read_only else "clear", _MOUNT_ATTR_RDONLY)
    flags = ctypes.c_uint(_AT_RECURSIVE if read_only else 0)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    result = _libc.syscall(
        ctypes.c_long(_MOUNT_SETATTR), _AT_FDCWD, os.fsencode(path), flags, ctypes.byref(attributes), size
    )
    _checked(result, "mount_setattr")


def drop_capabilities() -> None:
    """Gives up every capability, for this process and what it executes."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # an ordinary user can't, and needs it not; or the kernel knows no more of them
            break
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _checked(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


@contextmanager
def libraries_by_name() -> Generator[None]:
    """Lets packages find system libraries without starting a program.

    `ctypes.util.find_library` runs ldconfig, then a compiler: 20 ms and more, with what it imports. The loader finds
    these by their names; None stands for what Python itself is linked to.
    """
    names = ModuleType("ctypes.util")
    setattr(names, "find_library", {"seccomp": "libseccomp.so.2"}.get)  # noqa: B010 -- a module's own names are typed
    kept = sys.modules.get(names.__name__)
    sys.modules[names.__name__] = names
    setattr(ctypes, "util", names)  # noqa: B010
    try:
        yield
    finally:
        del sys.modules[names.__name__]
        with suppress(AttributeError):
            delattr(ctypes, names.__name__.rpartition(".")[2])
        if kept is not None:
            sys.modules[names.__name__] = kept
            setattr(ctypes, "util", kept)  # noqa: B010
