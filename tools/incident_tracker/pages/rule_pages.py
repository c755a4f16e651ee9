"""The catalogue of rules: one page a family, each rule with the finding of its own bad example."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from incident_tracker.catalogue import Explanation, by_family, explain
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import DOCUMENT, Leaf, leaves, page
from incident_tracker.pages.tables import Table, Tables
from incident_tracker.pages.wording import count, link, relative, said
from incident_tracker.registry import Rule, rules

LIST = "rules.md"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """A bad example and what is found in it."""

    record: str
    fragment: str
    finding: str
    help: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """One rule."""

    code: str
    name: str
    level: str
    summary: Markup
    owed: str
    why: Markup
    remedy: Markup
    waive: str
    mistakes: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """The values of a family's page."""

    title: str
    back: str
    rules: Sequence[Explained]


@page(
    LIST,
    template="tables.md.j2",
    title="Rules",
    section="Protocol",
    order=70,
    search="Rules that records are checked by, with codes",
)
def index(book: Book) -> Tables:
    """All rules by family."""
    total = len(rules())
    return Tables(
        title="Rules",
        lede=f"{count(total, 'rule')}. incident explain CODE says the same in a terminal.",
        tables=[
            Table(
                title=title,
                head=("Code", "Level", "What holds"),
                rows=[
                    (
                        link(LIST, f"{_path(rule)}#{rule.code}", rule.code),
                        rule.level.value,
                        said(rule.summary),
                    )
                    for rule in members
                ],
            )
            for title, members in by_family()
        ],
    )


@leaves("rules", template="rules.md.j2", section="Protocol", order=71, hide=DOCUMENT)
def families(book: Book) -> Iterator[Leaf]:
    """One page for each family of rules."""
    for title, members in by_family():
        path = _path(members[0])
        codes = ", ".join(f"{rule.code} {rule.name}" for rule in members)
        yield Leaf(
            path=path,
            title=f"Rules: {title}",
            values=partial(_family, title, members, book),
            search=f"Rules. {title}. {codes}",
        )


def _family(title: str, members: Sequence[Rule], book: Book) -> Family:
    return Family(
        title=title,
        back=relative(_path(members[0]), LIST),
        rules=[_explained(explain(rule, book.protocol)) for rule in members],
    )


def _path(rule: Rule) -> str:
    return f"rules/{rule.family}.md"


def _explained(of: Explanation) -> Explained:
    level = of.level.value
    if of.gated:
        level = f"warning until the record has passed its gate, then {level}"
    return Explained(
        code=of.code,
        name=of.name,
        level=level,
        summary=said(of.summary),
        owed=of.owed,
        why=said(of.why),
        remedy=said(of.remedy),
        waive=f'waive: {{{of.code}: "the reason"}}' if of.waivable else "",
        mistakes=[
            Mistake(
                record=mistake.record,
                fragment=mistake.fragment,
                finding=""
                if mistake.finding is None
                else f"{mistake.finding.path}:{mistake.finding.line}:{mistake.finding.column} "
                f"{mistake.finding.level.value}[{mistake.finding.code} {mistake.finding.name}] "
                f"{mistake.finding.message}",
                help=(mistake.finding.help or "") if mistake.finding else "",
            )
            for mistake in of.mistakes
        ],
    )
