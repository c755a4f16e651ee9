"""The marks: glyphs, tags and the drawings that fit into one line of a table.

Every drawing is one cell of a table whose other cells say the same in words, hence
`aria-hidden`. x is in percent and y in pixels, so a drawing stretches with its cell while its
marks keep their shape; colours come from classes only, so that one drawing serves the light
scheme, the dark one and paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from markupsafe import Markup

from incident_tracker.pages.filled import filled


class State(StrEnum):
    """How a component looks; the words for it are the protocol's."""

    OK = "ok"
    DEGRADED = "degraded"
    PARTIAL = "partial"
    MAJOR = "major"
    MAINTENANCE = "maint"


class Verdict(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    MISSED = "missed"
    PENDING = "pending"


# Outlines that stay apart at 13 px, in print and without colour. Not CSS masks: a mask is a
# background, and backgrounds vanish in print and forced colours.
_GLYPHS: dict[State | Verdict, Markup] = {
    State.OK: Markup('<circle cx="8" cy="8" r="5.9" class="it-line"></circle>'),
    State.DEGRADED: Markup('<path d="M8 1.2 15.6 14.6H.4z"></path>'),
    State.PARTIAL: Markup(
        '<path class="it-line it-line--thin" d="M8 1.4 14.6 8 8 14.6 1.4 8z"></path>'
        '<path d="M1.4 8h13.2L8 14.6z"></path>'
    ),
    State.MAJOR: Markup(
        '<path class="it-hollow" d="M4.9.6h6.2l4.3 4.3v6.2l-4.3 4.3H4.9L.6 11.1V4.9zM4.4 5.8 6.6 8'
        "l-2.2 2.2 1.4 1.4L8 9.4l2.2 2.2 1.4-1.4L9.4 8l2.2-2.2-1.4-1.4L8 6.6 5.8 4.4z"
        '"></path>'
    ),
    State.MAINTENANCE: Markup(
        '<path class="it-hollow" d="M1 1h14v14H1zM3 3v2.2L5.2 3zm5 0-5 5v3l8-8zm5 1.2L4.2 13h3'
        'L13 7.2zm0 5.8-3 3h3z"></path>'
    ),
    Verdict.KEPT: Markup('<path class="it-line it-line--bold" d="m1.8 8.6 4 4L14.2 3.8"></path>'),
    Verdict.MISSED: Markup('<path class="it-line it-line--bold" d="m3 3 10 10M13 3 3 13"></path>'),
    Verdict.PENDING: Markup(
        '<path d="M2.5 1h11v2.2L9.6 8l3.9 4.8V15h-11v-2.2L6.4 8 2.5 3.2z"></path>'
    ),
}

NOTHING = Markup("")
TARGET_AT = 75.0  # percent: every clock's target stands here, so an overrun runs past it
STEP_WIDTH, STEP_HEIGHT = 6, 8  # px, one step of an incident's status
BLOCK_WIDTH, BLOCK_STEP = 16, 19  # px, one open action
MOST_BLOCKS = 4  # beside each other on a narrow screen; more of them share the width
STACK = 62  # px, the largest month of a table
LAYER = 8  # px, one incident in it; thinner where there are many


def percent(share: float) -> str:
    """`share` of 100 as a length along the drawing, never outside it."""
    return f"{min(max(share, 0.0), 100.0):.2f}".rstrip("0").rstrip(".") + "%"


def glyph(mark: State | Verdict) -> Markup:
    """The outline of a state or a verdict, in the colour of the text around it."""
    return filled(
        '<svg class="it-g" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">{}</svg>',
        _GLYPHS[mark],
    )


def outline(mark: State | Verdict) -> Markup:
    """The shapes of a glyph in a field of 16 by 16, for a picture of its own."""
    return _GLYPHS[mark]


def state(look: State, words: str) -> Markup:
    """A component's state: glyph and words."""
    return filled('<span class="it-state it-state--{}">{}{}</span>', look.value, glyph(look), words)


def verdict(what: Verdict, words: Markup | str) -> Markup:
    """What became of a promise, in words behind its sign ("kept", "2 min late")."""
    return filled('<span class="it-v it-v--{}">{}{}</span>', what.value, glyph(what), words)


def severity(index: int, name: str) -> Markup:
    """The tag of the severity that stands at `index`, most severe first."""
    return filled('<span class="it-sev it-sev--{}">{}</span>', index, name)


@lru_cache(maxsize=512)
def status(reached: int, steps: int, word: str) -> Markup:
    """How far an incident has come: as many tall bars as steps reached, then the word."""
    bars = Markup("").join(
        filled(
            '<rect x="{}" y="{}" width="4" height="{}"></rect>',
            position * STEP_WIDTH,
            0 if position < reached else STEP_HEIGHT / 2 - 1,
            STEP_HEIGHT if position < reached else 2,
        )
        for position in range(steps)
    )
    return filled(
        '<span class="it-status"><svg class="it-steps" width="{}" height="{}" aria-hidden="true">'
        "{}</svg>{}</span>",
        steps * STEP_WIDTH - 2,
        STEP_HEIGHT,
        bars,
        word,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A promise with a time limit: what it allows and what was used, in seconds."""

    allowed: float
    used: float
    verdict: Verdict


def clock(promise: Clock) -> Markup:
    """A line on which the target always stands at the same place."""
    used = promise.used / promise.allowed * TARGET_AT if promise.allowed > 0 else 100.0
    within = min(used, TARGET_AT)
    kind = "kept" if promise.verdict is Verdict.KEPT else "run"
    over = (
        filled(
            '<rect class="it-c-over" x="{}" y="5" width="{}" height="6"></rect>',
            percent(TARGET_AT),
            percent(min(used, 100.0) - TARGET_AT),
        )
        if used > TARGET_AT
        else NOTHING
    )
    return filled(
        '<svg class="it-clock" width="100%" height="16" aria-hidden="true">'
        '<rect class="it-c-track" x="0" y="7.5" width="100%" height="1"></rect>'
        '<rect class="it-c-{}" x="0" y="5" width="{}" height="6"></rect>{}'
        '<svg x="{}" y="0" overflow="visible">'
        '<rect class="it-c-target" x="-1" y="0" width="2" height="16"></rect></svg></svg>',
        kind,
        percent(within),
        over,
        percent(TARGET_AT),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share and its interval, each from 0 to 1."""

    share: float
    low: float
    high: float


def rate(of: Rate | None) -> Markup:
    """The line from 0 to 100 %, the interval as a block, the share as a bar; None: the line."""
    marks = (
        NOTHING
        if of is None
        else filled(
            '<rect class="it-r-band" x="{}" y="5" width="{}" height="8"></rect>'
            '<svg x="{}" y="0" overflow="visible">'
            '<rect class="it-r-share" x="-1.5" y="1" width="3" height="16"></rect></svg>',
            percent(of.low * 100),
            percent((of.high - of.low) * 100),
            percent(of.share * 100),
        )
    )
    return filled(
        '<svg class="it-rate" width="100%" height="18" aria-hidden="true">'
        '<rect class="it-r-line" x="0" y="8.5" width="100%" height="1"></rect>{}</svg>',
        marks,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenActions:
    """Somebody's open actions, counted by how urgent they are."""

    late: int
    soon: int
    later: int


def actions(of: OpenActions) -> Markup:
    """One block per open action, the late ones first; of many, three bands of their shares."""
    kinds = {"late": of.late, "soon": of.soon, "later": of.later}
    total = sum(kinds.values())
    blocks: list[Markup] = []
    if total <= MOST_BLOCKS:
        each = [kind for kind, number in kinds.items() for _ in range(number)]
        blocks = [
            _block(kind, str(place * BLOCK_STEP + 1), str(BLOCK_WIDTH))
            for place, kind in enumerate(each)
        ]
    else:
        begin = 0
        for kind, number in kinds.items():
            if number:
                blocks.append(_block(kind, _percent(begin, total), _percent(number, total)))
            begin += number
    return filled(
        '<svg class="it-blocks" width="100%" height="18" aria-hidden="true">{}</svg>',
        Markup("").join(blocks),
    )


def _block(kind: str, left: str, width: str) -> Markup:
    return filled(
        '<rect class="it-a-{}" x="{}" y="2" width="{}" height="14"></rect>', kind, left, width
    )


def _percent(part: int, whole: int) -> str:
    return percent(100 * part / whole)


def stack(counts: Sequence[int], tallest: int) -> Markup:
    """A month's incidents as layers, `counts` from the most severe down.

    `tallest` is the largest month of the table: all stacks of a table are equally high, so
    their layers can be compared.
    """
    layer = min(LAYER, STACK / max(tallest, 1))
    layers = [index for index, count in enumerate(counts) for _ in range(count)]
    top = STACK - len(layers) * layer
    rects = Markup("").join(
        filled(
            '<rect class="it-s-{}" x="15%" y="{:.1f}" width="70%" height="{:.1f}"></rect>',
            index,
            top + position * layer,
            layer * 0.85,
        )
        for position, index in enumerate(layers)
    )
    return filled(
        '<svg class="it-stack" width="100%" height="{}" aria-hidden="true">{}</svg>', STACK, rects
    )
