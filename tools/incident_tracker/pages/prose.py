"""What somebody wrote as Markdown, as it stands on a page."""

import re
from collections.abc import Iterator

from markupsafe import Markup

from incident_tracker.lifecycle.reviews import SCAFFOLD
from incident_tracker.lines import Section
from incident_tracker.pages.safe import safe_markdown
from incident_tracker.text.below import TextLine
from incident_tracker.text.comments import comment_spans
from incident_tracker.text.sections import Section as Part

_ITEM = re.compile(r" {0,3}(?:[-*+]|1[.)])[ \t]+\S")
_IN_LIST = re.compile(r"\s*(?:[-*+]|\d+[.)])[ \t]+\S|\s{2,}\S")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


def prose(text: str, *, page: str, source: str = "") -> Markup:
    """Blocks of somebody's Markdown. As on Git hosts, a list may follow a line directly.

    Comments, such as the hints of a new review, are not shown, as they are not there.
    """
    shown = with_room_for_lists(without_hints(text))
    return safe_markdown(shown, source=source or page, page=page)


def of_review(text: str, *, page: str) -> Markup:
    """The text of a section of a review; it promises nothing learned where nothing follows."""
    shown = without_hints(text).strip()
    only = SCAFFOLD.fullmatch(shown)
    return prose(only[1] if only else text, page=page)


def remarks(section: Section | None, *, page: str) -> Markup:
    """What stands in a section beside its list, of which the page shows more than the list says."""
    if section is None or section.part is None:
        return Markup("")
    text, last = "", 0
    for line in _beside(section.part):
        gap = "\n\n" if line.line > last + 1 else "\n"
        text, last = f"{text}{gap}{line.text}", line.line
    return prose(text, page=page) if text else Markup("")


def _beside(part: Part) -> Iterator[TextLine]:
    yield from part.prose
    for one in part.subsections:
        yield from _beside(one)


def without_hints(text: str) -> str:
    """The text without its comments; what looks like one in code is code."""
    made: list[str] = []
    lines: list[str] = []
    fence = ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if not fence and not mark:
            lines.append(line)
            continue
        made += [_uncommented("\n".join(lines))] if lines else []
        made.append(line)
        lines = []
        if mark:
            fence = ("" if mark[1].startswith(fence) else fence) if fence else mark[1]
    return "\n".join([*made, *([_uncommented("\n".join(lines))] if lines else [])])


def _uncommented(text: str) -> str:
    pieces, last = [], 0
    for start, end in comment_spans(text):
        if text.count("`", text.rfind("\n", 0, start) + 1, start) % 2 == 0:
            pieces.append(text[last:start])
            last = end
    return "".join([*pieces, text[last:]])


def with_room_for_lists(text: str) -> str:
    """The text with an empty line before each list that follows a paragraph's line."""
    made: list[str] = []
    fence = ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
        elif not fence and _ITEM.match(line) and made and _ends_paragraph(made[-1]):
            made.append("")
        made.append(line)
    return "\n".join(made)


def _ends_paragraph(line: str) -> bool:
    return bool(line.strip()) and not _IN_LIST.match(line)
