"""Runbooks: what to do, with the team's own settings, and the incidents in which it was used."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from incident_tracker.lifecycle.runbooks import fixes, tried_on, uses
from incident_tracker.model import Entry, Runbook
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import DOCUMENT, Leaf, leaf_of_each, page
from incident_tracker.pages.findings import Trouble, trouble
from incident_tracker.pages.prose import prose
from incident_tracker.pages.record import Fact, Reference, edit_links
from incident_tracker.pages.review import Part
from incident_tracker.pages.rows import severity_tag
from incident_tracker.pages.tables import Cell, Table, Tables, code
from incident_tracker.pages.wording import count, day, link, on_day, relative

LIST = "runbooks.md"
DRILLS = "drills.md"
SETTING = re.compile(r"\$\{?([A-Z][A-Z0-9_]+)\}?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Values:
    """The values of a runbook's page."""

    id: str
    title: str
    back: str
    strip: Sequence[Fact]
    settings: Table | None
    tools: Table | None
    fixes: Table | None
    parts: Sequence[Part]
    uses: Table | None
    links: Sequence[Reference]
    trouble: Trouble | None


@page(LIST, template="tables.md.j2", title="Runbooks", section="Runbooks", order=50)
def index(book: Book) -> Tables:
    """All runbooks: what they cover, who owns them, and how often they were used."""
    rows = [
        (
            link(LIST, runbook.path, runbook.title or runbook.id),
            _covers(runbook),
            runbook.owner or "no owner",
            _date(runbook.last_reviewed),
            _date(tried_on(runbook, book.tracker)),
            count(len(book.uses_by_runbook.get(runbook.id, ())), "incident"),
        )
        for runbook in book.tracker.runbooks
    ]
    head = ("Runbook", "Covers", "Owner", "Last reviewed", "Last tested", "Used in")
    about = "" if rows else "No runbook is written yet; they lie in the folder runbooks."
    return Tables(
        title="Runbooks",
        lede="What to do first. A fix that can do harm says so before its command.",
        links=(link(LIST, DRILLS, "Drills and training"),),
        tables=[Table(title="All runbooks", head=head, rows=rows, about=about)],
    )


def _covers(runbook: Runbook) -> str:
    kinds = (runbook.protocol.kinds.get(name) for name in runbook.covers)
    return ", ".join(kind.label for kind in kinds if kind) or "nothing named"


def _date(on: date | None) -> Cell:
    return on_day(on) if on else "never"


@leaf_of_each(
    "runbooks",
    lambda book: book.tracker.runbooks,
    template="runbook.md.j2",
    section="Runbooks",
    order=51,
    hide=DOCUMENT,
)
def page_of_runbook(runbook: Runbook, book: Book) -> Leaf:
    """One page for each runbook."""
    title = runbook.title or runbook.id
    headings = ". ".join(section.title for section in runbook.sections)
    return Leaf(
        path=runbook.path,
        title=title,
        values=partial(_values, runbook, book),
        source=runbook.path,
        search=f"Runbook {runbook.id}. {title}. {_covers(runbook)}. {headings}",
        description=f"Runbook: {title}",
    )


def _values(runbook: Runbook, book: Book) -> Values:
    return Values(
        id=runbook.id,
        title=runbook.title or runbook.id,
        back=relative(runbook.path, LIST),
        strip=(
            Fact(name="Covers", value=_covers(runbook)),
            Fact(name="Owner", value=runbook.owner or "no owner"),
            Fact(name="Last reviewed", value=_date(runbook.last_reviewed)),
            Fact(name="Last tested", value=_date(tried_on(runbook, book.tracker))),
        ),
        settings=_settings(runbook, book),
        tools=tools(book),
        fixes=_fixes(runbook, book),
        parts=[
            Part(title=section.title, markdown=prose(section.text, page=runbook.path))
            for section in runbook.sections
            if section.text.strip()
        ],
        uses=_uses(runbook, book),
        links=tuple(edit_links(runbook, None, book)),
        trouble=trouble(runbook.path, book, is_read=runbook.sound),
    )


def _settings(runbook: Runbook, book: Book) -> Table | None:
    """The values of the settings that the runbook names."""
    known: Mapping[str, tuple[str, str]] = {
        setting.name: (setting.value, setting.about) for setting in book.protocol.settings
    }
    text = "\n".join(section.text for section in runbook.sections)
    named = [name for name in dict.fromkeys(SETTING.findall(text)) if name in known]
    if not named:
        return None
    rows = [(code(f"${name}"), code(known[name][0]), known[name][1]) for name in named]
    return Table(title="Settings", head=("Name", "Value here", "What it is"), rows=rows)


def tools(book: Book) -> Table | None:
    """The team's tools, as lines to type: what they print is piped into the record."""
    rows = [(s.about, code(s.use), code(s.value)) for s in book.protocol.settings if s.use]
    head = ("What it does", "To type", "The tool here")
    about = "The tracker runs none of them; it keeps what they print, with its checksum."
    return Table(title="Tools", head=head, rows=rows, about=about) if rows else None


def _fixes(runbook: Runbook, book: Book) -> Table | None:
    """Its numbered fixes, which of them change data, and what they did so far."""
    used = uses(runbook, book.newest_first)
    rows = [
        (
            f"fix {fix.number}",
            "changes data" if fix.is_dangerous else "",
            _tally([use.outcome for use in used if use.fix == fix.number]),
        )
        for fix in fixes(runbook)
    ]
    return (
        Table(title="Fixes so far", head=("Fix", "Danger", "What it did"), rows=rows)
        if rows
        else None
    )


def _tally(outcomes: Sequence[str]) -> str:
    counted = Counter(outcome or "no outcome written" for outcome in outcomes)
    return ", ".join(f"{word} {number}×" for word, number in counted.items()) or "never used"


def _uses(runbook: Runbook, book: Book) -> Table | None:
    found = book.uses_by_runbook.get(runbook.id, ())
    if not found:
        return None
    rows = [
        (
            link(runbook.path, incident.path, incident.title or incident.id),
            severity_tag(incident),
            day(book.day_of(incident)),
            _outcomes(runbook, incident.log.of("runbook-used")),
        )
        for incident in found
    ]
    head = ("Incident", "Severity", "Detected", "What it did")
    return Table(title="Used in", head=head, rows=rows)


def _outcomes(runbook: Runbook, entries: Sequence[Entry]) -> str:
    """What its fixes did: "fix 1: failed, fix 3: worked"."""
    said = [entry.said for entry in entries if entry.said and runbook.id in entry.said.names]
    return ", ".join(
        f"{f'fix {one.fix}: ' if one.fix else ''}{one.outcome or 'no outcome written'}"
        for one in said
    )
