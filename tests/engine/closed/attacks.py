"""What a hostile program tries: run inside; prints what came of each attempt, as JSON.

`refused: …` is an error of the kernel; anything else is what the attempt brought.
"""

from __future__ import annotations

import asyncio
import ctypes
import errno
import json
import mmap
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

_, judge, folder, project, port = sys.argv[1:]
JUDGE, FOLDER, PROJECT, PORT = int(judge), Path(folder), Path(project), int(port)
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
CALLS = {
    "x86_64": {"ptrace": 101, "process_vm_readv": 310, "mount": 165, "unshare": 272, "chroot": 161, "bpf": 321}
    | {"perf_event_open": 298, "keyctl": 250, "personality": 135, "memfd_create": 319, "clone": 56, "shmget": 29}
    | {"open_by_handle_at": 304, "swapon": 167, "reboot": 169, "setns": 308, "init_module": 175, "userfaultfd": 323},
    "aarch64": {"ptrace": 117, "process_vm_readv": 270, "mount": 40, "unshare": 97, "chroot": 51, "bpf": 280}
    | {"perf_event_open": 241, "keyctl": 219, "personality": 92, "memfd_create": 279, "clone": 220, "shmget": 194}
    | {"open_by_handle_at": 265, "swapon": 224, "reboot": 142, "setns": 268, "init_module": 105, "userfaultfd": 282},
}[platform.machine()] | {"io_uring_setup": 425, "clone3": 435, "pidfd_open": 434, "pidfd_getfd": 438}
SEIZE = 0x4206
"""PTRACE_SEIZE: traces without stopping."""


def call(name: str, *arguments: int) -> str:
    if libc.syscall(ctypes.c_long(CALLS[name]), *map(ctypes.c_long, arguments)) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return "done"


def refused(name: str) -> str:
    """Wrong arguments are no refusal: the call itself must be refused."""
    try:
        return call(name, 0, 0, 0, 0, 0)
    except OSError as error:
        if error.errno in (errno.EPERM, errno.ENOSYS):
            raise
        return f"done: {error}"


def in_a_process(code: str) -> str:
    """The error that another Python meets, or what it prints."""
    caught = f"try:\n {code}\n print('done')\nexcept OSError as error: print('refused:', error)"
    ran = subprocess.run([sys.executable, "-I", "-c", caught], capture_output=True, text=True, check=False)
    return ran.stdout.strip() or f"refused: it ended with {ran.returncode}"


def curl() -> str:
    program = shutil.which("curl")
    if program is None:
        return "refused: there is no curl"
    ran = subprocess.run([program, "-sS", "-m", "1", f"http://127.0.0.1:{PORT}"], capture_output=True, check=False)
    return "refused: it could not connect" if ran.returncode == 7 else f"done: it ended with {ran.returncode}"


def unix(kind: socket.SocketKind, address: str) -> Callable[[], object]:
    return lambda: socket.socket(socket.AF_UNIX, kind).connect(address)


def from_a_pair() -> object:
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return pair[0].sendto(b"x", f"{FOLDER}/datagrams")


def other_table() -> str:
    """getpid by the 32-bit table: mov eax, 20; int 0x80; ret."""
    if platform.machine() != "x86_64":
        return "refused: no such table"
    child = os.fork()
    if child == 0:
        code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
        get = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
        os._exit(get() > 0)
    status = os.waitpid(child, 0)[1]
    return "done" if status == 256 else "refused: an error, or no such table"


def linked() -> bytes:
    Path("link").symlink_to(FOLDER / "secret")
    return Path("link").read_bytes()


def hard_linked() -> bytes:
    os.link(FOLDER / "secret", "hard")
    return Path("hard").read_bytes()


def append(path: Path) -> object:
    with path.open("a") as file:
        return file.write("hostile")


def signalled(process: int) -> Callable[[], None]:
    """With signal 0, which tries and does nothing."""
    return lambda: os.kill(process, 0)


def descriptors() -> str:
    more = []
    for number in range(3, 1024):
        try:
            os.fstat(number)
        except OSError:
            continue
        more.append(number)
    return f"open: {more}"


def capabilities() -> str:
    held = (ctypes.c_uint32 * 6)()
    libc.capget((ctypes.c_uint32 * 2)(0x20080522, 0), held)
    return f"{list(held)}, no new privileges: {libc.prctl(39, 0, 0, 0, 0)}"


def threads() -> str:
    done: list[int] = []
    all_of_them = [threading.Thread(target=done.append, args=(n,)) for n in range(4)]
    for one in all_of_them:
        one.start()
    for one in all_of_them:
        one.join()
    return f"{len(done)} ran"


async def _asynchronous() -> str:
    ran = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", "print(6 * 7)", stdout=asyncio.subprocess.PIPE
    )
    return (await ran.communicate())[0].decode().strip()


def copied() -> str:
    with tempfile.TemporaryDirectory() as place:
        shutil.copy2(PROJECT / "open.txt", f"{place}/copy")
        return Path(place, "copy").read_text()


def grpc() -> str:
    try:
        import grpc
    except ImportError as error:
        return f"imported: no such package here ({error})"
    return f"imported: {grpc.__version__}"


