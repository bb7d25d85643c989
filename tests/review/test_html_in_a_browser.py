"""The page in a real browser: it draws, it complains of nothing and it asks nobody for anything."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dolmen.review.formats import text as render
from tests.review.test_renderings import HOSTILE, big, everywhere, reviewed
from tests.time_limits import PATIENCE

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs Chromium (Debian: apt-get install chromium)")


def opened(page: Path, folder: Path, *options: str) -> tuple[str, str, list[str]]:
    """The document after loading, what the browser logged, and the addresses that it asked for."""
    log = folder / "net.json"
    done = subprocess.run(
        [
            str(BROWSER), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
            "--disable-dev-shm-usage", "--enable-logging=stderr", f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={log}", "--virtual-time-budget=2000", *options, "--dump-dom", page.as_uri(),
        ],
        capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    content = json.loads(log.read_text("utf-8", "replace"))
    asked = [event["params"]["url"] for event in content["events"] if "url" in event.get("params", {})]
    return done.stdout, done.stderr, asked


def page(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "review.html"
    file.write_text(text, "utf-8", "surrogatepass")
    return file


@pytest.mark.parametrize("which", ["plain", "hostile"])
def test_the_page_loads_without_an_error_and_without_a_request(tmp_path: Path, which: str) -> None:
    text = "\n".join(HOSTILE[:8])
    report = reviewed(big(5)) if which == "plain" else everywhere(text, stack=text)
    document, logged, asked = opened(page(tmp_path, render(report, "html")), tmp_path)
    assert 'class="topology"' in document, "the drawing is missing"
    complaints = [line for line in logged.splitlines() if "CONSOLE" in line]
    assert complaints == [], f"the page was refused something: {complaints}"
    outside = [url for url in asked if re.match(r"(https?|wss?|ftp):", url) and "evil" in url]
    own = [url for url in asked if url.startswith("file:") and not url.endswith("review.html")]
    assert not outside and not own, f"the page asked for {outside or own}"


MEASURE = """
<!doctype html><body><iframe id="page" style="width:{width}px;height:900px;border:0" srcdoc="{text}"></iframe><script>
document.getElementById("page").onload = (event) => {{
  const inner = event.target.contentDocument, width = inner.documentElement.clientWidth;
  const inside = (one) => one.closest(".scroll") === null && one.getClientRects().length > 0;
  const over = [...inner.querySelectorAll("body *")].filter(inside)
    .filter((one) => one.getBoundingClientRect().right > width + 1 && !one.matches(".skip, thead, thead *"))
    .map((one) => one.tagName + "." + one.className);
  const costs = [...inner.querySelectorAll(".matrix td:last-child")].filter((one) => one.getClientRects().length > 0);
  document.body.dataset.result = JSON.stringify({{over, costs: costs.length, scroll: inner.documentElement.scrollWidth, width}});
}};</script></body>
"""


@pytest.mark.parametrize("width", [400, 800, 1280])
@pytest.mark.parametrize("which", ["plain", "hostile"])
def test_nothing_leaves_the_page_and_no_cost_is_cut(tmp_path: Path, which: str, width: int) -> None:
    text = "\n".join([*HOSTILE[:8], "x" * 300])
    report = reviewed(big(5)) if which == "plain" else everywhere(text, stack=text)
    free = re.sub(r"<meta http-equiv[^>]*>", "", render(report, "html"))  # else the measuring script may not run
    wrapped = MEASURE.format(width=width, text=html.escape(free, quote=True))
    document, _, _ = opened(page(tmp_path, wrapped), tmp_path)
    found = json.loads(html.unescape(re.findall(r'data-result="([^"]*)"', document)[0]))
    assert found["over"] == [], f"cut at {width} px: {found['over'][:5]}"
    assert found["scroll"] <= found["width"], f"the page has to be moved sideways at {width} px"
    assert found["costs"] == len(report.stacks), "a cost is not to be seen"


def test_even_a_script_that_got_in_would_not_run(tmp_path: Path) -> None:
    """The content security policy holds where escaping failed."""
    forged = render(reviewed(big(1)), "html").replace("</main>", "<script>document.title='forged'</script></main>")
    document, logged, _ = opened(page(tmp_path, forged), tmp_path)
    assert "<title>forged" not in document and "Content Security Policy" in logged
