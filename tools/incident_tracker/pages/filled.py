"""HTML with values put into it: each is escaped that is not known to be markup.

What `Markup.format` does, for patterns of our own in less than half of its time: it reads the
pattern anew, in Python, each of a hundred times that a page needs it.
"""

from datetime import date, datetime, time

from markupsafe import Markup, escape

_AS_IT_IS = frozenset({Markup, int, float, date, datetime, time})
"""What a pattern may give a form to ({:.1f}, {:%H:%M}); none of it can hold a mark of HTML."""


def filled(pattern: str, *values: object) -> Markup:
    """The pattern, which is HTML of ours, with the values in their places."""
    # Every value is escaped. The class would look whether a text knows itself as HTML.
    return str.__new__(Markup, pattern.format(*map(_fit, values)))


def _fit(value: object) -> object:
    return value if type(value) in _AS_IT_IS else escape(value)
