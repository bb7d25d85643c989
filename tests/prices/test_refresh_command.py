"""`dolmen prices refresh`: what it writes, what it says, and that nothing changes when it fails."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import json
import os
import pty
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from dolmen.prices import download
from dolmen.prices.model import PriceListError
from dolmen.prices.regions import regions_of
from dolmen.review.cost.price_file import REFRESHED, read_prices
from dolmen.review.cost.prices import Kind
from tests.certificate import self_signed
from tests.cli.small_project import ROOT, dolmen, write_project
from tests.prices.focus_files import CANARY, M30, report
from tests.prices.offer_files import all_offers, elasticache, vpc, written
from tests.prices.price_server import (
    Answer,
    cut_in_a_chunk,
    failing,
    moved_to,
    sent,
    serving,
    silent,
    streamed,
)
from tests.time_limits import PATIENCE

WHOLE = json.dumps(vpc()).encode()
LOGIN = "canary-word"
BEFORE = """\
currency: USD
hours in a month: 730
sources:
  aws elasticache: {what: "AWS price list AmazonElastiCache", address: "https://example.com", date: 2026-01-02}
  atlas focus: {what: "A customer's FOCUS report", address: "https://example.com", date: 2026-01-03}
prices:
  atlas cluster M30:
    unit: hour
    us-east-1: {price: 0.55, source: atlas focus}
  cache.r7g.large redis:
    unit: hour
    sa-east-1: {price: 0.4, source: aws elasticache}
    us-east-1: {price: 0.2, source: aws elasticache}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    write_project(folder)
    with (folder / "stacks/Pulumi.staging.yaml").open("a") as file:
        file.write("  aws:region: us-east-1\n  shop:cluster: {region: AP_NORTHEAST_2, zone: eu-west-1a}\n")
    return folder


def prices(folder: Path, file: str = "stacks/list-prices.yaml") -> dict[str, dict[str, object]]:
    document = yaml.safe_load((folder / file).read_text("utf-8"))
    return {
        item: {region: one["price"] for region, one in regions.items() if region != "unit"}
        for item, regions in document["prices"].items()
    }


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_regions_of_the_stack_files_are_read_and_written_down(project: Path) -> None:
    with serving() as server:
        done = dolmen(project, "prices", "refresh", "--address", server.address)
    assert done.returncode == 0, done.stderr
    assert {path.split("/")[3] for path in server.asked} == {"us-east-1", "ap-northeast-2"}
    found = prices(project)
    assert found["cache.r7g.large redis"] == {"us-east-1": 0.219, "ap-northeast-2": 0.262}
    assert found["secret calls"] == {"us-east-1": 0.05, "ap-northeast-2": 0.05}
    assert found["kms key"] == {"us-east-1": 1, "ap-northeast-2": 1}


def test_the_file_is_sorted_dated_and_says_where_each_price_is_from(project: Path) -> None:
    with serving() as server:
        dolmen(project, "prices", "refresh", "--address", server.address)
    text = (project / "stacks/list-prices.yaml").read_text("utf-8")
    document = yaml.safe_load(text)
    assert document["currency"] == "USD" and document["hours in a month"] == 730
    assert list(document["prices"]) == sorted(document["prices"]), "a review would show prices that only moved"
    assert document["sources"]["aws vpc"] == {
        "what": "AWS price list AmazonVPC",
        "address": "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonVPC/current/index.json",
        "date": datetime.date(2026, 9, 17),
    }
    for regions in document["prices"].values():
        assert next(iter(regions)) == "unit" and list(regions)[1:] == sorted(list(regions)[1:])
        assert all(one["source"] in document["sources"] for region, one in regions.items() if region != "unit")


def test_a_region_that_is_given_takes_the_place_of_those_of_the_stack_files(project: Path) -> None:
    with serving() as server:
        done = dolmen(project, "prices", "refresh", "--address", server.address, "--region", "eu-west-1", "-o", "here")
    assert done.returncode == 0, done.stderr
    assert prices(project, "here")["interface endpoint"] == {"eu-west-1": 0.011}


