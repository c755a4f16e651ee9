"""The phases of one incident: what users, team and system were doing, and what was promised."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from incident_tracker.cadence import by_now
from incident_tracker.model import Incident, Milestone
from incident_tracker.pages import drawings_phases as drawn
from incident_tracker.pages.book import Book
from incident_tracker.pages.drawings import Verdict, verdict
from incident_tracker.pages.drawings_phases import Phase, PhaseBar, Span
from incident_tracker.pages.filled import filled
from incident_tracker.pages.promises import Promise, acknowledged, resolved
from incident_tracker.pages.wording import MONTHS, clock, clocks, length, on_clock

NO_TARGET = Markup('<span class="it-mute">no target</span>')


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseRow:
    """One phase in the table."""

    name: str
    about: str
    drawing: Markup
    length: str
    span: Markup
    verdict: Markup
    figures: Markup | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Phases:
    """The table of phases."""

    axis: Markup
    rows: Sequence[PhaseRow]
    caption: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stretch:
    phase: Phase
    name: str
    about: str
    start: datetime
    end: datetime
    is_running: bool = False
    promise: Promise | None = None
    is_watch: bool = False


def phases(incident: Incident, book: Book) -> Phases | None:
    """The phases that are known; None where no two moments in their right order are."""
    stretches = tuple(_stretches(incident, book.now))
    if not stretches:
        return None
    zero = min(stretch.start for stretch in stretches)
    bars = [_bar(stretch, zero) for stretch in stretches]
    scale = drawn.scale_of(bars)
    local = book.local(zero)
    midnight = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    ticks = drawn.ticks(scale, since_midnight=midnight.total_seconds())
    labels = [(tick, _tick(book.local(zero + timedelta(seconds=tick)), scale)) for tick in ticks]
    return Phases(
        axis=drawn.axis(labels, scale),
        rows=tuple(
            _row(stretch, drawn.phase(bar, scale, ticks), book)
            for stretch, bar in zip(stretches, bars, strict=True)
        ),
        caption=_caption(incident, stretches, scale, book),
    )


def _stretches(incident: Incident, now: datetime) -> Iterator[_Stretch]:
    at = {m: by_now(incident.at(m), now) for m in Milestone}
    started, detected = at[Milestone.STARTED], at[Milestone.DETECTED]
    taken, restored = at[Milestone.ACKNOWLEDGED], at[Milestone.MITIGATED]
    fixed, verified = at[Milestone.RESOLVED], at[Milestone.VERIFIED]
    running = now if incident.is_open else None
    if started and detected and started < detected:
        yield _Stretch(
            phase=Phase.UNDETECTED,
            name="Undetected",
            about="users suffer, nobody knows",
            start=started,
            end=detected,
        )
    begin = detected or started
    if begin is None:
        return
    if detected and (taken or running):
        yield from _stretch(
            Phase.WAITING,
            ("Waiting", "known, nobody owns it"),
            (detected, taken, running),
            promise=acknowledged(incident, now),
        )
    owned = taken or begin
    mending = resolved(incident, now)
    if taken or not detected:
        over = restored or fixed
        about = "owned, users still suffer" if restored else "owned, fix not in place"
        yield from _stretch(
            Phase.IMPACT,
            ("Impact", about),
            (owned, over, running),
            promise=None if restored else mending,
        )
    if restored:
        yield from _stretch(
            Phase.REPAIR,
            ("Repair", "impact over, fix not in place"),
            (restored, fixed, running),
            promise=mending,
        )
    if fixed:
        yield from _stretch(
            Phase.WATCH,
            ("Watch", "fix in place, being verified"),
            (fixed, verified, running if verified is None else None),
            promise=None,
        )


def _stretch(
    phase: Phase,
    words: tuple[str, str],
    times: tuple[datetime, datetime | None, datetime | None],
    *,
    promise: Promise | None,
) -> Iterator[_Stretch]:
    start, reached, running = times
    end = reached or running
    if end is None or end < start:
        return
    yield _Stretch(
        phase=phase,
        name=words[0],
        about=words[1],
        start=start,
        end=end,
        is_running=reached is None,
        promise=promise,
        is_watch=phase is Phase.WATCH,
    )


def _bar(stretch: _Stretch, zero: datetime) -> PhaseBar:
    promise = stretch.promise
    target = None
    if promise is not None:
        begin = (promise.counted_from - zero).total_seconds()
        # A target far beyond the end would press everything else into a corner.
        ends = begin + promise.allowed.total_seconds()
        if promise.used is not None and promise.allowed <= 4 * max(
            promise.used, timedelta(minutes=5)
        ):
            target = Span(start=begin, end=ends)
    return PhaseBar(
        phase=stretch.phase,
        span=Span(
            start=(stretch.start - zero).total_seconds(), end=(stretch.end - zero).total_seconds()
        ),
        target=target,
    )


def _row(stretch: _Stretch, drawing: Markup, book: Book) -> PhaseRow:
    promise = stretch.promise
    start, end = book.local(stretch.start), book.local(stretch.end)
    figures: Markup | str
    if promise is not None:
        mark, figures = promise.mark, filled("{}: {}", promise.name.lower(), promise.figures)
    elif stretch.is_watch:
        mark, figures = _watched(stretch, book)
    else:
        mark, figures = NO_TARGET, ""
    return PhaseRow(
        name=stretch.name,
        about=stretch.about,
        drawing=drawing,
        length=length(stretch.end - stretch.start) + (" so far" if stretch.is_running else ""),
        span=filled("{}–now", clock(start)) if stretch.is_running else clocks(start, end),
        verdict=mark,
        figures=figures,
    )


def _watched(stretch: _Stretch, book: Book) -> tuple[Markup, Markup | str]:
    terms = book.protocol.watch
    figures: Markup | str = f"watch: {length(terms.least)} to {length(terms.most)}"
    lasted = stretch.end - stretch.start
    if lasted >= terms.least and stretch.is_running:
        since = book.local(stretch.start + terms.least)
        figures = filled("can be verified since {}", on_clock(since, book.today))
        return verdict(Verdict.KEPT, f"{length(terms.least)} watched"), figures
    if lasted >= terms.least:
        return verdict(Verdict.KEPT, "kept"), figures
    if stretch.is_running:
        return verdict(Verdict.PENDING, f"{length(terms.least - lasted)} left"), figures
    return verdict(Verdict.MISSED, f"{length(terms.least - lasted)} short"), figures


def _tick(at: datetime, scale: drawn.Scale) -> Markup | str:
    """A label of the axis: the time of day, days where the drawing covers several."""
    whole = scale.knots[-1] - scale.knots[0]
    if at.hour == at.minute == 0 or whole > 4 * drawn.DAY:
        return f"{at.day} {MONTHS[at.month - 1]}"
    return clock(at)


def _caption(
    incident: Incident, stretches: Sequence[_Stretch], scale: drawn.Scale, book: Book
) -> Markup:
    parts: list[Markup | str] = [
        "Drawn to scale."
        if scale.true
        else "Not to scale: the phases differ too much in length; the long ones are cut."
    ]
    detected = incident.at(Milestone.DETECTED)
    if any(stretch.promise for stretch in stretches) and detected:
        parts.append(
            filled(
                "A line under a phase is the time the target allows, counted from detection at {}; "
                "the tick is where it ends.",
                clock(book.local(detected)),
            )
        )
    fixed = incident.at(Milestone.RESOLVED)
    if fixed and any(
        stretch.promise and stretch.promise.name == "Resolve" for stretch in stretches
    ):
        parts.append(
            filled(
                "The clock for resolving stops when the fix is in place, {}, not at the end of the "
                "watch.",
                clock(book.local(fixed)),
            )
        )
    if incident.at(Milestone.STARTED) is None:
        parts.append("When the impact began is not known.")
    return Markup(" ").join(parts)
