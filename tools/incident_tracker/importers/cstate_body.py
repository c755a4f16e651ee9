"""The text of a cState issue: its updates, each closed by a shortcode with its time, and the rest.

``*Resolved* - It is over. {{< track "2018-04-13 16:50:00" >}}``. What stands above a line of
dashes or stars, behind the last shortcode, or in a text without any, is no update.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

TRACK = re.compile(r"\{\{[<%][ \t]*track\b([^\n<>{}]{0,80}?)/?[ \t]*[>%]\}\}")
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
RULE = re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$", re.MULTILINE)
LEAD = re.compile(
    r"(?:\*{1,3}|_{1,3}|\[)[ ]?([A-Za-z][A-Za-z ]{0,30})[ ]?:?(?:\*{1,3}|_{1,3}|\])[ ]?[-–—:]*\s*"
)
QUOTES = " \t\"'`“”"
MOST = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """The updates as rows, the lines of their times, and the text that is none of them."""

    text: str
    updates: list[dict[str, str]]
    lines: dict[str, int]


def read_body(body: str, first_line: int, statuses: Mapping[str, str]) -> Body:
    """The parts of a body; ``statuses`` are the words of updates by their casefolded forms."""
    plain = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), body)
    others: list[str] = []
    updates: list[dict[str, str]] = []
    lines: dict[str, int] = {}
    start, line = 0, first_line
    for number, match in enumerate(TRACK.finditer(plain)):
        if number == MOST:
            break
        chunk = plain[start : match.start()]
        line += chunk.count("\n")
        start = match.end()
        *above, own = RULE.split(chunk)
        others += above
        status, text = _status(own.strip(), statuses)
        lines[f"updates[{number}].at"] = line
        updates.append({"at": match[1].strip(QUOTES), "status": status, "text": text})
    others += RULE.split(plain[start:])
    text = "\n\n".join(part.strip() for part in others if part.strip())
    return Body(text=text, updates=updates, lines=lines)


def _status(text: str, statuses: Mapping[str, str]) -> tuple[str, str]:
    """The status that an update begins with, and its text without it."""
    lead = LEAD.match(text)
    word = statuses.get(lead[1].strip().casefold()) if lead else None
    return (word, text[lead.end() :]) if lead and word else ("", text)
