"""What entries of the timeline must say, codes TML015 and up; their form is judged by the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from incident_tracker.cadence import severity_at
from incident_tracker.finding import Level
from incident_tracker.lifecycle.phrasing import severity_changed
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Contacts, Incident
from incident_tracker.registry import Context, Example, Problem, rule
from incident_tracker.text.alike import nearly

DONE = "- 11:14 - Done: test a release with the old index\n"
TRIAGE = "- 10:13 - Triage complete: real, P1\n"
WORD = re.compile(r"[\w-]+")


@rule(
    "TML015",
    Incident,
    level=Level.WARNING,
    imported=False,
    bad=(
        Example(replace={DONE: DONE + "- 11:20 - Notified: campain manager via phone\n"}),
        Example(replace={DONE: DONE + "- 11:20 - Checked: lgos: nothing new\n"}),
    ),
    good=(Example(replace={DONE: DONE + "- 11:20 - Notified: hostco, the press office\n"}),),
)
def words_of_phrases_known(incident: Incident, context: Context) -> Iterator[Problem]:
    """What is nearly an audience or a check of the protocol is written as that one.

    **Why.** With one letter missing nobody counts as told, and nothing as looked at.

    **Fix.** Take the word that the help names.
    """
    lists = (
        ("notified", context.protocol.audiences),
        ("checked", context.protocol.checks),
    )
    names = _names(context.tracker.contacts)
    for phrase, words in lists:
        known = [*words, *(text for word in words.values() for text in word.words)]
        for entry in incident.log.of(phrase):
            for name in entry.said.names if entry.said else ():
                if name in words or name.casefold() in names:
                    continue
                near = nearly(name, known, context.protocol.near_phrase)
                if near:
                    message = f'"{name}" is none of the protocol, but it is nearly one'
                    yield Problem(entry.text_position, message, help=f'did you mean "{near[0]}"?')


def _names(contacts: Contacts) -> set[str]:
    """Return how the people and the parties of the contacts are called."""
    parties = (*contacts.providers, *contacts.vendors)
    called = [name for party in parties for name in (party.id, party.name)]
    called += [name for person in contacts.people for name in (person.id, person.name)]
    return {name.casefold() for name in called}


@rule(
    "TML016",
    Incident,
    imported=False,
    bad=(
        Example(
            replace={
                "- 10:45 - Status changed: investigating → fixing": (
                    "- 10:44 - Status changed: investigating → fixing\n"
                    "- 10:45 - Status changed: fixing → investigating\n"
                    "- 10:46 - Status changed: investigating → fixing"
                )
            }
        ),
    ),
    good=(
        Example(
            replace={
                "- 10:45 - Status changed: investigating → fixing": (
                    "- 10:44 - Status changed: investigating → fixing\n"
                    "- 10:45 - Status changed: fixing → investigating because it is another fault\n"
                    "- 10:46 - Status changed: investigating → fixing"
                )
            }
        ),
    ),
)
def step_back_has_reason(incident: Incident, context: Context) -> Iterator[Problem]:
    """A status that goes back says why.

    **Why.** A step back takes away what was already told as reached.

    **Fix.** Add `because …` to the line.
    """
    protocol = context.protocol
    names = protocol.maintenance_statuses if incident.is_maintenance else protocol.statuses
    ranks = {name: rank for rank, name in enumerate(names)}
    for entry in incident.log.of("status-changed"):
        said = entry.said
        if said is None or said.reason or not {said.old, said.new} <= ranks.keys():
            continue
        if ranks[said.new] < ranks[said.old]:
            yield Problem(
                entry.text_position,
                f"back from {said.old} to {said.new}, but why?",
                help=f"add: {protocol.words.because[0]} …",
            )


@rule(
    "TML018",
    Incident,
    imported=False,
    bad=(Example(replace={TRIAGE: "- 10:13 - Triage complete: real, P2\n"}),),
    good=(
        Example(replace={TRIAGE: "- 10:13 - Triage complete: real, no P0 but a P1\n"}),
        Example(replace={TRIAGE: "- 10:13 - Triage complete: real\n"}),
        Example(
            replace={
                TRIAGE: "- 10:13 - Triage complete: real, P2\n"
                "- 10:14 - Severity changed: P2 → P1 because nobody can search\n",
                "- 10:14 - Impact: no visitor can search\n": "",
            }
        ),
    ),
)
def triage_names_severity_held(incident: Incident, context: Context) -> Iterator[Problem]:
    """A severity that the triage names is the one held then.

    **Why.** All clocks run by the severity held; one that was only thought of moves none.

    **Fix.** Correct the line, or write the change of severity before it, with its reason.
    """
    for entry in incident.log.of("triage-complete"):
        held = severity_at(incident, entry.at)
        words = WORD.findall(entry.said.text if entry.said else "")
        named = [name for name in context.protocol.severities if name in words]
        if not held or not named or held in named:
            continue
        help_ = f"write {held}"
        with suppress(Refusal):  # a protocol need not have a phrase for it
            above = severity_changed(context.protocol, held, named[0], "…")
            below = severity_changed(context.protocol, named[0], held, "…")
            help_ += f", or the line that is missing: above it {above}, or below it {below}"
        yield Problem(
            entry.text_position,
            f"triage names {named[0]}, but the severity held then is {held}",
            help=help_,
        )
