"""Runs a program in this process, around the in-process monitor.

What `pulumi-language-python-exec` does.
"""

from __future__ import annotations

import asyncio
import contextvars
import faulthandler
import inspect
import json
import logging
import os
import runpy
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pulumi
from pulumi import runtime
from pulumi.runtime import _callbacks
from pulumi.runtime import settings as pulumi_settings

from dolmen.engine import (
    assumed_config,
    audit,
    boto,
    commands,
    echo,
    failures,
    http_requests,
    kinds,
    looking_up,
    manifests,
    marks,
    networks,
    quick,
    remarks,
    stand_ins,
    variables,
)
from dolmen.engine.asking import Asking
from dolmen.engine.component_packages import NESTED, ComponentPackages
from dolmen.engine.engine_service import EngineService
from dolmen.engine.evaluator.tree import root_of
from dolmen.engine.monitor import Monitor
from dolmen.engine.plan import Failure, FailureKind, Position
from dolmen.engine.sameness import Sameness
from dolmen.engine.sources import Sources

_THREADS = 8
_CALLBACK_SECONDS = 120


class _Executor(ThreadPoolExecutor):
    """Runs calls to the monitor at once, and everything else in threads.

    A call to the monitor is a function call here, so handing it to a thread would only cost time and shuffle the order
    of registrations. Once the program has registered callbacks (transforms), the monitor waits for the loop to run them
    and therefore must not sit on its thread.
    """

    def __init__(self) -> None:
        super().__init__(_THREADS, NESTED if threading.current_thread().name.startswith(NESTED) else "")
        self.inline = True

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if not self.inline or not getattr(fn, "__module__", "").startswith("pulumi."):
            return super().submit(fn, *args, **kwargs)
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


class _Callbacks(_callbacks._CallbackServicer):  # pyright: ignore[reportPrivateUsage]
    """The SDK's registry of the program's functions, without its server."""

    def __init__(self, monitor: Any) -> None:  # deliberately without super(): that one opens a port
        self._callbacks = {}
        self._transforms = {}
        self._state_migrations = {}
        self._monitor = monitor
        self._loop = asyncio.get_running_loop()
        self._target = "in-process"

    async def serve(self) -> None:
        return

    def knows(self, callback: Any) -> bool:
        return callback.token in self._callbacks

    def call(self, callback: Any, payload: bytes) -> bytes:
        function = self._callbacks[callback.token]

        async def run() -> bytes:
            return (await function(payload)).SerializeToString()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(_CALLBACK_SECONDS)


