"""Tables as values: pages that only look things up share one template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from incident_tracker.pages.filled import filled
from incident_tracker.protocol import Word

Cell = Markup | str
WIDEST = 3  # columns that fit a narrow screen


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A heading, a sentence, and rows; the first cell of a row names it."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    about: Cell = ""

    @property
    def is_wide(self) -> bool:
        """Whether it may scroll on a narrow screen."""
        return len(self.head) > WIDEST


@dataclass(frozen=True, kw_only=True, slots=True)
class Tables:
    """A page of tables."""

    title: str
    lede: Cell
    tables: Sequence[Table]
    links: Sequence[Cell] = ()


def code(text: str) -> Markup:
    """A word as it is typed."""
    return filled("<code>{}</code>", text)


def codes(words: Sequence[str]) -> Markup:
    """Words as they are typed, in a row."""
    return Markup(", ").join(map(code, words))


def words_table(title: str, words: Mapping[str, Word], about: str = "") -> Table:
    """A closed set of words with their meaning."""
    rows = [
        (code(name), word.label or word.text or name, word.about or _written(word))
        for name, word in words.items()
    ]
    has_about = any(row[2] for row in rows)
    head = ("Value", "Word", "Meaning") if has_about else ("Value", "Word")
    return Table(title=title, head=head, rows=[row[: len(head)] for row in rows], about=about)


def _written(word: Word) -> Cell:
    return filled("written {}", codes(word.words)) if word.words else ""
