"""What people wrote, made fit to stand in a page's Markdown.

Two lines of defence, each good for its own thing:

1. Here, at the text: raw HTML, attribute lists, foreign schemes and the like become characters,
   so that a reader *sees* what somebody typed, and Markdown stays Markdown: its links can still
   be followed, checked and turned into addresses by the site generator, which it does not do
   in HTML.
2. In `allowed_html`, at the HTML that the generator made of the whole page: an allow-list. Only
   this one is a proof. No scan of Markdown is: the scan and the parser may disagree about where
   a code span ends, and extensions add grammar. If they do, something harmless is stripped
   instead of shown.

Characters are made harmless as numeric entities. A backslash would not do: a backslash that
somebody typed before it undoes it. An entity is never read as syntax and needs no context.
"""

import html
import posixpath
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from markupsafe import Markup

SCHEMES = frozenset({"", "http", "https", "mailto"})
# Runs that Markdown parsers need quadratic time for; nobody types that many in one paragraph.
MOST_MARKS = 400
MOST_DEPTH = 40
_RUN = re.compile(r"([\[\](!<&])\1{19}")
_MARKS = "[]()!*_<>&`~"

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SYNTAX = re.compile(r"[!\"#$&'()*+./:<=>@\[\\\]^_`{|}~-]")
_FENCE = re.compile(r"^([ \t]*)(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^`]*$")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_AUTOLINK = re.compile(r"<(https?://[^<>\s\"'`]+)>")
_TARGET = re.compile(r"(\]\(\s*)([^\s()]*)")
_DEFINITION = re.compile(r"^(\s*)\[([^\]]*)\]:(\s*)(\S+)")
_PICTURE = re.compile(r"!(?=\[[^\[\]]*\]\(\s*(?:[a-z]+:|//))", re.IGNORECASE)
_HEADING = re.compile(r"^( {0,3})#{1,2}(?=\s)")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)\s*$")
_OPENER = re.compile(r"^(?:[#>|:=~+!?-]|[*](?=\s)|`{3})")
_NUMBERED = re.compile(r"^(\d+)([.)])")


def plain(text: str) -> Markup:
    """`text` as text, on one line, wherever Markdown is read."""
    return Markup(_entities(" ".join(_CONTROLS.sub(" ", text).split())))  # noqa: S704 # is entities


def inline_markdown(text: str, *, source: str = "", page: str = "") -> Markup:
    """One line of somebody's Markdown: emphasis, code and links, no block can begin in it."""
    line = " ".join(_CONTROLS.sub(" ", text).split())
    if _too_much(line):
        return plain(line)
    line = _NUMBERED.sub(lambda found: found[1] + _entities(found[2]), line)
    line = _OPENER.sub(lambda found: _entities(found[0]), line)
    return Markup(_line(line, source, page))  # noqa: S704 # harmless by what _line does


def safe_markdown(text: str, *, source: str = "", page: str = "") -> Markup:
    """Blocks of somebody's Markdown, harmless and closed: what follows them is not affected.

    `source` is the repository path of the file it was written in, `page` the one of the page
    it is shown on; relative links go on leading where they led.
    """
    blocks = _blocks(_CONTROLS.sub(" ", text.replace("\r\n", "\n").expandtabs(4)).split("\n"))
    made = (
        "\n".join(block) if is_code else "\n".join(_text(block, source, page))
        for is_code, block in blocks
    )
    return Markup("\n".join(made).strip("\n"))  # noqa: S704 # harmless by what _line does


def _entities(text: str) -> str:
    return _SYNTAX.sub(lambda found: f"&#{ord(found[0])};", text)


def _blocks(lines: list[str]) -> Iterator[tuple[bool, list[str]]]:
    """Runs of lines, each with whether it is a fenced block; an open fence is closed."""
    run: list[str] = []
    closing: re.Pattern[str] | None = None
    end = ""
    for line in lines:
        fence = _FENCE.match(line)
        if closing is None and fence:
            yield False, run
            end = fence[1] + fence[2]
            closing = re.compile(rf"^\s*{re.escape(fence[2][0])}{{{len(fence[2])},}}\s*$")
            run = [end + fence[3]]
        elif closing is not None and closing.match(line):
            yield True, [*run, end]
            closing, run = None, []
        else:
            run.append(line)
    if closing is not None:
        run.append(end)
    yield closing is not None, run


