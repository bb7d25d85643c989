"""The whole report as one HTML file: no script, no network, readable in light, dark and on paper.

A strict content security policy holds even if escaping failed: nothing but this file's own style is allowed.
"""

from __future__ import annotations

import base64
import hashlib
import html as markup
import re
from collections.abc import Iterator
from importlib import resources

from dolmen.review.cost.estimate import Line
from dolmen.review.diff.changes import SIGNS, Operation, ResourceChange
from dolmen.review.diff.values import PropertyChange
from dolmen.review.effects.harm import harms
from dolmen.review.effects.model import Effect
from dolmen.review.formats import words
from dolmen.review.formats.clean import short, visible
from dolmen.review.formats.svg import CLASSES, drawing
from dolmen.review.report.model import Environment, Review, Status

_MOST_PROPERTIES = 200
_MOST_NAMES = 30
_VALUE = 400
_CODE = re.compile(r"`([^`]*)`")


def html(review: Review) -> str:
    style = resources.files("dolmen.review.formats").joinpath("style.css").read_text("utf-8")
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    harmful = any(words.is_harmful(environment) for environment in review.environments)
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">',
        f"<title>{_text(words.verdict(review))}</title><style>{style}</style></head><body>",
        '<a class="skip" href="#environments">Skip to the environments</a>',
        f"<header><h1{' class=harm' if harmful else ''}>{_text(words.verdict(review))}</h1>",
        f'<p class="about">{_text(" → ".join(words.sides(review)))} · {review.seconds:.1f} s · no credentials used</p></header>',
        "<main>",
        _matrix(review),
        *(_finding(group) for group in words.finding_groups(review.findings)),
        '<div id="environments">',
        *(_environment(environment, number) for number, environment in enumerate(review.environments)),
        "</div></main>",
        f"<footer>{_not_analysed(review)}</footer></body></html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


# ---- text


def _text(text: str) -> str:
    return markup.escape(visible(text))


def _code(text: str, longest: int = 160) -> str:
    return f"<code>{markup.escape(short(text, longest))}</code>"


def _prose(text: str) -> str:
    """A sentence; what stands between backticks is code."""
    parts = _CODE.split(visible(text))
    return "".join(_code(part) if index % 2 else markup.escape(part) for index, part in enumerate(parts))


# ---- the matrix


def _matrix(review: Review) -> str:
    heads = "".join(
        f'<th scope="col" class="n {css}">{sign}<span hidden> {word}</span></th>'
        for sign, css, word in (
            ("+", "create", "created"),
            ("~", "update", "changed"),
            ("±", "replace", "replaced"),
            ("−", "delete", "deleted"),
        )
    )
    rows = "\n".join(_row(environment, number) for number, environment in enumerate(review.environments))
    return (
        '<div class="card scroll"><table><thead><tr><th scope="col">environment</th>'
        f'{heads}<th scope="col">worst effect</th><th scope="col">policies</th><th scope="col" class="n">USD a month</th></tr></thead>'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )


def _row(environment: Environment, number: int) -> str:
    counts = environment.counts
    cells = "".join(
        f'<td class="n {css if value else "zero"}">{value}</td>'
        for value, css in (
            (counts.create, "create"),
            (counts.update, "update"),
            (counts.replace, "replace"),
            (counts.delete, "delete"),
        )
    )
    harmful = words.is_harmful(environment)
    stops = any(finding.stops for finding in environment.broken)
    return (
        f'<tr{" class=important" if environment.important else ""}><td><a href="#e{number}">{_text(short(environment.name, 80))}</a></td>'
        f"{cells}<td{' class=harm' if harmful else ''}>{_text(words.worst_cell(environment))}</td>"
        f"<td{' class=harm' if stops else ''}>{_text(words.policy_cell(environment))}</td>"
        f'<td class="n">{_text(words.cost_cell(environment))}</td></tr>'
    )


# ---- one environment


