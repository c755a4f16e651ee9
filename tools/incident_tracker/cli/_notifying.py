"""How ``incident notify`` shows a notice and sends it: the record first, then the world."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from incident_tracker.cli._agreeing import agreed, level
from incident_tracker.cli._options import stay_here
from incident_tracker.cli._shared import Session, clock
from incident_tracker.cli._terminal import Paint, from_here, program, say, warn
from incident_tracker.filled import unfilled
from incident_tracker.lifecycle.deliveries import (
    Delivery,
    State,
    going_out,
    require_phrases,
    with_intents,
    with_outcome,
    without_intents,
)
from incident_tracker.lifecycle.dispatch import Planned, left_out, notice_name, planned, told_update
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.phrasing import valued
from incident_tracker.lifecycle.public_texts import approvers, require_approver
from incident_tracker.lifecycle.refusal import NothingFound, Refusal
from incident_tracker.lifecycle.updates import with_approval
from incident_tracker.model import Incident
from incident_tracker.notices import Which, for_outside, letter_of, notice_of, render, template_path
from incident_tracker.sending import Fate, Outcome, Target, holds_several, target_at
from incident_tracker.sending import send as send_to_all
from incident_tracker.text.document import Document

STATES = {Fate.SENT: State.SENT, Fate.NOT_SENT: State.NOT_SENT}
FURTHEST_OFF = timedelta(minutes=5)
COLOURS = {Fate.SENT: "green", Fate.NOT_SENT: "red", Fate.UNKNOWN: "yellow"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """Which notice somebody wants to go where."""

    which: Which
    named: tuple[str, ...] = ()
    again: bool = False
    approved_by: str = ""


@dataclass(slots=True)
class Ready:
    """What goes out: the channels with their targets, then the texts as the record makes them."""

    plans: Mapping[str, Planned]
    targets: dict[str, Target]
    texts: dict[str, str] = field(default_factory=dict)
    notice: str = ""
    before: list[Incident] = field(default_factory=list)
    after: list[Draft] = field(default_factory=list)


def notify(session: Session, incident: Incident, wish: Wish, *, send: bool) -> int:
    """Print the notice and who gets it, or send it; 1 where somebody did not get it."""
    if incident.is_maintenance:
        raise Refusal(f"{incident.id} is planned work, which has no such notice")
    if send:
        _refuse_another_time(session)
        incident = level(session, incident)
    if wish.approved_by:
        incident = _approve(session, incident, wish)
    if not send:
        plans = {plan.channel: plan for plan in _plans(session, incident, wish)}
        say(_shown(_texts(session, incident, wish, plans), plans, incident))
        _tell(session, incident, wish)
        if not wish.approved_by:
            stay_here()
        return 0
    require_phrases(incident.protocol)
    ready = _ready(session, incident, wish)
    if ready.targets:
        _claim(session, incident.path, wish, ready)
    if ready.targets and not agreed(session, ready.before[-1], ready.notice, ready.targets):
        _take_back(session, ready)
        return 1
    if ready.targets:
        say(_shown(ready.texts, ready.plans, incident))
        _send(session, ready)
    return _left(session, session.draft(incident.path).incident, wish, ready)


def _refuse_another_time(session: Session) -> None:
    """What leaves, leaves now: a time that was made up would stand in the record as when it did."""
    if abs(session.now - clock()) > FURTHEST_OFF:
        there = f"{clock().astimezone(session.protocol.tzinfo):%Y-%m-%d %H:%M}"
        message = f"--now or SOURCE_DATE_EPOCH is not now, which is {there}; nothing was sent"
        raise Refusal(message, "send without them; without --send it is shown as it was then")


def _texts(
    session: Session, incident: Incident, wish: Wish, plans: Mapping[str, Planned]
) -> dict[str, str]:
    """The text for each channel, and that for the inside under no name."""
    path = template_path(wish.which)
    template = session.workspace.text(path)
    if template is None:
        raise NothingFound(f"no {path}", "incident init writes it into a new tracker")
    review = session.review(incident.id)
    notice = notice_of(incident, review, wish.which, session.now)
    inside, outside = render(template, notice), render(template, for_outside(notice))
    made = {n: outside if plan.is_outside(incident) else inside for n, plan in plans.items()}
    return {"": inside, **made}


def _shown(texts: Mapping[str, str], plans: Mapping[str, Planned], incident: Incident) -> str:
    """The text that is printed: for the inside, unless nobody but the outside is meant."""
    only = texts.keys() - {""}
    outside = only and all(plans[name].is_outside(incident) for name in only)
    return texts[min(only) if outside else ""].rstrip("\n")


def _approve(session: Session, incident: Incident, wish: Wish) -> Incident:
    """Write into the update that the notice tells who approved it."""

    def edit(document: Document) -> str:
        draft = Draft(document, session.protocol)
        update = told_update(draft.incident, wish.which)
        if update is None:
            write = f'incident update {incident.id} --message "…" --approved-by {wish.approved_by}'
            raise Refusal("there is no update that could be approved", write)
        people = approvers(draft.incident, session.contacts)
        require_approver(wish.approved_by, draft.incident, people)
        return with_approval(draft, update, wish.approved_by, people).document.text

    session.rewrite(incident.path, edit)
    return session.draft(incident.path).incident


def _tell(session: Session, incident: Incident, wish: Wish) -> None:
    """Say to whom it would go, and what would hold it back."""
    plans = [plan for plan, _ in _with_addresses(_plans(session, incident, wish))]
    texts = _texts(session, incident, wish, {plan.channel: plan for plan in plans})
    for plan in plans:
        other = ", without names" if texts[plan.channel] != texts[""] else ""
        state = "sent already" if plan.is_done else plan.hold or f"ready{other}"
        say(f"{_whom(plan)}: {state}", err=True)
    _tell_left_out(incident, wish)
    short = session.short(incident.id)
    if any(plan.goes for plan in plans):
        say(
            f"nothing was sent; to send it: {program()} notify {short} {wish.which} --send",
            err=True,
        )
    terms = incident.protocol.severities.get(incident.severity)
    if terms and terms.audiences:
        who = ", ".join(terms.audiences)
        line = valued(incident.protocol, State.SENT, f"{who} {incident.protocol.words.via[0]} …")
        said = f'{program()} log {incident.id} "{line}"'
        say(f"for: {who}; once sent by hand: {said}", err=True)


def _plans(session: Session, incident: Incident, wish: Wish) -> Iterable[Planned]:
    people = approvers(incident, session.contacts)
    return planned(incident, wish.which, wish.named, people=people, again=wish.again)


def _with_addresses(plans: Iterable[Planned]) -> Iterable[tuple[Planned, Target | None]]:
    """The plans, held back where the environment has no address that is understood, or several."""
    for plan in plans:
        address = os.environ.get(plan.terms.env, "").strip() if plan.goes else ""
        several = holds_several(address)
        target = target_at(address) if address and not several else None
        hold = help_ = ""
        if plan.goes and not address:
            hold = f"{plan.terms.env} is not set"
            help_ = f"export {plan.terms.env}=… with the address as Apprise writes it, "
            help_ += "or tell them by hand and log it"
        elif several:
            hold = f"{plan.terms.env} holds more than one address"
            help_ = "one in each variable; for a second one, name a channel more in protocol.yml"
        elif plan.goes and target is None:
            hold = f"{plan.terms.env} holds no address that Apprise understands"
            help_ = "Apprise's documentation has the form for each service, such as mailtos://…"
        yield replace(plan, hold=hold, help=help_) if hold else plan, target


def _ready(session: Session, incident: Incident, wish: Wish) -> Ready:
    """What can go out: not held back, and with an address that is understood."""
    found = [*_with_addresses(_plans(session, incident, wish))]
    if not found:
        channels = ", ".join(session.protocol.telling.channels) or "none stands in protocol.yml"
        message = f"no channel is meant for a notice of {incident.severity}"
        raise Refusal(message, f"name one with --to: {channels}")
    targets = {plan.channel: target for plan, target in found if target is not None}
    return Ready(plans={plan.channel: plan for plan, _ in found}, targets=targets)


def _claim(session: Session, path: str, wish: Wish, ready: Ready) -> None:
    """Write the intents under the lock, for what still may go; others may have been faster."""

    def edit(document: Document) -> str:
        draft = Draft(document, session.protocol)
        incident = draft.incident
        still = {p.channel: p for p in _plans(session, incident, wish) if p.goes}
        ready.targets = {n: target for n, target in ready.targets.items() if n in still}
        going = {name: still[name] for name in ready.targets}
        ready.texts = _texts(session, incident, wish, going)
        for text in ready.texts.values():
            letter_of(text)
            _refuse_unfilled(text, incident)
        ready.notice = notice_name(incident, wish.which)
        audiences = [(name, still[name].audiences) for name in ready.targets]
        after = with_intents(draft, ready.notice, audiences, session.at(None, incident))
        ready.before[:], ready.after[:] = [incident], [after]
        return after.document.text

    session.rewrite(path, edit)


def _take_back(session: Session, ready: Ready) -> None:
    """Take the lines away that say that it is going out: nothing left."""
    lines = going_out(ready.after[-1].incident, ready.notice)
    going = [lines[name] for name in ready.targets]

    def edit(document: Document) -> str:
        return without_intents(Draft(document, session.protocol), going).document.text

    session.workspace.change(ready.after[-1].document.path, edit)


def _refuse_unfilled(text: str, incident: Incident) -> None:
    left = unfilled(text, incident.protocol)
    if left is not None:
        message = f'the notice still has "{left}", a field of a template'
        raise Refusal(message, f"fill it in: {incident.path}")


def _send(session: Session, ready: Ready) -> None:
    """Send it, and write of each channel how it ended as soon as that is known."""
    letters = {name: letter_of(text) for name, text in ready.texts.items()}
    after = ready.after[-1]
    lines = going_out(after.incident, ready.notice)
    wait = session.protocol.telling.wait
    for name, outcome in send_to_all(ready.targets, letters, wait):
        _settle(session, after.document.path, lines[name], outcome)
        why = f" ({outcome.why})" if outcome.why else ""
        said = Paint(f"{outcome.fate}{why}", COLOURS[outcome.fate])
        say(f"{_whom(ready.plans[name])}: ", said, err=True)


def _settle(session: Session, path: str, line: Delivery, outcome: Outcome) -> None:
    """Write how it ended; what nobody knows stays as it was."""
    state = STATES.get(outcome.fate)
    if state is None:
        return

    def edit(document: Document) -> str:
        draft = Draft(document, session.protocol)
        return with_outcome(draft, line, state, outcome.why).document.text

    session.workspace.change(path, edit)


def _left(session: Session, incident: Incident, wish: Wish, ready: Ready) -> int:
    """Say what did not go out and what to do about it; 1 where there is any."""
    short = session.short(incident.id)
    failed = False
    for plan in _plans(session, incident, replace(wish, again=False)):
        before = ready.plans.get(plan.channel)
        if plan.is_done:
            if plan.channel not in ready.targets:
                say(f"{_whom(plan)}: sent already", err=True)
            continue
        failed = True
        hold, help_ = plan.hold, plan.help
        if plan.goes:
            again = f"incident notify {short} {wish.which} --send"
            hold, help_ = (before.hold, before.help) if before else ("", "")
            hold, help_ = hold or "not sent", help_ or f"once it is mended: {again}"
        warn(f"{plan.channel}: {hold}", help_)
    _tell_left_out(incident, wish)
    return int(failed)


def _tell_left_out(incident: Incident, wish: Wish) -> None:
    """Say which channels to the outside get nothing, which is no failure."""
    for plan in () if wish.named else left_out(incident):
        say(f"{_whom(plan)}: {plan.hold}", err=True)
        if incident.is_internal and not incident.is_drill:
            say(f"  help: {from_here(plan.help)}", err=True)


def _whom(plan: Planned) -> str:
    return f"{plan.channel} ({plan.terms.kind}) for {', '.join(plan.audiences)}"
