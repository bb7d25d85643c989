"""Builds remote components of packages that a project keeps in folders, where Pulumi starts another process for them.

The package's own `__main__.py` is run as Pulumi runs it, and hands over the provider that it would host. Its modules, its
path and its packages are in place while it works, and the program's are hidden: both may have a module of one name.
Sources: https://www.pulumi.com/docs/iac/using-pulumi/extending-pulumi/build-a-component/ (PulumiPlugin.yaml), `construct` of
pulumi/provider/server.py (3.259).
"""

from __future__ import annotations

import contextlib
import os
import runpy
import sys
import threading
from collections.abc import Callable, Coroutine, Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from dolmen.engine.remote import UnbuiltError
from dolmen.stackfile import StackFileError, read
from dolmen.stackfile.project_file import project_file

Run = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs a coroutine in a loop of its own, with the SDK set up for the same deployment."""


NESTED = "component"
"""How the names of threads begin in which a component is built."""
_ENVIRONMENTS = {"site-packages", "dist-packages"}
_LONGEST = 200


@dataclass(slots=True)
class _Package:
    tree: Path
    path: list[str]
    modules: dict[str, ModuleType] = field(default_factory=dict[str, ModuleType])
    provider: Any = None

    @contextlib.contextmanager
    def in_place(self) -> Generator[None]:
        """While the package works its modules and path are those of the process."""
        path, arguments = sys.path[:], sys.argv[:]
        hidden = {name: sys.modules.pop(name) for name in _own_modules(self.tree)}
        sys.modules.update(self.modules)
        sys.path[:] = self.path
        try:
            yield
        finally:
            self.modules = {name: sys.modules.pop(name) for name in _own_modules(self.tree)}
            self.path = sys.path[:]
            sys.modules.update(hidden)
            sys.path[:], sys.argv[:] = path, arguments


class ComponentPackages:
    """The packages that the project in a folder names, each loaded once."""

    def __init__(self, folder: Path, tree: Path, run: Run) -> None:
        """`tree`: the repository, whose modules are somebody's own."""
        self._folder, self._tree, self._run = folder, tree, run
        self._loaded: dict[str, _Package | UnbuiltError] = {}
        self._lock = threading.Lock()

    def construct(self, request: Any) -> Any:
        """The provider's answer to a `ConstructRequest`. Raises `UnbuiltError`, and what the component raises."""
        nested = threading.current_thread().name.startswith(NESTED)
        with contextlib.nullcontext() if nested else self._lock:  # one at a time, with what it asks for itself
            name = request.type.partition(":")[0]
            if name not in self._loaded:
                try:
                    self._loaded[name] = self._load(name)
                except UnbuiltError as error:
                    self._loaded[name] = error
            if isinstance(package := self._loaded[name], UnbuiltError):
                raise package
            with package.in_place():
                return self._run(_constructed(package.provider, request))

    def _load(self, name: str) -> _Package:
        folder = _folder(self._folder, name)
        package = _Package(self._tree, [str(folder), *_further_packages(folder), *_without_own(self._tree)])
        with package.in_place():
            package.provider = _hosted(folder)
        return package


def _folder(project: Path, name: str) -> Path:
    """Where the project file says that a package's sources are."""
    file = project_file(project)
    try:
        values = read(file).values if file is not None else {}
    except StackFileError:
        values = {}
    for source in _sources(values, name):
        folder = (project / source).resolve()
        if (folder / "PulumiPlugin.yaml").is_file():
            runtime = _runtime(folder)
            if runtime.get("name") != "python":
                raise UnbuiltError(f"its package is written for {runtime.get('name') or 'another runtime'}")
            return folder
    raise UnbuiltError("its package is not in a folder that the project file names")


def _sources(values: Mapping[str, Any], name: str) -> Generator[str]:
    """Source: https://www.pulumi.com/docs/iac/concepts/projects/project-file/ (`packages`, `plugins`)."""
    packages, plugins = values.get("packages"), values.get("plugins")
    source = packages.get(name) if isinstance(packages, Mapping) else None
    source = source.get("source") if isinstance(source, Mapping) else source
    if isinstance(source, str):
        yield source
    providers = plugins.get("providers") if isinstance(plugins, Mapping) else None
    for one in providers if isinstance(providers, list) else ():
        if isinstance(one, Mapping) and one.get("name") == name and isinstance(one.get("path"), str):
            yield one["path"]


def _runtime(folder: Path) -> Mapping[str, Any]:
    try:
        runtime = read(folder / "PulumiPlugin.yaml", key="runtime").values.get("runtime")
    except StackFileError:
        raise UnbuiltError("its PulumiPlugin.yaml cannot be read") from None
    return runtime if isinstance(runtime, Mapping) else {"name": runtime}


def _further_packages(folder: Path) -> list[str]:
    """The packages of its own virtual environment, after those that are imported already."""
    options = _runtime(folder).get("options")
    named = options.get("virtualenv") if isinstance(options, Mapping) else None
    places = [folder / named] if isinstance(named, str) else [folder / "venv", folder / ".venv"]
    return [str(found) for place in places for found in sorted(place.glob("lib/python3*/site-packages"))]


def _hosted(folder: Path) -> Any:
    """The provider that the package's program would host."""
    from pulumi import provider
    from pulumi.provider import server

    found: list[Any] = []

    def take(hosted: Any, *_: Any) -> None:
        found.append(hosted)

    modules: list[Any] = [provider, server]
    with contextlib.suppress(ImportError):  # before SDK 3.153 there is but a provider of one's own
        from pulumi.provider.experimental import host

        host.is_hosting = False  # as in a process of its own
        modules.append(host)
    mains = [module.main for module in modules]
    for module in modules:
        module.main = take
    try:
        sys.argv[:] = [str(folder), "-"]
        runpy.run_path(str(folder), run_name="__main__")
    except (Exception, SystemExit) as error:
        said = " ".join(str(error).split())[:_LONGEST]
        raise UnbuiltError(f"its package does not start here ({type(error).__name__}: {said})") from None
    finally:
        for module, main in zip(modules, mains, strict=True):
            module.main = main
    if not found:
        raise UnbuiltError("its package hosts no provider")
    return found[0]


async def _constructed(provider: Any, request: Any) -> Any:
    """What the SDK's server does for the engine, without its settings."""
    from pulumi.provider.server import ProviderServicer
    from pulumi.runtime import settings
    from pulumi.runtime.stack import wait_for_rpcs

    await settings._load_monitor_feature_support()  # pyright: ignore[reportPrivateUsage]
    server: Any = ProviderServicer(provider, [], "")
    result = provider.construct(
        name=request.name,
        resource_type=request.type,
        inputs=await server._construct_inputs(request.inputs, request.inputDependencies),
        options=server._construct_options(request),
    )
    response = await server._construct_response(result)
    await wait_for_rpcs(await_all_outstanding_tasks=False)
    return response


def _own_modules(tree: Path) -> list[str]:
    """Modules that lie in the tree, and in no environment of it: the program's, or a package's."""
    root = f"{tree}{os.sep}"
    return [
        name
        for name, module in sys.modules.items()
        if name.partition(".")[0] not in ("dolmen", "__main__")
        and (file := getattr(module, "__file__", None) or "").startswith(root)
        and not _ENVIRONMENTS & set(Path(file).parts)
    ]


def _without_own(tree: Path) -> list[str]:
    """The process's path without the program's folders."""
    kept = (Path(entry).resolve() for entry in sys.path if entry)
    return [str(place) for place in kept if not place.is_relative_to(tree) or _ENVIRONMENTS & set(place.parts)]
