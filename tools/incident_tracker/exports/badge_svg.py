"""A badge as a picture that needs no font and no style of others, and as shields.io reads one.

The form is that of other badges, 20 px high, so that they stand in one row; colours are the site's,
spent on trouble only, and a glyph says the same without any.
"""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import bidirectional, category

from markupsafe import Markup

from incident_tracker.exports.json_text import json_bytes
from incident_tracker.pages.drawings import State, outline
from incident_tracker.site.tokens import GROUNDS, INKS, LINES, STATES, Pair
from incident_tracker.text.characters import scrubbed

LONGEST = 40
"""Characters of a name; a badge is one short line."""
EM = 11
"""The height of its letters, in CSS pixels."""
# Of Verdana, which other badges are set in, from the blank to the tilde: hundredths of the height.
WIDTHS = (
    *(35, 39, 46, 82, 64, 108, 73, 27, 45, 45, 64, 82, 36, 45, 36, 45),
    *(64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 45, 45, 82, 82, 82, 55),
    *(100, 68, 69, 70, 77, 63, 57, 78, 75, 42, 45, 69, 56, 84, 75, 79),
    *(60, 79, 70, 68, 62, 73, 68, 99, 69, 62, 69, 45, 45, 45, 82, 64),
    *(64, 60, 62, 52, 62, 60, 35, 62, 63, 27, 34, 59, 27, 97, 63, 61),
    *(62, 62, 43, 52, 39, 63, 59, 82, 59, 59, 53, 63, 45, 63, 82),
)
OTHER = {"Mn": 0, "Me": 0, "Cf": 0, "Ll": 70, "Lu": 85}
"""The widths of other signs by category: marks stand on a letter; those not named here are square,
and a narrower one only leaves a little room."""
PADDING, GLYPH = 7, 12
PICTURE = Markup("""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" viewBox="0 0 {width} 20" \
role="img">
<title>{name}</title>
<style>{style}</style>
<path class="l" d="M2 0H{split}V20H2a2 2 0 0 1-2-2V2a2 2 0 0 1 2-2z"/>
<path class="m" d="M{split} .5H{end}a1.5 1.5 0 0 1 1.5 1.5V18a1.5 1.5 0 0 1-1.5 1.5H{split}z"/>
<g font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">
<text class="n" x="{label_at}" y="14"{label_fit}>{label}</text>
<text class="t" x="{message_at}" y="14"{message_fit}>{message}</text>
</g>
<svg class="g" x="{glyph_at}" y="4" width="12" height="12" viewBox="0 0 16 16">{glyph}</svg>
</svg>
""")


def cut(text: str) -> str:
    """Return a text on one short line."""
    line = " ".join(scrubbed(text).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def svg(label: str, message: str, look: State) -> bytes:
    """Return the picture; it follows the reader's colours where it is shown."""
    label_width, message_width = width(label), width(message)
    split = label_width + 2 * PADDING
    message_at = split + PADDING + GLYPH + 5
    whole = message_at + message_width + PADDING
    return PICTURE.format(
        width=whole,
        end=whole - 2,
        name=f"{label}: {message}",
        style=Markup(_style(look)),  # noqa: S704 # of our own colours
        split=split,
        label=label,
        label_at=PADDING,
        label_fit=_fit(label, label_width),
        message=message,
        message_at=message_at,
        message_fit=_fit(message, message_width),
        glyph=outline(look),
        glyph_at=split + PADDING,
    ).encode("utf-8")


def _fit(text: str, wide: int) -> Markup:
    """Make a text as wide as was reckoned; letters that would come apart keep their own width."""
    return Markup(' textLength="{}"').format(wide) if text.isascii() else Markup("")


def endpoint(label: str, message: str, look: State) -> bytes:
    """Return what the endpoint badge of shields.io reads: https://shields.io/badges/endpoint-badge."""
    colour = INKS["ink3"] if look is State.OK else STATES[look.value].text
    return json_bytes(
        {
            "schemaVersion": 1,
            "label": label,
            "message": message,
            "color": colour.light.removeprefix("#"),
            "labelColor": INKS["ink2"].light.removeprefix("#"),
        }
    )


def width(text: str) -> int:
    """Return how many pixels a text takes, which every reader then gives it."""
    return round(sum(map(_wide, text)) * EM / 100)


def _wide(sign: str) -> int:
    place = ord(sign) - ord(" ")
    if 0 <= place < len(WIDTHS):
        return WIDTHS[place]
    if bidirectional(sign) in {"R", "AL"}:
        return OTHER["Ll"]
    return OTHER.get(category(sign), 100)


def _style(look: State) -> str:
    """Ink on paper where nothing is open, else the state's own tint, words and edge."""
    state = STATES[look.value]
    quiet = look is State.OK
    colours: Iterable[tuple[str, Pair]] = (
        (".l{fill:%s}", Pair(INKS["ink2"].light, LINES["line"].dark)),
        (".n{fill:%s}", Pair(GROUNDS["surface"].light, INKS["ink"].dark)),
        (".m{fill:%s}", GROUNDS["surface"] if quiet else state.tint),
        (".m{stroke:%s}", LINES["edge"] if quiet else state.text),
        (".t{fill:%s}", INKS["ink"] if quiet else state.text),
        (".g{color:%s}", state.text),
    )
    light = "".join(rule % pair.light for rule, pair in colours)
    dark = "".join(rule % pair.dark for rule, pair in colours)
    shape = (
        ".g{fill:currentColor}.it-line{fill:none;stroke:currentColor;stroke-width:2.2}"
        ".it-line--thin{stroke-width:1.8}.it-hollow{fill-rule:evenodd}"
    )
    return f"{light}{shape}@media(prefers-color-scheme:dark){{{dark}}}"
