"""Programs that use up what there is: bounded, ended, and said which."""

from __future__ import annotations

import pytest

from tests.engine.closed.judging import WAYS, Answer, Way, ask

MIB = 1 << 20
ways = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)

FORKS = """
import os, sys, time
first = os.getpid()
for _ in range(100):  # 200 processes at most, should nothing stop them
    try:
        if os.fork() == 0:
            os.fork()
            time.sleep(1000)
    except OSError as error:  # an ordinary user's are bounded by the kernel, too
        if os.getpid() == first:
            sys.exit(f"refused: {error}")
        os._exit(0)
time.sleep(1000)
"""
THREADS = """
import threading, time
for _ in range(300):
    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
time.sleep(1000)
"""
MEMORY = """
kept = []
try:
    for _ in range(100):
        kept.append(bytearray(10 << 20))
except MemoryError:
    kept.clear()
    print("refused: memory")
"""
MANY_MEMORIES = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        kept = bytearray(os.urandom(1 << 20) * 60)
        time.sleep(1000)
time.sleep(1000)
"""
SHARED_MEMORY = """
import mmap, time
kept = mmap.mmap(-1, 400 << 20)  # shared: no limit of one process counts it
for at in range(0, len(kept), 4096):
    kept[at] = 1
time.sleep(1000)
"""
SAME_MEMORY = """
import os
kept = bytearray(os.urandom(1 << 20) * 60)
children = []
for _ in range(12):
    if not (child := os.fork()):
        import time; time.sleep(1); os._exit(0)
    children.append(child)
for child in children: os.waitpid(child, 0)
"""
DISK = """
import time
try:
    for number in range(20):
        with open(f"file-{number}", "wb") as file:
            file.write(bytes(10 << 20))
except OSError as error:
    print("refused:", error, flush=True)
time.sleep(1000)
"""
FILES = """
import time
try:
    for number in range(2000):
        open(f"file-{number}", "wb").close()
except OSError as error:
    print("refused:", error, flush=True)
time.sleep(1000)
"""
ONE_FILE = """
try:
    with open("file", "wb") as file:
        for _ in range(50):
            file.write(bytes(1 << 20))
except OSError as error:
    print("refused:", error)
"""
OPEN_FILES = """
kept = []
try:
    for _ in range(5000):
        kept.append(open("/dev/null"))
except OSError as error:
    kept.clear()
    print("refused:", error)
"""
PROCESSOR = "while True: pass"
PROCESSORS = """
import os
for _ in range(4):
    if os.fork() == 0:
        while True: pass
os.waitpid(-1, 0)
"""


def ended_by(answer: Answer, limit: str) -> bool:
    return (answer.reason, answer.limit) == ("limit", limit) and not answer.left_over


@ways
@pytest.mark.parametrize("bomb", [FORKS, THREADS], ids=["forks", "threads"])
def test_processes_are_counted(way: Way, bomb: str) -> None:
    answer = ask(way, bomb, limits={"processes": 60})
    assert ended_by(answer, "processes") or "refused" in answer.printed or "can't start new thread" in answer.printed, (
        "a fork bomb would stop the machine that reviews"
    )
    assert not answer.left_over


@ways
def test_memory_of_one_process_ends_in_an_error_of_its_own(way: Way) -> None:
    answer = ask(way, MEMORY, limits={"memory": 200 * MIB})
    assert "refused: memory" in answer.printed, "one program could push everything else out of memory"


@ways
@pytest.mark.parametrize("bomb", [MANY_MEMORIES, SHARED_MEMORY], ids=["many", "shared"])
def test_memory_of_all_processes_is_counted_together(way: Way, bomb: str) -> None:
    answer = ask(way, bomb, limits={"memory": 200 * MIB, "memory_together": 250 * MIB})
    assert ended_by(answer, "memory_together"), f"many small processes would use up the machine: {answer}"


@ways
def test_pages_that_processes_share_count_once(way: Way) -> None:
    answer = ask(way, SAME_MEMORY, limits={"memory_together": 250 * MIB})
    assert (answer.reason, answer.code) == ("finished", 0), "an evaluator that forks for each stack would be ended"


@ways
@pytest.mark.parametrize("bomb", [DISK, FILES], ids=["bytes", "files"])
def test_the_private_folder_is_bounded(way: Way, bomb: str) -> None:
    answer = ask(way, bomb, limits={"disk": 50 * MIB, "files": 500})
    assert ended_by(answer, "disk"), f"the machine's disk could be filled: {answer}"


@ways
@pytest.mark.parametrize(
    ("bomb", "limit"), [(ONE_FILE, {"file_size": 5 * MIB}), (OPEN_FILES, {"open_files": 100})], ids=["size", "number"]
)
def test_files_are_bounded_by_errors(way: Way, bomb: str, limit: dict[str, int]) -> None:
    answer = ask(way, bomb, limits=limit)
    assert "refused" in answer.printed, "a bound of the kernel was not set"


@ways
@pytest.mark.parametrize("bomb", [PROCESSOR, PROCESSORS], ids=["one", "many"])
def test_processor_time_is_counted_together(way: Way, bomb: str) -> None:
    answer = ask(way, bomb, limits={"cpu_seconds": 1})
    assert ended_by(answer, "cpu_seconds"), f"a program could keep the processors for ever: {answer}"
