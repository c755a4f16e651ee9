"""What a list can be narrowed by: a script hides rows by these, and keeps them in the address."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """A list of values to choose one from."""

    name: str
    label: str
    everything: str
    choices: Sequence[Choice]


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """The form of a list; ``noun`` is what its rows are."""

    noun: str
    severities: Sequence[Choice]
    lists: Sequence[Filter]


def filter_of(
    name: str, label: str, everything: str, held: Iterable[str], words: Mapping[str, str]
) -> Filter:
    """A filter in the order of ``words``; what no row has is not offered."""
    values = {value for one in held for value in one.split()}
    choices = [Choice(value=v, label=word) for v, word in words.items() if v in values]
    return Filter(name=name, label=label, everything=everything, choices=choices)


def token(text: str) -> str:
    """A text as one value of a row: without a space in it."""
    return "_".join(text.split())
