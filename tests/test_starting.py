"""What a command imports: nothing of Git, MkDocs or templates before it needs it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from conftest import ROOT

DEAR = {"apprise", "frontmatter", "git", "icalendar", "jinja2", "markdown", "mkdocs", "nh3"}
SCRIPT = """
import sys
from incident_tracker.cli import main
sys.argv[1:] = {arguments!r}
try:
    main()
finally:
    print("\\nimported:", *sorted(sys.modules))
"""


@pytest.mark.parametrize(
    "command",
    [
        "--help",
        "check",
        "list",
        "due --now 2026-11-24T09:00Z",
        "show 2026-11-03-site-down",
        "explain INC005",
        "metrics --now 2026-11-24T09:00Z",
        "action list --now 2026-11-24T09:00Z",
    ],
)
def test_a_command_imports_nothing_dear_that_it_does_not_need(command: str) -> None:
    arguments = ["-C", str(ROOT), *command.split()]
    script = SCRIPT.format(arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    imported = done.stdout.rpartition("\nimported: ")[2].split()
    assert "incident_tracker.cli" in imported, done.stderr
    assert not DEAR & {*imported}
