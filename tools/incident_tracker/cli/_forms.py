"""How ``incident new`` takes its options from an issue that was opened with the issue form."""

from __future__ import annotations

from collections.abc import Mapping

from incident_tracker.cli._input import bounded
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import warn
from incident_tracker.lifecycle.issue_form import FORM, answers, read_form
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.values import LONGEST_TEXT

TITLES = ("title", "words")
"""The options that an issue's title is handed over in."""
LARGEST = 1_000_000
"""Bytes; GitHub takes 65,536 characters."""
LONGEST = 600
"""Characters of an answer that becomes part of one line of a timeline."""


def answered(session: Session, source: str, given: Mapping[str, object]) -> dict[str, object]:
    """Return the options as the form was answered; what was typed besides counts more."""
    template = session.workspace.text(FORM)
    if template is None:
        raise Refusal(f"there is no {FORM}, so no form can be read", "incident init writes one")
    found = answers(
        read_form(template), bounded(source, LARGEST, "issue", "give the text of one issue")
    )
    if not found:
        message = "no field of the form has an answer in this text"
        raise Refusal(message, f"it must be the text of an issue opened with {FORM}")
    told = [
        found.get("detected_by", session.protocol.detection_default),
        _short(found, "symptom"),
    ]
    options: dict[str, object] = {
        "severity": found.get("severity"),
        "components": _listed(found, "component"),
        "kinds": _listed(found, "kind"),
        "detected_by": ": ".join(part for part in told if part),
        "impact": _short(found, "impact") or None,
    }
    typed = {key: value for key, value in given.items() if value}
    titles = {key: _cut(key, str(typed[key]), LONGEST_TEXT) for key in TITLES if key in typed}
    return {**options, **typed, **titles}


def _listed(found: Mapping[str, str], key: str) -> tuple[str, ...]:
    return (found[key],) if key in found else ()


def _short(found: Mapping[str, str], key: str) -> str:
    return _cut(key, found.get(key, ""), LONGEST)


def _cut(key: str, text: str, longest: int) -> str:
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    warn(f'"{key}" is longer than {longest} characters and was cut', "the issue has the rest")
    return f"{text[: longest - 1].rstrip()}…"
