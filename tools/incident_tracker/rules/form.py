"""The form of a file: what its readers find, declared with documentation and examples."""

from __future__ import annotations

from incident_tracker.finding import Level
from incident_tracker.registry import Example, declare

DEEP = "[" * 21 + "]" * 21


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

    **Fix.** Correct the name; `incident check --fix` takes the nearest one. What no field is meant
    for belongs into the text below the front matter.
    """,
    bad=(
        Example(record="maintenance", set={"componets": "{search: under_maintenance}"}),
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
    bad=(_maintenance("---\ntitle: Database upgrade\nstatus: scheduled\nstatus: completed\n---\n"),),
)
declare(
    "FMT005",
    "not-utf-8",
    """A record is text in UTF-8.

    **Why.** In another encoding, names and quotes arrive as other characters, or not at all.

    **Fix.** Save the file as "UTF-8"; every editor offers it next to the file's name.
    """,
    bad=(Example(record="maintenance", data=b"---\ntitle: Caf\xe9 page\n---\n"),),
)
declare(
    "FMT006",
    "byte-order-mark",
    """A record does not begin with a byte order mark.

    **Why.** The mark cannot be seen, and with it in front many programs find no front matter.

    **Fix.** Save the file as "UTF-8", not as "UTF-8 with BOM"; `incident check --fix` removes it.
    """,
    bad=(
        Example(
            record="runbook",
            data=b"\xef\xbb\xbf---\ntitle: Search fails\ncovers: [outage]\nowner: gil\n"
            b"last_reviewed: 2026-02-01\n---\n",
        ),
    ),
)
declare(
    "FMT007",
    "hidden-character",
    """A record holds no character that cannot be seen, or that breaks a line for some programs only.

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
    "FMT012",
    "too-large",
    """A record is small enough to be read and shown at once.

    **Why.** Pasted logs make a page that nobody reads, and a few thousand brackets one that no
    program can show in good time.

    **Fix.** Move long output into a file of its own and link to it.
    """,
    bad=(
        _maintenance(f"---\ntitle: {DEEP}\nstatus: scheduled\n---\n"),
        Example(record="maintenance", replace={"new version runs": "new version runs" * 1_300}),
    ),
)
declare(
    "FMT013",
    "merge-conflict",
    """No marks of an unfinished merge stand in a record.

    **Why.** The file then says two things, and which of them is true only two people know.

    **Fix.** Keep what is right and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`, or run
    `incident merge`.
    """,
    bad=(
        Example(
            record="maintenance",
            replace={
                "- 03:10 - Maintenance completed: new version runs\n": "<<<<<<< HEAD\n"
                "- 03:10 - Maintenance completed\n=======\n- 03:15 - Maintenance completed\n"
                ">>>>>>> other\n"
            },
        ),
    ),
)
declare(
    "FMT014",
    "file-name",
    """A record's file is named by its id and lies in the folder of its year.

    **Why.** The name is the id: it says when and what, sorts by time, and two branches that take
    the same one are stopped by Git instead of overwriting each other.

    **Fix.** Rename it with `git mv`: `incidents/2026/2026-11-03-site-down.md`.
    """,
    bad=(
        Example(record="maintenance", path="incidents/2026/Database upgrade.md"),
        Example(record="maintenance", path="incidents/2025/2026-03-15-good.md"),
        Example(record="maintenance", path="incidents/2026/2026-02-30-good.md"),
    ),
)
declare(
    "FMT015",
    "file-kind",
    """The record folders hold Markdown files and nothing else.

    **Why.** A link leads out of the tracker, a folder of Git's own runs its settings, and a file
    that nothing reads is an incident that nobody counts.

    **Fix.** Put the file itself there, or move it to `evidence/`.
    """,
    bad=(Example(record="maintenance", path="incidents/2026/2026-03-15-good.txt"),),
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
    "FMT019",
    "empty-file",
    """A record's file is not empty.

    **Why.** Something was meant to stand there, and it may be lost.

    **Fix.** Write the record, or delete the file.
    """,
    bad=(_maintenance("\n"),),
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
declare(
    "CFG000",
    "rule-crashed",
    """Every rule judges every record without breaking down.

    **Why.** A rule that breaks down says nothing about the record; the others were still checked.

    **Fix.** Report it with the record that it broke down on.
    """,
)
declare(
    "CFG001",
    "protocol-file",
    """The files of the protocol hold the tables that they are meant to hold.

    **Why.** Every number and every word that records are judged by stands there.

    **Fix.** Correct the line that the finding names.
    """,
    bad=(
        Example(
            beside={
                "protocol/components.yml": "components:\n  - {id: search, name: Search}\n"
                "  - {id: search, name: Index}\n  - {id: admin, name: Administration}\n"
            }
        ),
        Example(beside={"protocol/protocol.yml": "version: 2.0.0\nreleased: soon\n"}),
    ),
)
declare(
    "CFG002",
    "protocol-file-unreadable",
    """The files of the protocol can be read.

    **Why.** Without them nothing can be judged.

    **Fix.** Mend the file's permissions, or put a file where a folder stands.
    """,
)
