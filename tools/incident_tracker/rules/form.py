"""The form of the front matter: what its readers find, declared with examples."""

from __future__ import annotations

from incident_tracker.finding import Level
from incident_tracker.registry import Example, declare


def _maintenance(text: str) -> Example:
    return Example(record="maintenance", text=text)


declare(
    "FMT001",
    "front-matter-missing",
    """A record begins with its front matter, between two lines that are exactly `---`.

    **Why.** Other programs take a file without it for plain text, and the incident drops out of
    every list in silence.

    **Fix.** Make `---` the first line of the file, write the fields below it, and close them with
    another line `---`.
    """,
    bad=(
        _maintenance("## Timeline\n- 02:05 - Maintenance started\n"),
        _maintenance("Note to self.\n---\ntitle: Database upgrade\nstatus: scheduled\n---\n"),
    ),
)
declare(
    "FMT002",
    "unknown-field",
    """Every field of the front matter is one that the format knows.

    **Why.** A mistyped field is a missing one: nothing reads `detcted_at`, and nobody sees why the
    figures lack this incident.

    **Fix.** Correct the name; `incident check --fix` does it where a letter or two are wrong. What no
    field is meant for belongs into the text below the front matter.
    """,
    bad=(
        Example(
            record="maintenance",
            set={"components": None, "componets": "{search: under_maintenance}"},
        ),
        Example(record="maintenance", set={"weather": "sunny"}),
    ),
)
declare(
    "FMT003",
    "front-matter-not-closed",
    """The front matter ends with a line that is exactly `---`.

    **Why.** Programs disagree about anything else: for some the whole file is front matter, for
    others there is none.

    **Fix.** Write a line `---` behind the last field.
    """,
    bad=(
        _maintenance("---\ntitle: Database upgrade\nstatus: scheduled\n\n## Timeline\n"),
        _maintenance("---\ntitle: Database upgrade\nstatus: scheduled\n...\n"),
    ),
)
declare(
    "FMT004",
    "duplicate-field",
    """A field stands in the front matter once.

    **Why.** Most readers keep the last of two without a word, a reviewer sees the first.

    **Fix.** Delete the one that is wrong.
    """,
    bad=(
        _maintenance("---\ntitle: Database upgrade\nstatus: scheduled\nstatus: completed\n---\n"),
    ),
)
declare(
    "FMT007",
    "hidden-character",
    """A record holds no character that hides, or that breaks a line for some programs only.

    **Why.** Such characters hide text from a reviewer, or let a terminal and a page show something
    else than what stands in the file.

    **Fix.** Delete the character; `incident check --fix` does it.
    """,
    bad=(
        Example(
            record="maintenance",
            replace={"new version runs": "new ver\u200bsion runs"},
        ),
        Example(record="maintenance", set={"title": '"Upgrade \\x1b[2J"'}),
    ),
)
declare(
    "FMT008",
    "yaml-syntax",
    """The front matter is YAML that can be read.

    **Why.** One quote too few, and nothing of the record is known.

    **Fix.** Mostly the value wants quotes around it: `title: "Checkout: every order fails"`.
    """,
    bad=(
        _maintenance("---\ntitle: Checkout: every order fails\nstatus: scheduled\n---\n"),
        _maintenance('---\ntitle: "Database upgrade\nstatus: scheduled\n---\n'),
    ),
)
declare(
    "FMT009",
    "yaml-feature",
    """The front matter uses plain YAML: no aliases, anchors, tags, merges or directives.

    **Why.** They say one thing in two places, differ between programs, and a few lines of them can
    fill a computer's memory.

    **Fix.** Write the value out, or put text that begins with such a sign in quotes.
    """,
    bad=(
        _maintenance("---\ntitle: &name Database upgrade\nstatus: scheduled\n---\n"),
        _maintenance("---\ntitle: !important Database upgrade\nstatus: scheduled\n---\n"),
    ),
)
declare(
    "FMT010",
    "field-name",
    """A field is written `name: value`, with a plain name on one line.

    **Why.** A list or a mapping as a name has no meaning here, and few programs read it.

    **Fix.** Write the name, a colon, a blank and the value.
    """,
    bad=(_maintenance("---\n? title\n: Database upgrade\nstatus: scheduled\n---\n"),),
)
declare(
    "FMT011",
    "time-value",
    """A time has a date, a clock and an offset from UTC; a date is `YYYY-MM-DD`.

    **Why.** `14:05` is the number 845 for some readers, and a time without its offset is off by
    hours for whoever sits elsewhere.

    **Fix.** Write `2026-11-03T14:05-06:00`.
    """,
    bad=(
        Example(record="maintenance", set={"scheduled_start": "02:00"}),
        Example(record="maintenance", set={"scheduled_start": "2026-03-15T02:00"}),
        Example(record="maintenance", set={"scheduled_start": "2026-13-15T02:00-05:00"}),
        Example(record="runbook", set={"last_reviewed": "2026-02-30"}),
    ),
)
declare(
    "FMT016",
    "field-shape",
    """A field holds a value of its shape: one word, a list, or names with values.

    **Why.** A list where one word belongs, or a field without a value, leaves open what is meant.

    **Fix.** Write it as the help shows, or remove the line.
    """,
    bad=(
        Example(record="maintenance", set={"ticket": ""}),
        Example(record="maintenance", set={"title": "[one, two]"}),
        Example(set={"roles": "asha"}),
    ),
)
declare(
    "FMT017",
    "word-not-known",
    """A field that takes words of a list takes one of these, a name is a name, an id an id.

    **Why.** `Critcal` counts under no severity, and under no filter.

    **Fix.** Take the word that the help names; the lists stand in `protocol/protocol.yml`.
    """,
    bad=(
        Example(record="maintenance", set={"status": "complete"}),
        Example(record="runbook", set={"covers": "[outages]"}),
        Example(set={"root_cause": "Index Format"}),
    ),
)
declare(
    "FMT018",
    "fields-expected",
    """The front matter holds fields with values, no list and no bare text.

    **Why.** What is no field belongs to nothing.

    **Fix.** Write `field: value`, one on each line; text belongs below the front matter.
    """,
    bad=(
        _maintenance("---\n- title: Database upgrade\n---\n"),
        _maintenance("---\nDatabase upgrade\n---\n"),
    ),
)
declare(
    "FMT030",
    "waiver-unknown",
    """A waiver names the code of a rule.

    **Why.** A waiver with a mistyped code hides nothing, and the finding it was meant for stays.
    What is wrong with the form of a file cannot be waived: then the record cannot be read.

    **Fix.** Copy the code from the finding; `incident explain` lists them all.
    """,
    bad=(
        Example(record="maintenance", set={"waive": '{INC999: "nobody was there"}'}),
        Example(record="maintenance", set={"waive": '{FMT011: "the time is unknown"}'}),
    ),
)
declare(
    "FMT031",
    "waiver-without-reason",
    """A waiver gives its reason.

    **Why.** In a year nobody knows why it was right, and the next one is copied from it.

    **Fix.** Write why it is right in this record: `waive: {INC022: "the vendor found the cause"}`.
    """,
    bad=(Example(record="maintenance", set={"waive": '{INC020: ""}'}),),
)
declare(
    "FMT032",
    "waiver-unused",
    """Every waiver hides a finding.

    **Why.** One that hides nothing now will hide something new later, unseen.

    **Fix.** Remove it.
    """,
    level=Level.WARNING,
    bad=(Example(record="maintenance", set={"waive": '{INC020: "planned work needs none"}'}),),
)
