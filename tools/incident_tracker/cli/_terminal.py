"""What the command line prints: the one way out, through which no control character passes.

Records and arguments are written by anyone. A terminal obeys escape sequences, and GitHub
Actions obeys ``::`` at the beginning of a line and ``##[`` anywhere in it; both are broken here.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass

import click

from incident_tracker.text.characters import shown

WORKFLOW_LINE = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Paint:
    """A piece of text in a colour, which shows on a terminal only."""

    text: str
    colour: str
    bold: bool = True


def say(*parts: str | Paint, err: bool = False, workflow: bool = False) -> None:
    """Print one line or several; ``workflow`` marks text that is our own workflow commands."""
    stream = sys.stderr if err else sys.stdout
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    in_colour = stream.isatty() and not plain
    text = "".join(_painted(part) if in_colour else _plain(part) for part in parts)
    if not workflow:
        text = inert(text)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    text = text.encode(encoding, "backslashreplace").decode(encoding)
    click.echo(text, err=err, color=in_colour)


def hand_over(text: str) -> None:
    """Print text for a program with its own line ends, in UTF-8; it holds no other controls."""
    click.echo(inert(text).encode(), nl=False)


def legible(text: str) -> str:
    """Text with every control and bidirectional character written as U+XXXX; line breaks stay."""
    return "\n".join(shown(line) for line in text.replace("\r\n", "\n").split("\n"))


def inert(text: str) -> str:
    """Text that GitHub Actions takes for no command, as it is elsewhere."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return text
    return WORKFLOW_LINE.sub(r"\1: ", text).replace("##[", "## [")


def _plain(part: str | Paint) -> str:
    return legible(part if isinstance(part, str) else part.text)


def _painted(part: str | Paint) -> str:
    if isinstance(part, str):
        return legible(part)
    return click.style(legible(part.text), fg=part.colour, bold=part.bold)