secret, outside = FOLDER / "secret", FOLDER / "outside"
ATTEMPTS: dict[str, dict[str, Callable[[], object]]] = {
    "network": {
        "tcp": lambda: socket.create_connection(("127.0.0.1", PORT), 5),
        "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", PORT)),
        "a Unix socket": unix(socket.SOCK_STREAM, f"{FOLDER}/stream"),
        "an abstract Unix socket": unix(socket.SOCK_STREAM, f"\0dolmen-{PORT}"),
        "a datagram from a pair": from_a_pair,
        "a netlink socket": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
        "libc": lambda: call_libc_socket(),
        "a started Python": lambda: in_a_process(f"import socket; socket.create_connection(('127.0.0.1', {PORT}), 5)"),
        "a started curl": curl,
    },
    "reading": {
        "another folder": secret.read_bytes,
        "another folder's names": lambda: list(FOLDER.iterdir()),
        "a symbolic link": linked,
        "a hard link": hard_linked,
        "a started cat": lambda: in_a_process(f"print(open({str(secret)!r}).read())"),
        ".git/config": (PROJECT / ".git" / "config").read_bytes,
        "the judge's environment": Path(f"/proc/{JUDGE}/environ").read_bytes,
        "its parent's environment": Path(f"/proc/{os.getppid()}/environ").read_bytes,
        "its own environment in /proc": Path("/proc/self/environ").read_bytes,
        "/etc/shadow": Path("/etc/shadow").read_bytes,
    },
    "writing": {
        "a new file": lambda: append(outside / "new"),
        "an old file": lambda: append(outside / "old"),
        "emptying": lambda: os.truncate(outside / "old", 0),
        "removing": (outside / "old").unlink,
        "renaming": lambda: (outside / "other").rename(outside / "renamed"),
        "a folder": (outside / "folder").mkdir,
        "a symbolic link": lambda: (outside / "link").symlink_to("old"),
        "a pipe": lambda: os.mkfifo(outside / "pipe"),
        "the project": lambda: append(PROJECT / "open.txt"),
        ".git": lambda: append(PROJECT / ".git" / "hooks"),
        "/tmp": lambda: append(Path(f"/tmp/dolmen-{JUDGE}-hostile")),
        "/dev/shm": lambda: append(Path(f"/dev/shm/dolmen-{JUDGE}-hostile")),
    },
    "processes": {
        "a signal to the judge": signalled(JUDGE),
        "a signal to its parent": signalled(os.getppid()),
        "tracing the judge": lambda: call("ptrace", SEIZE, JUDGE, 0, 0),
        "tracing its parent": lambda: call("ptrace", SEIZE, os.getppid(), 0, 0),
        "another's memory": lambda: read_memory(JUDGE),
        "its parent's memory": lambda: read_memory(os.getppid()),
        "a descriptor of its parent": lambda: call("pidfd_open", os.getppid(), 0),
        "the judge's limits": lambda: limit_of(JUDGE),
    },
    "system calls": {
        **{name: (lambda name=name: refused(name)) for name in CALLS if name != "clone"},
        "a namespace by clone": lambda: call("clone", 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0),
        "the 32-bit table": other_table,
    },
    "seen": {
        "environment": lambda: dict(os.environ),
        "input": sys.stdin.read,
        "descriptors": descriptors,
        "capabilities": capabilities,
    },
    "ordinary": {
        "a pair of sockets": lambda: [pair := socket.socketpair(), pair[0].sendall(b"hi"), pair[1].recv(2).decode()][
            -1
        ],
        "threads": threads,
        "a process": lambda: subprocess.check_output([sys.executable, "-I", "-c", "print(42)"], text=True).strip(),
        "a shell": lambda: subprocess.check_output("echo 42", shell=True, text=True).strip(),
        "asyncio": lambda: asyncio.run(_asynchronous()),
        "copying": copied,
        "reading the project": (PROJECT / "open.txt").read_text,
        "listing the project": lambda: sorted(one.name for one in PROJECT.iterdir()),
        "grpc": grpc,
    },
}


def call_libc_socket() -> str:
    if libc.socket(2, 1, 0) == -1:
        raise OSError(ctypes.get_errno(), "socket")
    return "done"


def read_memory(process: int) -> str:
    """Of an address that isn't mapped, EFAULT would say that it was allowed."""
    vector = (ctypes.c_uint64 * 2)(ctypes.addressof(ctypes.create_string_buffer(8)), 8)
    try:
        return call("process_vm_readv", process, ctypes.addressof(vector), 1, ctypes.addressof(vector), 1, 0)
    except OSError as error:
        if error.errno == errno.EFAULT:
            return "done: allowed"
        raise


def limit_of(process: int) -> object:
    import resource

    return resource.prlimit(process, resource.RLIMIT_NOFILE)


def attempt(one: Callable[[], object]) -> str:
    try:
        done = one()
    except OSError as error:
        return f"refused: {error}"
    return done if isinstance(done, str) else f"done: {done!r}"


def modes() -> None:
    """Tried without looking at errors: a test looks at the files."""
    for change in (
        lambda: (outside / "old").chmod(0o4755),
        lambda: os.utime(outside / "old", (1, 1)),
        lambda: os.setxattr(outside / "old", "user.hostile", b"1"),
    ):
        attempt(change)


modes()
print(json.dumps({kind: {name: attempt(one) for name, one in all_.items()} for kind, all_ in ATTEMPTS.items()}))
