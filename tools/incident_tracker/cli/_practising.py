"""How runbooks and training are noted."""

from __future__ import annotations

from datetime import date

from incident_tracker.cli._choosing import one_of
from incident_tracker.cli._contacting import change_contacts
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, say, warn_unread
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.refusal import NothingFound, refuse_earlier
from incident_tracker.lifecycle.training import with_training
from incident_tracker.protocol import Word
from incident_tracker.text.document import Document
from incident_tracker.text.tables import nearest


def note(session: Session, typed: str, field: str, at: str | None) -> None:
    """Write a day into the front matter of a runbook."""
    there = session.workspace.those(lambda _: True, session.protocol, ("runbooks",))
    warn_unread([unread.path for unread in there.unread])
    known = {runbook.id: runbook.path for runbook in there.runbooks}
    if typed not in known:
        near = nearest(typed, known)
        message = f'there is no runbook "{typed}"'
        named = f"one of: {', '.join(known)}" if known else "they lie in runbooks/"
        raise NothingFound(message, f"did you mean {near}?" if near else named)
    day, path = _day(session, at), known[typed]

    def dated(document: Document) -> str:
        draft = Draft(document, session.protocol)
        refuse_earlier(field, getattr(draft.record, field), day, _day(session, None))
        return draft.with_field(field, day.isoformat()).document.text

    session.rewrite(path, dated)
    say("wrote ", Paint(path, "green"))


def train(session: Session, person: str, topic: str, at: str | None) -> None:
    """Write a day into the training of a person."""
    topics = {key: Word(label=word.about) for key, word in session.protocol.training.items()}
    name, day = one_of(topic, topics, "topic"), _day(session, at)
    today = _day(session, None)
    change_contacts(session, lambda text: with_training(text, person, name, day, today))


def _day(session: Session, at: str | None) -> date:
    return session.at(at).astimezone(session.protocol.tzinfo).date()
