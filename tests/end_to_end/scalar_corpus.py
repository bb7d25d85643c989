"""How the Pulumi CLI reads the scalars of a stack file, recorded from the CLI itself.

    python -m tests.end_to_end.scalar_corpus        writes tests/stackfile/cli_scalars.json anew

Each case is a text under `config:` of a stack file. It goes through `pulumi preview`, and what the CLI would hand to
the program (the config map and the secret keys of the language host's Run request) is written down, or its error.
`CIPHER(x)` in a case stands for a ciphertext of x under the stack's own key.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pulumi.runtime.proto import language_pb2

from tests.cloud.cli import Distribution, distribution
from tests.cloud.language_host import LanguageHost, serve
from tests.time_limits import PATIENCE

CORPUS = Path(__file__).resolve().parents[1] / "stackfile" / "cli_scalars.json"

SCALARS = Path(__file__).with_name("scalars.txt")
"""One YAML value a line, as it stands after `k: `."""

OBJECTS = r"""
k: {a: 010, b: on, c: 1_000, d: ~, e: 1.0, f: 1e3, g: 13:00}
k: [010, on, 1_000, ~, 1.0, 1e3, "010", 13:00, 2024-01-01]
k: {}
k: []
k: [[]]
k: {a: {}}
k: [~]
k: {a: ~}
k: {a: }
k: [{a: 1}, {b: [1, 2, {c: x}]}]
k: {1: x}
k: {010: x}
k: {true: x}
k: {on: x}
k: {~: x}
k: {1.5: x}
k: {2024-01-01: x}
k: {[1, 2]: x}
k: {{a: b}: x}
k: {a: 1, a: 2}
k: {1: x, "1": y}
k: {"": x}
k: {a b: x}
k: {"a.b": x}
k: {a: 9007199254740993, b: 18446744073709551615, c: 18446744073709551616, d: -9223372036854775808}
k: [9007199254740993, 18446744073709551615, 18446744073709551616]
k: {a: 1e21, b: 1e20, c: 0.1, d: -0.0, e: 1e-7, f: 100.0, g: 1.5e300}
k: {a: .inf}
k: {a: .nan}
k: [-.inf]
k: {a: 0x1F, b: 0o10, c: 0b11, d: 007, e: 08, f: +1, g: .5, h: 1.}
k: {a: True, b: TRUE, c: yes, d: Off, e: y, f: Null, g: NULL}
k: {a: 2024-01-01, b: 2024-01-01T10:00:00Z, c: "2024-01-01"}
k: {a: !!str 1, b: !!int "1", c: !!float 1, d: !!binary aGVsbG8=, e: !!bool "true"}
k: {a: !custom x}
k: {a: <html> & 'x', b: "<html>\u2028&"}
k: {a: é, b: 😀, c: "\u0000"}
k: {z: 1, a: 2, M: 3}
k: {a: "", b: '', c: " "}
k: {secure: plain}
k: {secure: plain, other: x}
k: {secure: 1}
k: {secure: ~}
k: {secure: CIPHER(top)}
k: {secure: CIPHER(010)}
k: {a: {secure: CIPHER(nested)}, b: plain}
k: [{secure: CIPHER(in a list)}, plain]
k: {a: {b: {secure: CIPHER(deep)}, c: 010}}
k: {a: {secure: CIPHER(nested), other: x}}
k: {a: {secure: plain}}
k: {secure: CIPHER({"a":1})}
""".strip()

BLOCKS = [
    "k: |\n  line one\n  line two\n",
    "k: |-\n  line one\n  line two\n",
    "k: |+\n  line one\n\n",
    "k: >\n  folded one\n  folded two\n\n  after\n",
    "k: >-\n  folded one\n  folded two\n",
    "k: |2\n    indented\n",
    "k: |\n  010\n",
    "k: |-\n  010\n",
    "k: first\n  second\n",
    'k: "first\n  second"\n',
    "k: 'first\n\n  second'\n",
    "k:\n  a: 1\n  b:\n    - x\n    - y: 010\n",
    "k:\n- 1\n- 2\n",
    "k:\n",
    "k: # a comment\n",
    "k: 1 # a comment\n",
    "k: a   \n",
    "k:   spaced\n",
    "k: &x {a: 1, b: 010}\nl: *x\n",
    "k: &x text\nl: *x\n",
    "k: &x 010\nl: [*x, *x]\n",
    "k: &x {a: 1, b: 2}\nl:\n  <<: *x\n  b: 3\n",
    "k: &x {a: 1}\nl: &y {b: 2}\nm:\n  <<: [*x, *y]\n",
    "k:\n  <<: {a: 1}\n  b: 2\n",
    'k:\n  "<<": {a: 1}\n',
    "k: 1\nk: 2\n",
    "k: 1\n'k': 2\n",
    "k: {a: 1}\np:k: 2\n",
    "p:k: 1\n",
    "p:config:k: 1\n",
    "q:k: 1\n",
    "aws:region: eu-west-1\n",
    "pulumi:tags: {a: b}\n",
    "pulumi:disable-default-providers: ['*']\n",
    "pulumi:autonaming: {mode: verbatim}\n",
    "p:k:l: 1\n",
    '"p:k": 1\n',
    "p:k : 1\n",
    "p: k\n",
    "p:: 1\n",
    ":k: 1\n",
    "1: x\n",
    "010: x\n",
    "true: x\n",
    "~: x\n",
    "p:1: x\n",
    "p:k.l: x\n",
    "'p:k[0]': x\n",
    "p:kebab-key: x\n",
    "p:Key: x\np:key: y\n",
    "K: x\n",
    "p:k:\n  - a: 1\n  -  b\n",
    "? k\n: v\n",
    "{k: 1, l: 2}\n",
    "[k]\n",
    "k\n",
    "~\n",
    "\tk: 1\n",
    "k:\ta\n",
    "k: 1\n l: 2\n",
    "k: [1, 2\n",
    "k: {a: 1\n",
    "k: 'open\n",
    "k: - a\n",
    "k: a: b\n",
    "k: [a, b,]\n",
    "k: [a, , b]\n",
    "k: {a, b}\n",
    "k: {a: 1,}\n",
    "k: &x\nl: *x\n",
    "k: &x [*x]\n",
    "k: *x\nl: &x 1\n",
    "k: {? [a] : b}\n",
    "k: !!map {a: 1}\n",
    "k: !!seq [1]\n",
    "k: !!set {a, b}\n",
    "k: !!omap [a: 1]\n",
    "k: !!map x\n",
    "<<: {k: 1}\n",
    "k:\n  a: |\n    010\n  b: >-\n    x\n    y\n",
    "k:\n    - - 1\n      - 2\n    - - 3\n",
    "# nothing but a comment\n",
    "",
    "k: {secure: CIPHER(one)}\nl: {secure: CIPHER(two)}\nm: plain\n",
    "k:\n  secure: CIPHER(block style)\n",
    "k:\n  secure: v1:not:a ciphertext\n",
    "aws:secretKey: {secure: CIPHER(provider secret)}\n",
    "k: \ufeffx\n",
    "k: a\r\nl: b\r\n",
    "k: x\nl: y\nk: z\n",
]


FILES = [
    "",
    "~\n",
    "config:\n",
    "config: ~\n",
    "config: {}\n",
    "config: []\n",
    "config: text\n",
    "config: {p:k: 1}\n",
    "config:\n    k: four\n",
    "config:\n\tk: tab\n",
    "other: 1\nconfig: {k: 1}\n",
    "Config: {k: 1}\n",
    "config: {k: 1}\nconfig: {l: 2}\n",
    "---\nconfig: {k: 1}\n",
    "---\nconfig: {k: 1}\n---\nconfig: {l: 2}\n",
    "--- # first\nconfig: {k: 1}\n...\n",
    "%YAML 1.1\n---\nconfig: {k: on, l: 010}\n",
    "%YAML 1.2\n---\nconfig: {k: on, l: 010}\n",
    "\ufeffconfig: {k: 1}\n",
    "config: {k: 1}\r\n",
    "x: &x {k: 010}\nconfig: *x\n",
    "x: &x {k: 1}\nconfig:\n  <<: *x\n  l: 2\n",
    "[config]\n",
    "text\n",
    '{"config": {"k": 010, "l": "010"}}\n',
    "config: {k: 1}\nenvironment: []\n",
    "# yaml-language-server: $schema=./stack.schema.json\nconfig: {k: 1}\n",
    "secretsprovider: passphrase\nconfig: {k: 1}\n",
]
"""Whole stack files. They hold no secret, so they need no key."""

PROJECTS = [
    ("config: {k: 1}\n", "config: {}\n"),
    ("config: {k: 010}\n", "config: {}\n"),
    ("config: {k: text}\n", "config: {k: own}\n"),
    ("config: {k: {value: 1}}\n", "config: {}\n"),
    ("config: {k: {value: 010}}\n", "config: {}\n"),
    ("config: {k: {default: 1}}\n", "config: {}\n"),
    ("config: {k: {default: 1, type: integer}}\n", "config: {k: 2}\n"),
    ("config: {k: {default: x, type: integer}}\n", "config: {}\n"),
    ("config: {k: {type: integer}}\n", "config: {k: text}\n"),
    ("config: {k: {type: integer}}\n", "config: {}\n"),
    ("config: {k: {type: string}}\n", "config: {k: 010}\n"),
    ("config: {k: {type: boolean}}\n", "config: {k: on}\n"),
    ("config: {k: {type: boolean, default: true}}\n", "config: {}\n"),
    ("config: {k: {type: array, items: {type: string}, default: [a, b]}}\n", "config: {}\n"),
    ("config: {k: {type: object, default: {a: 010}}}\n", "config: {}\n"),
    ("config: {k: {value: {a: 1}}}\n", "config: {k: {b: 2}}\n"),
    ("config: {k: {default: {a: 1}}}\n", "config: {k: {b: 2}}\n"),
    ("config: {k: {type: string, secret: true, default: x}}\n", "config: {}\n"),
    ("config: {k: {type: string, secret: true}}\n", "config: {k: x}\n"),
    ("config: {aws:region: eu-west-1}\n", "config: {}\n"),
    ("config: {aws:region: eu-west-1}\n", "config: {aws:region: eu-west-2}\n"),
    ("config: {aws:region: {value: eu-west-1}}\n", "config: {}\n"),
    ("config: {aws:region: {default: eu-west-1}}\n", "config: {}\n"),
    ("config: {p:k: 1}\n", "config: {}\n"),
    ("config: {p:k: {value: 1}}\n", "config: {k: 2}\n"),
    ("config: {pulumi:tags: {value: {a: b}}}\n", "config: {}\n"),
    ("config: {k: ~}\n", "config: {}\n"),
    ("config: {k: {}}\n", "config: {}\n"),
    ("config: {k: [a, b]}\n", "config: {}\n"),
    ("config: {k: {description: some text}}\n", "config: {k: 1}\n"),
    ("config: {k: {unknown: 1}}\n", "config: {}\n"),
    ("config: stacks\n", "config: {k: 1}\n"),
    ("config: {k: {value: 1, default: 2}}\n", "config: {}\n"),
]
"""What Pulumi.yaml says under `config:`, and a stack file."""


def cases() -> list[str]:
    """Each case once, as the text under `config:`, ending in a newline."""
    flat = [f"k: {value}\n" for value in SCALARS.read_text().splitlines()]
    nested = [f"{line}\n" for line in OBJECTS.splitlines()]
    return list(dict.fromkeys([*flat, *nested, *BLOCKS]))


class Recorder(LanguageHost):
    """A language host that runs nothing: it only writes down what the CLI would give to the program."""

    def __init__(self) -> None:
        super().__init__()
        self.received: dict[str, tuple[dict[str, str], list[str]]] = {}

    def Run(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.received[request.stack] = (dict(request.config), sorted(request.configSecretKeys))
        return language_pb2.RunResponse()


class Reader:
    """One project with one key, in a folder of its own; every case gets a stack."""

    def __init__(self, cli: Distribution, folder: Path) -> None:
        self.cli, self.folder, self.recorder = cli, folder, Recorder()
        self.server, port = serve(self.recorder)
        (folder / "state").mkdir()
        self.project(folder / "project")
        self.environment = {
            "PATH": ":".join([*map(str, cli.path), "/usr/bin", "/bin"]),
            "HOME": str(folder),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "a passphrase for tests",
            "PULUMI_DEBUG_LANGUAGES": f"python:{port}",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        self.run("stack", "init", "key")
        self.salt = self.stack_file("key").read_text()
        self.ciphertexts: dict[str, str] = {}

    def project(self, folder: Path, more: str = "") -> Path:
        folder.mkdir()
        (folder / "Pulumi.yaml").write_text(f"name: p\nruntime: python\n{more}")
        (folder / "__main__.py").write_text("")
        return folder

    def run(self, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = [str(self.cli.pulumi), *arguments, "--non-interactive", "--color=never"]
        return subprocess.run(
            command,
            cwd=folder or self.folder / "project",
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
        )

    def stack_file(self, stack: str) -> Path:
        return self.folder / "project" / f"Pulumi.{stack}.yaml"

    def encrypt(self, texts: list[str]) -> None:
        """Learn a ciphertext of each text from the CLI."""
        given = [part for number, text in enumerate(texts) for part in ("--secret", f"c{number}={text}")]
        done = self.run("config", "set-all", "--stack", "key", *given)
        assert done.returncode == 0, done.stderr
        written = re.findall(r"p:c(\d+):\s+secure: (\S+)", self.stack_file("key").read_text())
        self.ciphertexts = {texts[int(number)]: ciphertext for number, ciphertext in written}

    def read(self, number: int, case: str) -> dict[str, Any]:
        """What the CLI makes of one text under `config:`."""
        text = re.sub(r"CIPHER\((.*?)\)", lambda found: self.ciphertexts[found[1]], case)
        indented = "".join(f"  {line}" if line.strip("\n") else line for line in text.splitlines(keepends=True))
        return {"yaml": case, **self.preview(f"case{number}", f"{self.salt}config:\n{indented}")}

    def read_file(self, number: int, text: str) -> dict[str, Any]:
        return {"file": text, **self.preview(f"file{number}", text)}

    def read_project(self, number: int, case: tuple[str, str]) -> dict[str, Any]:
        more, text = case
        folder = self.project(self.folder / f"project{number}", more)
        return {"project": more, "file": text, **self.preview(f"project{number}", text, folder)}

    def preview(self, stack: str, text: str, folder: Path | None = None) -> dict[str, Any]:
        """What the program would get from a stack file, or the CLI's error."""
        state = self.folder / "state" / ".pulumi" / "stacks" / "p"
        (state / f"{stack}.json").write_text((state / "key.json").read_text().replace("/key", f"/{stack}"))
        with ((folder or self.folder / "project") / f"Pulumi.{stack}.yaml").open("w", newline="") as file:
            file.write(text)
        done = self.run("preview", "--stack", stack, folder=folder)
        config, secret_keys = self.recorder.received.pop(stack, (None, []))
        error = None if config is not None else self.error(done.stderr or done.stdout, stack)
        if config is not None:  # a ciphertext that the CLI did not decrypt, back in the words of the case
            for plain, ciphertext in self.ciphertexts.items():
                config = {key: config[key].replace(ciphertext, f"CIPHER({plain})") for key in sorted(config)}
        return {"config": config, "secretKeys": secret_keys, "error": error}

    def error(self, text: str, stack: str) -> str:
        """The CLI's message without what differs from one machine or run to another."""
        text = text.replace(str(self.stack_file(stack)), "STACK_FILE").replace(str(self.folder), "FOLDER")
        return text.replace(stack, "STACK").strip()


