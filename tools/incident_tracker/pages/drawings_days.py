"""Bars by day: what is recorded of a component, one bar a day, newest at the right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from incident_tracker.pages.drawings import NOTHING, State, percent
from incident_tracker.pages.filled import filled

HEIGHT = 28  # px
BAR = 0.72  # of a day's step; the rest is the gap
HEIGHTS = {
    State.OK: 7,
    State.MAINTENANCE: 12,
    State.DEGRADED: 14,
    State.PARTIAL: 20,
    State.MAJOR: 27,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day on which something is recorded: its worst state and where to read about it."""

    position: int  # 0 is the oldest day shown
    look: State
    label: str  # "3 Nov: Major outage, P0"
    href: str = ""  # empty: the bar is no link


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A component's days; those not named were quiet."""

    component: str
    count: int  # days shown
    recent: int  # of them on a narrow screen
    eventful: tuple[Day, ...] = ()
    begins: int = 0  # position of the component's first day


def bars(days: Days, *, links: bool = True) -> Markup:
    """The bars; `links=False` for the heading of a folded group, which may hold no links."""
    name = filled('role="group" aria-label="{}, day by day"', days.component)
    marks = Markup("").join(
        (*_quiet(days), *(_bar(day, days, links=links) for day in days.eventful))
    )
    return filled(
        '<svg class="it-bars" width="100%" height="{}" {}>{}{}</svg>',
        HEIGHT,
        name if links else Markup('aria-hidden="true"'),
        _before(days),
        marks,
    )


def _is_old(position: int, days: Days) -> bool:
    """Whether a narrow screen leaves the day out."""
    return position < days.count - days.recent


def _before(days: Days) -> Markup:
    """A hairline up to the day the component came into being."""
    if days.begins <= 0:
        return NOTHING
    return filled(
        '<rect class="it-b-void" x="0" y="{}" width="{}" height="1"></rect>',
        HEIGHT - 1,
        percent(days.begins / days.count * 100),
    )


def _quiet(days: Days) -> Iterator[Markup]:
    """The quiet days as two paths: a rectangle a day made the page twice as heavy.

    A drawing inside another is as wide as that one by itself.
    """
    taken = {day.position for day in days.eventful}
    quiet = [day for day in range(days.begins, days.count) if day not in taken]
    for old in (True, False):
        line = _strokes([day for day in quiet if _is_old(day, days) is old])
        if line:
            yield filled(
                '<svg class="{}" height="{}" viewBox="0 0 {} {}"'
                ' preserveAspectRatio="none" aria-hidden="true">'
                '<path class="it-b-quiet" d="{}"></path></svg>',
                "it-old" if old else "it-recent",
                HEIGHT,
                days.count,
                HEIGHT,
                line,
            )


def _strokes(quiet: Sequence[int]) -> str:
    """A stroke for each day, every one from the last: nothing else on the page is as long."""
    if not quiet:
        return ""
    up = HEIGHTS[State.OK]
    steps = (f"m{day - before} {up}v-{up}" for before, day in pairwise(quiet))
    return "".join((f"M{quiet[0]}.5 {HEIGHT}v-{up}", *steps))


def _bar(day: Day, days: Days, *, links: bool) -> Markup:
    """One eventful day: a bar, and around it a column that can be hit."""
    step = 100 / days.count
    height = HEIGHTS[day.look]
    bar = filled(
        '<rect class="it-b-{}" x="{}" y="{}" width="{}" height="{}"{}></rect>',
        day.look.value,
        percent((day.position + (1 - BAR) / 2) * step),
        HEIGHT - height,
        percent(step * BAR),
        height,
        Markup(' fill="url(#it-hatch-maint)"') if day.look is State.MAINTENANCE else NOTHING,
    )
    old = "it-old" if _is_old(day.position, days) else "it-recent"
    if not (links and day.href):
        return filled('<g class="{}">{}</g>', old, bar)
    return filled(
        '<a class="{}" href="{}" aria-label="{}">'
        '<rect class="it-b-hit" x="{}" y="0" width="{}" height="{}"></rect>{}</a>',
        old,
        day.href,
        day.label,
        percent(day.position * step),
        percent(step),
        HEIGHT,
        bar,
    )


def legend_bar(look: State) -> Markup:
    """One bar for the legend, in the shape and colour it has in the drawing."""
    height = HEIGHTS[look]
    return filled(
        '<svg class="it-legend-bar" width="9" height="{}" aria-hidden="true">'
        '<rect class="it-b-{}" x="0" y="{}" width="9" height="{}"{}></rect></svg>',
        HEIGHT,
        look.value,
        HEIGHT - height,
        height,
        Markup(' fill="url(#it-hatch-maint)"') if look is State.MAINTENANCE else NOTHING,
    )
