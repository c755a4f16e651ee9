"""The protocol's decision tree, walked with answers: which way out it leads to, and the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from incident_tracker.lifecycle.phrasing import valued
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.protocol import Protocol
from incident_tracker.protocol_practice import Question
from incident_tracker.registers import Component
from incident_tracker.text.tables import nearest


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """How far the answers lead.

    ``options`` are what the tree offers, the first one before the others; ``asked`` is the question
    that waits for an answer, None at a leaf. ``facts`` are the answers that were needed.
    """

    facts: Mapping[str, bool]
    options: tuple[str, ...] = ()
    asked: Question | None = None


def walk(protocol: Protocol, answers: Mapping[str, bool], *, has_backup: bool) -> Way:
    """Return the way that these answers lead, by the name of the fact that each is about."""
    facts: dict[str, bool] = {}
    for question in protocol.decision_tree:
        if question.fact not in answers:
            return Way(facts=facts, asked=question)
        facts[question.fact] = answers[question.fact]
        options = _leaf(question, yes=answers[question.fact], has_backup=has_backup)
        if options:
            return Way(facts=facts, options=options)
    return Way(facts=facts)


def _leaf(question: Question, *, yes: bool, has_backup: bool) -> tuple[str, ...]:
    if yes:
        return (question.yes,) if question.yes else ()
    with_backup = question.no_with_backup if has_backup else ""
    return tuple(dict.fromkeys(option for option in (with_backup, question.no) if option))


def answers_of(protocol: Protocol, typed: Iterable[str]) -> dict[str, bool]:
    """Return the answers written as ``FACT=yes``; Refusal for what is no fact or no answer."""
    facts = {_plain(question.fact): question.fact for question in protocol.decision_tree}
    found: dict[str, bool] = {}
    for text in typed:
        name, mark, answer = text.partition("=")
        meant = [fact for plain, fact in facts.items() if plain == _plain(name)]
        meant = meant or [fact for plain, fact in facts.items() if plain.startswith(_plain(name))]
        if len(meant) != 1 or not _plain(name):
            near = nearest(_plain(name), facts)
            known = ", ".join(facts.values()) or "none"
            help_ = f'did you mean "{facts[near]}"?' if near else f"the tree asks for: {known}"
            message = f'"{name.strip()}" is no fact of the decision tree'
            raise Refusal(message, help_)
        if not mark:
            message = f'"{name.strip()}" has no answer'
            raise Refusal(message, f'--answer "{meant[0]}={protocol.words.yes[0]}"')
        said = answer_of(protocol, answer)
        if found.setdefault(meant[0], said) is not said:
            message = (
                f'"{meant[0]}" is answered both {protocol.words.yes[0]} and {protocol.words.no[0]}'
            )
            raise Refusal(message, "one --answer for each fact")
    return found


def answer_of(protocol: Protocol, typed: str) -> bool:
    """Return whether yes was said; Refusal where it was neither yes nor no."""
    word = typed.strip().casefold()
    known = {w.casefold(): True for w in protocol.words.yes}
    known |= {w.casefold(): False for w in protocol.words.no}
    if word not in known:
        message = f'"{typed.strip()}" is no answer'
        raise Refusal(message, f"one of: {', '.join(known)}")
    return known[word]


def backups(components: Iterable[Component], touched: Iterable[str]) -> dict[str, str]:
    """Return what can take over for the components that an incident touches, by component."""
    names = set(touched)
    return {part.id: part.backup for part in components if part.id in names and part.backup}


def decision_line(
    protocol: Protocol, option: str, facts: Mapping[str, bool], reason: str, told: str = ""
) -> str:
    """Return the line of a decision: the option, the answers that led to it, and why."""
    said = ", ".join(
        f"{fact}: {(protocol.words.yes if yes else protocol.words.no)[0]}"
        for fact, yes in facts.items()
    )
    what = " ".join(part for part in (told or option, f"({said})" if said else "") if part)
    return valued(protocol, "decision", f"{what} {protocol.words.because[0]} {reason}")


def _plain(text: str) -> str:
    return " ".join(text.replace("-", " ").replace("_", " ").split()).casefold()