def test_it_says_what_changed_and_what_went(project: Path) -> None:
    (project / "stacks/list-prices.yaml").write_text(BEFORE)
    with serving() as server:
        done = dolmen(project, "prices", "refresh", "--address", server.address)
    assert "1 changed" in done.stdout and "1 gone" in done.stdout
    assert "cache.r7g.large redis  us-east-1: 0.2 → 0.219 (+9.5 %)" in done.stdout
    assert "gone: cache.r7g.large redis in sa-east-1" in done.stdout
    assert prices(project)["atlas cluster M30"] == {"us-east-1": 0.55}, "Atlas's prices were not asked for, and stay"
    with serving() as server:
        again = dolmen(project, "prices", "refresh", "--address", server.address)
    assert "0 changed, 0 new, 0 gone" in again.stdout


def test_copies_are_read_under_any_name(project: Path, tmp_path: Path) -> None:
    folder = written(tmp_path / "copies", all_offers())
    (folder / "below").mkdir()
    (folder / "AmazonVPC.json").rename(folder / "below/index.json")
    (folder / "other.json").write_text(json.dumps({"offerCode": "AmazonEC2"}))
    done = dolmen(project, "prices", "refresh", "--from", str(folder))
    assert done.returncode == 0, done.stderr
    assert prices(project)["interface endpoint"] == {"us-east-1": 0.01, "ap-northeast-2": 0.013}


def test_a_list_that_the_folder_lacks_is_named(project: Path, tmp_path: Path) -> None:
    folder = written(tmp_path / "copies", {"AmazonElastiCache": elasticache(), "AmazonVPC": vpc()})
    done = dolmen(project, "prices", "refresh", "--from", str(folder))
    assert done.returncode == 0, done.stderr
    assert "AWSSecretsManager: there is no file of it" in done.stdout


def test_a_report_of_atlas_is_read_without_a_network_and_without_names(project: Path) -> None:
    (project / "stacks/list-prices.yaml").write_text(BEFORE)
    (project / "report.csv").write_text(report(M30))
    done = dolmen(project, "prices", "refresh", "--no-aws", "--atlas-focus", "report.csv")
    assert done.returncode == 0, done.stderr
    found = prices(project)
    assert found["atlas cluster M30"] == {"ap-northeast-2": 0.63}
    assert found["cache.r7g.large redis"] == {"sa-east-1": 0.4, "us-east-1": 0.2}, "AWS's prices were to stay"
    assert "gone: atlas cluster M30 in us-east-1" in done.stdout
    seen = done.stdout + done.stderr + (project / "stacks/list-prices.yaml").read_text("utf-8")
    assert CANARY not in seen, "the name of a cluster or a project would be published"


