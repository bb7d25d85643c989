"""Contents of assets and archives are hashed as the engine hashes them, within bounds, and errors are the engine's."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from dolmen.engine import contents
from dolmen.engine.unreadable import ContentsError, UnhashedError
from dolmen.engine.values import ARCHIVE, ASSET, SIGNATURE, to_protobuf

Fields = Mapping[str, object]
TEXT: Fields = {SIGNATURE: ASSET, "text": "x = 1"}

# What `asset.FromPath`, `archive.FromPath` and `archive.FromAssets` of Pulumi's Go SDK say about `folder` below.
# Source: github.com/pulumi/pulumi/sdk/v3 v3.259.0, go/common/resource/archive and asset; date: 2026-11-30
NOTHING = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
BY_GO = {
    "asset": "cc42155088fca5730758db72b2a5bca33112a941dfaa2d43098ec422ce4ea213",
    "folder": "d0e56c9a7eeb3b26bbcf7e842f2887224d46d4ca95dd7a9d7ee868f1238bd6bb",
    "link to a folder": NOTHING,
    "assets": "163614c1a9a24c9c5a07fa335815e2bb2ca3884be0b10cc1de3b3484e0db6f4f",
    "no assets": NOTHING,
}
LONG_NAMES_BY_GO = {
    "a" * 100 + "/b": "252cbbd70ff80681c44e2dec212d78d59020946746d4849fc93cf7a7ffaa7612",
    "a" * 90 + "/" + "b" * 90 + "/c": "322137a5ae97b75840134a7df36e14d298652eb26b28538d85b9b4ae6cf654cc",
    "x" * 101: "973922a1751c4c82fd63f2099ffcfa0c0b1cf3febf19c996820181173e35a334",
    "é/ü.py": "0e354e92d8b57c7a989511e05fdf8c63e7a1f553bfe154e3f83c57ff8587ebce",
    "x/" * 60 + "y" * 99: "1223a89c9996d084af59065bd3d28be389b3d45ad8fcca7ca9c0a44e69160668",
    "é" * 60 + "/q": "887850f42cb940e0b0922c5664ab70d1e2cc51fe16b27eb8d006d5666a6e03d4",
    "d/" * 100 + "f": "1b1f400d84fc24ed3c649484ec6f8e4251cb1acc03f10cd0cf88fa1a0496e898",
    "é/" * 40 + "y" * 90: "1be53f1d5c2259f2db313c9843100e81e0d59b5c5f5093ac5a4b526559ecf9d0",
    "x" * 99 + "/" + "x" * 120: "a20696801c96c3682ebdf37ee3dea93c1a5490df626f9da847b5915482862525",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app/.pulumi").mkdir(parents=True)
    (tmp_path / "app/sub").mkdir()
    (tmp_path / "dangling").mkdir()
    for name, text in (
        ("h.py", "print(1)\n"), ("sub/z.py", "z\n"), ("sub-a.py", "a\n"), ("é.txt", "e" * 600), ("empty", ""),
        (".pulumi/x", "left out"),
    ):  # fmt: skip
        (tmp_path / "app" / name).write_text(text)
    (tmp_path / "app/link.py").symlink_to("h.py")
    (tmp_path / "app/folder").symlink_to("sub")
    (tmp_path / "linked").symlink_to("app")
    (tmp_path / "dangling/x").symlink_to("nowhere")
    (tmp_path / "bad.zip").write_text("no zip")
    with zipfile.ZipFile(tmp_path / "f.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("b/", ""),
            ("b/one.py", "1\n"),
            ("a.py", "2\n"),
            ("./b//one.py", "again\n"),
            ("ü.py", "u\n"),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), text)
    with gzip.open(tmp_path / "f.tar.gz", "wb") as stream, tarfile.open(fileobj=stream, mode="w") as archive:
        directory = tarfile.TarInfo("d")
        directory.type = tarfile.DIRTYPE
        archive.addfile(directory)
        for name, data in (("d/one.py", b"1\n"), ("./a.py", b"2\n"), ("é/" + "x" * 120, b"3\n")):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return tmp_path


def file(path: str) -> Fields:
    return {SIGNATURE: ASSET, "path": path}


def archive(path: str) -> Fields:
    return {SIGNATURE: ARCHIVE, "path": path}


def of_assets(**assets: object) -> Fields:
    return {SIGNATURE: ARCHIVE, "assets": assets}


def hashed(fields: Fields, folder: Path) -> str | None:
    return contents.hashed(to_protobuf(fields), folder)


def test_hashes_are_those_of_the_engine(folder: Path) -> None:
    parts = {
        "m.py": TEXT,
        "z": archive("f.zip"),
        "t": archive("f.tar.gz"),
        "d": archive("app"),
        "a/b": file("app/h.py"),
    }
    assert {
        "asset": hashed(file("app/h.py"), folder),
        "folder": hashed(archive("app"), folder),
        "link to a folder": hashed(archive("linked"), folder),
        "assets": hashed(of_assets(**parts), folder),
        "no assets": hashed(of_assets(), folder),
    } == BY_GO, "Against a state, every such archive would be a change that never happens, or hide one."


@pytest.mark.parametrize(("name", "expected"), LONG_NAMES_BY_GO.items())
def test_a_long_or_foreign_name_is_hashed_as_the_engine_does(name: str, expected: str, tmp_path: Path) -> None:
    assert hashed(of_assets(**{name: TEXT}), tmp_path) == expected


@pytest.mark.parametrize("name", ["f.zip", "f.tar.gz", "bad.zip"])
def test_an_archive_that_is_a_file_is_hashed_as_it_is(name: str, folder: Path) -> None:
    assert hashed(archive(name), folder) == hashlib.sha256((folder / name).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (file("nope"), "failed to open asset file 'nope': open nope: no such file or directory"),
        (file("app"), "asset path 'app' is a directory; try using an archive"),
        (archive("nope"), "couldn't read archive path 'nope': stat nope: no such file or directory"),
        (archive("nope.zip"), "open nope.zip: no such file or directory"),
        (archive("app/h.py"), "'app/h.py' is neither a recognized archive type nor a directory"),
        (archive("dangling"), "stat dangling/x: no such file or directory"),
        (
            of_assets(q=file("nope")),
            "failed to expand archive asset 'q': failed to open asset file 'nope': open nope: no such file or directory",
        ),
        (
            of_assets(q=archive("bad.zip")),
            "failed to expand sub-archive 'q': failed to read ZIP: zip: not a valid zip file",
        ),
    ],
)
def test_what_cannot_be_read_is_told_in_the_engines_words(fields: Fields, message: str, folder: Path) -> None:
    with pytest.raises(ContentsError) as error:
        hashed(fields, folder)
    assert str(error.value) == message


@pytest.mark.parametrize("name", ["cut.zip", "cut.tar.gz"])
def test_a_damaged_member_is_an_error_and_no_traceback(name: str, folder: Path) -> None:
    data = bytearray((folder / f"f{name[3:]}").read_bytes())
    middle = data.index(b"1\n") if name.endswith("zip") else len(data) // 2
    data[middle] ^= 0xFF
    (folder / name).write_bytes(data)
    with pytest.raises(ContentsError, match="failed to read"):
        hashed(of_assets(q=archive(name)), folder)


def test_what_lies_in_a_network_or_is_made_up_is_not_read(tmp_path: Path) -> None:
    remote = {SIGNATURE: ASSET, "uri": "https://example.com/x"}
    for fields in (remote, of_assets(a=TEXT, b=remote), file("‹config t:path›"), of_assets(a=archive("‹x›/app"))):
        assert hashed(fields, tmp_path) is None, f"{fields} was read"


def test_a_local_uri_is_read(folder: Path) -> None:
    local = {SIGNATURE: ASSET, "uri": f"file://{folder}/app/h.py"}
    assert hashed(local, Path("/")) == BY_GO["asset"]


def test_more_than_the_limit_is_left_unread_and_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "LIMIT", 500)
    for fields in (file("app/é.txt"), archive("app"), of_assets(a=file("app/é.txt"))):
        with pytest.raises(UnhashedError, match="contents are not compared"):
            hashed(fields, folder)
    assert hashed(file("app/h.py"), folder) == BY_GO["asset"]


def test_a_pipe_is_left_unread_and_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for fields in (file("pipe"), archive(".")):
        with pytest.raises(UnhashedError, match="no regular file"):
            hashed(fields, tmp_path)