def _environment(environment: Environment, number: int) -> str:
    opened = " open" if environment.status is not Status.SAME else ""
    about = " · ".join(part for part in (environment.region, environment.tier, environment.stack_file) if part)
    renamed = f" · renamed from {environment.renamed_from}" if environment.renamed_from else ""
    body = "\n".join(part for part in _body(environment) if part)
    return (
        f'<details class="card environment" id="e{number}"{opened}><summary><h2>{_text(short(environment.name, 80))}</h2>'
        f'<span class="dim">{_text(about + renamed)}</span><span class="chip">{_text(environment.status.value)}</span>'
        f'<span class="chip">{_text(words.operation_counts(environment))}</span></summary><div class="inside">\n{body}\n</div></details>'
    )


def _body(environment: Environment) -> Iterator[str]:
    if environment.failure is not None:
        yield f"<p>The program cannot be evaluated.</p><pre>{_lines(environment.failure.message)}</pre>"
    findings = words.finding_groups(environment.findings)
    yield from (_finding(group) for group in findings if group.first.stops)
    groups = words.groups(environment.changes)
    if groups:
        yield "<h3>Changes</h3>"
        yield from (_group(group, environment) for group in groups)
    elif environment.status is Status.SAME:
        yield '<p class="dim">Nothing changes.</p>'
    if environment.outputs:
        yield f"<h3>Outputs of the stack</h3>{_values(environment.outputs)}"
    advice = [group for group in findings if not group.first.stops]
    if advice:
        yield "<h3>Policies and findings</h3>"
        yield from (_finding(group) for group in advice)
    picture = drawing(environment.topology, environment.changes, f"Components of {environment.name}")
    if picture:
        left_out = environment.topology.left_out
        more = f'<p class="dim">{left_out} more are not drawn.</p>' if left_out else ""
        yield f'<h3>Components, and who takes values from whom</h3><div class="scroll">{picture}</div>{more}'
    yield from _cost(environment)


def _group(group: words.Group, environment: Environment) -> str:
    change = group.first
    css = CLASSES.get(change.operation, "")
    names = ", ".join(_code(name) for name in group.names[:_MOST_NAMES])
    more = f" and {len(group.names) - _MOST_NAMES} more" if len(group.names) > _MOST_NAMES else ""
    title = f'<span class="sign {css}">{SIGNS[change.operation].strip() or "·"}</span>{_text(group.title)}'
    chip = " harm" if harms(change.effects) else ""
    alone = f" {names}" if not group.others else ""
    lines = [
        f'<div class="change {css}"><h4>{title}{alone} <span class="chip{chip}">{_text(words.happening(change))}</span></h4>',
        f'<p class="names">{names}{more}</p>' if group.others else "",
        f'<p class="names">in {_code(group.component)}</p>' if group.component else "",
        *_details(change, environment),
        "</div>",
    ]
    return "\n".join(line for line in lines if line)


def _details(change: ResourceChange, environment: Environment) -> Iterator[str]:
    if change.renamed_from:
        yield f"<p>Renamed from {_code(change.renamed_from.rsplit('::', 1)[-1])}.</p>"
    if change.operation not in (Operation.CREATE, Operation.IMPORT, Operation.DELETE, Operation.FORGET):
        yield _values(change.properties)
        yield _values(change.ignored, "ignored: ")
        yield _values(change.options, "option ")
    if change.operation not in (Operation.CREATE, Operation.IMPORT):
        for effect in change.effects:
            yield from _effect(effect)
    for sentence in change.blocked:
        yield f'<p class="blocked">{_prose(sentence)}</p>'
    for urn, entry in environment.accepted:
        if urn == change.urn:
            yield f'<p class="safe">Accepted until {entry.until} ({_text(entry.what)}): {_text(short(entry.reason, 400))}</p>'
    places = [
        f"{'' if certain else 'perhaps '}{_code(place)}{' ' + _code(key) if key else ''}"
        for place, key, certain in words.cause_text(change.causes)
    ]
    if places:
        yield f'<p class="names">{", ".join(places)}</p>'


