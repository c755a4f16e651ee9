"""HTML of strangers as the text that it shows; what is none of the usual tags stays a text."""

from __future__ import annotations

import html
import re

_INLINE = "a|abbr|b|big|code|em|font|i|img|mark|s|small|span|strong|sub|sup|tt|u"
_BLOCK = "blockquote|br|div|h[1-6]|hr|li|ol|p|pre|table|tbody|td|th|thead|tr|ul"
# Nothing in it is tried from two sides: a long text without an end is gone through once.
_ATTRIBUTES = r"(?=[\s/>])[^<>]*>"
_TAG = re.compile(rf"<(/?)({_INLINE}|{_BLOCK}){_ATTRIBUTES}", re.IGNORECASE)
_ADDRESS = re.compile(r"\bhref\s*=\s*[\"']?(https?://[^\s\"'<>]+)", re.IGNORECASE)
_BREAKS = re.compile(rf"{_BLOCK}", re.IGNORECASE)


def shown(text: str) -> str:
    """The text that a browser would show, line by line; the address of a link stands behind it."""
    pieces, last, address = [], 0, ""
    for tag in _TAG.finditer(text):
        pieces.append(html.unescape(text[last : tag.start()]))
        last = tag.end()
        closes, name = tag[1], tag[2].lower()
        if _BREAKS.fullmatch(name):
            pieces.append("\n")
        elif name == "a" and not closes:
            found = _ADDRESS.search(tag[0])
            address = html.unescape(found[1]) if found else ""
        elif name == "a" and address:
            pieces.append(f" ({address})" if address not in pieces[-1] else "")
            address = ""
    pieces.append(html.unescape(text[last:]))
    return "".join(pieces)
