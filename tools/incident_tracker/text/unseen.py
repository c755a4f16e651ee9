"""What stands in a text and is on no page: definitions of links, and HTML that hides something."""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from incident_tracker.text.unlinked import is_web

_CONTAINERS = re.compile(r"(?:[ \t>]|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))*+")
_LABEL = re.compile(r"\[((?:\\.|[^\]\\])*+)\]:[ \t]*+")
_OPEN_LABEL = re.compile(r"\[(?:\\.|[^\[\]\\])*+$")
_TARGET = re.compile(r"(<[^<>]*+>|\S++)[ \t]*+(.*)")
_TITLES = {'"': '"', "'": "'", "(": ")"}
_NOWHERE = ("#", "<>", "<#>")
_ATTRIBUTES = r"(?:\"[^\"]{0,999}\"|'[^']{0,999}'|[^<>\"']){0,999}+"
# What looks like an address in `<>` is one, and is shown.
_NAME = r"<(?!mailto:|[a-z][a-z0-9+.-]{0,30}://)([a-z][^\s<>/=]*+)"
_ELEMENT = re.compile(rf"{_NAME}(?:[\s/]{_ATTRIBUTES})?>", re.IGNORECASE)
# With a quote that has no end.
_TORN = re.compile(rf"{_NAME}[\s/][^<>=]*=[^<>]*>", re.IGNORECASE)
_DECLARATION = re.compile(r"<(?=[?!])(?:\?|!\[CDATA\[|![a-z])", re.IGNORECASE)
_ENDS = {"<?": "?>", "<![": "]]>"}
_HIDES = re.compile(
    r"[\s/\"']hidden(?![\w-])|display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)",
    re.IGNORECASE,
)
# How a letter may be written in a style, and what may stand between two words.
_STYLED = re.compile(r"\\([0-9a-f]{1,6})\s?|\\(?=\S)|/\*.*?\*/", re.IGNORECASE | re.DOTALL)
# Any tag; the third group is there where it is whole.
_TAG = re.compile(rf"<(/?)([a-z][^\s<>/=]*+)((?:[\s/]{_ATTRIBUTES})?>)?", re.IGNORECASE)
_NEVER_SEEN = frozenset({"script", "style", "noscript"})  # no other element begins in them
_NO_LETTER = 0xD800
# They have no end.
VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img"),
        *("input", "link", "meta", "param", "source", "track", "wbr"),
    }
)


def without_elements(text: str) -> str:
    """A text without HTML that has attributes or is no element, and without what it hides.

    In attributes stand names of files, and what nobody sees. HTML without them may be a
    placeholder.
    """
    if "<" not in text:
        return text
    return _TORN.sub("", "".join(_seen("".join(_without_declarations(text)))))


def _without_declarations(text: str) -> Iterator[str]:
    at = 0
    while (found := _DECLARATION.search(text, at)) is not None:
        yield text[at : found.start()]
        end = _ENDS.get(found[0][:3], _ENDS.get(found[0][:2], ">"))
        closed = text.find(end, found.end())
        at = len(text) if closed < 0 else closed + len(end)
    yield text[at:]


def without_hidden(texts: Sequence[str]) -> list[str]:
    """Texts that stand one behind the other, of what HTML hides in them with its line ends only.

    An element may end in a later text than it begins in; one without an end hides the rest of its
    own text.
    """
    whole = "\n".join(texts)
    ends = list(accumulate(len(text) + 1 for text in texts))
    pieces: list[str] = []
    # An end that was missed once is looked for no further than the text: each search costs time.
    missed: set[str] = set()
    at = 0
    while (found := _ELEMENT.search(whole, at)) is not None:
        name, start = found[1].lower(), found.end()
        pieces.append(whole[at:start])
        at = start
        if name in VOID or not _hides(found):
            continue
        pieces[-1] = pieces[-1][: -len(found[0])]
        own_end = ends[bisect_right(ends, start - 1)] - 1
        behind = -1 if name in missed else _behind(name, whole, start)
        if behind < 0:
            missed.add(name)
            inside = _behind(name, whole[start:own_end], 0)
            behind = own_end if inside < 0 else start + inside
        pieces.append("\n" * whole.count("\n", found.start(), behind))
        at = behind
    lines = iter("".join([*pieces, whole[at:]]).split("\n"))
    return ["\n".join(next(lines) for _ in text.split("\n")) for text in texts]


