"""A process that has imported the SDKs already and forks a child for each Pulumi program.

    python nursery.py SCRIPT        reads one JSON request a line, answers one JSON line each

Every run has a process of its own, as with the ordinary host; what it does not pay is the import of the SDKs. Nothing
here may start a thread or open a gRPC channel: only the children do.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.machinery
import json
import os
import runpy
import sys
from typing import Any

PRELOADED = (
    "pulumi",
    "pulumi_aws",
    "pulumi_aws.cloudwatch",
    "pulumi_aws.ec2",
    "pulumi_aws.eks",
    "pulumi_aws.elasticache",
    "pulumi_aws.iam",
    "pulumi_aws.kms",
    "pulumi_aws.secretsmanager",
    "pulumi_aws.sns",
    "pulumi_aws.vpc",
    "pulumi_mongodbatlas",
    "pulumi_random",
    "pydantic.fields",
    "pydantic.main",
    "pydantic.types",
    "grpc._channel",
    "difflib",
    "hmac",
    "secrets",
    "yaml",
    "zoneinfo",
)


def tell_versions_apart(folder: str) -> None:
    """Compiled modules of the project are of this very source.

    Python compares the second of the source's last change and its size. Two programs that a test writes one after the
    other have both in common when `True` moves from one word to another.
    """
    usual = importlib.machinery.SourceFileLoader.path_stats

    def path_stats(self: importlib.machinery.SourceFileLoader, path: str) -> Any:
        found = usual(self, path)
        return {**found, "mtime": os.stat(path).st_mtime_ns} if path.startswith(folder) else found  # noqa: PTH116

    importlib.machinery.SourceFileLoader.path_stats = path_stats  # type: ignore[method-assign,assignment]


def child(request: dict[str, Any], script: str) -> None:
    """Become the program: same working directory, environment, arguments and output as with the ordinary host."""
    with open(request["output"], "ab", buffering=0) as output:  # noqa: PTH123
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = [script, *request["arguments"]]
    # The exec script is a program; the folder of a program is what Python puts first on its path. runpy does so for the
    # user's program, which the script runs.
    gc.disable()  # a program lives for a second
    sys.dont_write_bytecode = False  # the project's next run finds its modules compiled
    tell_versions_apart(request["cwd"])
    code: Any = 0
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as stop:
        code = stop.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1 if code else 0)


def main() -> None:
    script = sys.argv[1]
    sys.path = [path for path in sys.path if path != os.path.dirname(os.path.abspath(__file__))]  # noqa: PTH100,PTH120
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            # A look into it makes a lazy SDK package load: importing it alone loads next to nothing.
            getattr(importlib.import_module(name), "__all__", None)
    # Five calls to the engine for each resource, each waited for, of which nothing is shown.
    importlib.import_module("pulumi.log").debug = lambda *_, **__: None
    gc.collect()
    gc.freeze()  # children share this memory as long as nobody writes to it
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        request = json.loads(line)
        process = os.fork()
        if process == 0:
            child(request, script)
        print(json.dumps({"started": process}), file=answers, flush=True)
        # Programs run one at a time in a nursery: several nurseries make several at once.
        _, status = os.waitpid(process, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), file=answers, flush=True)


if __name__ == "__main__":
    main()
