"""The protocol as it is in force: overview, words and numbers, components, contacts."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from markupsafe import Markup

from incident_tracker.model import Method, Party
from incident_tracker.pages import coverage
from incident_tracker.pages.book import Book
from incident_tracker.pages.clock_table import clocks
from incident_tracker.pages.declare import page
from incident_tracker.pages.escalation_tables import escalation, rota
from incident_tracker.pages.filled import filled
from incident_tracker.pages.tables import Cell, Table, Tables, code, codes, words_table
from incident_tracker.pages.telling_tables import telling
from incident_tracker.pages.wording import day, length, link, on_day, said

OVERVIEW = "protocol.md"
DEFINITIONS = "protocol/definitions.md"
COMPONENTS = "protocol/components.md"
CONTACTS = "protocol/contacts.md"


@page(OVERVIEW, template="tables.md.j2", title="Protocol", section="Protocol", order=60)
def overview(book: Book) -> Tables:
    """What the protocol is, where its parts are, and its history."""
    protocol = book.protocol
    return Tables(
        title="Protocol",
        lede=f"Version {protocol.version}, {day(protocol.released)}, {protocol.state.lower()}. "
        f"Owner: {protocol.owner}. For: {protocol.organisation}.",
        links=tuple(_contents(book)),
        tables=[
            clocks(book),
            Table(
                title="Settings",
                head=("Name", "Value", "What it is"),
                rows=[(code(f"${s.name}"), code(s.value), s.about) for s in protocol.settings],
                about="Runbooks name them; their values stand in protocol.yml.",
            ),
            Table(
                title="History",
                head=("Version", "Date", "What changed"),
                rows=[(e.version, on_day(e.date), e.note) for e in reversed(protocol.history)],
            ),
            Table(
                title="Neighbouring protocols",
                head=("Protocol", "What it is for"),
                rows=[(related.name, related.about) for related in protocol.related],
            ),
        ],
    )


def _contents(book: Book) -> Iterator[Markup]:
    titles = {
        "protocol/incident-response.md": "The text of the protocol",
        "protocol/severities.md": "Severities, with examples",
    }
    for path in book.site.texts:
        yield link(OVERVIEW, path, titles.get(path, path))
    if book.site.requirements:
        yield link(OVERVIEW, coverage.PATH, coverage.TITLE)
    for path, title in (
        (DEFINITIONS, "Words and numbers"),
        (COMPONENTS, "Components"),
        (CONTACTS, "Contacts"),
        ("rules.md", "Rules that records are checked by"),
        ("format.md", "The form of a record"),
    ):
        yield link(OVERVIEW, path, title)


@page(
    DEFINITIONS,
    template="tables.md.j2",
    title="Words and numbers",
    section="Protocol",
    order=62,
    search="Words and numbers of the protocol: statuses, kinds, roles, audiences, review, drills",
)
def definitions(book: Book) -> Tables:
    """Every word and number of the protocol that is not on another page."""
    return Tables(
        title="Words and numbers",
        lede="What stands in protocol.yml, in words. Change the file, and rules, notices, metrics "
        "and these pages follow.",
        tables=(*_life(book), *_people(book), *_review(book), *_limits(book)),
    )


def _life(book: Book) -> Iterator[Table]:
    p = book.protocol
    gates = ", ".join(p.statuses[name].label for name in p.gates.incident if name in p.statuses)
    yield words_table("Statuses", p.statuses, f"Entering {gates} refuses while something is owed.")
    yield words_table("Statuses of maintenance", p.maintenance_statuses)
    yield words_table("Statuses of a review", p.review_statuses)
    yield Table(
        title="What a status owes",
        head=("Severity", "Entering", "Owes"),
        rows=[*_owed(book)],
    )
    internal = ", ".join(p.kinds[name].label for name in p.internal_kinds if name in p.kinds)
    yield words_table(
        "Kinds",
        p.kinds,
        f"Needed from {p.kind_needed} on; at once for {', '.join(p.kinds_needed_at_declare)}. "
        f"Internal unless said otherwise: {internal.lower()}.",
    )
    yield words_table("How it was detected", p.detection_sources)
    yield words_table("Resolutions", p.resolution_options)
    yield Table(
        title="Decision tree",
        head=("Question", "Yes", "No"),
        rows=[*_tree(book)],
        about="To be walked with incident decide.",
    )
    yield words_table("Levels of a component", p.component_levels)
    yield words_table("What is checked", p.checks)


def _tree(book: Book) -> Iterator[Sequence[Cell]]:
    """The questions with what each answer leads to; with a backup another way is offered first."""
    for q in book.protocol.decision_tree:
        no = q.no or "next question"
        if q.no_with_backup:
            no = f"{q.no_with_backup} where a component has a backup, else {no}"
        yield (q.question, q.yes or "next question", no)


def _owed(book: Book) -> Iterator[Sequence[Cell]]:
    owing = [(name, terms.owes) for name, terms in book.protocol.severities.items()]
    for name, owes in (*owing, ("security", book.protocol.security.owes)):
        for status, duties in owes.items():
            yield (name, status, ", ".join(duty.replace("-", " ") for duty in duties))


def _people(book: Book) -> Iterator[Table]:
    p = book.protocol
    yield Table(
        title="Roles",
        head=("Role", "Does"),
        rows=[(role.name, role.about) for role in p.roles.values()],
        about=f"Who acknowledges is {p.roles[p.acknowledger_role].name} until one is assigned."
        if p.acknowledger_role in p.roles
        else "",
    )
    yield Table(
        title="Audiences",
        head=("Audience", "Written as"),
        rows=[(name, codes(word.words)) for name, word in p.audiences.items()],
        about=f"Told by acknowledging: {', '.join(p.told_by_acknowledging)}.",
    )
    yield from telling(book)
    yield from escalation(p)
    yield words_table("Drills", p.drill_scenarios, f"One in each {p.drill_every}.")
    yield Table(
        title="Training",
        head=("Topic", "Who knows it"),
        rows=[(t.about, ", ".join(t.roles) or "everybody") for t in p.training.values()],
    )


def _review(book: Book) -> Iterator[Table]:
    p = book.protocol
    review = p.review
    yield Table(
        title="The review meeting",
        head=("Part", "Time"),
        rows=[(part.item, length(part.for_)) for part in review.agenda],
        about=f"{length(review.meeting)}, held within {length(review.within)} and on the calendar "
        f"within {length(review.schedule_by)} of the fix. {review.completion_target} % are to be "
        f"published. Owed at any severity for: {', '.join(review.kinds)}; when the cause repeats "
        f"for: {', '.join(review.repeated)}. {'; '.join(review.ground_rules)}.",
    )
    yield Table(
        title="Sections of a review",
        head=("Section", "What belongs there", "At least"),
        rows=[
            (s.text, s.hint, f"{s.least} characters" if s.least else "")
            for s in p.review_sections.values()
        ],
        about=f"Fewer than {p.least_words} words say nothing. Words that blame are reported: "
        f"{', '.join(review.blame_words)}.",
    )
    yield words_table("Types of action items", p.action_types)
    for title, boxes in (
        ("Checklist during", p.during_boxes),
        ("Checklist of the verification", p.verification_boxes),
        ("Checklist of a security incident", p.security_boxes),
        ("Checklist after", p.after_boxes),
        ("Checklist of the review", p.review_boxes),
    ):
        rows = [(code(name), word.text) for name, word in boxes.items()]
        yield Table(title=title, head=("Box", "Text"), rows=rows)


def _limits(book: Book) -> Iterator[Table]:
    p = book.protocol
    rows: list[Sequence[Cell]] = [
        ("Watch after the fix", f"{length(p.watch.least)} to {length(p.watch.most)}"),
        ("“Same day” ends at midnight, but never before", length(p.same_day_least)),
        ("Actions are followed up after the review within", length(p.follow_up)),
        ("The same cause is a repeat within", length(p.repeat_window)),
        (
            "A command without an id means the only open incident if younger than",
            length(p.commands_omit_id_for),
        ),
        (
            "A note is asked whether it is a phrase from a likeness of",
            f"{Decimal(str(p.near_phrase))}",
        ),
        ("An entry lacks a day heading when it goes back by more than", length(p.entry_back)),
        ("Contacts are tried in each", p.contact_test_every),
        ("Reminder before the end of a quarter", length(p.quarter_reminder)),
        ("Commits are suspects before the start for", _length(p.suspects_window)),
        ("A runbook is read through every", _length(p.runbook_review_every)),
        ("A runbook is tried every", _length(p.runbook_test_every)),
        ("Words of a fix that changes data", codes(p.danger_words)),
        ("The way back is owed after", ", ".join(p.fail_back_after)),
        ("Interval of the median from", f"{p.metrics.median_interval_from} values"),
        ("Time of 90 % from", f"{p.metrics.p90_from} values, sure from {p.metrics.p90_sure_from}"),
        ("Trend from", f"{p.metrics.trend_from} incidents a side"),
        ("Confidence of intervals", f"{p.metrics.interval_confidence} %"),
        ("Time zone", p.zone),
        ("Component where none is named", p.default_component),
        ("Level of a component in maintenance", p.maintenance_level),
        ("A permanent fix is owed after", ", ".join(p.permanent_fix_after)),
        ("Preventive types of action items", ", ".join(p.preventive_types)),
        ("Text left over from a template", codes(p.placeholders)),
    ]
    yield Table(title="Numbers and limits", head=("What", "Value"), rows=rows)


@page(
    COMPONENTS,
    template="tables.md.j2",
    title="Components",
    section="Protocol",
    order=63,
    search="Components: what can be broken, since when, and who hosts it",
)
def components(book: Book) -> Tables:
    """What can be broken."""
    parties = {
        party.id: party.name
        for party in (*book.tracker.contacts.providers, *book.tracker.contacts.vendors)
    }
    rows = [
        (
            component.name,
            code(component.id),
            component.group,
            component.description,
            on_day(component.since) if component.since else "",
            parties.get(component.hosted_by, component.hosted_by),
            component.backup,
        )
        for component in book.tracker.components
    ]
    head = ("Component", "Id", "Group", "What it is", "Since", "Hosted by", "Backup")
    return Tables(
        title="Components",
        lede="What can be broken. An id never changes; a name may.",
        tables=[Table(title="All components", head=head, rows=rows)],
    )


@page(CONTACTS, template="tables.md.j2", title="Contacts", section="Protocol", order=64)
def contacts(book: Book) -> Tables:
    """Who is reached how, and when that was tried last."""
    found = book.tracker.contacts
    confirmed = (
        f"Read through on {day(found.confirmed)}." if found.confirmed else "Never read through."
    )
    people = [
        (
            person.name if not number else "",
            person.role if not number else "",
            method.kind,
            code(method.value),
            "any hour" if method.after_hours else "office hours",
            _tested(method.tested),
        )
        for person in found.people
        for number, method in enumerate(person.methods or (Method(kind="none", value=""),))
    ]
    head = ("Name", "Role", "By", "Address", "When", "Last tried")
    return Tables(
        title="Contacts",
        lede=f"Who is reached how. Every method is tried once in each "
        f"{book.protocol.contact_test_every}. {confirmed}",
        tables=[
            *rota(book),
            Table(title="The team", head=head, rows=people),
            _parties("Providers", found.providers),
            _parties("Vendors", found.vendors),
        ],
    )


def _length(span: timedelta | None) -> str:
    return length(span) if span else "not asked"


def _parties(title: str, parties: Sequence[Party]) -> Table:
    rows = [
        (
            party.name,
            party.kind,
            party.account,
            said(party.support),
            filled(
                "{}, {}",
                party.emergency or "no emergency line",
                "any hour" if party.after_hours else "office hours",
            ),
            _tested(party.tested),
        )
        for party in parties
    ]
    head = ("Name", "What for", "Account", "Support", "Emergency", "Last tried")
    return Table(title=title, head=head, rows=rows)


def _tested(days: Sequence[date]) -> Cell:
    return on_day(max(days)) if days else "never"
