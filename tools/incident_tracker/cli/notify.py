"""Print a notice: initial, update or resolution."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, now_option, with_id, words


@click.command(
    epilog=examples(
        "incident notify initial", "incident notify checkout-500 resolution | mail team"
    )
)
@words("[ID] initial|update|resolution")
@now_option
def command(words: tuple[str, ...], now: str | None) -> None:
    """Print the notice that the record makes; what is not known reads "to be confirmed"."""
    from incident_tracker.cli._shared import Session, one_of
    from incident_tracker.cli._terminal import say
    from incident_tracker.lifecycle.refusal import NothingFound, Refusal
    from incident_tracker.notices import Which, notice_of, render, template_path

    typed, (name,) = with_id(words, "initial|update|resolution")
    session = Session.start(now)
    which = Which(one_of(name, {which.value: which for which in Which}, "notice"))
    incident = session.incident(typed)
    if incident.is_maintenance:
        raise Refusal(f"{incident.id} is planned work, which has no such notice")
    template = session.workspace.text(template_path(which))
    if template is None:
        raise NothingFound(
            f"no {template_path(which)}", "incident init writes it into a new tracker"
        )
    notice = notice_of(incident, session.review(incident.id), which, session.now)
    say(render(template, notice).rstrip("\n"))
    if notice.audiences:
        said = f'incident log {incident.id} "Notified: {", ".join(notice.audiences)} via …"'
        say(f"for: {', '.join(notice.audiences)}; once sent: {said}", err=True)
