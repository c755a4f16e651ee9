"""The root causes that came back, and whether what was done against them held."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from incident_tracker.measure import Single
from incident_tracker.model import Incident
from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.drawings import Verdict
from incident_tracker.pages.filled import filled
from incident_tracker.pages.metric_charts import Measured
from incident_tracker.pages.wording import day, link, on_day, short_day


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """A root cause that came back."""

    name: str
    times: int
    span: str
    last: Markup
    after: Markup


def causes(
    incidents: Sequence[Incident],
    measured: Sequence[Measured],
    book: Book,
    page: str,
) -> Iterator[Cause]:
    """The root causes of these incidents that occurred more than once, the most frequent first."""
    fate = {
        single.record: single
        for metric, found in measured
        if metric.id == "prevention"
        for one in found
        for single in one.values
    }
    shown = {incident.root_cause for incident in incidents if incident.counts}
    several = [(c, i) for c, i in book.by_cause.items() if len(i) > 1 and c in shown]
    for cause, same in sorted(several, key=lambda pair: (-len(pair[1]), pair[0])):
        first, last = book.day_of(same[0]), book.day_of(same[-1])
        begin = short_day(first) if first.year == last.year else day(first)
        yield Cause(
            name=cause,
            times=len(same),
            span=f"{begin} – {day(last)}",
            last=link(page, same[-1].path, same[-1].title or same[-1].id),
            after=_after(fate.get(cause)),
        )


def _after(single: Single | None) -> Markup:
    if single is None:
        return Markup('<span class="it-mute">unknown</span>')
    if single.missed is None:
        return drawings.verdict(Verdict.PENDING, single.reason)
    if single.missed:
        return drawings.verdict(Verdict.MISSED, single.reason or "came back")
    when = filled(" since {}", on_day(single.at.date())) if single.at else Markup("")
    return drawings.verdict(Verdict.KEPT, "none") + when
