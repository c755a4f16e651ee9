"""What somebody wrote as Markdown, as it stands on a page."""

import re

from markupsafe import Markup

from incident_tracker.pages.safe import safe_markdown

_ITEM = re.compile(r" {0,3}(?:[-*+]|1[.)])[ \t]+\S")
_IN_LIST = re.compile(r"\s*(?:[-*+]|\d+[.)])[ \t]+\S|\s{2,}\S")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


def prose(text: str, *, page: str, source: str = "") -> Markup:
    """Blocks of somebody's Markdown. As on Git hosts, a list may follow a line directly."""
    return safe_markdown(with_room_for_lists(text), source=source or page, page=page)


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
