"""Tables that people wrote: wide ones scroll in a box of their own, which the keyboard reaches."""

import re

_TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
_BOX = (
    '<div class="it-wide-table" role="region" tabindex="0" aria-label="Table">'
    r'<table class="it-table it-md">\1</table></div>'
)


def boxed(content: str) -> str:
    """`content`, which is HTML, with each table of somebody's text in such a box."""
    return _TABLE.sub(_BOX, content)
