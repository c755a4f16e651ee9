"""Whole files: what is wrong with one before its fields can be judged, declared with examples."""

from __future__ import annotations

from incident_tracker.registry import Example, declare

DEEP = "[" * 21 + "]" * 21


def _maintenance(text: str) -> Example:
    return Example(record="maintenance", text=text)


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
    "FMT019",
    "empty-file",
    """A record's file is not empty.

    **Why.** Something was meant to stand there, and it may be lost.

    **Fix.** Write the record, or delete the file.
    """,
    bad=(_maintenance("\n"),),
)
declare(
    "FMT020",
    "section-not-known",
    """A section that the tracker reads has its own name, two signs in front, and stands there once.

    **Why.** Below `# Timeline` or `## Timelime` nothing is read: the incident then has no
    detection, no status and owes everything.

    **Fix.** Write the heading as the help says; `incident check --fix` does it where it is clear.
    Sections of other names are yours.
    """,
    bad=(
        Example(replace={"## Timeline\n": "# Timeline\n"}),
        Example(replace={"## Timeline\n": "## Timelime\n"}),
        Example(replace={"## Updates\n": "### Updates\n"}),
    ),
    good=(
        Example(replace={"## Timeline\n": "## What the vendor said\nNothing.\n\n## Timeline\n"}),
    ),
)
declare(
    "FMT021",
    "heading-hidden",
    """No code fence and no comment holds the heading of a section or of an update.

    **Why.** Two fences that were never closed close each other. What stands between them would be
    shown as code and counted as nothing: a whole timeline, or the one update that says it is over.

    **Fix.** Write the end of the fence, or `-->`, above that heading. A heading that is meant as
    text stands in code with blanks in front of it.
    """,
    bad=(
        Example(
            replace={"## Timeline\n": "```\n## Timeline\n", "## Updates\n": "```\n## Updates\n"}
        ),
        Example(replace={"## Timeline\n": "<!-- to do\n## Timeline\n-->\n"}),
    ),
    good=(Example(replace={"## Timeline\n": "```\n  ## Timeline\n```\n\n## Timeline\n"}),),
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
