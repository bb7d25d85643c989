"""Watches whether an evaluation would come out the same again: clocks, chance, and files that its plan is not kept under.

What Python calls is led here from the modules that have it; `datetime` cannot be changed without changing what its
classes are, so its calls are seen by `sys.setprofile`, in programs alone whose sources hold such a word. What a file is
read by is Python's audit event. Counted is what the program's own sources ask, or a package on their behalf; what Python's
event loop and the SDK ask for themselves shows in no plan.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import sys
import tarfile
import threading
import time
import uuid
import zipfile
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.machinery import ExtensionFileLoader
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import dolmen
from dolmen.engine import cache
from dolmen.engine.kept.reads import Reads
from dolmen.engine.kept.trees import stack_of
from dolmen.engine.plan import Position
from dolmen.engine.sources import OWN, Sources, tool_folders

EVENTS = frozenset({"open", "os.listdir", "os.scandir", "import", "ctypes.dlopen", "subprocess.Popen", "os.system",
                    "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty"})  # fmt: skip
"""Audit events that tell something."""
_STARTS = EVENTS - {"open", "os.listdir", "os.scandir", "import", "ctypes.dlopen"}
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_MENTIONS = re.compile(rb"(?<!self)\.(now|utcnow|today)\b|[\"'](now|utcnow|today)[\"']")
_CHANCES = ("/dev/random", "/dev/urandom")
_SYSTEM = ("/dev/", "/etc/mime.types", "/etc/localtime", "/etc/os-release", "/etc/ssl/", "/usr/share/zoneinfo/")
"""What counts as part of the interpreter; `inputs` looks whether it changed."""
_STANDARD = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120 (as frames have it)
_IMPORT = ("<frozen importlib", f"{_STANDARD}importlib{os.sep}")
_FOR_THEMSELVES = tuple(f"{_STANDARD}{name}" for name in (
    "asyncio", "concurrent", "logging", "threading", "queue", "selectors", "socket", "ssl", "subprocess", "tempfile",
    "multiprocessing", "http/cookiejar", "faulthandler", "traceback", "linecache", "weakref",
))  # fmt: skip
_ENGINES = frozenset({
    "annotated_types", "attr", "attrs", "boto3", "botocore", "certifi", "charset_normalizer", "dateutil", "debugpy",
    "dolmen", "google", "grpc", "idna", "jmespath", "landlockpy", "opentelemetry", "pip", "pulumi", "pydantic",
    "pydantic_core", "requests", "s3transfer", "semver", "setuptools", "six", "typing_extensions", "typing_inspection",
    "urllib3", "wrapt", "yaml", "_yaml",
})  # fmt: skip
"""Packages whose clocks and chance show in no plan: the SDK's own, and those whose requests are answered here."""
_RANDOM = (
    "betavariate", "binomialvariate", "choice", "choices", "expovariate", "gammavariate", "gauss", "getrandbits",
    "lognormvariate", "normalvariate", "paretovariate", "randbytes", "randint", "random", "randrange", "sample", "shuffle",
    "triangular", "uniform", "vonmisesvariate", "weibullvariate",
)  # fmt: skip
_CLOCKS = ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "clock_gettime",
           "clock_gettime_ns", "process_time", "process_time_ns")  # fmt: skip
_OF_A_MOMENT = {"localtime": 0, "gmtime": 0, "ctime": 0, "asctime": 0, "strftime": 1}
"""Functions that take a moment, by its place; without it they take the present one."""
_MOST = 3


def mentions(files: Iterable[Path]) -> Mapping[str, bool]:
    """File → whether its text has a word by which `datetime` reads the clock; this package's own are left out."""
    found: dict[str, bool] = {}
    for file in files:
        name = str(file)
        if not name.startswith(_TOOL):
            try:
                text = file.read_bytes()
                found[name] = (b"now" in text or b"today" in text) and _MENTIONS.search(text) is not None
            except OSError:
                found[name] = True
    return found


_TOOL = tuple(f"{place}{os.sep}" for place in tool_folders())
_IN_PLACE = tuple(
    str(Path(__file__).with_name(name)) for name in ("commands.py", "sameness.py", "shadow.py", "shadowed.py")
)
"""Sources that stand in the place of Python's own functions."""
_NAMES = tuple(f"{place}{os.sep}components{os.sep}platform{os.sep}siblings.py" for place in dolmen.__path__)


