"""Text from a repository inside Markdown as GitHub renders it: nothing can become a line, link, mention or tag.

Three ways, by place: `span` (a code span: GitHub finds neither links nor mentions in it), `code` (the same as HTML, where
a table's bars or an HTML block rule out code spans) and `prose` (everything escaped, links and mentions broken up).
"""

from __future__ import annotations

import html
import re

from dolmen.review.formats.parts.clean import LONGEST, one_line, short, split_address, visible

LIMIT = 65_536
"""Characters that GitHub takes for one comment (https://github.com/orgs/community/discussions/27190)."""
_GAP = "\u200b"
"""A zero-width space: what follows it is no longer part of a mention, a reference or a link."""
_PUNCTUATION = re.compile(r"([!\"#$%'()*+,\-./:;=?@\[\\\]^_`{|}~])")
_LINKED = re.compile(r"(?<=@)|(?<=#)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=GH)(?=-\d)", re.I)
_COMMIT = re.compile(r"\b[0-9a-f]{7,40}\b", re.I)
_CODE = re.compile(r"`([^`]*)`")


def size(text: str) -> int:
    """Characters as the strictest counter sees them: UTF-16 units, and line ends as two."""
    return len(text.encode("utf-16-le")) // 2 + text.count("\n")


def span(text: str, longest: int = LONGEST) -> str:
    """A code span, whatever the text holds."""
    text = short(text, longest) or " "
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    padding = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def code(text: str, longest: int = LONGEST) -> str:
    """`<code>` with every sign as an entity: for table cells and HTML blocks."""
    return f"<code>{_entities(short(text, longest))}</code>"


def plain(text: str) -> str:
    """For an HTML block, outside of `<code>`: words of our own."""
    return html.escape(visible(text))


def prose(text: str) -> str:
    """A sentence; what stands between backticks becomes a code span."""
    parts: list[str] = []
    for index, part in enumerate(_CODE.split(one_line(text))):
        parts.append(span(part) if index % 2 and part else _escaped(part))
    return "".join(parts)


def source(reference: str) -> str:
    """Where one of our own rules comes from: a link where the reference is an address, else text.

    Rules are Dolmen's, never the reviewed repository's, so this is the only place that makes a link.
    """
    address, rest = split_address(visible(reference))
    linked = f"[{_escaped(address.partition('/')[0])}](https://{address})" if address else ""
    return linked + _escaped(rest)


def block(text: str, most: int = 40) -> str:
    """A fenced block of several lines."""
    lines = [short(line, 2 * LONGEST) for line in text.splitlines()[:most]]
    runs = [len(run) for line in lines for run in re.findall(r"`+", line)]
    fence = "`" * max(3, max(runs, default=0) + 1)
    return "\n".join([fence, *lines, fence])


def _escaped(text: str) -> str:
    text = _COMMIT.sub(lambda found: _GAP.join(re.findall(".{1,6}", found.group())), _LINKED.sub(_GAP, text))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Entities made just now keep their own signs; everything else that Markdown could read is escaped.
    pieces = re.split(r"(&(?:amp|lt|gt);)", text)
    return "".join(piece if index % 2 else _PUNCTUATION.sub(_sign, piece) for index, piece in enumerate(pieces))


def _sign(found: re.Match[str]) -> str:
    """Only signs that mean something to Markdown: a full stop or a comma inside a sentence does not."""
    sign = found.group(1)
    if sign in ",;'\"%/?=":
        return sign
    if sign in ".:-" and found.start() > 0 and not found.string[: found.start()].isdigit():
        return sign
    return f"\\{sign}"


def _entities(text: str) -> str:
    return "".join(c if c.isalnum() or c == " " or ord(c) > 127 else f"&#{ord(c)};" for c in text)
