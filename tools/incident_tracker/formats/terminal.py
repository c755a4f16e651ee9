"""Findings as a person reads them: what is wrong, the place underlined, what to type."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from incident_tracker.check import Report
from incident_tracker.finding import Finding
from incident_tracker.formats import labelled, summary, worst_first
from incident_tracker.formats.declare import PLAIN, Piece, Style, View, report_format
from incident_tracker.formats.places import end_column
from incident_tracker.text.characters import shown

WIDEST = 100
CONTEXT = 30


@report_format("text")
def report_pieces(report: Report, view: View = PLAIN) -> Iterator[Piece]:
    """Each finding with its line, the place marked, and what to type: for people."""
    for finding in worst_first(report, facts=view.facts):
        yield from finding_pieces(finding)
        yield Piece("\n")
    yield Piece(summary(report, facts=view.facts))


def report_text(report: Report, view: View = PLAIN) -> str:
    """Return the whole verdict as plain text, the summary as its last line."""
    return "".join(piece.text for piece in report_pieces(report, view))


def finding_text(finding: Finding) -> str:
    """Return one finding as plain text of several lines."""
    return "".join(piece.text for piece in finding_pieces(finding))


def finding_pieces(finding: Finding) -> Iterator[Piece]:
    """Yield one finding, each of its lines with a line break."""
    style = Style(finding.level.value)
    yield Piece(f"{finding.level.value}[{finding.code} {finding.name}]", style)
    yield Piece(f" {one_line(finding.message)}\n")
    gutter = len(str(finding.line))
    place = f"{finding.path}:{finding.line}:{finding.column}"
    yield Piece(f"{' ' * gutter} --> {one_line(place)}\n", Style.QUIET)
    if finding.source and finding.source.strip():
        yield from _source(finding, gutter, style)
    for text in labelled(finding):
        yield Piece(f"{' ' * gutter}  = ", Style.QUIET)
        yield Piece(f"{one_line(text)}\n")


def one_line(text: str) -> str:
    """Return the text on one line, with everything that cannot be seen written out."""
    return shown(text.replace("\t", " "))


def _source(finding: Finding, gutter: int, style: Style) -> Iterator[Piece]:
    """Yield the finding's line, cut to the part around the place, and the mark below it."""
    source = finding.source or ""
    start = min(finding.column - 1, len(source))
    end = max((end_column(finding) or 0) - 1, start + 1)
    first = max(0, start - CONTEXT) if len(source) > WIDEST else 0
    last = first + WIDEST
    before = ("…" if first else "") + one_line(source[first:start])
    marked = one_line(source[start : min(end, last)])
    after = one_line(source[min(end, last) : last]) + ("…" if last < len(source) else "")
    yield Piece(f"{finding.line} | ", Style.QUIET)
    yield Piece(f"{before}{marked}{after}".rstrip() + "\n")
    yield Piece(f"{' ' * gutter} | ", Style.QUIET)
    yield Piece(" " * _width(before) + "^" * max(1, _width(marked)) + "\n", style)


def _width(text: Iterable[str]) -> int:
    """Return how many columns of a terminal the characters take."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
