"""What went wrong, said in one sentence with a way out, and the exit status that it means."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING

import click

from incident_tracker.cli._terminal import Paint, from_here, say

if TYPE_CHECKING:
    from incident_tracker.errors import TrackerError
    from incident_tracker.lifecycle.refusal import Refusal

WRONG = 2


def exit_status(error: Exception) -> int:
    """Say what the error means and return the exit status: 2, unless the error says otherwise."""
    if isinstance(error, click.ClickException):
        _wrong_use(error)
    elif isinstance(error, click.Abort):
        say("stopped", err=True)
    else:
        # A mistyped option is answered without reading the rest of the package.
        from incident_tracker.errors import TrackerError
        from incident_tracker.lifecycle.refusal import Refusal

        if isinstance(error, (TrackerError, Refusal)):
            _told(error)
            return error.exit_status
        if isinstance(error, OSError):
            what = f"{error.filename or 'a file'}: {error.strerror or error}"
            complain(what, "check permissions and free space")
        else:
            _internal(error)
    return WRONG


def complain(text: str, hint: str | None = None) -> None:
    """Print an error and what to do about it."""
    say(Paint("error", "red"), f": {text}", err=True)
    if hint:
        say(f"  help: {from_here(hint)}", err=True)


def _wrong_use(error: click.ClickException) -> None:
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f"{context.command_path} --help shows how" if context else None
    complain(error.format_message(), hint)


def _told(error: TrackerError | Refusal) -> None:
    from incident_tracker.errors import BrokenProtocolError

    complain(str(error), error.hint)
    for finding in error.findings if isinstance(error, BrokenProtocolError) else ():
        place = f"{finding.path}:{finding.line}:{finding.column}"
        say(f"  {place}: {finding.code} {finding.message}", err=True)
        if finding.help:
            say(f"    help: {finding.help}", err=True)


def _internal(error: Exception) -> None:
    if os.environ.get("INCIDENT_DEBUG") == "1":
        say("".join(traceback.format_exception(error)), err=True)
    complain(
        f"internal error: {type(error).__name__}: {error}",
        "a defect of the tracker; report what INCIDENT_DEBUG=1 prints with the same command",
    )
