"""Links without where they lead, by one pass over a text: brackets, whatever stands in them."""

import html
import re
from collections.abc import Iterator

_SIGN = re.compile(r"\\[\\\[\]()]|[\[\]()]|\n[ \t]*\n")
_CLOSING = {")": "(", "]": "["}
_WEB = re.compile(r"\s*<?\s*(?:https?://[^\W_]|mailto:[^\s@<>/]+@[^\W_])", re.IGNORECASE)
_TITLE = r"(?:\"[^\"]{0,999}\"|'[^']{0,999}'|\([^()]{0,999}\))"
# A target that ends behind a title, or at its bracket; any other ends where its parenthesis does.
_TARGET = re.compile(
    rf"\(\s{{0,20}}(?:<[^<>\n]{{0,999}}>|[^\s)<]{{0,300}}+(?=\s))(?:\s{{1,20}}{_TITLE})?\s{{0,20}}\)"
)


def is_web(target: str) -> bool:
    """Whether a target is an address that everybody can follow."""
    return _WEB.match(html.unescape(target)) is not None


def unlinked(text: str, *, every: bool = False) -> str:
    """The text with the words of each link that leads to no address of the web, or of every one."""
    if "](" not in text and "][" not in text:
        return text
    pairs = _pairs(text)
    labels = {end: start for start, end in pairs.items() if text[end] == "]"}
    pieces, last = [], 0
    for start, end in sorted(_cuts(text, pairs, labels, every=every)):
        pieces.append(text[last : max(start, last)])
        last = max(last, end)
    return "".join([*pieces, text[last:]])


def _pairs(text: str) -> dict[int, int]:
    """Where each bracket that is opened is closed; none over the end of a paragraph."""
    pairs: dict[int, int] = {}
    waiting: dict[str, list[int]] = {"(": [], "[": []}
    for found in _SIGN.finditer(text):
        sign = found[0]
        if sign in waiting:
            waiting[sign].append(found.start())
        elif sign in _CLOSING:
            opened = waiting[_CLOSING[sign]]
            if opened:
                pairs[opened.pop()] = found.start()
        elif sign[0] == "\n":
            waiting = {"(": [], "[": []}
    return pairs


def _cuts(
    text: str, pairs: dict[int, int], labels: dict[int, int], *, every: bool
) -> Iterator[tuple[int, int]]:
    """The places of all that is left out."""
    for found in re.finditer(r"\](?=[(\[])", text):
        at = found.start()
        end = _end(text, at + 1, pairs)
        if not end:
            continue
        target = text[at + 2 : end - 1]
        is_reference = text[at + 1] == "["
        stays = not re.search(r"[/\\]", target) if is_reference else is_web(target)
        if stays and not every:
            continue
        yield at + 1, end
        start = labels.get(at)
        if start is not None:
            yield at, at + 1
            yield start - (text[start - 1 : start] == "!"), start + 1


def _end(text: str, at: int, pairs: dict[int, int]) -> int:
    """Behind the target that begins here; 0 where it has no end."""
    found = _TARGET.match(text, at)
    return found.end() if found else pairs.get(at, -1) + 1