FAULTS: dict[str, tuple[Answer, str]] = {
    "cut": (sent(WHOLE[: len(WHOLE) // 2], len(WHOLE)), f"was cut after {len(WHOLE) // 2:,} of {len(WHOLE):,} bytes"),
    "cut before its end mark": (sent(WHOLE[:-1], len(WHOLE)), "was cut after"),
    "cut without a length": (cut_in_a_chunk, "was cut after"),
    "broken": (sent(WHOLE[: len(WHOLE) // 2]), "it ends in the middle"),
    "no JSON": (sent(b"<html>"), "it is not JSON"),
    "another list": (sent(b'{"offerCode":"AmazonEC2"}'), "another service"),
    "nobody": (failing(404), "answered 404"),
    "a fault of the server": (failing(503), "answered 503"),
    "sent on to http": (moved_to("http://example.com/list.json"), "only https is read"),
    "sent on to a file": (moved_to("file:///etc/passwd"), "is not allowed"),
    "silent": (silent, "nothing came for 1 seconds"),
    "no price": (
        sent(b'{"offerCode":"AmazonVPC","publicationDate":"2026-01-01","products":{}}'),
        "no price of AmazonVPC in ap-northeast-2, AmazonVPC in us-east-1",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_changes_when_a_list_cannot_be_read(project: Path, fault: str) -> None:
    (project / "stacks/list-prices.yaml").write_text(BEFORE)
    before = files(project)
    answer, said = FAULTS[fault]
    with serving({"AmazonVPC": answer}) as server:
        patience = ("--timeout", "1") if fault == "silent" else ()
        done = dolmen(project, "prices", "refresh", "--address", server.address, *patience)
    assert done.returncode == 2, "a pipeline would commit half of the prices"
    assert said in done.stderr and "Traceback" not in done.stderr and done.stderr.count("\n") == 1
    assert done.stdout == "" and files(project) == before


def test_nothing_changes_when_the_disk_is_full(project: Path) -> None:
    (project / "stacks/list-prices.yaml").write_text(BEFORE)
    before = files(project)
    folder = written(project.parent / "copies", all_offers())
    done = subprocess.run(
        [sys.executable, "-m", "dolmen", "prices", "refresh", "--from", folder],
        cwd=project,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        check=False,
    )
    assert done.returncode == 2 and "cannot be written" in done.stderr, done.stderr
    assert files(project) == before, "half a file, or a forgotten one, would be committed"


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("aws:region: eu-west-1", {"eu-west-1"}),
        ("shop:cluster: {region: AP_NORTHEAST_2}", {"ap-northeast-2"}),
        (
            "shop:replicas: [{region: us-gov-west-1}, ca-central-1, eu-north-1]",
            {"us-gov-west-1", "ca-central-1", "eu-north-1"},
        ),
        ("shop:names: [eu-west-1a, team-west-1, us--1, EU-west-1, in eu-west-1, us-west-2-lax-1]", set()),
    ],
)
def test_a_region_is_what_aws_or_atlas_calls_one(tmp_path: Path, text: str, regions: set[str]) -> None:
    file = tmp_path / "Pulumi.production.yaml"
    file.write_text(f"config:\n  {text}\n")
    assert regions_of([file]) == regions


def test_a_list_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "LARGEST", 1024 * 1024)
    with serving({"AmazonVPC": streamed(lambda: itertools.repeat(b" " * 65536))}) as server:
        place = f"{server.address}/AmazonVPC/current/us-east-1/index.json"
        with (
            pytest.raises(PriceListError, match="larger than 1 MiB"),
            download.from_server(place, lambda *_: None, PATIENCE) as reading,
        ):
            while reading.read(65536):
                pass


def test_a_server_that_is_not_there_is_said_in_one_line(project: Path) -> None:
    with serving() as server:
        address = server.address
    done = dolmen(project, "prices", "refresh", "--address", address)
    assert done.returncode == 2 and "there is no connection: Connection refused" in done.stderr


def test_the_proxy_of_the_environment_is_asked(project: Path) -> None:
    with serving() as proxy:
        done = dolmen(project, "prices", "refresh", "--address", "http://127.0.0.2:9", http_proxy=proxy.address)
        assert done.returncode == 0, done.stderr
        assert proxy.asked[0].startswith("http://127.0.0.2:9/AmazonElastiCache/"), "the proxy was gone round"
        tunnel = {"https_proxy": proxy.address.replace("://", "://user:canary-password@")}
        done = dolmen(project, "prices", "refresh", "--address", "https://prices.invalid", **tunnel)
    assert proxy.asked[-1] == "CONNECT prices.invalid:443"
    assert done.returncode == 2 and "403" in done.stderr and "canary" not in done.stderr


def test_a_server_is_read_only_with_a_certificate_that_is_trusted(project: Path, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    with serving(certificate=certificate) as server:
        done = dolmen(project, "prices", "refresh", "--address", server.address)
        assert done.returncode == 2 and "certificate is not trusted" in done.stderr and server.asked == []
        trusting = {"SSL_CERT_FILE": str(certificate[0])}
        done = dolmen(project, "prices", "refresh", "--address", server.address, **trusting)
        assert done.returncode == 0, done.stderr


def test_a_terminal_shows_what_is_being_read_and_a_log_does_not(project: Path) -> None:
    terminal, end = pty.openpty()
    with serving() as server:
        command = [sys.executable, "-m", "dolmen", "prices", "refresh", "--address", server.address]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "120"}
        with subprocess.Popen(command, cwd=project, env=environment, stderr=end, stdout=subprocess.PIPE) as started:
            os.close(end)
            shown = b""
            with contextlib.suppress(OSError):  # the other end is closed
                while piece := os.read(terminal, 65536):
                    shown += piece
            assert started.wait() == 0, shown
        assert b"AmazonVPC us-east-1" in shown
        assert dolmen(project, "prices", "refresh", "--address", server.address).stderr == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--address", "http://example.com"], "only https is read"),
        (["--address", "ftp://127.0.0.1"], "only https is read"),
        (["--address", f"https://me:{LOGIN}@example.com"], "login"),
        (["--region", "Seoul"], "'Seoul' is no region"),
        (["--no-aws"], "nothing to read"),
        (["--no-aws", "--from", ".", "--atlas-focus", "Pulumi.yaml"], "--from is about AWS's prices"),
        (["--from", ".", "--address", "https://example.com"], "not both"),
        (["--from", "nowhere"], "no folder"),
        (["--from", "."], "no price list (*.json)"),
        (["--atlas-focus", "nowhere.csv"], "no file"),
        (["--output", "nowhere/list.yaml"], "no folder nowhere"),
    ],
)
def test_what_cannot_be_followed_is_refused_before_anything_is_read(
    project: Path, arguments: list[str], said: str
) -> None:
    with serving() as server:
        address = () if {"--address", "--from", "--no-aws"} & set(arguments) else ("--address", server.address)
        done = dolmen(project, "prices", "refresh", *address, *arguments)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert LOGIN not in done.stderr and server.asked == []


def test_a_project_that_names_no_region_is_told_so(tmp_path: Path) -> None:
    done = dolmen(write_project(tmp_path), "prices", "refresh")
    assert done.returncode == 2 and "--region" in done.stderr


@pytest.mark.parametrize("text", ["prices: {a: {us-east-1: {price: dear}}}", "a: [", "prices: 1", "- a"])
def test_a_file_that_is_no_list_is_not_written_over(project: Path, text: str) -> None:
    (project / "stacks/list-prices.yaml").write_text(text)
    with serving() as server:
        done = dolmen(project, "prices", "refresh", "--address", server.address)
    assert done.returncode == 2 and "list-prices.yaml" in done.stderr and "Traceback" not in done.stderr
    assert (project / "stacks/list-prices.yaml").read_text() == text and server.asked == []


def test_an_estimate_counts_with_what_was_written(project: Path) -> None:
    (project / "report.csv").write_text(report(M30))
    with serving() as server:
        done = dolmen(project, "prices", "refresh", "--address", server.address, "--atlas-focus", "report.csv")
    assert done.returncode == 0, done.stderr
    written = yaml.safe_load((project / "stacks" / REFRESHED).read_text("utf-8"))
    counted = read_prices(project / "stacks")
    for item, regions in written["prices"].items():
        for region in regions.keys() - {"unit"}:
            price = counted.find(item, region)
            assert price is not None and price.unit == regions["unit"]
            assert (price.kind, price.amount.low, price.amount.high) == (Kind.LIST, *[regions[region]["price"]] * 2)
            assert price.date == str(written["sources"][regions[region]["source"]]["date"])
    assert counted.find("atlas cluster M30", "ap-northeast-2").amount.low == 0.63  # type: ignore[union-attr]
