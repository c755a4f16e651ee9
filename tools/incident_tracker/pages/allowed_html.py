"""The HTML that a computed page may hold. Everything else is taken out, whoever put it there.

This is the proof that a record runs nothing in a reader's browser: whatever the Markdown parser
and its extensions made of it, only these elements, attributes and schemes leave, and none of
them carries script. Our own drawings pass through the same gate, so they are held to it too.
"""

import re
from functools import lru_cache
from typing import Final

import nh3

_TEXT = (
    "a abbr article b bdi blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img"
    " ins kbd li mark nav ol p pre s section aside small span strong sub summary sup time ul var"
)
_TABLES = "table caption thead tbody tfoot tr th td colgroup col"
_FORMS = "form fieldset legend label input select option output button"
_DRAWINGS = "svg g rect path circle"
TAGS: Final = set(f"{_TEXT} {_TABLES} {_FORMS} {_DRAWINGS}".split())

_EVERYWHERE = {"class", "id", "title", "lang", "dir", "hidden", "role", "style", "tabindex"}
_ARIA = {"aria-label", "aria-hidden", "aria-labelledby", "aria-describedby", "aria-current"}
_FILTERED = "severity status kind quarter component cause owner"  # what a list is filtered by
_DATA = {f"data-{name}" for name in (*_FILTERED.split(), "built", "open", "l")}
_PLACE = {"x", "y", "width", "height"}
ATTRIBUTES: Final = {
    "*": _EVERYWHERE | _ARIA | _DATA,
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "time": {"datetime"},
    "details": {"open"},
    "ol": {"start", "reversed"},
    "th": {"scope", "colspan", "rowspan", "align"},
    "td": {"colspan", "rowspan", "align"},
    "col": {"span"},
    "label": {"for"},
    "input": {"name", "value", "checked", "disabled"},
    "select": {"name"},
    "option": {"value", "selected"},
    "output": {"for", "name"},
    "svg": _PLACE | {"viewBox", "preserveAspectRatio", "overflow"},
    "rect": _PLACE,
    "path": {"d"},
    "circle": {"cx", "cy", "r"},
}
# The paints are the page's own; any other address in a `fill` would be fetched.
_PAINTS = {f"url(#{name})" for name in ("it-hatch-maint", "it-hatch-phase", "it-dots-phase")}
ATTRIBUTE_VALUES: Final = {
    "rect": {"fill": _PAINTS},
    "input": {"type": {"checkbox", "text", "search"}},
    "button": {"type": {"reset", "button"}},
}

# Names with a leading underscore are the theme's: its script takes its settings from the first
# element of such an id, and starts components on classes.
_OUR_ID = re.compile(r"(?!_)[\w:.-]+")
_OUR_CLASS = re.compile(
    r"it-[\w-]+|headerlink|highlight|admonition(?:-title)?|note|abstract|info|tip|success|question"
    r"|warning|failure|danger|bug|example|quote|task-list[\w-]*|linenos|[a-z][a-z0-9]?"
)
_CHECKBOX = re.compile(
    r'<input (?=[^>]*type="checkbox")(?=[^>]*disabled)(?![^>]*aria-label)([^>]*)>'
)
_NEARBY = re.compile(r"(?![/\\])[\w./%~+-]+")
_NEVER_IN_ADDRESS = re.compile(r'[\x00-\x20"<>^`{|}]')


def clean(content: str) -> str:
    """`content` with nothing in it but what a page may hold."""
    return _PAGE.clean(content)


def text_of(content: str) -> str:
    """`content`, which is HTML, without any element."""
    return _TEXT_ALONE.clean(content)


def name_checkboxes(content: str) -> str:
    """`content` with a name for every checkbox of a task list; the theme gives them none."""
    return _CHECKBOX.sub(_named, content)


def _named(box: re.Match[str]) -> str:
    state = "done" if re.search(r"\bchecked\b", box[1]) else "open"
    return f'<input aria-label="{state}" {box[1]}>'


@lru_cache(maxsize=1024)
def _classes(value: str) -> str | None:
    return " ".join(word for word in value.split() if _OUR_CLASS.fullmatch(word)) or None


def _attribute(element: str, name: str, value: str) -> str | None:
    """The attribute's value as it may stand, None if it may not."""
    if name == "class":
        return _classes(value)
    if name == "id":
        return value if _OUR_ID.fullmatch(value) else None
    if name == "href":
        return _NEVER_IN_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", value)
    if name == "src":
        return value if _NEARBY.fullmatch(value) else None  # a page asks no other host
    return value


# Made once: the lists take longer to set up than a short page to clean.
_PAGE: Final = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style"},
    attributes=ATTRIBUTES,
    tag_attribute_values=ATTRIBUTE_VALUES,
    attribute_filter=_attribute,
    filter_style_properties={"left", "text-align"},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
_TEXT_ALONE: Final = nh3.Cleaner(tags=set(), attributes={}, link_rel=None)
