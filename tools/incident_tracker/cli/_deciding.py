"""How ``incident decide`` asks, what it prints, and what it writes."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import click

from incident_tracker.cli._choosing import one_of
from incident_tracker.cli._options import may_ask
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, program, say
from incident_tracker.lifecycle.deciding import (
    Way,
    answer_of,
    answers_of,
    backups,
    decision_line,
    walk,
)
from incident_tracker.lifecycle.draft import one_line
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Incident
from incident_tracker.protocol_practice import Question


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """What was decided otherwise than the tree says, why, and when."""

    option: str
    because: str
    at: str | None


def decide(session: Session, incident: Incident, typed: Sequence[str], choice: Choice) -> None:
    """Walk the tree, print where it leads, and write the decision where its reason is given."""
    protocol = incident.protocol
    ready = backups(session.components, incident.components)
    answers = answers_of(protocol, typed)
    way = walk(protocol, answers, has_backup=bool(ready))
    while way.asked is not None and may_ask():
        yes, no = protocol.words.yes[0], protocol.words.no[0]
        said = click.prompt(f"{way.asked.question} ({yes}/{no})", err=True)
        answers[way.asked.fact] = answer_of(protocol, said)
        way = walk(protocol, answers, has_backup=bool(ready))
    chosen = ""
    if choice.option:
        chosen = one_of(choice.option, protocol.resolution_options, "way out")
    elif way.asked is not None:
        _open_question(session, incident, way.asked, typed, choice)
        return
    option = chosen or next(iter(way.options), "")
    if not option:
        raise Refusal("the tree ends without a way out", "--option with the one that you take")
    for offered in dict.fromkeys((option, *way.options)):
        about = protocol.resolution_options[offered].about
        backup = "; ".join(f"{part}: {what}" for part, what in ready.items())
        takes = f" ({backup})" if offered in protocol.fail_back_after and backup else ""
        lead = "option: " if offered == option else "or: "
        say(lead, Paint(offered, "cyan"), f", {about}{takes}")
    _written(session, incident, option, way, choice)


def _open_question(
    session: Session, incident: Incident, asked: Question, typed: Sequence[str], choice: Choice
) -> None:
    """Print what is asked and how it is answered; with a reason there is nothing to write yet."""
    yes, no = incident.protocol.words.yes[0], incident.protocol.words.no[0]
    given = " ".join(f"--answer {shlex.quote(text)}" for text in typed)
    start = f"{program()} decide {session.short(incident.id)}{' ' if given else ''}{given}"
    help_ = f'{start} --answer "{asked.fact}={yes}" (or {no})'
    if choice.because:
        message = f"not decided yet: {asked.question}"
        raise Refusal(message, help_)
    say(asked.question)
    say(f"  {help_}")


def _written(session: Session, incident: Incident, option: str, way: Way, choice: Choice) -> None:
    protocol = incident.protocol
    label = protocol.resolution_options[option].label.lower() or option
    because = one_line(choice.because)
    line = decision_line(protocol, option, way.facts, because or "…", label)
    if not because:
        say(f"log it: {program()} log {session.short(incident.id)} {shlex.quote(line)}")
        say("  or the same command with --because TEXT")
        return
    if incident.is_cancelled:
        again = f'incident reopen {incident.id} --because "…"'
        raise Refusal(f"{incident.id} is cancelled, so nothing is decided in it", again)
    at = session.at(choice.at, incident)
    session.change(incident.path, lambda draft: with_entry(draft, at, line))
    if incident.is_open:
        then = f"status {session.short(incident.id)} monitoring --resolution {option}"
        say(f"then: {program()} {then}")
