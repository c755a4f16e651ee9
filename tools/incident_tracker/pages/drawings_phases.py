"""The phases of one incident, a row each: a bar at its place in time.

All times are seconds from the first moment that is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from markupsafe import Markup

from incident_tracker.pages.drawings import NOTHING, percent
from incident_tracker.pages.filled import filled

HEIGHT = 28  # px
MARGIN = 2.0  # percent left free at both ends, for the ticks' own width
TOO_UNEQUAL = 40  # a phase this many times as long as another leaves nothing of it to see
MOST_TICKS = 5  # labels need 60 px each, and the column has about 330
MINUTE, HOUR, DAY = 60, 3_600, 86_400
STEPS = (
    *(minutes * MINUTE for minutes in (1, 2, 5, 10, 15, 20, 30)),
    *(hours * HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * DAY for days in (1, 2, 7, 14, 28, 91, 182, 364)),
)


class Phase(StrEnum):
    """What the users, the team and the system are doing meanwhile."""

    UNDETECTED = "undetected"
    WAITING = "waiting"
    IMPACT = "impact"
    REPAIR = "repair"
    WATCH = "watch"


# A pattern is a paint that the page's own SVG definitions hold; a stylesheet cannot name it.
_PATTERNS = {Phase.UNDETECTED: "it-hatch-phase", Phase.WATCH: "it-dots-phase"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time in seconds."""

    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseBar:
    """One phase, and the stretch that its target allows."""

    phase: Phase
    span: Span
    target: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Where a moment stands; not `true` means five equal pieces, to be said in words."""

    knots: tuple[float, ...]  # seconds, ascending; evenly spread along the drawing
    true: bool

    def at(self, seconds: float) -> float:
        """The place of a moment, in percent."""
        room = 100 - 2 * MARGIN
        pieces = len(self.knots) - 1
        for index, (start, end) in enumerate(pairwise(self.knots)):
            if seconds <= end or index == pieces - 1:
                share = (seconds - start) / (end - start) if end > start else 0.0
                return MARGIN + room * (index + min(max(share, 0.0), 1.0)) / pieces
        return MARGIN


def scale_of(bars: Sequence[PhaseBar]) -> Scale:
    """One scale for all bars of an incident and the ends of their targets."""
    lengths = [bar.span.end - bar.span.start for bar in bars if bar.span.end > bar.span.start]
    if lengths and max(lengths) > TOO_UNEQUAL * min(lengths):
        moments = {bar.span.start for bar in bars} | {bar.span.end for bar in bars}
        return Scale(knots=tuple(sorted(moments)), true=False)
    last = max((end for bar in bars for end in _ends(bar)), default=0.0)
    return Scale(knots=(min((bar.span.start for bar in bars), default=0.0), last), true=True)


def _ends(bar: PhaseBar) -> tuple[float, ...]:
    """The last moments of a bar that must fit into the drawing."""
    return (bar.span.end,) if bar.target is None else (bar.span.end, bar.target.end)


def ticks(scale: Scale, *, since_midnight: float = 0.0) -> tuple[float, ...]:
    """Round moments to label, at most five; none where the drawing is not to scale.

    `since_midnight` is the local time of second 0, so that a tick falls on a full hour.
    """
    start, end = scale.knots[0], scale.knots[-1]
    if not scale.true or end <= start:
        return ()
    step = next((s for s in STEPS if (end - start) / s <= MOST_TICKS), STEPS[-1])
    first = -(-(start + since_midnight) // step) * step - since_midnight
    found = [first + step * index for index in range(MOST_TICKS + 1)]
    return tuple(moment for moment in found if moment <= end)


def axis(labels: Sequence[tuple[float, Markup | str]], scale: Scale) -> Markup:
    """The labels of the moments over the column, in HTML: text keeps the reader's size."""
    if not scale.true:
        return Markup('<div class="it-mute">not to scale</div>')
    words = Markup("").join(
        filled('<span style="left:{}">{}</span>', percent(scale.at(moment)), label)
        for moment, label in labels
    )
    return filled('<div class="it-axis-x">{}</div>', words)


def phase(bar: PhaseBar, scale: Scale, grid: Sequence[float] = ()) -> Markup:
    """A phase at its place, its target as a line below it with a tick at the end."""
    lines = Markup("").join(
        filled(
            '<rect class="it-ph-grid" x="{}" y="0" width="1" height="{}"></rect>',
            percent(scale.at(moment)),
            HEIGHT,
        )
        for moment in grid
    )
    return filled(
        '<svg class="it-phase" width="100%" height="{}" aria-hidden="true">{}{}{}</svg>',
        HEIGHT,
        lines,
        _bar(bar, scale),
        _target(bar.target, scale),
    )


def _bar(bar: PhaseBar, scale: Scale) -> Markup:
    """The block of the phase, with break marks where it is cut short."""
    start, end = scale.at(bar.span.start), scale.at(bar.span.end)
    pattern = _PATTERNS.get(bar.phase)
    fill = filled(' fill="url(#{})"', pattern) if pattern else NOTHING
    # Never thinner than half a percent: a phase of seconds is still a phase.
    block = filled(
        '<rect class="it-ph-{}" x="{}" y="8" width="{}" height="12"{}></rect>',
        bar.phase.value,
        percent(start),
        percent(max(end - start, 0.5)),
        fill,
    )
    shown = (end - start) / (100 - 2 * MARGIN)
    whole = scale.knots[-1] - scale.knots[0]
    cut = not scale.true and whole > 0 and (bar.span.end - bar.span.start) / whole > shown * 1.5
    return block + (_break((start + end) / 2) if cut else NOTHING)


def _break(place: float) -> Markup:
    """Two slashes through a bar: it is longer than it is drawn."""
    return filled(
        '<svg x="{}" y="14" overflow="visible">'
        '<path class="it-ph-break" d="M-4 9 2-9h3L-1 9zM2 9 8-9h3L5 9z"></path></svg>',
        percent(place),
    )


def _target(span: Span | None, scale: Scale) -> Markup:
    """What the target allows, from where it is counted to where it ends."""
    if span is None:
        return NOTHING
    start, end = scale.at(span.start), scale.at(span.end)
    return filled(
        '<rect class="it-ph-target" x="{}" y="24.5" width="{}" height="1.5"></rect>'
        '<svg x="{}" y="0" overflow="visible">'
        '<rect class="it-ph-target" x="-2" y="6" width="2" height="20"></rect></svg>',
        percent(start),
        percent(end - start),
        percent(end),
    )
