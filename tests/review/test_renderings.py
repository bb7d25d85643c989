"""One report in every format: complete, within limits, and nothing from a repository can forge anything."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dolmen.engine.plan import Failure, FailureKind, Note, Plan, Secret, Unknown
from dolmen.knowledge.loader import change_knowledge, known_types
from dolmen.review.diff.cause import Leaf, Leaves
from dolmen.review.formats import names
from dolmen.review.formats import text as render
from dolmen.review.formats.markdown import MARKER, markdown
from dolmen.review.formats.parts.clean import split_address, visible
from dolmen.review.formats.parts.markdown_text import LIMIT, code, prose, size, span
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.findings import Enforcement, Finding
from dolmen.review.report.model import Review, Side
from tests.review.plans import CACHE, CLUSTER, cache_inputs, cluster_inputs, plan, resource

HOSTILE = [
    "@everyone see #1 and GH-7, org/repo#9, 0123456789abcdef",
    "![x](https://evil.example/p.png) [click](javascript:alert(1)) <https://evil.example>",
    "www.evil.example http://evil.example mail@evil.example",
    "</code></summary></details><script>alert(1)</script><img src=x onerror=alert(1)>",
    "| a | b |\n|---|---|\n# production: nothing changes",
    "`` ` ``` |\\| \\` ~~~ ***",
    "line\r\nbreak\u2028separator\u0085next\x0b\x0c",
    "\u202eright-to-left\u202c \u2066isolate\u2069 \u200bzero\ufeffwidth \x1b[31mred\x1b[0m \x00nul",
    "<!-- dolmen-review -->",
    "&lt;b&gt; &#64;team &amp;",
    '" onmouseover="alert(1)" style="position:fixed',
    "\ud800 lone surrogate",
    "- [ ] task\n1. list\n> quote\n    code",
    "]]> --> {{ template }} ${{ secrets.TOKEN }} %s {0}",
]


LISTS_OF_FINDINGS = ("junit", "sarif")
"""Formats that hold no values."""


def reviewed(*pairs: Pair, findings: tuple[Finding, ...] = ()) -> Review:
    return review(
        [stack_review(pair) for pair in pairs],
        Side("9d01e77"),
        Side("3f2c1ab", "origin/main"),
        findings=findings,
        seconds=1.3,
    )


def everywhere(text: str, stack: str = "prod") -> Review:
    """The text in every place of a report that a repository can fill."""
    old = plan(
        resource(CACHE, text, cache_inputs(description="before", tags={text: "1"}), stack=stack),
        resource(CLUSTER, f"gone {text}", cluster_inputs(), stack=stack),
        stack=stack,
        outputs={text: "a"},
    )
    head = plan(
        resource(CACHE, text, cache_inputs(engineVersion="8.0", description=text, tags={text: text}), stack=stack),
        stack=stack,
        outputs={text: text},
        notes=(Note("not-analysed", text, text), Note("assumed", text, text)),
        stack_file=text,
    )
    finding = Finding("id", text, text, enforcement=Enforcement.MANDATORY, remedy=text, source=text)
    leaves = [Leaves(text, {("config", text): Leaf(value, 1)}) for value in ("9.0", "8.0")]
    pair = Pair(old, head, *leaves, False, (finding,))
    broken = Plan(text, text, text, (), {}, failure=Failure(FailureKind.PROGRAM, f"{text}\n{text}"))
    return reviewed(pair, Pair(old, broken), findings=(finding,))


@pytest.mark.parametrize("form", names())
@pytest.mark.parametrize("text", HOSTILE)
def test_every_rendering_survives_hostile_text(form: str, text: str) -> None:
    found = render(everywhere(text, stack=text), form)
    assert found
    found.encode("utf-8", "surrogatepass")
    if form != "json":
        for character in ("\x1b", "\x00", "\u202e", "\u2066", "\u2028", "\x85", "\ufeff"):
            assert character not in found, f"U+{ord(character):04X} could hide or turn text"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(text)
    return parser.found


def _sources() -> set[str]:
    known = map(change_knowledge, known_types())
    rules = (rule for one in known for some in (*one.properties.values(), one.effects.deleted) for rule in some)
    return {f"https://{split_address(rule.source.reference)[0]}" for rule in rules if rule.source}


ALLOWED = {"h3", "p", "table", "thead", "tbody", "tr", "th", "td", "strong", "em", "code", "pre", "ul", "li", "sub", "br",
           "details", "summary", "b"}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_tag_a_link_or_an_image_on_github(text: str) -> None:
    made = (
        MarkdownIt("commonmark", {"html": True, "linkify": False})
        .enable("table")
        .render(markdown(everywhere(text, stack=text)))
    )
    made = made.replace(MARKER, "", 1)
    sources = _sources()
    links = [attributes for name, attributes in tags(made) if name == "a"]
    assert all(set(one) == {"href"} and one["href"] in sources for one in links), "only our own rules may link"
    names = {name for name, _ in tags(made)} - {"a"}
    assert names <= ALLOWED, f"{sorted(names - ALLOWED)} came from the repository's text"
    assert all(not set(attributes) - {"style", "class"} for name, attributes in tags(made) if name != "a")
    assert "<!--" not in made, "a second marker would let a comment pose as this one"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_mention_a_reference_or_a_bare_link(text: str) -> None:
    made = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown(everywhere(text, stack=text)))
    outside_code = re.sub(r"<(code|pre)>.*?</\1>", "", made, flags=re.S)
    prose_only = html.unescape(re.sub(r"<[^>]*>", "", outside_code))
    for pattern in (r"@[a-zA-Z\d]", r"#\d", r"GH-\d", r"https?://", r"\bwww\.[a-z]", r"\b[0-9a-f]{7,40}\b"):
        found = re.search(pattern, prose_only)
        assert found is None, f"GitHub would link {found}"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_adds_a_row_or_a_line_to_the_matrix(text: str) -> None:
    made = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown(everywhere(text, stack=text)))
    matrix, *costs = re.findall(r"<table>.*?</table>", made, flags=re.S)
    rows = re.findall(r"<tr>.*?</tr>", matrix, flags=re.S)
    assert len(rows) == 3, "a name must not forge a line of the matrix"
    assert all(len(re.findall(r"<t[hd]\b", row)) == 8 for row in rows)
    for table in costs:
        cells = {len(re.findall(r"<t[hd]\b", row)) for row in re.findall(r"<tr>.*?</tr>", table, flags=re.S)}
        assert len(cells) == 1, "a name must not forge a column of the costs"
    assert len(re.findall(r"<h\d", made)) == 1, "a name must not forge a heading"


@pytest.mark.parametrize("text", HOSTILE)
def test_the_page_holds_only_its_own_tags_and_asks_for_nothing(text: str) -> None:
    found = tags(render(everywhere(text, stack=text), "html"))
    names = {name for name, _ in found}
    assert not names & {"script", "img", "iframe", "link", "object", "form", "base", "video", "audio"}
    for name, attributes in found:
        for key, value in attributes.items():
            assert not key.startswith("on") and key != "style", f"{name} has {key}"
            if key in ("href", "src"):
                assert value is not None and (value.startswith("#") or value in _sources()), f"{name} leads to {value}"


@pytest.mark.parametrize("form", [name for name in names() if name not in LISTS_OF_FINDINGS])
def test_no_rendering_holds_a_secret(form: str) -> None:
    old = plan(resource(CACHE, "it", cache_inputs(authToken=Secret("fingerprint-1"))))
    head = plan(resource(CACHE, "it", cache_inputs(authToken=Secret("fingerprint-2"), userGroupIds=[Unknown()])))
    found = render(reviewed(Pair(old, head)), form)
    assert "fingerprint" not in found
    assert ("[secret]" in found) or ("$secret" in found), "that a secret changes must be said"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_one_harmless_line(text: str) -> None:
    for made in (visible(text), span(text), code(text), prose(text)):
        assert "\n" not in made and "\r" not in made
    rendered = MarkdownIt("commonmark", {"html": True}).renderInline(f"a {span(text)} b {prose(text)} c {code(text)} d")
    assert {name for name, _ in tags(rendered)} <= {"code", "em", "strong"} - {"em", "strong"}


# ---- size


def big(resources: int, value: str = "x", stack: str = "prod") -> Pair:
    old = plan(
        *(resource(CACHE, f"cache-{n}", cache_inputs(description="old"), stack=stack) for n in range(resources)),
        stack=stack,
    )
    new = [
        resource(CACHE, f"cache-{n}", cache_inputs(description=f"{value}{n}", engineVersion="8.0"), stack=stack)
        for n in range(resources)
    ]
    return Pair(old, plan(*new, stack=stack))


def test_a_comment_of_500_resources_fits_and_says_what_is_missing() -> None:
    found = markdown(reviewed(big(500)))
    assert size(found) <= LIMIT
    assert found.startswith(MARKER) and "the cache is replaced" in found.splitlines()[1], "the head survives"


def test_a_hundred_stacks_keep_their_line_each() -> None:
    found = markdown(reviewed(*(big(20, stack=f"env-{n}") for n in range(100))))
    assert size(found) <= LIMIT
    assert all(f"env&#45;{n}<" in found for n in range(100)), "the matrix is the last thing to go"
    assert "Left out for length" in found, "what is missing is said"


def test_two_thousand_stacks_still_fit() -> None:
    one = stack_review(big(1))
    from dataclasses import replace

    found = markdown(review([replace(one, name=f"stack-number-{n}") for n in range(2000)], Side("a"), Side("b")))
    assert size(found) <= LIMIT and "more stacks are not in the table" in found


@pytest.mark.parametrize("form", names())
def test_values_of_five_megabytes_are_cut(form: str) -> None:
    found = render(reviewed(big(2, value="x" * 5_000_000)), form)
    assert len(found) < 400_000, f"{form} carries whole megabytes of one value"


@pytest.mark.parametrize("limit", [2_000, 5_000, 20_000])
def test_any_limit_is_kept(limit: int) -> None:
    assert size(markdown(reviewed(big(60)), limit)) <= limit


# ---- content


def test_the_verdict_comes_first_then_the_matrix_then_the_details() -> None:
    lines = markdown(reviewed(big(1))).splitlines()
    assert lines[0] == MARKER and lines[1].startswith("### prod: the cache is replaced, data is lost")
    table = next(n for n, line in enumerate(lines) if line.startswith("| stack |"))
    details = next(n for n, line in enumerate(lines) if line.startswith("<details>"))
    notes = next(n for n, line in enumerate(lines) if line.startswith("<details><summary>Not analysed:"))
    assert table < details < notes


def test_the_terminal_fits_in_80_columns() -> None:
    import io

    from rich.console import Console

    from dolmen.review.formats.terminal import print_review

    file = io.StringIO()
    print_review(Console(file=file, width=80, highlight=False, markup=False), reviewed(big(3)))
    assert max(map(len, file.getvalue().splitlines())) <= 80
