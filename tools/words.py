"""The `console` blocks of README.md and docs/: run as written, in a new tracker for each file.

`python tools/words.py` writes their output anew; tests/test_docs.py asks that nothing would change.
A prompt carries the time at which its command runs: `14:05 $ incident …`, with a date where the day
is another; without one it is the time of the command before. A line `…` stands for the rest of an
output.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from incident_tracker.cli import main as incident

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = re.compile(
    r"(?P<prompt>(?:(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}) )?(?:(?P<clock>[0-9]{2}:[0-9]{2}) )?\$ )"
    r"(?P<command>.+)"
)
REST = "…"
ZONE = ZoneInfo("America/Chicago")  # of the protocol that a new tracker begins with
FIRST_DAY, FIRST_CLOCK = "2026-11-23", "09:00"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One command as it is printed, the time at which it runs, and the output below it."""

    line: str
    command: str
    at: datetime
    output: tuple[str, ...]


def pages() -> list[Path]:
    """The texts whose blocks are run."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [path for path in found if BLOCK.search(path.read_text("utf-8"))]


def steps(block: str, day: str = FIRST_DAY, clock: str = FIRST_CLOCK) -> Iterator[Step]:
    """The commands of a block; times without a date are of the day of the command before."""
    lines = block.splitlines()
    matches = ((number, PROMPT.fullmatch(line)) for number, line in enumerate(lines))
    prompts = [(number, found) for number, found in matches if found]
    ends = [number for number, _ in prompts[1:]] + [len(lines)]
    for (number, found), end in zip(prompts, ends, strict=True):
        day, clock = found["day"] or day, found["clock"] or clock
        yield Step(
            line=lines[number],
            command=found["command"],
            at=datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE),
            output=tuple(lines[number + 1 : end]),
        )


def rewritten(text: str, tracker: Path) -> str:
    """The text with the output that its commands really print in the tracker."""
    last: list[Step] = []

    def run(block: re.Match[str]) -> str:
        before = last[-1].at if last else None
        known = (f"{before:%Y-%m-%d}", f"{before:%H:%M}") if before else ()
        made: list[str] = []
        for step in steps(block[1], *known):
            last.append(step)
            made += [step.line, *_shown(step, _output(step, tracker))]
        return "```console\n" + "".join(f"{line}\n" for line in made) + "```"

    return BLOCK.sub(run, text)


def new_tracker(folder: Path) -> Path:
    """A tracker as `incident init` makes it."""
    tracker = folder / "tracker"
    _run(["init", str(tracker)], folder)
    return tracker


def _output(step: Step, tracker: Path) -> list[str]:
    program, *arguments = shlex.split(step.command)
    if program != "incident":
        message = f"a console block runs incident and nothing else: {step.command}"
        raise ValueError(message)
    clock = {"SOURCE_DATE_EPOCH": str(int(step.at.timestamp())), "COLUMNS": "100"}
    return [line.rstrip() for line in _run(arguments, tracker, clock).splitlines()]


def _run(arguments: list[str], folder: Path, more: Mapping[str, str] | None = None) -> str:
    """What a command prints in a folder, both streams as they come, to no terminal."""
    quiet = {key: value for key, value in os.environ.items() if not key.startswith("INCIDENT_")}
    printed = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    with (
        Path(os.devnull).open(encoding="utf-8") as nothing,
        patch.dict(os.environ, {**quiet, **(more or {})}, clear=True),
        patch.object(sys, "stdin", nothing),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        contextlib.chdir(folder),
        contextlib.suppress(SystemExit),
    ):
        incident(arguments)
    printed.seek(0)
    return printed.read()


def _shown(step: Step, lines: list[str]) -> list[str]:
    """The printed lines, cut where the text cuts them."""
    while lines and not lines[-1]:
        lines.pop()
    if REST not in step.output:
        return lines
    shown = step.output.index(REST)
    return [*lines[:shown], REST] if len(lines) > shown else lines


def main() -> None:
    """Write the output of all blocks anew."""
    for path in pages():
        with tempfile.TemporaryDirectory() as folder:
            before = path.read_text("utf-8")
            after = rewritten(before, new_tracker(Path(folder)))
        if after != before:
            path.write_text(after, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
