"""How much a responder types for a P0, from the first line to the closed incident.

`python tools/trials/keystrokes.py` plays the commands in a new tracker in a temporary folder, and
prints them with the keys they take (Enter counts, the prompt does not), against the record that
they leave. The id is left out where the only open incident is meant.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

DAY, SLUG = "2026-11-23", "checkout-returns-500"
DECLARED = ("title", "severity", "components", "kind")
TYPED = (
    (
        "21:02",
        'new "Checkout returns 500" --severity P0 --component donations --kind deployment',
    ),
    ("21:06", "ack --by bo"),
    ("21:07", 'log "Notified: on-call team, team lead, campaign manager via phone"'),
    ("21:08", "role ic asha"),
    ("21:08", "role tech bo"),
    ("21:08", "role comm chen"),
    ("21:09", "role scribe dana"),
    ("21:10", 'log "War room opened: #incident-20261123-checkout-returns-500"'),
    ("21:11", 'log "Triage complete: real, P0"'),
    ("21:12", 'log "Impact: no donation can be completed"'),
    ("21:16", 'log "Root cause hypothesis: release 42"'),
    ("21:18", 'log "Checked: changes, logs, dashboards, functionality: null pointer"'),
    (
        "21:19",
        (
            'update --status identified --message "Donations fail." '
            '--next-steps "roll back" --next-update 30m'
        ),
    ),
    ("21:21", "status fixing"),
    ("21:31", 'log "Decision: roll back (recent deployment: yes) because nothing else changed"'),
    ("21:38", 'status monitoring --resolution rollback --note "release 42 → 41"'),
    ("21:40", 'update --message "Donations work again." --next-steps watch --next-update 22:15'),
    ("22:10", "status resolved --all-boxes"),
    ("22:11", 'update --status resolved --message "Donations work normally."'),
    ("22:20", "status closed"),
)


def main() -> None:
    """Play the commands and print the count."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "t"
        incident("init", str(folder))
        keys = 0
        for clock, line in TYPED:
            incident("-C", str(folder), "--no-input", *shlex.split(line), "--now", at(clock))
            keys += len(f"incident {line}") + 1
            print(f"{clock}  {len(line) + 10:4}  incident {line}")
        record = (folder / "incidents" / DAY[:4] / f"{DAY}-{SLUG}.md").read_text("utf-8")
        verdict = incident("-C", str(folder), "check")
        print(f"{len(TYPED)} commands, {keys} keys; the record has {len(record)} characters")
        fields = [line.partition(":")[0] for line in record.split("---\n")[1].splitlines()]
        computed = [name for name in fields if name not in DECLARED]
        print(f"{len(fields)} fields, {len(computed)} of them never typed: {', '.join(computed)}")
        print(verdict.strip().splitlines()[-1])


def at(clock: str) -> str:
    """A time of that evening."""
    return f"{DAY}T{clock}-06:00"


def incident(*arguments: str) -> str:
    """Run one command; stop where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "incident_tracker", *arguments],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{arguments}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