@dataclass(slots=True)
class Sameness:
    """What was seen of one evaluation. `roots`: the trees that it may read; `known`: what `mentions` found before it."""

    sources: Sources
    roots: Collection[str]
    stack: str
    known: Mapping[str, bool] = field(default_factory=dict[str, bool])
    differs: dict[str, None] = field(default_factory=dict[str, None])
    """Each way by which another evaluation may differ, as people read it."""
    unknown: list[str] = field(default_factory=list[str])
    """What it did of which nobody can tell whether it comes out the same again."""
    _stack_files: bool = False
    _active: bool = False
    _before: Collection[str] = ()
    _kinds: dict[str, str] = field(default_factory=dict[str, str])
    _seeded: bool = False
    _open: tuple[str, ...] = ()

    def __enter__(self) -> None:
        """Watch from now on, in this process, which is a child."""
        self._before = frozenset(sys.modules)
        places = (*self.roots, os.environ.get("TMPDIR", "/tmp"), sys.prefix, sys.base_prefix, sys.exec_prefix,  # noqa: S108
                  sys.base_exec_prefix, OWN, str(cache.folder()))  # fmt: skip
        self._open = tuple({f"{one}{os.sep}" for place in places for one in (place, os.path.realpath(place))})
        lead()
        _CURRENT.append(self)
        self._active = True
        if any(self.known.values()):
            threading.setprofile(self._see)
            sys.setprofile(self._see)

    def __exit__(self, *_: object) -> None:
        """Watch no longer, and look at what was imported."""
        self._active = False
        _CURRENT.remove(self)
        if any(self.known.values()):
            sys.setprofile(None)
            threading.setprofile(None)
        self.unknown += [name for name in list(sys.modules) if not self._is_known(name)]

    @property
    def reads(self) -> Reads:
        return Reads(not (self.unknown or self.differs or self._active), self._stack_files)

    @property
    def remark(self) -> str:
        """What the reader should know; nothing, where nothing was seen."""
        if not self.differs:
            return ""
        shown = [*self.differs][:_MOST]
        more = f" and {len(self.differs) - _MOST} more" if len(self.differs) > _MOST else ""
        return f"The program reads {', '.join(shown)}{more}: another evaluation may give another plan, so it is never kept."

    # ---- what Python's modules are asked

    def asked(self, what: str, frame: FrameType, shown: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """A function was called that is led here; `what`: the method that looks at how."""
        if self._active:
            getattr(self, f"_{what}")(frame, shown, args, kwargs)

    def _clock(self, frame: FrameType, shown: str, *_: Any) -> None:
        self._asked(f"the clock ({shown}", frame)

    def _moment(self, frame: FrameType, shown: str, args: Sequence[Any], _: Any) -> None:
        place = _OF_A_MOMENT[shown.rpartition(".")[2]]
        if len(args) <= place or args[place] is None:
            self._asked(f"the clock ({shown}", frame)

    def _chance(self, frame: FrameType, shown: str, *_: Any) -> None:
        self._asked(f"chance ({shown.replace('._', '.')}", frame)

    def _times(self, frame: FrameType, shown: str, *_: Any) -> None:
        self._asked(f"times of files ({shown}", frame)

    def _process(self, frame: FrameType, shown: str, *_: Any) -> None:
        self._asked(f"its process ({shown}", frame)

    def _unseeded(self, frame: FrameType, shown: str, *_: Any) -> None:
        if not self._seeded:
            self._asked(f"chance ({shown}", frame)

    def _seed(self, frame: FrameType, shown: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        if (args[0] if args else kwargs.get("a")) is None:
            self._asked(f"chance ({shown}", frame)
        else:
            self._seeded = True

    def _seed_of(self, frame: FrameType, _: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        if (args[1] if len(args) > 1 else kwargs.get("a")) is None and not isinstance(args[0], random.SystemRandom):
            self._asked("chance (random.Random", frame)

    def _see(self, frame: FrameType, event: str, arg: Any) -> None:
        if event == "c_call" and arg.__name__ in ("now", "utcnow", "today"):
            holder = getattr(arg, "__self__", None)
            if isinstance(holder, type) and issubclass(holder, date):
                self._asked(f"the clock ({holder.__name__}.{arg.__name__}", frame)

    def _asked(self, what: str, frame: FrameType | None) -> bool:
        """Whether it is asked on the program's behalf; then it is on record."""
        asked, place = self._place(frame)
        if asked:
            self.differs[f"{what} at {place})" if place else f"{what})"] = None
        return asked

    def _place(self, frame: FrameType | None) -> tuple[bool, Position | None]:
        """Whether the program or a package of its choice asks, and the program's own line."""
        asked = False
        while frame is not None:
            file = frame.f_code.co_filename
            kind = self._kind(file)
            if kind == "own":
                return True, Position(self.sources.relative(file) or file, frame.f_lineno)
            if kind == "package":
                asked = True
            elif kind == "engine" and not asked:
                return False, None
            frame = frame.f_back
        return asked, None

    def _kind(self, file: str) -> str:
        found = self._kinds.get(file)
        if found is None:
            found = self._kinds[file] = self._look(file)
        return found

    def _look(self, file: str) -> str:
        if file in _IN_PLACE:
            return "standard"
        if not file or file.startswith((*_IMPORT, *_FOR_THEMSELVES, *_TOOL, OWN)):
            return "engine"
        if file.startswith("<"):
            return "standard"  # made by somebody's `exec`
        if "-packages" in file:
            return "engine" if _is_engine(_root(file)) else "package"
        if file.startswith(_STANDARD):
            return "standard"
        return "own" if self.sources.relative(file) else "standard"

    # ---- what it reads and starts

    def hear(self, event: str, arguments: tuple[Any, ...], frame: FrameType) -> None:
        """An audit event, by this frame."""
        if not self._active:
            return
        while frame.f_code.co_filename in _IN_PLACE and frame.f_back is not None:
            frame = frame.f_back
        if event == "open":
            self._opened(arguments[0], arguments[2], frame)
        elif event in ("os.listdir", "os.scandir"):
            if not frame.f_code.co_filename.startswith(_IMPORT):
                self._opened(arguments[0] if arguments[0] is not None else ".", 0, frame)
        elif event == "import":
            file = arguments[1]
            if isinstance(file, str) and not file.startswith(_STANDARD) and not _is_engine(_root(file)):
                self.unknown.append(file)  # what machine code asks the system is not seen
        elif event in _STARTS or self._place(frame)[0]:
            self.unknown.append(event)

    def _opened(self, path: Any, flags: Any, frame: FrameType) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 (a thousand times)
        if name in _CHANCES:
            self._asked(f"chance ({name}", frame)
        elif f"{name}{os.sep}".startswith(self._open):
            if stack_of(name) not in (None, self.stack) and not _looks_for_names(frame):
                self._stack_files = True
        elif not (
            (isinstance(flags, int) and flags & _WRITING)
            or name.startswith(_SYSTEM)
            or self._asked(f"a file outside its tree ({name}", frame)
        ):
            self.unknown.append(name)

    def _is_known(self, name: str) -> bool:
        """Whether a module was seen to read no clock, as far as it was looked for."""
        module = sys.modules.get(name)
        file = getattr(module, "__file__", None) if name not in self._before else None
        if not file or self._kind(file) not in ("own", "package"):
            return True
        if isinstance(getattr(getattr(module, "__spec__", None), "loader", None), ExtensionFileLoader):
            return False
        return file in self.known or not file.endswith(".py") or not mentions([Path(file)]).get(file)


_CURRENT: list[Sameness] = []
"""What watches in this process."""
_LED: dict[int, Any] = {}
"""By the number of each function, which this holds, what was put in its place."""


def lead(modules: Iterable[ModuleType] = ()) -> None:
    """Put watched functions in the place of Python's, once, and in modules that hold one already."""
    for holder, functions in () if _LED else _table():
        for name, what in functions.items():
            original = getattr(holder, name, None)
            if original is not None:
                _LED[id(original)] = other = _led(original, name, f"{holder.__name__}.{name}", what)
                setattr(holder, name, other)
    for one in modules:
        held = vars(one)
        held.update({name: _LED[id(value)] for name, value in list(held.items()) if id(value) in _LED})


def _table() -> Iterator[tuple[Any, Mapping[str, str]]]:
    yield time, dict.fromkeys(_CLOCKS, "clock") | dict.fromkeys(_OF_A_MOMENT, "moment")
    yield os, {"urandom": "chance", "getrandom": "chance", "getpid": "process"}
    yield os.path, dict.fromkeys(("getatime", "getctime", "getmtime"), "times")
    yield uuid, dict.fromkeys(("uuid1", "uuid4", "getnode"), "chance")
    yield random, dict.fromkeys(_RANDOM, "unseeded") | {"_urandom": "chance", "seed": "seed"}
    yield random.Random, {"seed": "seed_of"}
    yield zipfile.ZipFile, {"write": "times"}
    yield tarfile.TarFile, {"gettarinfo": "times"}


def _led(original: Any, name: str, shown: str, what: str) -> Any:
    def function(*args: Any, **kwargs: Any) -> Any:
        if _CURRENT:
            frame = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
            _CURRENT[-1].asked(what, frame, shown, args, kwargs)
        return original(*args, **kwargs)

    function.__name__ = function.__qualname__ = name
    function.__module__, function.__doc__ = getattr(original, "__module__", None) or "", original.__doc__
    return function


@contextlib.contextmanager
def heard(same: Sameness) -> Generator[Sameness]:
    """Watch for as long as this lasts, where nothing else hears audit events."""

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event in EVENTS:
            same.hear(event, arguments, sys._getframe(1))  # pyright: ignore[reportPrivateUsage]

    sys.addaudithook(hear)
    with same:
        yield same


def _looks_for_names(frame: FrameType | None) -> bool:
    """Whether the platform's own look at the names in other stacks' files opens one: plans are kept under those."""
    while frame is not None and (file := frame.f_code.co_filename).startswith((*_TOOL, _STANDARD, "<")):
        if file.endswith(_NAMES):
            return True
        frame = frame.f_back
    return False


def _root(file: str) -> str:
    """The package of a file among installed ones."""
    return re.split(r"[/\\.]", file.rpartition("-packages" + os.sep)[2], maxsplit=1)[0]


def _is_engine(root: str) -> bool:
    return root in _ENGINES or root.startswith("pulumi_")
