"""What the command line prints: the one way out, through which no control character passes.

Records and arguments are written by anyone. A terminal obeys escape sequences, and GitHub
Actions obeys ``::`` at the beginning of a line and ``##[`` anywhere in it; both are broken here.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from incident_tracker.text.characters import shown

WORKFLOW_LINE = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
MOST_NAMED = 5
_CALLED = ["incident"]


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


def called_in(directory: str | None) -> None:
    """Remember the -C with which this run of the program was called, or that there was none."""
    _CALLED[:] = ["incident", *(("-C", directory) if directory else ())]


def program() -> str:
    """Return how this program is called from where the user is: with the -C that was given."""
    return shlex.join(_CALLED)


def from_here(text: str) -> str:
    """Return a help with its commands as they work from where the user is; quotations stay."""
    called = program()
    if called == _CALLED[0]:
        return text
    files = (path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    names = "|".join(name.rstrip("_").replace("_", "-") for name in files)
    command = re.compile(rf"(?<![\w/.-])incident(?= (?:{names})\b)")
    parts = text.split('"')
    parts[::2] = [command.sub(lambda _: called, part) for part in parts[::2]]
    return '"'.join(parts)


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


def warn(text: str, hint: str | None = None) -> None:
    """Print a warning; nothing is held up by it."""
    say(Paint("warning", "yellow"), f": {text}", err=True)
    if hint:
        say(f"  help: {from_here(hint)}", err=True)


def warn_unread(paths: Sequence[str]) -> None:
    """Name the files that could not be read, the first of them each by itself."""
    for path in paths[:MOST_NAMED]:
        warn(f"{path} cannot be read and is in no list", f"incident check {path}")
    if len(paths) > MOST_NAMED:
        warn(f"{len(paths) - MOST_NAMED} more files cannot be read", "incident check")
