"""What a reader outside the team needs in order to read the public site."""

from collections.abc import Iterator, Mapping, Sequence

from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.calendar_bars import RECENT, SHOWN
from incident_tracker.pages.declare import PUBLIC, page
from incident_tracker.pages.drawings_days import legend_bar
from incident_tracker.pages.levels import WORST_LAST, label_of, look_of
from incident_tracker.pages.tables import Cell, Table, Tables
from incident_tracker.pages.wording import first_letter_up, offset
from incident_tracker.protocol import Word

PAGE = "about.md"
READING = (
    (
        "As of",
        (
            "The site is made of files. What was published after that moment is not in them; load "
            "the page again for newer ones."
        ),
    ),
    (
        "Incidents shown",
        "Those that the team published. Others, above all those of security, may be missing.",
    ),
    (
        "Counted",
        "Incidents only. Maintenance and cancelled ones are listed, and in no count.",
    ),
    ("Day and month", "The day on which an incident was detected."),
    (
        "Duration",
        (
            "From detection to the fix; how long the fix is then watched is not in it. For "
            "maintenance, the time that was planned."
        ),
    ),
    ("Began", "When users were first affected, as far as it is known."),
    ("Working again", "When users were affected no more, by a lasting fix or without one."),
    ("Next update", "By when the team promised to write again, even if nothing is new."),
)


@page(
    PAGE,
    template="tables.md.j2",
    title="About this page",
    section="About",
    order=90,
    search="About this page: what states, severities, times and numbers mean",
    audiences=PUBLIC,
)
def about(book: Book) -> Tables:
    """What the words, signs and numbers of the public site mean."""
    return Tables(
        title="About this page",
        lede="What the words, signs and numbers of this site mean. It is written by people, not "
        "by a monitor: an incident stands here once somebody has published it.",
        tables=(
            _reading(book),
            _words("How far an incident has come", book.protocol.statuses),
            _severities(book),
            _states(book),
            _words("Maintenance", book.protocol.maintenance_statuses),
        ),
    )


def _reading(book: Book) -> Table:
    zone = book.protocol.zone
    return Table(
        title="How to read it",
        head=("Word", "Meaning"),
        rows=(
            ("Times", f"Local to {zone} ({offset(book.now)} now), each with its offset from UTC."),
            *READING,
            (
                f"{SHOWN} days",
                (
                    f"A bar for each day, {RECENT} on a narrow screen: the worst state that "
                    "the component had in an incident shown here."
                ),
            ),
        ),
    )


def _words(title: str, words: Mapping[str, Word]) -> Table:
    rows = [(word.label or name, first_letter_up(word.about)) for name, word in words.items()]
    return Table(title=title, head=("Word", "Meaning"), rows=rows)


def _severities(book: Book) -> Table:
    rows: list[Sequence[Cell]] = [
        (drawings.severity(place, name), first_letter_up(terms.name))
        for place, (name, terms) in enumerate(book.protocol.severities.items())
    ]
    return Table(title="Severities", head=("Sign", "Severity"), rows=rows)


def _states(book: Book) -> Table:
    return Table(
        title="Components",
        head=("State", "Bar of a day"),
        rows=[*_each_state(book)],
        about="From the best to the worst state. “No incident published” says just that, and "
        "nothing was measured.",
    )


def _each_state(book: Book) -> Iterator[Sequence[Cell]]:
    levels = book.protocol.component_levels
    for name in sorted(levels, key=lambda level: WORST_LAST.index(look_of(level, book.protocol))):
        look = look_of(name, book.protocol)
        yield (drawings.state(look, label_of(name, book.protocol)), legend_bar(look))
