"""Links of computed and hand-written pages, led to where the exported pages stand.

Between Markdown files a generator follows them by itself. In HTML it follows none, so there they
become the address of the page; and a page that has another address than its path is named by it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Mapping

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_IN_HTML = re.compile(r'(?<=\shref=")([^"#?:<>]+\.md)(#[^"]*)?(?=")')
_IN_MARKDOWN = re.compile(r"(?<=\]\()([^\s()#?:<>]+\.md)((?:#[^\s()]*)?\))")


def led(markdown: str, path: str, pages: Collection[str], moved: Mapping[str, str]) -> str:
    """Return a page's Markdown with its links led; ``moved`` are pages that stand elsewhere."""
    folder = posixpath.dirname(path)
    here = posixpath.dirname(moved.get(path, path))

    def target(written: str) -> str | None:
        """Where a link leads, seen from the exported page; None where that is no page."""
        found = posixpath.normpath(posixpath.join(folder, written))
        if found not in pages:
            return None
        return posixpath.relpath(moved.get(found, found), here or ".")

    def in_html(found: re.Match[str]) -> str:
        to = target(found[1])
        return found[0] if to is None else f"{to.removesuffix('.md')}.html{found[2] or ''}"

    def in_markdown(found: re.Match[str]) -> str:
        to = target(found[1])
        return found[0] if to is None else f"{to}{found[2]}"

    return _outside_code(
        markdown, lambda line: _IN_MARKDOWN.sub(in_markdown, _IN_HTML.sub(in_html, line))
    )


def _outside_code(markdown: str, change: Callable[[str], str]) -> str:
    """The text with each line changed that stands in no fence."""
    lines, fence = [], ""
    for line in markdown.split("\n"):
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence):
            fence = ""
        lines.append(line if fence or found else change(line))
    return "\n".join(lines)
