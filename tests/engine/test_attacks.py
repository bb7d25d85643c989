"""A hostile program, through the command: what it gets, what it can forge, what is left when it has ended."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.time_limits import PATIENCE

ROOT = Path(__file__).parents[2]
CANARY = "canary-4f1c"


@functools.cache
def missing() -> tuple[str, ...]:
    """What this machine does not hold, as `dolmen doctor` says."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "dolmen", "doctor", "--format", "json"],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return tuple(one["name"] for one in json.loads(done.stdout)["protections"] if one["state"] != "ok")


@pytest.fixture(autouse=True)
def closed() -> None:
    if missing():
        pytest.skip(f"this machine does not hold {', '.join(missing())} (tests/engine/closed tries what it holds)")


def project(folder: Path, program: str, **more: str) -> Path:
    home = folder / "project"
    (home / "stacks").mkdir(parents=True)
    (home / "Pulumi.yaml").write_text("name: shop\nruntime: python\nstackConfigDir: stacks\n")
    (home / "stacks/Pulumi.staging.yaml").write_text("config:\n  shop:size: 3\n")
    (home / "__main__.py").write_text(f"import pulumi\n{program}\n")
    for name, text in more.items():
        (home / name).write_text(text)
    return home


def plan(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As the installed command, which looks for no module in the folder where it is started (`-P`)."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "dolmen", "plan", "--format", "json", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SECRET_TOKEN": CANARY},
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Everything that anybody reads."""
    assert "Traceback (most recent call last)" not in done.stderr.replace("program", ""), done.stderr
    return done.stdout + done.stderr


TELL = "pulumi.export('got', str(got))"
READS = {
    "an environment variable": "import os; got = os.environ.get('SECRET_TOKEN')",
    "the environment of the judge": "import os; got = b''.join(open(f'/proc/{p}/environ','rb').read() for p in os.listdir('/proc') if p.isdigit())",
    "the environment of the parent": "import os; got = open(f'/proc/{os.getppid()}/environ', 'rb').read()",
    "a file of the user": "got = open({canary!r}).read()",
    "a file through a link in the tree": "import os; os.symlink({canary!r}, 'link'); got = open('link').read()",
    "a file through a started program": "import subprocess; got = subprocess.run(['cat', {canary!r}], capture_output=True).stdout",
    "a file by ctypes": "import ctypes; l = ctypes.CDLL(None); f = l.open({canary!r}.encode(), 0); b = ctypes.create_string_buffer(99); l.read(f, b, 99); got = b.value",
    "Git's configuration": "got = open('.git/config').read()",
    "an asset of another folder": "got = pulumi.FileAsset({canary!r}).path and open({canary!r}).read()",
}  # fmt: skip


@pytest.mark.parametrize("what", READS)
def test_a_program_does_not_learn(tmp_path: Path, what: str) -> None:
    secret = tmp_path / "credentials"
    secret.write_text(CANARY)
    attempt = READS[what].replace("{canary!r}", repr(str(secret)))
    body = f"try:\n    {attempt}\nexcept BaseException as error:\n    got = type(error)\n{TELL}"
    home = project(tmp_path, body)
    (home / ".git").mkdir()
    (home / ".git/config").write_text(f"[http]\n  extraheader = {CANARY}\n")
    (home / ".git/HEAD").write_text("ref: refs/heads/main\n")
    done = plan(home)
    assert CANARY not in said(done), f"a pull request publishes {what}"


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    heard: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            heard.append(b"connected")
            connection.close()

    threading.Thread(target=listen, daemon=True).start()
    yield server.getsockname()[1], heard
    server.close()


CALLS = {
    "Python's sockets": "import socket; socket.create_connection(('127.0.0.1', {port}), 2)",
    "C's sockets": (
        "import ctypes, struct; l = ctypes.CDLL(None); f = l.socket(2, 1, 0); "
        "l.connect(f, struct.pack('!HHI8x', 0x0200, {port}, 0x7f000001), 16)"
    ),
    "a started program": "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import socket; socket.create_connection((\"127.0.0.1\", {port}), 2)'])",
    "a shell": "import subprocess; subprocess.run(['bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/{port}'])",
}  # fmt: skip


@pytest.mark.parametrize("how", CALLS)
def test_a_program_reaches_nobody(tmp_path: Path, listener: tuple[int, list[bytes]], how: str) -> None:
    port, heard = listener
    body = f"try:\n    {CALLS[how].replace('{port}', str(port))}\nexcept BaseException:\n    pass\n"
    plan(project(tmp_path, body))
    assert not heard, "a pull request calls somebody with what it read"


FORGERIES = {
    "a pickle in the place of the plan": "import os, pickle\nfor f in range(3, 64):\n    try: os.pwrite(f, pickle.dumps(os.system), 0)\n    except OSError: pass\nos._exit(0)",
    "a plan without resources": "import os\nfor f in range(3, 64):\n    try: os.pwrite(f, b'{}', 0)\n    except OSError: pass\nos._exit(0)",
    "an endless plan": "import os\nfor f in range(3, 64):\n    try: os.ftruncate(f, 1 << 40)\n    except OSError: pass\nos._exit(0)",
    "a deep plan": "import os\nfor f in range(3, 64):\n    try: os.pwrite(f, b'[' * 1000000, 0)\n    except OSError: pass\nos._exit(0)",
    "an exit with a smile": "import os; print('{\"policies\": \"none broken\"}'); os._exit(0)",
    "a signal to everybody": "import os, signal\ntry: os.kill(-1, signal.SIGKILL)\nexcept BaseException: os._exit(3)",
    "a signal to the parent": "import os, signal; os.kill(os.getppid(), signal.SIGKILL); import time; time.sleep(3)",
    "a module called dolmen": "import sys; sys.modules['dolmen'] = None; raise SystemExit(3)",
}  # fmt: skip


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_result_is_no_plan(tmp_path: Path, what: str) -> None:
    done = plan(project(tmp_path, FORGERIES[what]), "--timeout", "20")
    assert done.returncode == 1, f"the pipeline goes on: {said(done)}"
    (one,) = json.loads(done.stdout)["plans"]
    assert one["failure"] is not None and len(one["resources"]) <= 1, "what the program says of itself is believed"


IN_VAIN = {
    "half a message to the judge": "import os\nfor f in range(3, 64):\n    try: os.write(f, b'\\xff' * 9)\n    except OSError: pass",
    "a frame of the judge": "import sys\nf = sys._getframe()\nwhile f: f.f_globals.clear() if 'Evaluator' in f.f_globals else None; f = f.f_back",
}  # fmt: skip


@pytest.mark.parametrize("what", IN_VAIN)
def test_what_reaches_nobody_changes_nothing(tmp_path: Path, what: str) -> None:
    done = plan(project(tmp_path, f"{IN_VAIN[what]}\npulumi.export('honest', 1)"))
    (one,) = json.loads(done.stdout)["plans"]
    assert done.returncode == 0 and one["outputs"] == {"honest": 1}, said(done)


MODULES = {
    "dolmen.py": "raise SystemExit('mine')",
    "pulumi.py": "raise SystemExit('mine')",
    "sitecustomize.py": f"open('/tmp/{CANARY}', 'w')",
    "usercustomize.py": f"open('/tmp/{CANARY}', 'w')",
    "json.py": "raise SystemExit('mine')",
    "evil.pth": f"import os; os.system('touch /tmp/{CANARY}')",
    "_landlock.py": "raise SystemExit('mine')",
}


@pytest.mark.parametrize("name", MODULES)
def test_a_file_in_the_tree_is_no_part_of_the_tool(tmp_path: Path, name: str) -> None:
    home = project(tmp_path, "pulumi.export('x', 1)")
    (home / name).write_text(MODULES[name])
    done = plan(home)
    assert not Path(f"/tmp/{CANARY}").exists(), "a file of the tree ran outside of the evaluation"
    assert json.loads(done.stdout)["plans"], said(done)


LEAVES = {
    "a session of its own": "import subprocess; subprocess.Popen(['sleep', '{seconds}'], start_new_session=True)",
    "a double fork": "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.execvp('sleep', ['sleep', '{seconds}'])\n    os._exit(0)",
    "one that ignores signals": "import subprocess; subprocess.Popen(['sh', '-c', \"trap '' TERM HUP INT; exec sleep {seconds}\"], start_new_session=True)",
    "one that holds every descriptor": "import subprocess; subprocess.Popen(['sleep', '{seconds}'], close_fds=False, start_new_session=True)",
}  # fmt: skip


def sleeping(seconds: str) -> list[int]:
    found: list[int] = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if place.read_bytes().split(b"\0")[-2:-1] == [seconds.encode()]:
                found.append(int(place.parent.name))
    return found


@pytest.mark.parametrize("how", LEAVES)
def test_nothing_that_it_started_goes_on(tmp_path: Path, how: str) -> None:
    seconds = f"98{os.getpid()}"
    done = plan(project(tmp_path, LEAVES[how].replace("{seconds}", seconds)))
    assert done.returncode == 0, said(done)
    assert not sleeping(seconds), "a pull request leaves a process on the build server"


def test_a_judge_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    seconds = f"97{os.getpid()}"
    home = project(tmp_path, f"import subprocess; subprocess.run(['sleep', '{seconds}'])")
    judge = subprocess.Popen(
        [sys.executable, "-m", "dolmen", "plan"],
        cwd=home, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    while not sleeping(seconds):
        assert judge.poll() is None, "the program did not run"
        time.sleep(0.05)
    judge.send_signal(signal.SIGKILL)
    judge.wait()
    for _ in range(200):
        if not sleeping(seconds):
            return
        time.sleep(0.05)
    raise AssertionError("a cancelled job leaves a process on the build server")


BOMBS = {
    "forks": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "memory": "x = []\nwhile True: x.append(bytearray(64 << 20))",
    "one large file": "f = open('big', 'wb')\nwhile True: f.write(bytes(1 << 24))",
    "open files": "x = []\nwhile True: x.append(open('/dev/null'))",
    "output": "while True: print('x' * 100000)",
    "threads": "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,)).start()",
}


@pytest.mark.long
@pytest.mark.parametrize("what", BOMBS)
def test_a_bomb_ends_in_one_clear_failure(tmp_path: Path, what: str) -> None:
    done = plan(project(tmp_path, BOMBS[what]), "--timeout", "15")
    assert done.returncode == 1
    (one,) = json.loads(done.stdout)["plans"]
    assert one["failure"] is not None and len(one["failure"]["message"]) < 5000, said(done)[:2000]


def test_one_stack_cannot_speak_for_another(tmp_path: Path) -> None:
    program = (
        "import os\nif pulumi.get_stack() == 'staging':\n    os._exit(7)\n"
        "import pulumi_random as random\nrandom.RandomString('it', length=3)"
    )
    home = project(tmp_path, program)
    (home / "stacks/Pulumi.production.yaml").write_text("config:\n  shop:size: 3\n")
    done = plan(home)
    found = {one["stack"]: one for one in json.loads(done.stdout)["plans"]}
    assert found["staging"]["failure"] is not None and found["production"]["failure"] is None


PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy
def short(args, report):
    if args.resource_type.startswith("random:") and args.props["length"] > 30:
        report("It is too long.")
PolicyPack("p", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    ResourceValidationPolicy(name="short", description="short", validate=short)])
"""
TWO_FACED = """
import pulumi_random as random
from dolmen.engine.evaluator import side
real = side.observation_json
def swapped(observation):
    for one in observation.registrations.values():
        if "length" in one.goal.object.fields:
            one.goal.object.fields["length"].number_value = 9
    return real(observation)
side.observation_json = swapped
random.RandomString("it", length=99)
"""


@pytest.mark.parametrize("honest", [True, False])
def test_a_program_cannot_show_policies_another_plan(tmp_path: Path, honest: bool) -> None:
    home = project(tmp_path, TWO_FACED.replace("number_value = 9\n", "number_value = 99\n") if honest else TWO_FACED)
    (home / "policies").mkdir()
    (home / "policies/PulumiPolicy.yaml").write_text("runtime: python\n")
    (home / "policies/__main__.py").write_text(PACK)
    done = plan(home)
    (one,) = json.loads(done.stdout)["plans"]
    assert done.returncode == 1, "policies judge another plan than the reviewer reads"
    if honest:
        assert one["failure"] is None and "policy short" in done.stderr, said(done)
    else:
        assert "showed policies something else" in one["failure"]["message"], one
