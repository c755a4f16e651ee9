"""A model of GitHub's runner reading a step's output, and texts that were written to mislead it.

It follows ActionCommand.cs of https://github.com/actions/runner, but takes any name for a
registered command: what it does not read, the runner does not either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from incident_tracker.check import Report
from incident_tracker.finding import Edit, Finding, Level
from incident_tracker.waiving import Waived

RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
LINES = re.compile(r"\r\n|\n|\r")
DATA = {"%0D": "\r", "%0A": "\n", "%25": "%"}
PROPERTY = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
OLD = {"%3B": ";", "%0D": "\r", "%0A": "\n", "%5D": "]", "%25": "%"}


@dataclass(frozen=True)
class Command:
    """What the runner would do."""

    name: str
    properties: dict[str, str]
    data: str


def commands(output: str) -> list[Command]:
    """The commands in what a step prints, line by line."""
    read = (_new(line) or _old(line) for line in LINES.split(output))
    return [command for command in read if command]


def _new(line: str) -> Command | None:
    """``::name key=value,key=value::data`` at the start of a line, blanks aside."""
    text = line.lstrip()
    if not text.startswith("::") or "::" not in text[2:]:
        return None
    head, _, data = text[2:].partition("::")
    name, _, rest = head.partition(" ")
    return Command(name, _pairs(rest.strip(), ",", PROPERTY), _unescaped(data, DATA))


def _old(line: str) -> Command | None:
    """``##[name key=value;key=value]data`` anywhere in a line."""
    _, found, rest = line.partition("##[")
    if not found or "]" not in rest:
        return None
    head, _, data = rest.partition("]")
    name, _, pairs = head.partition(" ")
    return Command(name, _pairs(pairs, ";", OLD), _unescaped(data, OLD))


def _pairs(text: str, border: str, written: dict[str, str]) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(border) if part)
    return {key: _unescaped(value, written) for key, _, value in pairs if key and value}


def _unescaped(text: str, written: dict[str, str]) -> str:
    for escaped, meant in written.items():
        text = text.replace(escaped, meant)
    return text


TEXTS = (
    "\n::add-mask::x",
    "\r::stop-commands::t",
    "::set-output name=a::b",
    "\t \u3000::add-path::x",
    "##[group]x",
    "x ##[add-mask]y",
    "%0A::error::x %25 %",
    "\x1b[31m \x1b]0;own\x07 \x9b1m \x08 \x7f",
    "\u202ea\u2066b\u200bc\ufeff",
    "\x00 \x85::x::y \u2028::x::y \x0b::x::y",
    "\ufffe \uffff \U0001ffff",
    "\ud800 half \udc00\ud83d \\ud800 \U0001f600",
    "</script><script>alert(1)</script> <!-- -->",
    "]]> &amp; &#x1b; <![CDATA[",
    "| a | `b` | ~~c~~ | @team | $x$ | [a](https://x) ![i](x)",
    "<details></details></summary></table>",
    "{0} {{ x }} NaN Infinity =1+1",
    "東京 Süße e\u0301",
    "",
)
PATHS = (
    "incidents/2026/a:b,c%%.md",
    "incidents/2026/%0A%3A%25.md",
    "incidents/2026/-rf &;#?.md",
    "incidents/2026/::add-mask::.md",
    "incidents/2026/##[group]x.md",
    "incidents/2026/süß 東京.md",
    'incidents/2026/<b>|`]]>".md',
    "pir/caf\\xe9.md",
)


def hostile_report(path: str = PATHS[0]) -> Report:
    """Each hostile text in each place of a finding, at each level, and waived with it as reason."""
    plain = Finding(
        path=path, line=7, column=3, code="FMT002", name="unknown-field", level=Level.ERROR,
        message="m", source="abc: \u202e東京", fix=(Edit(0, 1, "\x1b|"),),
    )  # fmt: skip
    levels = list(Level) * len(TEXTS)
    found = [
        replace(
            plain, line=n + 1, level=level, path=PATHS[n % len(PATHS)], message=text, help=text,
            note=text, source=text, field=text,
        )
        for n, (text, level) in enumerate(zip(TEXTS, levels, strict=False))
    ]  # fmt: skip
    found += [replace(plain, path=other) for other in PATHS]
    waived = tuple(Waived(finding=plain, reason=text) for text in TEXTS)
    texts = dict.fromkeys(PATHS, "x\n" * 20)
    return Report(findings=tuple(sorted([*found, plain])), waived=waived, texts=texts)
