"""Updates, checklists and action items: what their readers find, declared with examples."""

from __future__ import annotations

from incident_tracker.finding import Level
from incident_tracker.registry import Example, declare

LATER = "### 2026-03-02 11:50 - Resolved"
IMPACT = "- Impact: search is unavailable\n"
PROMISE = "- Next update: 12:00\n"
BOX = "- [x] Performance acceptable\n"
ACTION = "- [x] Test releases with the old index (Owner: bo, Due: 2026-03-20,"
STATE = "Type: permanent-fix, Ticket: OPS-101, Done: 2026-03-12)"


def _instead(old: str, new: str) -> Example:
    return Example(replace={old: new})


declare(
    "UPD001",
    "not-an-update",
    """An update stands below a heading of its own: `### 2026-11-03 14:20 - Investigating`.

    **Why.** Without time and status nobody knows what was told when, and what was still promised.

    **Fix.** Write the heading above the text.
    """,
    bad=(
        _instead(LATER, "### It works again"),
        _instead("## Updates\n", "## Updates\nSearch is being repaired.\n"),
    ),
)
declare(
    "UPD002",
    "update-without-date",
    """An update's heading has its date.

    **Why.** Updates are read on their own, in a feed or a mail, where no other line says the day.

    **Fix.** Write `### 2026-11-03 14:20 - Investigating`; `incident check --fix` adds the
    likely date.
    """,
    bad=(_instead(LATER, "### 11:50 - Resolved"),),
)
declare(
    "UPD003",
    "update-status",
    """An update's heading names a status of the protocol.

    **Why.** Readers follow the same few words from the first update to the last.

    **Fix.** Take the word that the help names.
    """,
    bad=(_instead(LATER, "### 2026-03-02 11:50 - Fine"),),
)
declare(
    "UPD004",
    "update-in-repeated-hour",
    """In the hour that the clocks repeat in autumn, an update says its offset.

    **Why.** Its clock alone means two moments, an hour apart.

    **Fix.** Write `01:05-06:00`; `incident check --fix` takes the earliest reading that is in
    order.
    """,
    level=Level.WARNING,
    bad=(
        Example(
            record="maintenance",
            set={
                "scheduled_start": "2026-11-01T00:00-05:00",
                "scheduled_end": "2026-11-01T04:00-06:00",
            },
            replace={
                "2026-03-15 02:05": "2026-11-01 00:05",
                "- 03:10 - Maintenance completed: new version runs\n": "- 03:10 - Maintenance "
                "completed\n\n## Updates\n### 2026-11-01 01:30 - In progress\nThe upgrade runs.\n",
            },
            path="incidents/2026/2026-11-01-good.md",
        ),
    ),
)
declare(
    "UPD005",
    "update-at-no-time",
    """An update was told at a time that exists.

    **Why.** From a moment that does not exist no promise can be counted.

    **Fix.** Write the date and the time that the clock showed.
    """,
    bad=(_instead(LATER, "### 2026-02-30 11:50 - Resolved"),),
)
declare(
    "UPD006",
    "nearly-a-key",
    """What is nearly a key of an update is written as that key.

    **Why.** With one letter missing it is text, and the promise in it is none.

    **Fix.** Take the key that the help names.
    """,
    level=Level.WARNING,
    bad=(_instead(PROMISE, PROMISE + "- Next udpate: 13:00\n"),),
)
declare(
    "UPD007",
    "promised-time",
    """The next update is promised for a time.

    **Why.** "Soon" cannot be kept, and a clock can.

    **Fix.** Write `- Next update: 14:30`, or a date with the time.
    """,
    bad=(_instead(PROMISE, "- Next update: soon\n"),),
)
declare(
    "UPD008",
    "component-level",
    """`Components:` names ids of components, each with its level.

    **Why.** The status page shows from these lines what was down, and for how long.

    **Fix.** Write `- Components: search major_outage, shop operational`.
    """,
    bad=(_instead(IMPACT, IMPACT + "- Components: search broken\n"),),
)
declare(
    "UPD009",
    "key-twice",
    """A key stands in an update once.

    **Why.** Of two promises one is broken.

    **Fix.** Keep one of the two lines.
    """,
    bad=(_instead(PROMISE, PROMISE + "- Next update: 13:00\n"),),
)
declare(
    "CHK001",
    "not-a-box",
    """A line of the checklist is a box: `- [x] Functionality restored`.

    **Why.** `[]` and `[v]` look ticked to one reader and open to the next.

    **Fix.** Write `[x]` or `[ ]`; `incident check --fix` does it.
    """,
    bad=(
        _instead(BOX, "- [] Performance acceptable\n"),
        _instead(BOX, "- Performance acceptable\n"),
        _instead(BOX, "-[x] Performance acceptable\n"),
    ),
)
declare(
    "CHK002",
    "not-applicable-without-reason",
    """A box that is not applicable says why.

    **Why.** Without the reason nobody can tell it from one that was forgotten.

    **Fix.** Write `(n/a: the reason)` behind it.
    """,
    bad=(_instead(BOX, "- [x] Performance acceptable (n/a)\n"),),
)
declare(
    "CHK003",
    "box-without-date",
    """The date behind a box is a day of the calendar.

    **Why.** Deadlines are counted to that day.

    **Fix.** Write it as `2026-11-03`.
    """,
    bad=(_instead(BOX, "- [x] Performance acceptable (2026-02-30)\n"),),
)
declare(
    "CHK004",
    "nearly-a-box",
    """What is nearly a box of the protocol is written as that box.

    **Why.** It is read as that box for now; a reader compares the list word by word.

    **Fix.** Take the text that the help names; what you add stands in brackets behind it.
    """,
    level=Level.WARNING,
    bad=(
        _instead("- [x] Monitoring shows healthy\n", "- [x] Monitoring healthy\n"),
        _instead(BOX, "- [x] Performence acceptable\n"),
    ),
    good=(_instead(BOX, BOX + "- [x] Newsletter thanked\n"),),
)
declare(
    "ACT001",
    "action-without-box",
    """An action item has a box: `- [ ]` while it is open, `- [x]` once it is done.

    **Why.** An item without one is neither open nor done, and drops off every list.

    **Fix.** Write the box in front of its text; `incident check --fix` does it.
    """,
    bad=(_instead(ACTION, ACTION.replace("[x]", "[v]")),),
)
declare(
    "ACT002",
    "action-without-owner",
    """An action item names one owner and the day when it is due.

    **Why.** What everybody should do some day, nobody does.

    **Fix.** End the line with `(Owner: name, Due: 2026-12-01)`.
    """,
    bad=(
        _instead("Owner: bo, Due: 2026-03-20, Type: permanent-fix,", "Due: 2026-03-20,"),
        Example(
            replace={
                f"{ACTION} {STATE}": "- [ ] Test releases with the old index (bo, 20 March)",
            }
        ),
    ),
)
declare(
    "ACT003",
    "action-value",
    """The values of an action item are what their keys say: a date, a name, a type of the protocol.

    **Why.** A due day that cannot be read never comes.

    **Fix.** Write it as the help shows.
    """,
    bad=(
        _instead("Due: 2026-03-20", "Due: 20 March"),
        _instead("Type: permanent-fix", "Type: someday"),
    ),
)
declare(
    "ACT004",
    "action-half-done",
    """A done action is ticked and has its day; a dropped one is struck out and has its reason.

    **Why.** Half of that leaves open whether it still has to be done.

    **Fix.** Add what is missing: `Done: 2026-11-18` and the tick, or `~~text~~` and `Dropped: why`.
    """,
    bad=(
        _instead("- [x] Test releases", "- [ ] Test releases"),
        _instead(", Done: 2026-03-12", ""),
        _instead(STATE, STATE[:-1] + ", Dropped: not needed)"),
    ),
)
