"""Say what a finding's code means, why it matters and how to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from incident_tracker.cli._terminal import Paint, say

if TYPE_CHECKING:
    from incident_tracker.catalogue import Explanation
    from incident_tracker.protocol import Protocol
    from incident_tracker.registry import Rule

WIDTH = 100


@click.command()
@click.argument("code", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is printed.",
)
def command(code: str | None, form: str) -> None:
    """Say what a finding's code means, why it matters and how to mend it.

    Without CODE all codes are listed, with the letters of a family its own. The example is judged
    now, so its finding is the real one.

    Example: incident explain FMT011
    """
    from incident_tracker import catalogue

    if code is None:
        _list(form)
        return
    if code.upper() in catalogue.FAMILIES:
        _list(form, code.upper())
        return
    rule = catalogue.find(code)
    if rule is None:
        near = catalogue.like(code)
        hint = f"; did you mean {near}?" if near else "; incident explain lists the codes"
        raise click.UsageError(f'no code "{code}"{hint}')
    explanation = catalogue.explain(rule, _protocol())
    if form == "json":
        _print_json([_object(explanation)])
    else:
        _print(explanation)


def _protocol() -> Protocol:
    """Return the protocol of the tracker here, else the one that comes with the package."""
    from incident_tracker import starter
    from incident_tracker.errors import PROTOCOL, TrackerError
    from incident_tracker.protocol import read_protocol
    from incident_tracker.workspace import Workspace

    try:
        return Workspace.find(Path.cwd()).protocol()
    except TrackerError:
        shipped = next(f for f in starter.files(demo=False) if f.path.as_posix() == PROTOCOL)
        protocol, faults = read_protocol(shipped.content.decode())
    if protocol is None:
        message = f"the protocol that comes with the package has a fault: {faults[0].message}"
        raise TrackerError(message)
    return protocol


def _list(form: str, family: str = "") -> None:
    from incident_tracker import catalogue

    families = [
        (title, members)
        for title, members in catalogue.by_family()
        if family in ("", members[0].family)
    ]
    if form == "json":
        _print_json([_brief(rule) for _, members in families for rule in members])
        return
    for title, members in families:
        say(Paint(title, "bright_black"))
        for rule in members:
            gated = " (warning before the gate)" if rule.gated else ""
            say("  ", Paint(rule.code, "cyan"), f"  {rule.level.value:7}  {rule.summary}{gated}")
        say("")
    say("incident explain CODE says more")


def _print(explanation: Explanation) -> None:
    import textwrap

    gate = ", a warning until the record passes its gate" if explanation.gated else ""
    say(
        Paint(f"{explanation.code} {explanation.name}", "cyan"),
        f" ({explanation.level.value}{gate})",
    )
    say(f"{explanation.family}; since protocol {explanation.since}\n")
    for label, text in (
        ("", explanation.summary),
        ("", explanation.owed),
        ("Why: ", explanation.why),
        ("Fix: ", explanation.remedy),
    ):
        if text:
            say(textwrap.fill(label + text, WIDTH) + "\n")
    for mistake in explanation.mistakes:
        say(f"For example, in a good {mistake.record} record:\n")
        say(textwrap.indent(mistake.fragment, "    "))
        if mistake.finding is not None:
            from incident_tracker.formats.terminal import finding_text

            say("\n" + finding_text(mistake.finding))
        else:
            say("\nThe example speaks as the shipped protocol does: under this tracker's own it")
            say("is no finding, while the rule holds for the names and numbers that stand there.\n")
    if explanation.waivable:
        waiver = f'waive: {{{explanation.code}: "why it is right here"}}'
        say(f"If it is right as it is, the record says so: {waiver}")
    else:
        say("It cannot be waived: it is about the form of a file, or about no single record.")


def _print_json(rules: list[dict[str, object]]) -> None:
    from incident_tracker.formats.machine import VERSION, dump

    say(dump({"version": VERSION, "rules": rules, "summary": {"rules": len(rules)}}))


def _brief(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "level": rule.level.value,
        "gated": rule.gated,
        "since": rule.since,
        "summary": rule.summary,
    }


def _object(explanation: Explanation) -> dict[str, object]:
    from incident_tracker.formats.machine import finding_object

    return {
        "code": explanation.code,
        "name": explanation.name,
        "family": explanation.family,
        "level": explanation.level.value,
        "gated": explanation.gated,
        "since": explanation.since,
        "owed": explanation.owed,
        "waivable": explanation.waivable,
        "summary": explanation.summary,
        "why": explanation.why,
        "fix": explanation.remedy,
        "examples": [
            {
                "record": mistake.record,
                "fragment": mistake.fragment,
                "finding": None if mistake.finding is None else finding_object(mistake.finding),
            }
            for mistake in explanation.mistakes
        ],
    }
