"""Packages of the base's lock that have no wheel: not built unasked, and built where a person names them."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from dolmen.review.sides import locks
from tests.review.test_base import commit, compared, repository  # noqa: F401  (a fixture)

CANARY = "canary-3Lw8TzQ5-environment"
BACKEND = """
import os, zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("tiny.py", f"SEEN = {sorted(os.environ.values())!r}")
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
        wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    return name
"""
SOURCES = {
    "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
    "backend.py": BACKEND,
    "PKG-INFO": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
}


def lock_a_source_distribution(folder: Path) -> None:
    """A lock of one package, which lies beside it and has no wheel."""
    with tarfile.open(folder / "tiny-1.0.tar.gz", "w:gz") as archive:
        for name, text in SOURCES.items():
            entry = tarfile.TarInfo(f"tiny-1.0/{name}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    (folder / "requirements.txt").write_text(f"--no-index\n--find-links {folder}\ntiny==1.0\n")


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SOME_TOKEN", CANARY)
    folder = tmp_path / "locked"
    folder.mkdir()
    lock_a_source_distribution(folder)
    return folder


@pytest.mark.long
def test_a_source_distribution_is_built_only_where_its_name_is_given(locked: Path) -> None:
    with pytest.raises(locks.LockError, match=r"no wheel of tiny .*--base-sdist tiny"):
        locks.interpreter(locked)
    with pytest.raises(locks.LockError, match="no wheel of tiny"):
        locks.interpreter(locked, ["other"])
    (built,) = locks.interpreter(locked, ["Tiny"]).glob("lib/python*/site-packages/tiny.py")
    assert "SEEN" in built.read_text()
    assert CANARY not in built.read_text(), "the code of a package would see the job's credentials"
    assert locks.interpreter(locked, ["tiny"]) == built.parents[3], "it would be built at each review"


@pytest.mark.long
def test_any_source_distribution_may_be_built(locked: Path) -> None:
    assert list(locks.interpreter(locked, [locks.ANY]).glob("lib/python*/site-packages/tiny.py"))


@pytest.mark.long
def test_a_package_that_is_nowhere_is_not_said_to_lack_a_wheel(locked: Path) -> None:
    (locked / "tiny-1.0.tar.gz").unlink()
    with pytest.raises(locks.LockError, match="No matching distribution"):
        locks.interpreter(locked, ["tiny"])


@pytest.mark.long
def test_a_file_that_the_lock_includes_is_a_part_of_what_is_kept(locked: Path) -> None:
    lock = locked / "requirements.txt"
    (locked / "more.txt").write_text(lock.read_text())
    lock.write_text("-r more.txt\n")
    first = locks.interpreter(locked, ["tiny"])
    (locked / "more.txt").write_text("")
    assert locks.interpreter(locked, ["tiny"]) != first, (
        "the base would be compared with packages that it no longer locks"
    )


@pytest.mark.long
def test_a_review_says_why_the_base_ran_with_the_packages_of_the_head(
    repository: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    lock_a_source_distribution(repository)
    commit(repository, "lock")
    (repository / "requirements.txt").write_text("pulumi\n")
    (why,) = (one for one in compared(repository, ["dev"]).not_compared if "head's packages" in one)
    assert "no wheel of tiny" in why and "--base-sdist tiny" in why