def _seen(text: str) -> Iterator[str]:
    at = 0
    while (found := _ELEMENT.search(text, at)) is not None:
        name, written = found[1].lower(), found[0]
        yield text[at : found.start()]
        at = found.end()
        if _hides(found):
            behind = at if name in VOID else _behind(name, text, at)
            at = len(text) if behind < 0 else behind
        elif "=" not in written:
            yield written
    yield text[at:]


def _hides(found: re.Match[str]) -> bool:
    """Whether nothing in an element that begins here is seen, however its attributes say so."""
    name, written = found[1].lower(), found[0]
    if name in _NEVER_SEEN or name == "template" or _HIDES.search(written):
        return True
    if "&" not in written and "\\" not in written and "/*" not in written:
        return False
    return _HIDES.search(_STYLED.sub(_styled, html.unescape(written))) is not None


def _styled(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else 0
    return chr(number) if 0 < number < _NO_LETTER else ""


def _behind(name: str, text: str, at: int) -> int:
    """The place behind the end of an element, -1 where it has none."""
    find = _behind_first if name in _NEVER_SEEN else _behind_own
    return find(name, text, at)


def _behind_first(name: str, text: str, at: int) -> int:
    """The place behind the first end of an element in which no other begins, -1 without one."""
    closed = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII).search(text, at)
    return -1 if closed is None else (text.find(">", closed.end()) + 1 or -1)


def _behind_own(name: str, text: str, at: int) -> int:
    """The place behind the end of an element that may hold others of its name, -1 without one.

    An end within an attribute or a script is none. What is torn can begin one, but end none: in
    doubt more is hidden.
    """
    is_same = re.compile(re.escape(name), re.IGNORECASE | re.ASCII).fullmatch
    depth = 1
    while depth and (found := _TAG.search(text, at)) is not None:
        at = found.end()
        if not found[1] and found[2].lower() in _NEVER_SEEN:
            at = _behind_first(found[2].lower(), text, at)
            if at < 0:
                return -1
        elif is_same(found[2]):
            depth += 1 if not found[1] else -1 if found[3] else 0
    return -1 if depth else at


def without_definitions(text: str, *, every: bool = False) -> str:
    """A text without the definitions of links that lead to no address of the web, or of all."""
    if "]:" not in text:
        return text
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        end, instead = _definition(lines, at, every=every)
        kept += [lines[at]] if end == at else instead
        at = max(end, at + 1)
    return "\n".join(kept)


def _definition(lines: Sequence[str], at: int, *, every: bool) -> tuple[int, list[str]]:
    """The line behind a definition that begins here, else this one; what stays of it."""
    text = _bare(lines, at)
    end = at + 1
    if _OPEN_LABEL.match(text):
        text, end = f"{text} {_bare(lines, end)}", end + 1
    label = _LABEL.match(text)
    if label is None:
        return at, []
    rest = text[label.end() :]
    if not rest.strip():
        rest, end = _bare(lines, end), end + 1
    target = _TARGET.match(rest)
    if target is None:
        return at, []
    title = target[2]
    if not title and _bare(lines, end)[:1] in (*_TITLES,):
        title, end = _bare(lines, end), end + 1
    if title and title[0] not in _TITLES and target[1] not in _NOWHERE and label[1] != "//":
        return (end, [""]) if every else (at, [])
    end = _behind_title(lines, end, title)
    if is_web(target[1]) and not every:
        begin = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        return end, [f"{begin}[{label[1]}]: {target[1]}"]
    return end, [""]


def _behind_title(lines: Sequence[str], end: int, title: str) -> int:
    """The line behind a title, which ends with its sign or with its paragraph."""
    closer = _TITLES.get(title[:1], "")
    while closer and end < len(lines) and not (len(title) > 1 and title.endswith(closer)):
        title = _bare(lines, end)
        if not title:
            break
        title, end = f" {title}", end + 1
    return end


def _bare(lines: Sequence[str], at: int) -> str:
    """A line without the marks of lists and quotations, empty behind the last one."""
    if at >= len(lines):
        return ""
    marks = _CONTAINERS.match(lines[at])
    return lines[at][marks.end() if marks else 0 :].rstrip()