@contextmanager
def reader(cli: Distribution) -> Iterator[Reader]:
    with tempfile.TemporaryDirectory() as folder:
        made = Reader(cli, Path(folder))
        try:
            made.encrypt(sorted({text for case in cases() for text in re.findall(r"CIPHER\((.*?)\)", case)}))
            yield made
        finally:
            made.server.stop(grace=None)


def record(texts: list[str], files: list[str], projects: list[tuple[str, str]]) -> dict[str, list[dict[str, Any]]]:
    with reader(distribution()) as made, ThreadPoolExecutor(2) as workers:
        return {
            "cases": list(workers.map(made.read, range(len(texts)), texts)),
            "files": list(workers.map(made.read_file, range(len(files)), files)),
            "projects": list(workers.map(made.read_project, range(len(projects)), projects)),
        }


def main() -> None:
    corpus: Mapping[str, Any] = {
        "about": "What the Pulumi CLI hands to a program of project `p`: for each text under `config:` of a stack "
        "file (`cases`: in the file, line 1 was `encryptionsalt:` and line 2 `config:`, and the case is indented by "
        "two), for whole stack files (`files`), and for defaults in Pulumi.yaml beside a stack file (`projects`). "
        "CIPHER(x) stands for a ciphertext of x. Regenerate: python -m tests.end_to_end.scalar_corpus",
        "cli": distribution().version,
        **record(cases(), FILES, PROJECTS),
    }
    CORPUS.parent.mkdir(exist_ok=True)
    CORPUS.write_text(json.dumps(corpus, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
