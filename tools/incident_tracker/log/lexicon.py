"""The words that may stand behind a phrase, looked up in any spelling of the protocol."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from incident_tracker.frozen import value
from incident_tracker.protocol import Protocol, Word
from incident_tracker.text.near_keys import NearKeys


@value
class Lexicon:
    """The words of a protocol, ready to be looked up."""

    severities: Mapping[str, str]
    statuses: Mapping[str, str]
    sources: Mapping[str, str]
    options: Mapping[str, str]
    audiences: Mapping[str, str]
    checks: Mapping[str, str]
    facts: Mapping[str, str]
    answers: Mapping[str, bool]
    arrow: re.Pattern[str]
    because: re.Pattern[str]
    via: re.Pattern[str]
    ticket: re.Pattern[str]
    runbook: re.Pattern[str]
    outcomes: Mapping[str, str]
    cancellation: re.Pattern[str]
    cancellations: Mapping[str, str]
    with_id: frozenset[str]
    cancel_words: str
    why: str
    told_statuses: Mapping[str, str]
    keys: Mapping[str, str]
    near_keys: NearKeys
    levels: Mapping[str, str]
    action_types: Mapping[str, str]


def lexicon(protocol: Protocol) -> Lexicon:
    """The words of a protocol."""
    words = protocol.words
    answers = {w.casefold(): True for w in words.yes} | {w.casefold(): False for w in words.no}
    kinds = spellings(protocol.cancellations)
    outcomes = spellings(protocol.runbook_outcomes)
    return Lexicon(
        severities={
            spelling.casefold(): key
            for key, terms in protocol.severities.items()
            for spelling in (terms.name, key)
        },
        statuses=spellings(protocol.maintenance_statuses) | spellings(protocol.statuses),
        sources=spellings(protocol.detection_sources),
        options=spellings(protocol.resolution_options),
        audiences=spellings(protocol.audiences),
        checks=spellings(protocol.checks),
        facts={question.fact.casefold(): question.fact for question in protocol.decision_tree},
        answers=answers,
        arrow=re.compile(any_of(words.arrows)),
        # One blank in front, not a run of them: trying every blank of a run takes its square.
        because=pattern(rf"(?:^|[\s,;])(?:{any_of(words.because)})\s+(\S.*)$"),
        via=pattern(rf"(?:^|\s)(?:{any_of(words.via)})\s+(\S.*)$"),
        ticket=pattern(rf"(?:{any_of(words.ticket)})[ #:]+([^\s#:]\S*)$"),
        runbook=pattern(
            rf"([\w][\w-]*)(?:[ ]*,?[ ]+(?:{any_of(words.fix)})[ ]+([0-9]{{1,3}}))?"
            rf"(?:[ ]*[,:][ ]*|[ ]+[-–—][ ]+)({any_of(outcomes)})"
            r"(?:\.?$|[ ]*[,:;][ ]*(.*)|[ ]+[-–—(][ ]*(.*))"
        ),
        outcomes=outcomes,
        cancellation=pattern(rf"({any_of(kinds)})(?![\w-])[ ]*(.*)"),
        cancellations=kinds,
        cancel_words=", ".join(w for word in protocol.cancellations.values() for w in word.words),
        with_id=frozenset(key for key, word in protocol.cancellations.items() if word.takes_id),
        why=next(iter(words.because), ""),
        told_statuses=_labels(protocol.maintenance_statuses) | _labels(protocol.statuses),
        keys=_labels(protocol.update_keys),
        near_keys=NearKeys(_labels(protocol.update_keys), protocol.near_phrase),
        levels=_labels(protocol.component_levels),
        action_types={
            spelling.casefold(): key
            for key, word in protocol.action_types.items()
            for spelling in (word.label, key)
        },
    )


def any_of(words: Iterable[str]) -> str:
    """The source of a pattern that matches the longest of the words."""
    # Without words it matches nothing; an empty alternative would match everywhere.
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first) or "(?!)"


def plain(text: str) -> str:
    """The text as it is looked up."""
    return " ".join(text.rstrip(".").split()).casefold()


def spellings(words: Mapping[str, Word]) -> dict[str, str]:
    """The identifier of each spelling of the words, without regard to case."""
    found: dict[str, str] = {}
    for key, word in words.items():
        for spelling in (*word.words, word.label, key):
            if spelling:
                found.setdefault(spelling.casefold(), key)
    return found


def _labels(words: Mapping[str, Word]) -> dict[str, str]:
    """The identifier of each label and identifier, without regard to case."""
    return {
        spelling.casefold().replace("_", " "): key
        for key, word in words.items()
        for spelling in (key, word.label)
        if spelling
    }


def pattern(source: str) -> re.Pattern[str]:
    """The pattern, blind to upper and lower case."""
    return re.compile(source, re.IGNORECASE)