def _text(lines: list[str], source: str, page: str) -> Iterator[str]:
    """Lines outside of code, paragraph by paragraph."""
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            paragraph.append(line)
            continue
        yield from (
            _as_it_stands(paragraph)
            if _too_much("\n".join(paragraph))
            else _paragraph(paragraph, source, page)
        )
        paragraph = []
        yield ""


def _paragraph(lines: list[str], source: str, page: str) -> Iterator[str]:
    for index, line in enumerate(lines):
        if index and (_UNDERLINE.match(line) or line.lstrip().startswith("#")):
            # An underline would make a first-level heading of the line above; headings without
            # a blank line between them take the parser quadratic time.
            yield ""
        yield _line(_HEADING.sub(r"\1###", line), source, page)


def _too_much(text: str) -> bool:
    """Whether a parser could spend minutes on it."""
    if len(text) - len(text.lstrip(" >")) > MOST_DEPTH or _RUN.search(text):
        return True
    return any(text.count(mark) > MOST_MARKS for mark in _MARKS)


def _as_it_stands(lines: list[str]) -> Iterator[str]:
    """The lines as code, in a fence that none of them closes."""
    longest = max((len(run) for run in re.findall(r"`+", "\n".join(lines))), default=0)
    fence = "`" * max(longest + 1, 3)
    yield from ("", fence, *lines, fence, "")


def _line(line: str, source: str, page: str) -> str:
    """One line with its code spans as they are and all else harmless."""
    made, at = [], 0
    for span in _CODE.finditer(line):
        made += [_outside_code(line[at : span.start()], source, page), span[0]]
        at = span.end()
    return "".join((*made, _outside_code(line[at:], source, page)))


def _outside_code(text: str, source: str, page: str) -> str:
    parts = _AUTOLINK.split(text)
    # Every second part is an address that stood in angle brackets.
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = f"<{part}>" if _leads_out(part) else _entities(part)
        else:
            parts[index] = _no_html(part, source, page)
    return "".join(parts)


def _no_html(text: str, source: str, page: str) -> str:
    text = text.replace("<", "&lt;").replace("{", "&#123;").replace("[TOC]", "&#91;TOC]")
    text = _PICTURE.sub("", text)  # a picture from elsewhere becomes a link to it
    text = _DEFINITION.sub(lambda found: _definition(found, source, page), text)
    return _TARGET.sub(lambda found: _target(found, source, page), text)


def _definition(found: re.Match[str], source: str, page: str) -> str:
    if not _is_harmless(found[4]):
        return f"{found[1]}&#91;{found[2]}]:{found[3]}{found[4]}"
    return f"{found[1]}[{found[2]}]:{found[3]}{_moved(found[4], source, page)}"


def _target(found: re.Match[str], source: str, page: str) -> str:
    if not _is_harmless(found[2]):
        return "]&#40;" + found[1][2:] + found[2]
    return found[1] + _moved(found[2], source, page)


def _is_harmless(address: str) -> bool:
    """Whether an address is relative or of a scheme that runs nothing."""
    # Browsers drop blanks and controls inside a scheme, and decode entities before they look.
    bare = "".join(html.unescape(address).split()).strip("<>")
    try:
        scheme = urlsplit(bare).scheme
    except ValueError:
        return False
    return scheme in SCHEMES


def _leads_out(address: str) -> bool:
    try:
        return bool(urlsplit(html.unescape(address)).netloc)
    except ValueError:
        return False


def _moved(address: str, source: str, page: str) -> str:
    """A relative address as seen from `page` instead of from `source`."""
    path, mark, rest = address.partition("#")
    if not source or source == page or not path or path.startswith("/") or ":" in path:
        return address
    from_root = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
    return posixpath.relpath(from_root, posixpath.dirname(page) or ".") + mark + rest