def _effect(effect: Effect) -> Iterator[str]:
    parts = [_prose(effect.why)]
    if effect.downtime != (0, 0):
        parts.append(f"<b>{_text(words.outage(effect).capitalize())}.</b>")
    if effect.data_note:
        parts.append(_prose(effect.data_note))
    source = (
        f' <span class="source">{_text(effect.source.reference)}, {effect.source.date}</span>' if effect.source else ""
    )
    yield f"<p>{' '.join(parts)}{source}</p>"
    if effect.safe_path:
        yield f'<p class="safe"><b>Safe path.</b> {_prose(effect.safe_path)}</p>'


def _values(changes: tuple[PropertyChange, ...], prefix: str = "") -> str:
    if not changes:
        return ""
    rows = "".join(
        f"<tr><td>{prefix}{_code(one.label, 200)}</td><td>{_value(one)}</td></tr>" for one in changes[:_MOST_PROPERTIES]
    )
    more = len(changes) - _MOST_PROPERTIES
    rest = f'<tr><td colspan="2" class="dim">{more} more</td></tr>' if more > 0 else ""
    return f'<div class="values"><table><tbody>{rows}{rest}</tbody></table></div>'


def _value(change: PropertyChange) -> str:
    values = words.old_and_new(change)
    if values is None:
        return f'<span class="dim">{_text(short(words.without_values(change)))}</span>'
    new = _code(values[1], _VALUE)
    if words.only_new(change):
        return new
    return f'<code class="old">{markup.escape(short(values[0], _VALUE))}</code><span class="arrow">→</span>{new}'


def _finding(group: words.FindingGroup) -> str:
    finding = group.first
    names = ", ".join(_code(name) for name in group.names[:_MOST_NAMES])
    more = f" and {len(group.names) - _MOST_NAMES} more" if len(group.names) > _MOST_NAMES else ""
    about = f'<span class="names">{names}{more}</span><br>' if names else ""
    place = f" {_code(str(finding.position))}" if finding.position else ""
    accepted = f"<br>Accepted: {_text(finding.acceptance.reason)}" if finding.acceptance else ""
    remedy = f"<br>{_prose(finding.remedy)}" if finding.remedy else ""
    css = " stops" if finding.stops else ""
    return (
        f'<div class="finding{css}"><b>{_text(finding.title)} <span class="chip">{finding.enforcement.value}</span></b>'
        f"{about}{_prose(finding.message)}{place}{remedy}{accepted}</div>"
    )


def _cost(environment: Environment) -> Iterator[str]:
    cost = environment.cost
    if cost.changed:
        rows = "".join(
            f'<tr><td>{_code(line.resource)}</td><td>{_text(line.item)}</td><td class="n">{words.money(line.before)} → {words.money(line.after)}</td></tr>'
            for line in cost.changed[:_MOST_PROPERTIES]
        )
        yield f'<h3>USD a month</h3><div class="values"><table><tbody>{rows}</tbody></table></div>'
    if cost.after is not None:
        for title, lines in (("Not priced", cost.after.not_priced), ("Depends on use", cost.after.by_use)):
            if lines:
                yield f'<p class="names"><b>{title}:</b> {_apart(lines)}.</p>'


def _apart(lines: tuple[Line, ...]) -> str:
    grouped: dict[str, int] = {}
    for line in lines:
        what = f"{line.item} ({line.reason or line.usage})"
        grouped[what] = grouped.get(what, 0) + 1
    return "; ".join(
        _text(f"{what}{f' × {number}' if number > 1 else ''}") for what, number in list(grouped.items())[:_MOST_NAMES]
    )


def _not_analysed(review: Review) -> str:
    return "<p><b>Not analysed:</b> " + "; ".join(_prose(note) for note in words.not_analysed(review)) + ".</p>"


def _lines(message: str) -> str:
    return "\n".join(markup.escape(short(line, 400)) for line in message.splitlines()[:200])