def run_program(
    program: Callable[[], Any], monitor: Monitor, engine: EngineService, sources: Sources, same: Sameness
) -> Failure | None:
    """Run `program` as a stack's; returns why it failed, if so."""
    deployment = monitor.deployment
    values = {key: stand_ins.hidden(text) for key, text in deployment.config.values.items()}
    secret_keys, folder = sorted(deployment.config.secret_keys), deployment.folder
    os.environ["PULUMI_CONFIG"] = json.dumps(values)
    os.environ["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(secret_keys)
    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")  # else AWS's SDK waits for an answer that cannot come
    settings: dict[str, Any] = {
        "project": deployment.project,
        "stack": deployment.stack,
        "monitor": monitor,
        "engine": engine,
        "parallel": _THREADS,
        "dry_run": deployment.dry_run,
        "organization": deployment.organization,
        "root_directory": str(folder),
    }
    known = inspect.signature(runtime.Settings.__init__).parameters  # older SDKs know fewer

    def set_up() -> asyncio.AbstractEventLoop:
        """A loop for this thread, and the SDK's settings, which belong to a thread."""
        runtime.set_all_config(values, secret_keys)
        pulumi_settings.ROOT.set(None)
        runtime.configure(runtime.Settings(**{name: value for name, value in settings.items() if name in known}))
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        executor = executors[loop] = _Executor()
        loop.set_default_executor(executor)
        return loop

    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    executors: dict[asyncio.AbstractEventLoop, _Executor] = {}
    loop = set_up()
    quick.install()
    _install_callbacks(monitor, executors)
    monitor.construct = ComponentPackages(folder, root_of(folder), _apart(set_up)).construct
    looking_up.install(monitor, lambda: _here(sources))
    missing = assumed_config.of_stack(deployment.stack, deployment.config)
    assumed_config.install(monitor.note, missing)
    kinds.install()
    networks.install()
    manifests.install()
    asking = Asking(monitor.invokes, monitor.note, lambda: _here(sources))
    for answered in (boto, commands, http_requests):
        answered.install(asking)
    marks.install()
    failures.install(sources)
    variables.watch(sources)
    echo.install()
    remarks.install(engine.remarks, engine.warned, lambda: _here(sources))
    return missing.lead(_outcome(loop, program, monitor, sources, same))


def _outcome(
    loop: asyncio.AbstractEventLoop, program: Callable[[], Any], monitor: Monitor, sources: Sources, same: Sameness
) -> Failure | None:
    """Run the program to its end; returns why it failed, if so."""
    folder = monitor.deployment.folder
    try:
        with audit.watching(folder, monitor.note, same), same:
            loop.run_until_complete(_run(program))
    except pulumi.RunError as error:
        return failures.refused(error, sources)
    except audit.AutomationError as error:
        return Failure(FailureKind.PROGRAM, str(error), failures.position(error, sources))
    except SystemExit as error:
        return failures.exited(error, sources)
    except KeyboardInterrupt:
        return Failure(FailureKind.PROGRAM, "The program was interrupted.")
    except BaseException as error:
        if monitor.refusal is not None and str(error) == monitor.refusal.message:
            return monitor.refusal
        return failures.raised(error, sources, folder)
    finally:
        faulthandler.cancel_dump_traceback_later()
    return monitor.refusal


def _run(program: Callable[[], Any]) -> Coroutine[Any, Any, None]:
    def call() -> Awaitable[None] | None:
        result = program()
        return result if isinstance(result, Awaitable) else None

    return runtime.run_in_stack(call)  # pyright: ignore[reportArgumentType]


def run_file(path: Path) -> Callable[[], None]:
    """A program from a file or a folder, run in its folder."""
    home = path if path.is_dir() else path.parent

    def run() -> None:
        os.chdir(home)
        sys.argv = [str(path)]
        if str(home) not in sys.path:
            sys.path.insert(0, str(home))
        runpy.run_path(str(path), run_name="__main__")

    return run


def _install_callbacks(monitor: Monitor, executors: Mapping[asyncio.AbstractEventLoop, _Executor]) -> None:
    """The SDK keeps a registry for each context; one for each loop is enough."""
    registries: dict[asyncio.AbstractEventLoop, _Callbacks] = {}

    async def get() -> _Callbacks:
        loop = asyncio.get_running_loop()
        if loop not in registries:
            executors[loop].inline = False
            registries[loop] = _Callbacks(monitor)
            monitor.callback = call
        return registries[loop]

    def call(callback: Any, payload: bytes) -> bytes:
        return next(one for one in registries.values() if one.knows(callback)).call(callback, payload)

    for name, module in list(sys.modules.items()):
        if name.startswith("pulumi.") and hasattr(module, "_get_callbacks"):
            module._get_callbacks = get  # pyright: ignore[reportAttributeAccessIssue]


def _apart(set_up: Callable[[], asyncio.AbstractEventLoop]) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Runs a coroutine in a thread of its own while this one waits, as if another process did."""

    def work(coroutine: Coroutine[Any, Any, Any]) -> Any:
        loop = set_up()
        try:
            return loop.run_until_complete(coroutine)
        finally:
            loop.close()

    def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
        with ThreadPoolExecutor(1, NESTED) as thread:
            return thread.submit(contextvars.Context().run, work, coroutine).result()

    return run


def _here(sources: Sources) -> Position | None:
    """The innermost frame of the user's own sources on the stack."""
    frame = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    while frame is not None and frame.f_code is not run_program.__code__:
        file = sources.relative(frame.f_code.co_filename)
        if file:
            return Position(file, frame.f_lineno)
        frame = frame.f_back
    return None
