"""The lines that commands write into a timeline, in the words of the protocol."""

from __future__ import annotations

from collections.abc import Iterable

from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.log.phrases import phrasebook
from incident_tracker.model import Change, Milestone, Said
from incident_tracker.protocol import PATH, Phrase, Protocol


def spoken(protocol: Protocol, name: str) -> str:
    """Return how a phrase of the protocol is written; Refusal where the protocol has none."""
    phrase = protocol.phrases.get(name)
    if phrase is None:
        message = f'the protocol has no phrase "{name}", so the line cannot be written'
        raise Refusal(message, f"define {name} below phrases in {PATH}")
    return phrase.text[0]


def valued(protocol: Protocol, name: str, value: str) -> str:
    """Return a phrase with its value, or alone where there is none."""
    return f"{spoken(protocol, name)}: {value}" if value else spoken(protocol, name)


def without_mark(protocol: Protocol, text: str) -> str | None:
    """Return the phrase that a note was probably meant as, where only its colon is missing.

    A typed line is asked about; in a file such a line is a note like any other.
    """
    if phrasebook(protocol).read(text) is not None:
        return None
    for phrase in protocol.phrases.values():
        for words in phrase.text:
            rest = text[len(words) :]
            if text[: len(words)].casefold() == words.casefold() and rest.startswith(" "):
                return f"{words}: {rest.strip()}"
    return None


def is_of_the_start(protocol: Protocol, text: str) -> bool:
    """Whether a line tells how it began, which lies before anybody knew of it."""
    said = phrasebook(protocol).read(text.strip().partition("\n")[0])
    phrase = protocol.phrases.get(said.phrase) if isinstance(said, Said) else None
    return phrase is not None and phrase.sets in (Milestone.STARTED, Milestone.DETECTED)


def detected(protocol: Protocol, source: str, symptom: str) -> str:
    """Return the line of detection."""
    words = protocol.detection_sources[source].words
    line = f"{spoken(protocol, 'detected')} {words[0] if words else source}"
    return f"{line}: {symptom}" if symptom else line


def acknowledged(protocol: Protocol, by: str) -> str:
    """Return the line of somebody who takes the incident."""
    return f"{spoken(protocol, 'acknowledged')} {by}"


def role_line(protocol: Protocol, role: str, name: str, *, before: str, reason: str) -> str:
    """Return the line that gives a role to somebody: assigned, or handed over by ``before``."""
    shape = "change" if before else "assignment"
    phrase = next(
        name
        for name, phrase in protocol.phrases.items()
        if phrase.role == role and phrase.shape == shape
    )
    if not before:
        return f"{spoken(protocol, phrase)}: {name}{', ' if reason else ''}{reason}"
    return f"{spoken(protocol, phrase)}: {_change(protocol, before, name, reason)}"


def status_changed(protocol: Protocol, old: str, new: str, reason: str) -> str:
    """Return the line of a status that no milestone brings."""
    return valued(protocol, "status-changed", _change(protocol, old, new, reason))


def severity_changed(protocol: Protocol, old: str, new: str, reason: str) -> str:
    """Return the line of a severity that was raised or lowered."""
    return valued(protocol, "severity-changed", _change(protocol, old, new, reason))


def before(changes: Iterable[Change], now: str) -> str:
    """Return what it was before it became ``now``, a word to be replaced where no line says so."""
    return next((c.value for c in reversed([*changes]) if c.value not in ("", now)), "OLD")


def resolution(protocol: Protocol, option: str, text: str) -> str:
    """Return the line of an implemented resolution."""
    line = f"{spoken(protocol, 'resolution')} ({option})"
    return f"{line}: {text}" if text else line


def closed(protocol: Protocol, by: str) -> str:
    """Return the line of closing."""
    return f"{spoken(protocol, 'closed')} {by}"


def cancelled(protocol: Protocol, how: str, other: str, reason: str) -> str:
    """Return the line of an incident that was none, or that another record tells."""
    word = protocol.cancellations[how].words[0]
    what = f"{word} {other}" if other else word
    return valued(protocol, "cancelled", f"{what} {protocol.words.because[0]} {reason}")


def evidence(protocol: Protocol, path: str, sha256: str, text: str) -> str:
    """Return the line that names a saved file."""
    return valued(protocol, "evidence", f"{path} sha256:{sha256}{' ' if text else ''}{text}")


def milestone_of(protocol: Protocol, status: str) -> tuple[str, Phrase] | None:
    """Return the phrase that brings an incident to a status, None where no line does."""
    found = ((name, phrase) for name, phrase in protocol.phrases.items() if phrase.status == status)
    return next(found, None)


def _change(protocol: Protocol, old: str, new: str, reason: str) -> str:
    why = f" {protocol.words.because[0]} {reason}" if reason else ""
    return f"{old} {protocol.words.arrows[0]} {new}{why}"
