"""What ``incident upgrade`` prints: a line for each file, with what is done to it and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import unified_diff

from incident_tracker import __version__
from incident_tracker.cli._terminal import Paint, from_here, say
from incident_tracker.upgrading.marker import MadeBy
from incident_tracker.upgrading.plan import Plan

WIDTH = 8


def tell(plan: Plan, before: MadeBy) -> None:
    """Name every file that is written, left alone or waiting."""
    if before.writing:
        aim = f" to {before.towards}" if before.towards else ""
        say(f"an upgrade from {before.version}{aim} was cut off; what is left of it:")
    elif plan.steps:
        same = before.version == __version__
        say(f"{__version__}:" if same else f"from {before.version} to {__version__}:")
    for step in plan.steps:
        say("  ", Paint(f"{step.kind:<{WIDTH}}", "green"), f"{step.path}: {step.why}")
    for path, why in plan.notes:
        say("  ", Paint(f"{'leave':<{WIDTH}}", "yellow"), f"{path}: {why}")
    for clash in plan.clashes:
        say("  ", Paint(f"{'waits':<{WIDTH}}", "red"), f"{clash.path}: {clash.why}")


def differences(plan: Plan, there: Callable[[str], bytes | None]) -> None:
    """Show what each file becomes; and of those that wait, what the newer version changes."""
    for step in plan.steps:
        before = there(step.path)
        _show(step.path, b"" if before is None else before, step.content, new=before is None)
    for clash in plan.clashes:
        say("")
        say(f"{clash.path} waits; what {__version__} changes in it:")
        _show(clash.path, clash.before, clash.after, new=False)


def _show(path: str, before: bytes, after: bytes, *, new: bool) -> None:
    was, will = (_lines(part) for part in (before, after))
    old = "/dev/null" if new else f"a/{path}"
    for line in unified_diff(was, will, old, f"b/{path}", lineterm=""):
        say(line)


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", "replace").splitlines()


def tell_written(plan: Plan, *, written: bool) -> None:
    """Say what is to be done next."""
    for line in _next(plan, written=written):
        say(from_here(line))


def _next(plan: Plan, *, written: bool) -> Iterator[str]:
    if not plan.steps and not plan.clashes:
        yield f"nothing to do: all is as {__version__} has it"
    elif plan.steps and written:
        files = "1 file" if len(plan.steps) == 1 else f"{len(plan.steps)} files"
        yield f"wrote {files}; next: git diff, incident check"
    elif plan.steps:
        yield "nothing is written yet: incident upgrade --write"
    if plan.clashes:
        path = plan.clashes[0].path
        yield f"bring together what waits: incident upgrade --diff, or --keep {path}"
