"""How a notice is agreed on with other clones before it leaves, where the command pushes.

What was pushed is fetched first, so that what went out elsewhere is seen here; then the lines that
say that it is going out are pushed, and where somebody else's come in between, nothing is sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection

from incident_tracker.cli._delivering import committed, place_of, pushed
from incident_tracker.cli._errors import complain
from incident_tracker.cli._options import kept_as, push_asked
from incident_tracker.cli._shared import Session
from incident_tracker.history.beside import blob_at
from incident_tracker.history.commits import tip
from incident_tracker.history.objects import Objects
from incident_tracker.history.repository import GitError, Repository
from incident_tracker.lifecycle.deliveries import left_for
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Incident
from incident_tracker.text.document import read_document

WITHOUT = "or without --push and INCIDENT_PUSH, after asking the others"


class Unlevelled(Refusal):
    """Nobody knows what other clones have sent."""

    exit_status = 1


def level(session: Session, incident: Incident) -> Incident:
    """Return the incident with what others pushed, where this command pushes at all."""
    asked = push_asked()
    if asked is None:
        return incident
    try:
        repository, ref = place_of(session.workspace, asked.branch, "--push")
        if ref is None or tip(repository, ref) is not None:
            pushed(session.workspace, repository, ref)
    except GitError as error:
        message = f"{error}; nobody knows what others have sent, so nothing was sent"
        hint = f"{error.hint}; {WITHOUT}" if error.hint else WITHOUT
        raise Unlevelled(message, hint) from error
    return session.draft(incident.path).incident


def agreed(session: Session, before: Incident, notice: str, channels: Collection[str]) -> bool:
    """Push the lines that say that a notice is going out; whether it is ours to send.

    ``before`` is the incident without these lines.
    """
    asked = push_asked()
    if asked is None:
        return True
    workspace = session.workspace
    try:
        repository, ref = place_of(workspace, asked.branch, "--push")
        # Two clones that write the same line in the same second must not make the same commit.
        verb = f"{asked.verb}, going out {secrets.token_hex(4)}"
        committed(workspace, repository, asked.written, verb, ref)
        kept_as(before.path, (workspace.root / before.path).read_bytes())
        look = _looking(session, repository, before, notice, channels)
        pushed(workspace, repository, ref, look)
    except GitError as error:
        complain(f"{error}; nothing was sent", error.hint or WITHOUT)
        return False
    return True


def _looking(
    session: Session,
    repository: Repository,
    before: Incident,
    notice: str,
    channels: Collection[str],
) -> Callable[[str], None]:
    """What looks at a commit of others, and refuses where it says more of the notice."""
    known = left_for(before, notice, channels)

    def look(commit: str) -> None:
        name = blob_at(repository, commit, f"{repository.prefix}{before.path}")
        if name is None:
            return
        data = Objects(repository).contents([name])[name]
        record = Draft(read_document(before.path, data), session.protocol).parsed.record
        theirs = left_for(record, notice, channels) if isinstance(record, Incident) else known
        new = theirs - known
        if new:
            raise GitError(
                f"others have pushed meanwhile: {next(iter(new))}",
                "git pull --rebase, then the same command for what is still missing",
            )

    return look
