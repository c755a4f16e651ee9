"""The timeline's lines: what its reader finds, declared with examples."""

from __future__ import annotations

from incident_tracker.finding import Level
from incident_tracker.registry import Example, declare

LAST = "- 12:00 - Incident closed by asha\n"
DONE = "- 11:14 - Done: test a release with the old index\n"
LATE = "- 03:10 - Maintenance completed: new version runs\n"


def _after(line: str) -> Example:
    return Example(replace={LAST: LAST + line})


declare(
    "TML001",
    "not-an-entry",
    """Every line of the timeline is an entry: `- 14:05 - what happened`.

    **Why.** The timeline is the log that status, times and figures come from; a line that cannot
    be read is a moment that is missing in all of them.

    **Fix.** Begin the line with a dash and the time. Lines that belong to the entry above begin
    with two spaces; notes belong into another section.
    """,
    bad=(_after("All quiet since.\n"), _after("- 12:05 -\n")),
)
declare(
    "TML002",
    "half-day-clock",
    """A timeline's clock has 24 hours.

    **Why.** `2:05` without its PM, lost in copying, is twelve hours off.

    **Fix.** Write `14:05`; `incident check --fix` does it.
    """,
    bad=(_after("- 2:05 PM - Flags taken down\n"),),
)
declare(
    "TML003",
    "clock-form",
    """A time is written `HH:MM`, with a colon.

    **Why.** `14.05` is a number and `1405` a year to whoever skims the page.

    **Fix.** Write `14:05`; `incident check --fix` does it.
    """,
    bad=(_after("- 14.05 - Flags taken down\n"), _after("- 14h05 - Flags taken down\n")),
)
declare(
    "TML004",
    "entry-not-in-list",
    """An entry is an item of a list, not a heading and not a row of a table.

    **Why.** Lists merge line by line when two people write at once, and every program reads them
    alike.

    **Fix.** Write `- 14:05 - what happened`; `incident check --fix` does it.
    """,
    bad=(
        _after("### 14:05\nFlags taken down.\n"),
        _after("| Time | What |\n| --- | --- |\n| 14:05 | Flags taken down |\n"),
    ),
)
declare(
    "TML005",
    "no-such-time",
    """A time is one of the day's, a date one of the calendar's.

    **Why.** From a moment that does not exist nothing can be counted.

    **Fix.** Write the time as `00:00` to `23:59`; midnight begins the next day.
    """,
    bad=(_after("- 24:00 - Flags taken down\n"), _after("- 2026-02-30 10:00 - Flags taken down\n")),
)
declare(
    "TML006",
    "range",
    """An entry is a moment; what lasts has two entries, one for each end.

    **Why.** Durations are counted between moments, and the end of one thing is often the beginning
    of another.

    **Fix.** Write two entries.
    """,
    bad=(_after("- 14:05–14:20 - Flags taken down\n"),),
)
declare(
    "TML007",
    "zone-name",
    """A time zone is written as an offset from UTC.

    **Why.** CST is Chicago's winter to some and Shanghai's time to others.

    **Fix.** Write `14:05-06:00`, or nothing for the tracker's own zone.
    """,
    bad=(_after("- 14:05 IST - Flags taken down\n"),),
)
declare(
    "TML008",
    "day-missing",
    """Where a timeline goes on after midnight, the new day stands above its entries.

    **Why.** Without it `00:10` is read as the morning before everything else.

    **Fix.** Write `### 2026-03-03` above the entry, or the date in front of its time.
    """,
    bad=(_after("- 23:50 - Flags taken down\n- 00:10 - Last look at the graphs\n"),),
)
declare(
    "TML009",
    "out-of-order",
    """Entries stand in the order of time.

    **Why.** A reader takes what stands below for what came after, and so does the fold that makes
    the summary.

    **Fix.** Move the line up; `incident check --fix` does it.
    """,
    bad=(_after("- 11:58 - Flags taken down\n"),),
)
declare(
    "TML010",
    "repeated-hour",
    """In the hour that the clocks repeat in autumn, an entry says its offset.

    **Why.** Its clock alone means two moments, an hour apart.

    **Fix.** Write `01:05-06:00`; `incident check --fix` takes the earliest reading that is in
    order.
    """,
    level=Level.WARNING,
    bad=(
        Example(record="maintenance", replace={LATE: LATE + "- 2026-11-01 01:30 - Looked again\n"}),
    ),
)
declare(
    "TML011",
    "skipped-hour",
    """No entry stands in the hour that the clocks skip in spring.

    **Why.** No clock showed that time: it is an hour off, and nobody can know in which direction.

    **Fix.** Write the time that the clock showed, or the offset behind it.
    """,
    bad=(Example(record="maintenance", replace={"2026-03-15 02:05": "2026-03-08 02:05"}),),
)
declare(
    "TML012",
    "value-of-phrase",
    """A phrase of the protocol is followed by what it needs.

    **Why.** `Severity changed: P0` does not say from what, `Decision: roll back` not why; the
    review will ask for both.

    **Fix.** Complete the line as the help shows.
    """,
    bad=(
        Example(replace={" because release 7 is the only change": ""}),
        Example(replace={"investigating → fixing": "fixing"}),
    ),
)
declare(
    "TML013",
    "nearly-a-phrase",
    """What is nearly a phrase of the protocol is written as that phrase.

    **Why.** With one letter missing the line is kept as a note, and proves nothing.

    **Fix.** Take the phrase that the help names, or say it in other words.
    """,
    level=Level.WARNING,
    bad=(Example(replace={DONE: DONE + "- 11:20 - Servce restored: search answers\n"}),),
)
declare(
    "TML014",
    "line-too-long",
    """A line of the timeline is short enough to be read.

    **Why.** Pasted output hides the entries around it.

    **Fix.** Keep it beside the record, as evidence, and name the file in the entry.
    """,
    bad=(_after("- 12:05 - " + "long " * 400 + "\n"),),
)
